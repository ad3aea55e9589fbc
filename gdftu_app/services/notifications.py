"""Notifying (通知): telling accounts what happened to their requests and grants, in the transaction that did it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import update
from sqlmodel import Session, col

from gdftu_app.clock import now
from gdftu_app.models.notifications import Notification, NotificationKind
from gdftu_app.models.tables import table_of
from gdftu_app.services.many_rows import write_rows


@dataclass(frozen=True, slots=True)
class Told:
    """What one account is told: `values` fill the words of the kind; `link` is a path of the console, in a union."""

    account_id: int
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    union_id: int | None = None
    link: str = ""


def notify(
    session: Session,
    account_ids: Iterable[int],
    kind: NotificationKind,
    *,
    union_id: int | None = None,
    link: str = "",
    **values: str,
) -> None:
    """Tell each of some accounts the same."""
    notify_each(session, kind, [Told(account_id, values, union_id, link) for account_id in dict.fromkeys(account_ids)])


def notify_each(session: Session, kind: NotificationKind, told: Sequence[Told]) -> None:
    """Tell each account its own."""
    rows = [
        {
            "account_id": each.account_id,
            "union_id": each.union_id,
            "kind": kind,
            "values": dict(each.values),
            "link": each.link,
            "created_at": now(),
        }
        for each in told
    ]
    write_rows(session, table_of(Notification), rows)


def read_all(session: Session, *, account_id: int) -> None:
    """全部已读: an account has seen what it was told."""
    unread = update(Notification).where(col(Notification.account_id) == account_id, col(Notification.read_at).is_(None))
    session.exec(unread.values(read_at=now()))

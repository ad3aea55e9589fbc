"""Notifying (通知): telling accounts what happened to their requests and grants, in the transaction that did it."""

from collections.abc import Iterable

from sqlalchemy import insert
from sqlmodel import Session

from gdftu_app.clock import now
from gdftu_app.models.notifications import Notification, NotificationKind
from gdftu_app.models.tables import run, table_of


def notify(
    session: Session,
    account_ids: Iterable[int],
    kind: NotificationKind,
    *,
    union_id: int | None = None,
    link: str = "",
    **values: str,
) -> None:
    """Tell each of the accounts; `values` fill the words of the kind, `link` is a path of the console."""
    told = {"union_id": union_id, "kind": kind, "values": values, "link": link, "created_at": now()}
    rows = [{"account_id": account_id, **told} for account_id in dict.fromkeys(account_ids)]
    if rows:
        run(session, insert(table_of(Notification)), rows)

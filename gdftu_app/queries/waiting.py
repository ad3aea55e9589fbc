"""待办: how much waits for an actor, by function, and what an account was told (the bell)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.notifications import Notification
from gdftu_app.models.personal_requests import PersonalRequest
from gdftu_app.models.registrations import Registration
from gdftu_app.models.reviews import Reviewed
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.transfer_applications import TransferApplication
from gdftu_app.queries.identity_checks import count_waiting_checks
from gdftu_app.queries.reviews import pending_of
from gdftu_app.security import features
from gdftu_app.security.actors import Actor
from gdftu_app.security.features import Feature

MOST_COUNTED = 1_000
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What an account was told, newest first; kind and values make its words, `union_id` is where `link` leads."""

    id: int
    kind: str
    values: dict[str, str]
    link: str
    union_id: int | None
    created_at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class Bell:
    """`waiting` counts what waits by the key of its function, up to `MOST_COUNTED`; only what is not nothing."""

    waiting: dict[str, int]
    unread: int
    told: list[Told]


def _count_of(model: type[Reviewed]) -> Callable[[Session, Actor], int]:
    table = table_of(model).c

    def _count(session: Session, actor: Actor) -> int:
        of_union = (
            select(literal(1))
            .where(table.reviewing_union_id == actor.union_id, pending_of(model))
            .limit(MOST_COUNTED)
            .subquery()
        )
        return run(session, select(func.count()).select_from(of_union)).scalar_one()

    return _count


# A new queue is counted here.
COUNTED: dict[Feature, Callable[[Session, Actor], int]] = {
    features.REGISTRATIONS: _count_of(Registration),
    features.CHANGES: _count_of(ChangeRequest),
    features.JOINS: _count_of(JoinApplication),
    features.TRANSFERS: _count_of(TransferApplication),
    features.IDENTITIES: count_waiting_checks,
    features.PERSONAL_REQUESTS: _count_of(PersonalRequest),
}


def bell_of(session: Session, actor: Actor) -> Bell:
    """What waits for this actor in the acting union, and what its account was told lately."""
    counts = {
        feature.key: count(session, actor)
        for feature, count in COUNTED.items()
        if feature.permission is None or actor.may(feature.permission)
    }
    is_own = col(Notification.account_id) == actor.account_id
    unread = select(func.count()).where(is_own, col(Notification.read_at).is_(None))
    own = select_rows(Notification).where(is_own)
    latest = session.exec(own.order_by(col(Notification.id).desc()).limit(SHOWN))
    return Bell(
        waiting={key: count for key, count in counts.items() if count},
        unread=run(session, unread).scalar_one(),
        told=[told_of(notification) for notification in latest],
    )


def told_of(notification: Notification) -> Told:
    """A notification as it is shown."""
    return Told(
        notification.id or 0,
        notification.kind,
        notification.values,
        notification.link,
        notification.union_id,
        notification.created_at,
        notification.read_at is not None,
    )

"""Why somebody is an administrator no more (管理权限结束): dismissed, or the union is dissolved."""

from datetime import timedelta

from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.models.notifications import Notification, NotificationKind
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.queries.waiting import Told, told_of

ENDINGS = (NotificationKind.DISMISSED, NotificationKind.UNION_DISSOLVED)
TOLD_FOR, SHOWN_AT_MOST = timedelta(days=90), 3


def is_dissolved(session: Session, *, union_id: int) -> bool:
    """Whether a union, which somebody was acting for, is dissolved."""
    return session.exec(select(Union.status).where(Union.id == union_id)).first() == UnionStatus.DISSOLVED


def endings_of(session: Session, *, account_id: int) -> list[Told]:
    """What an account was told lately of grants that ended, the latest first."""
    told = select(Notification).where(
        Notification.account_id == account_id,
        col(Notification.kind).in_(ENDINGS),
        col(Notification.created_at) > now() - TOLD_FOR,
    )
    return [told_of(each) for each in session.exec(told.order_by(col(Notification.id).desc()).limit(SHOWN_AT_MOST))]

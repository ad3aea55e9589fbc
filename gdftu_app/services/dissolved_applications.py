"""What waits for a union that is dissolved (撤销工会时未审核的申请): closed and told, or handed on (decision 0027)."""

from collections.abc import Sequence

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from gdftu_app.i18n import msg
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.notifications import NotificationKind
from gdftu_app.models.personal_requests import PersonalRequest
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.tables import table_of
from gdftu_app.models.transfer_applications import TransferApplication, TransferStage
from gdftu_app.models.unions import Union
from gdftu_app.security.actors import Actor
from gdftu_app.services.applications import text_applicants
from gdftu_app.services.audit import record_each
from gdftu_app.services.notifications import Told, notify_each
from gdftu_app.services.reviews import withdraw

CLOSED_PURPOSE = "application_closed"
CLOSED_TEXT = msg("【粤工惠】「{union}」已撤销，你向它提交的申请已关闭，可以向其他工会提出。")
LINK = "/m/me"


def close_applications(session: Session, actor: Actor, union: Union) -> None:
    """Close what asks to become a member of a union that there is no more; the applicants are told and texted.

    A transfer away from it that waits for its consent goes on to the union that is wanted.
    """
    _go_on_without_consent(session, actor, union)
    joins = select(JoinApplication).where(
        JoinApplication.reviewing_union_id == union.id, JoinApplication.status == ReviewStatus.PENDING
    )
    transfers = select(TransferApplication).where(
        or_(
            col(TransferApplication.reviewing_union_id) == union.id,
            col(TransferApplication.target_union_id) == union.id,
        ),
        TransferApplication.status == ReviewStatus.PENDING,
    )
    _close(session, actor, union, session.exec(joins).all(), "joins:close")
    _close(session, actor, union, session.exec(transfers).all(), "transfers:close")


def hand_on_requests(session: Session, actor: Actor, union: Union) -> None:
    """Let the superior answer the requests about personal data that the union can answer no more."""
    waiting = update(PersonalRequest).where(
        col(PersonalRequest.reviewing_union_id) == union.id, col(PersonalRequest.status) == ReviewStatus.PENDING
    )
    moved = waiting.values(reviewing_union_id=union.superior_id).returning(col(PersonalRequest.id))
    details = {f"personal_requests:{number}": {"to": union.superior_id} for number in session.exec(moved).scalars()}
    record_each(session, "personal_requests:hand_on", actor=actor, details=details)


def _go_on_without_consent(session: Session, actor: Actor, union: Union) -> None:
    waiting = update(TransferApplication).where(
        col(TransferApplication.from_union_id) == union.id,
        col(TransferApplication.stage) == TransferStage.CONSENT,
        col(TransferApplication.status) == ReviewStatus.PENDING,
    )
    moved = waiting.values(
        stage=TransferStage.ADMISSION, reviewing_union_id=col(TransferApplication.target_union_id)
    ).returning(col(TransferApplication.id), col(TransferApplication.target_union_id))
    details = {f"transfer_applications:{number}": {"to": target} for number, target in session.exec(moved).all()}
    record_each(session, "transfers:hand_on", actor=actor, details=details)


def _close(
    session: Session,
    actor: Actor,
    union: Union,
    requests: Sequence[JoinApplication] | Sequence[TransferApplication],
    verb: str,
) -> None:
    closed = [request for request in requests if withdraw(session, request, account_id=actor.account_id)]
    if not closed:
        return
    table = table_of(type(closed[0])).name
    details = {f"{table}:{request.id}": {"union": union.name} for request in closed}
    record_each(session, verb, actor=actor, details=details)
    values = {"union": union.name}
    told = [Told(request.submitted_by_id, values, link=LINK) for request in closed]
    notify_each(session, NotificationKind.APPLICATION_CLOSED, told)
    texts = {request.id or 0: values for request in closed}
    text_applicants(session, closed, CLOSED_PURPOSE, CLOSED_TEXT, texts)

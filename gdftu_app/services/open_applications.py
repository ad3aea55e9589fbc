"""Applications that nobody has decided yet (未审核的申请), closed because what they rest on is gone."""

from sqlmodel import Session, col, select

from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.registrations import Registration
from gdftu_app.models.reviews import Reviewed, ReviewStatus
from gdftu_app.models.tables import table_of
from gdftu_app.models.transfer_applications import TransferApplication
from gdftu_app.services.audit import record
from gdftu_app.services.reviews import withdraw

_OF_MEMBERS: tuple[tuple[type[Reviewed], str], ...] = (
    (JoinApplication, "joins:withdraw"),
    (TransferApplication, "transfers:withdraw"),
)
_ALL = (*_OF_MEMBERS, (Registration, "registrations:withdraw"))


def withdraw_open_applications(
    session: Session, *, account_id: int, closed_by_id: int, registrations: bool = False
) -> None:
    """撤回 what an account asked of unions as a member, and the unions it wanted to register if that is meant too."""
    for model, verb in _ALL if registrations else _OF_MEMBERS:
        waiting = select(model).where(
            col(model.submitted_by_id) == account_id, col(model.status) == ReviewStatus.PENDING
        )
        for request in session.exec(waiting).all():
            if withdraw(session, request, account_id=closed_by_id):
                subject = f"{table_of(model).name}:{request.id}"
                record(session, verb, account_id=closed_by_id, subject=subject)
    session.flush()

"""Applying to join a union (入会申请, 手册 十三): on the applicant's side."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from gdftu_app.i18n import msg
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.join_details import clean_details
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.services.applications import (
    AlreadyApplied,
    enter,
    note,
    require_allowance,
    require_person,
    require_union,
    withdraw_own,
)
from gdftu_app.services.membership_rows import AlreadyMember, current_membership
from gdftu_app.services.tree_locks import share_tree
from gdftu_app.services.turns import take_turns

MEMBER_ALREADY = msg("你已经是工会会员，不需要再次入会。要换工会，请办理转会。")


def apply_to_join(session: Session, *, account_id: int, union_id: int, details: Mapping[str, str]) -> int:
    """提交入会申请 to a union, with what was filled in of `DETAIL_FIELDS`; the id of the application.

    Raises `SignedOut`, `NotVerified`, `AlreadyMember`, `AlreadyApplied`, `TooManyRequests`, `InvalidInput` (`union`, or
    the name of a field).
    """
    person = require_person(session, account_id)
    share_tree(session)
    # In turns, so that a limit is a limit; the database allows one pending application whatever happens.
    take_turns(session, "applications", str(account_id))
    if current_membership(session, person) is not None:
        raise AlreadyMember(MEMBER_ALREADY)
    union = require_union(session, union_id)
    cleaned = clean_details(details)
    mine = (
        select(JoinApplication).where(JoinApplication.person_id == person.id).order_by(col(JoinApplication.id).desc())
    )
    earlier = session.exec(mine.limit(1).execution_options(populate_existing=True)).first()
    if earlier is not None and earlier.status == ReviewStatus.PENDING:
        raise AlreadyApplied
    require_allowance(session, account_id)
    application = JoinApplication(
        reviewing_union_id=union.id or 0,
        submitted_by_id=account_id,
        person_id=person.id or 0,
        details=cleaned,
        earlier_id=earlier.id if earlier else None,
    )
    enter(session, application)
    note(session, application, "joins:submit", union=union.id)
    return application.id or 0


def withdraw_join(session: Session, *, account_id: int, application_id: int) -> None:
    """撤回 an application that nobody has decided yet; doing so twice changes nothing more.

    Raises `NotFound` for somebody else's, `AlreadyDecided`.
    """
    withdraw_own(session, JoinApplication, "joins:withdraw", account_id=account_id, application_id=application_id)

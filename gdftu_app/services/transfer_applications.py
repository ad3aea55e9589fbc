"""Applying to transfer to another union (转会申请, 手册 十四): on the member's side."""

from sqlmodel import Session, select

from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput, Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import one_line
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.transfer_applications import TransferApplication, TransferStage
from gdftu_app.models.unions import Union
from gdftu_app.queries.union_reviewers import accounts_that_may
from gdftu_app.security.permissions import Permission
from gdftu_app.services.applications import (
    AlreadyApplied,
    enter,
    note,
    require_allowance,
    require_person,
    require_union,
    withdraw_own,
)
from gdftu_app.services.membership_rows import current_membership
from gdftu_app.services.tree_locks import share_tree
from gdftu_app.services.turns import take_turns

LONGEST_PURPOSE = 100
SAME_UNION = msg("你已经是这个工会的会员，请选择其他工会。")


class NotMember(Refusal):
    """Only members transfer; others join."""

    code = "not_member"
    default = msg("你还不是工会会员，请办理入会。")


def apply_to_transfer(session: Session, *, account_id: int, union_id: int, purpose: str) -> int:
    """提交转会申请 to another union; the id of the application.

    Where the policy wants the consent of the union that is left (`transfer_needs_consent`), that one is asked first,
    unless nobody but the applicant reviews transfers there. Raises `SignedOut`, `NotVerified`, `NotMember`,
    `AlreadyApplied`, `TooManyRequests`, `InvalidInput` (`union`, `purpose`).
    """
    person = require_person(session, account_id)
    share_tree(session)
    take_turns(session, "applications", str(account_id))
    membership = current_membership(session, person)
    if membership is None:
        raise NotMember
    union = require_union(session, union_id)
    if union.id == membership.union_id:
        raise InvalidInput(SAME_UNION, field="union")
    why = one_line(purpose)
    if not why:
        raise InvalidInput(msg("请填写转会原因，例如：工作变动。"), field="purpose")
    if len(why) > LONGEST_PURPOSE:
        raise InvalidInput(msg("不能超过 {limit} 个字。"), field="purpose", limit=LONGEST_PURPOSE)
    open_one = select(TransferApplication.id).where(
        TransferApplication.person_id == person.id, TransferApplication.status == ReviewStatus.PENDING
    )
    if session.exec(open_one).first() is not None:
        raise AlreadyApplied
    require_allowance(session, account_id)
    asks_consent = _asks_consent(session, membership.union_id, account_id)
    application = TransferApplication(
        reviewing_union_id=membership.union_id if asks_consent else union.id or 0,
        submitted_by_id=account_id,
        person_id=person.id or 0,
        membership_id=membership.id or 0,
        from_union_id=membership.union_id,
        target_union_id=union.id or 0,
        stage=TransferStage.CONSENT if asks_consent else TransferStage.ADMISSION,
        purpose=why,
    )
    enter(session, application)
    note(session, application, "transfers:submit", union=union.id, left=membership.union_id)
    return application.id or 0


def withdraw_transfer(session: Session, *, account_id: int, application_id: int) -> None:
    """撤回 an application that nobody has decided yet; doing so twice changes nothing more.

    Raises `NotFound` for somebody else's, `AlreadyDecided`.
    """
    withdraw_own(
        session, TransferApplication, "transfers:withdraw", account_id=account_id, application_id=application_id
    )


def _asks_consent(session: Session, union_id: int, account_id: int) -> bool:
    if not settings().transfer_needs_consent or session.get_one(Union, union_id).status == "dissolved":
        return False
    may = accounts_that_may(session, [union_id], Permission.TRANSFERS_REVIEW)[union_id]
    return any(number != account_id for number in may)

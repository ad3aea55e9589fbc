"""转会审核 (手册 十四): what a union sees of a member who wants to come, or to leave, and how a membership moves on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.errors import Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.notifications import NotificationKind
from gdftu_app.models.people import Person
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.tables import table_of
from gdftu_app.models.transfer_applications import TransferApplication, TransferStage
from gdftu_app.models.unions import Union
from gdftu_app.queries.applicant_people import (
    ACCOUNTS,
    PEOPLE,
    PERSON_HEADS,
    PERSON_SHOWN,
    person_cells,
    person_fields,
    same_person_remarks,
    shown_phone,
)
from gdftu_app.queries.reviews import ReviewDetails, ReviewField, ReviewList, Words, earlier_rejections
from gdftu_app.queries.superiors import names_above
from gdftu_app.queries.union_reviewers import accounts_that_may
from gdftu_app.queries.unions import references
from gdftu_app.security.actors import Actor
from gdftu_app.security.permissions import Permission
from gdftu_app.services.applications import (
    addressed,
    applicant_names,
    hold_applicants,
    text_applicants,
    told_of_unions,
)
from gdftu_app.services.membership_rows import CURRENT, MembershipChanged
from gdftu_app.services.memberships import transfer_many
from gdftu_app.services.notifications import Told, notify_each
from gdftu_app.services.reviews import Approvals, HandedOn, ReadWith, ReviewQueue, ToldOf
from gdftu_app.services.union_rules import require_holding_members
from gdftu_app.services.unions import get_union

APPROVED_PURPOSE, REJECTED_PURPOSE = "transfer_approved", "transfer_rejected"
_WORDS: dict[NotificationKind, tuple[str, str]] = {
    NotificationKind.TRANSFER_APPROVED: (APPROVED_PURPOSE, msg("【粤工惠】你的会籍已转入「{union}」。")),
    NotificationKind.TRANSFER_REJECTED: (
        REJECTED_PURPOSE,
        msg("【粤工惠】你转入「{union}」的申请没有通过，请登录查看原因。"),
    ),
}
NO_MEMBER_ANY_MORE = msg("{name}在提交之后已不再是原工会的会员，不能转会。请驳回。")
_TRANSFERS = table_of(TransferApplication)
_LEFT = table_of(Union).alias("left_union")


def approve_transfers(
    session: Session, actor: Actor, requests: Sequence[TransferApplication], _seen: Mapping[int, int]
) -> Approvals:
    """Carry the memberships over to the acting union; or, asked for its consent, hand them on to the union wanted."""
    people = hold_applicants(session, requests)
    numbers = [request.membership_id for request in requests]
    fresh = select(Membership).where(col(Membership.id).in_(numbers)).execution_options(populate_existing=True)
    memberships = {membership.id: membership for membership in session.exec(fresh)}
    union, answers = get_union(session, actor.union_id), Approvals()
    coming: list[TransferApplication] = []
    for request in requests:
        if memberships[request.membership_id].status not in CURRENT:
            answers[request.id or 0] = MembershipChanged(NO_MEMBER_ANY_MORE, name=people[request.person_id].name)
        elif request.stage == TransferStage.CONSENT:
            answers[request.id or 0] = _consented(session, actor, request, union)
        else:
            coming.append(request)
    moving = [memberships[request.membership_id] for request in coming]
    return answers | _transferred(session, actor, coming, moving, union) if coming else answers


def _transferred(
    session: Session,
    actor: Actor,
    requests: Sequence[TransferApplication],
    memberships: Sequence[Membership],
    union: Union,
) -> Approvals:
    try:
        require_holding_members(union)
    except Refusal as refusal:
        return {request.id or 0: refusal for request in requests}
    purposes = [request.purpose for request in requests]
    carried = transfer_many(session, memberships, union, reasons=purposes, operator_id=actor.account_id)
    return {request.id or 0: {"new_membership_id": new.id} for request, new in zip(requests, carried, strict=True)}


def _consented(session: Session, actor: Actor, request: TransferApplication, union: Union) -> Refusal | HandedOn:
    target = get_union(session, request.target_union_id)
    try:
        require_holding_members(target)
    except Refusal as refusal:
        return refusal
    columns = {"stage": TransferStage.ADMISSION.value, "consented_by_id": actor.account_id, "consented_at": now()}
    told = {"union": union.name, "target": target.name}
    return HandedOn(target.id or 0, columns, NotificationKind.TRANSFER_CONSENTED, told)


def transfer_details(session: Session, actor: Actor, request: TransferApplication) -> ReviewDetails:
    """An application as its reviewer reads it: who, from where to where, why, and whoever may be the same person."""
    person = session.get_one(Person, request.person_id)
    account = session.get_one(Account, request.submitted_by_id)
    membership = session.get_one(Membership, request.membership_id)
    is_open = request.status == ReviewStatus.PENDING
    remarks: list[tuple[str, dict[str, str]]] = []
    if is_open:
        remarks = same_person_remarks(session, actor, person, account.phone_bidx)
    if is_open and membership.status not in CURRENT:
        remarks = [(NO_MEMBER_ANY_MORE, {"name": person.name})]
    elif is_open and request.stage == TransferStage.CONSENT:
        remarks = [(msg("请确认是否同意转出。同意后由转入的工会审核。"), {}), *remarks]
    is_retained = membership.status == MembershipStatus.RETAINED
    return ReviewDetails(
        id=request.id or 0,
        status=request.status,
        fields=[
            *person_fields(person, shown_phone(account.phone_enc, account.phone_bidx)),
            ReviewField(msg("工作单位"), Words(person.workplace)),
            ReviewField(msg("原工会"), Words(_with_superior(session, request.from_union_id)), is_wide=True),
            ReviewField(msg("转入工会"), Words(_with_superior(session, request.target_union_id)), is_wide=True),
            ReviewField(msg("入会时间"), Words(membership.joined_on.isoformat())),
            ReviewField(msg("会籍状态"), Words(msg("保留会籍") if is_retained else msg("正常"), is_message=True)),
            ReviewField(msg("转会原因"), Words(request.purpose), is_wide=True),
            *_consent_of(session, request),
        ],
        remarks=remarks,
        earlier=earlier_rejections(
            session,
            TransferApplication,
            (_TRANSFERS.c.person_id == request.person_id)
            & (_TRANSFERS.c.reviewing_union_id == request.reviewing_union_id)
            & (_TRANSFERS.c.id != request.id),
        ),
    )


def _consent_of(session: Session, request: TransferApplication) -> list[ReviewField]:
    if request.consented_by_id is None:
        return []
    return [ReviewField(msg("原工会意见"), Words(msg("同意转出"), is_message=True))]


def _with_superior(session: Session, union_id: int) -> str:
    union = session.get_one(Union, union_id)
    above = names_above(session, [union.path])[union.path]
    return " › ".join((*above, union.name)[-2:])


def _cells(row: Any) -> tuple[tuple[Words, ...], ...]:
    return (*person_cells(row), (Words(row.left_union),))


def _after(
    session: Session, requests: Sequence[TransferApplication], kind: NotificationKind, told: ToldOf, read: ReadWith
) -> None:
    text_applicants(session, requests, *_WORDS[kind], told, read=read)
    if kind is NotificationKind.TRANSFER_APPROVED:
        _tell_those_left(session, requests)


def _tell_those_left(session: Session, requests: Sequence[TransferApplication]) -> None:
    """Tell the administrators of the unions that were left, once for each of these unions."""
    leaving: defaultdict[int, list[TransferApplication]] = defaultdict(list)
    for request in requests:
        leaving[request.from_union_id].append(request)
    numbers = {number for each in requests for number in (each.from_union_id, each.target_union_id)}
    names = {union.id: union.name for union in references(session, numbers)}
    people = applicant_names(session, requests)
    told = accounts_that_may(session, leaving.keys(), Permission.MEMBERS_VIEW)
    for left, gone in leaving.items():
        values = {"union": names[left], "target": names[gone[0].target_union_id]}
        one = len(gone) == 1
        kind = NotificationKind.MEMBER_TRANSFERRED_OUT if one else NotificationKind.MEMBERS_TRANSFERRED_OUT
        values |= {"name": people[gone[0].id or 0]} if one else {"count": str(len(gone))}
        notify_each(session, kind, [Told(account, values, left, "/members/") for account in told[left]])


TRANSFERS = ReviewQueue(
    list=ReviewList(
        key="transfers",
        model=TransferApplication,
        permission=Permission.TRANSFERS_REVIEW,
        title=PEOPLE.c.name,
        columns=(*PERSON_HEADS, msg("原工会")),
        shown=(*PERSON_SHOWN, _LEFT.c.name.label("left_union")),
        cells=_cells,
        is_of_people=True,
        details=transfer_details,
        searched=(_LEFT.c.name,),
        source=_TRANSFERS.join(PEOPLE, PEOPLE.c.id == _TRANSFERS.c.person_id)
        .join(ACCOUNTS, ACCOUNTS.c.id == _TRANSFERS.c.submitted_by_id)
        .join(_LEFT, _LEFT.c.id == _TRANSFERS.c.from_union_id),
    ),
    on_approval=approve_transfers,
    subject_of=lambda _request: None,
    approved=NotificationKind.TRANSFER_APPROVED,
    rejected=NotificationKind.TRANSFER_REJECTED,
    link="/m/me",
    reasons=(
        msg("申请人不是本单位职工，请向所在单位工会申请。"),
        msg("转会原因不清楚，请补充说明后重新申请。"),
        msg("请先在原工会办结有关手续。"),
    ),
    read_with=addressed(_TRANSFERS.c.target_union_id),
    told_of=told_of_unions,
    on_decision=_after,
    finds_by_keys=True,
)

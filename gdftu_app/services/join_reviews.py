"""入会审核 (手册 十三): what a union sees of who wants to join, and the membership that its approval begins."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from gdftu_app.errors import Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.join_details import DETAIL_FIELDS, columns_of
from gdftu_app.models.member_fields import MemberField, label_of_code
from gdftu_app.models.memberships import Membership
from gdftu_app.models.notifications import NotificationKind
from gdftu_app.models.people import Person
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.tables import table_of
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
from gdftu_app.queries.applicants import NotVerified
from gdftu_app.queries.reviews import ReviewDetails, ReviewField, ReviewList, Words, earlier_rejections
from gdftu_app.queries.superiors import names_above
from gdftu_app.security.actors import Actor
from gdftu_app.security.permissions import Permission
from gdftu_app.services.applications import applicant_names, hold_applicants, text_applicants, told_of_unions
from gdftu_app.services.membership_rows import CURRENT, AlreadyMember
from gdftu_app.services.memberships import admit_many
from gdftu_app.services.reviews import Approvals, ReviewQueue
from gdftu_app.services.union_rules import require_holding_members
from gdftu_app.services.unions import get_union

APPROVED_PURPOSE, REJECTED_PURPOSE = "join_approved", "join_rejected"
_WORDS: dict[NotificationKind, tuple[str, str]] = {
    NotificationKind.JOIN_APPROVED: (APPROVED_PURPOSE, msg("【粤工惠】你的入会申请已通过，欢迎加入「{union}」。")),
    NotificationKind.JOIN_REJECTED: (
        REJECTED_PURPOSE,
        msg("【粤工惠】你加入「{union}」的申请没有通过，请登录查看原因。"),
    ),
}
MEMBER_SINCE = msg("{name}已经是工会会员，不能入会。请驳回，并请其办理转会。")
NOT_VERIFIED = msg("{name}的实名认证已失效，请其重新认证后再通过。")
_JOINS = table_of(JoinApplication)


def approve_joins(
    session: Session, actor: Actor, requests: Sequence[JoinApplication], _seen: Mapping[int, int]
) -> Approvals:
    """Admit the applicants to the acting union with what they filled in; who is a member by now stays refused."""
    union = get_union(session, actor.union_id)
    try:
        require_holding_members(union)
    except Refusal as refusal:
        return {request.id or 0: refusal for request in requests}
    people = hold_applicants(session, requests)
    elsewhere = select(Membership.person_id).where(
        col(Membership.person_id).in_(people), col(Membership.status).in_(CURRENT)
    )
    members = set(session.exec(elsewhere))
    answers: Approvals = {}
    sound: list[JoinApplication] = []
    for request in requests:
        person = people[request.person_id]
        if request.person_id in members:
            answers[request.id or 0] = AlreadyMember(MEMBER_SINCE, name=person.name)
        elif person.verified_at is None:
            answers[request.id or 0] = NotVerified(NOT_VERIFIED, name=person.name)
        else:
            for name, value in columns_of(request.details).items():
                setattr(person, name, value)
            sound.append(request)
    admissions = [(people[request.person_id], union) for request in sound]
    admitted = admit_many(session, admissions, operator_id=actor.account_id) if admissions else []
    for request, membership in zip(sound, admitted, strict=True):
        answers[request.id or 0] = {"membership_id": membership.id}
    return answers


def join_details(session: Session, actor: Actor, request: JoinApplication) -> ReviewDetails:
    """An application as its reviewer reads it: who applies, what was filled in, and whoever may be the same person."""
    person = session.get_one(Person, request.person_id)
    account = session.get_one(Account, request.submitted_by_id)
    is_open = request.status == ReviewStatus.PENDING
    remarks = same_person_remarks(session, actor, person, account.phone_bidx) if is_open else []
    return ReviewDetails(
        id=request.id or 0,
        status=request.status,
        fields=[
            *person_fields(person, shown_phone(account.phone_enc, account.phone_bidx)),
            *(_filled_in(field, request) for field in DETAIL_FIELDS if field.key in request.details),
        ],
        remarks=[*(_member_elsewhere(session, person) if is_open else []), *remarks],
        earlier=earlier_rejections(
            session,
            JoinApplication,
            (_JOINS.c.person_id == request.person_id)
            & (_JOINS.c.reviewing_union_id == request.reviewing_union_id)
            & (_JOINS.c.id != request.id),
        ),
    )


def _filled_in(field: MemberField, request: JoinApplication) -> ReviewField:
    value = request.details[field.key]
    words = Words(value) if field.table is None else Words(label_of_code(field.table, value), is_message=True)
    return ReviewField(field.label, words, is_wide=field.table is None)


def _member_elsewhere(session: Session, person: Person) -> list[tuple[str, dict[str, str]]]:
    current = (
        select(Union.name, Union.path)
        .join(Membership, col(Membership.union_id) == Union.id)
        .where(Membership.person_id == person.id, col(Membership.status).in_(CURRENT))
    )
    row = session.exec(current).first()
    if row is None:
        return []
    name, path = row
    above = names_above(session, [path])[path]
    return [
        (msg("申请人现在是「{union}」的会员，应办理转会。"), {"union": " › ".join((*above, name)[-2:])}),
    ]


def _cells(row: Any) -> tuple[tuple[Words, ...], ...]:
    return (*person_cells(row), (Words(row.details.get("workplace", "")),))


def _told(session: Session, requests: Sequence[JoinApplication]) -> dict[int, dict[str, str]]:
    return told_of_unions(session, {request.id or 0: request.reviewing_union_id for request in requests})


def _text(session: Session, requests: Sequence[JoinApplication], kind: NotificationKind) -> None:
    text_applicants(session, requests, *_WORDS[kind], _told(session, requests))


JOINS = ReviewQueue(
    list=ReviewList(
        key="joins",
        model=JoinApplication,
        permission=Permission.JOINS_REVIEW,
        title=PEOPLE.c.name,
        columns=(*PERSON_HEADS, msg("工作单位")),
        shown=(*PERSON_SHOWN, _JOINS.c.details),
        cells=_cells,
        is_of_people=True,
        details=join_details,
        source=_JOINS.join(PEOPLE, PEOPLE.c.id == _JOINS.c.person_id).join(
            ACCOUNTS, ACCOUNTS.c.id == _JOINS.c.submitted_by_id
        ),
    ),
    on_approval=approve_joins,
    titles_of=applicant_names,
    subject_of=lambda _request: None,
    approved=NotificationKind.JOIN_APPROVED,
    rejected=NotificationKind.JOIN_REJECTED,
    link="/m/me",
    reasons=(
        msg("申请人不是本单位职工，请向所在单位工会申请。"),
        msg("工作单位填写有误，请核对后重新申请。"),
        msg("申请人已是其他工会会员，请办理转会。"),
    ),
    told_of=_told,
    on_decision=_text,
)

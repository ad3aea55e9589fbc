"""入会审核 (手册 十三): what a union sees of who wants to join, and the membership that its approval begins."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import load_only
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col
from sqlmodel import select as select_models

from gdftu_app.clock import today
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
from gdftu_app.models.tables import run, table_of
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
from gdftu_app.queries.areas import area_along
from gdftu_app.queries.reviews import ReviewDetails, ReviewField, ReviewList, Words, earlier_rejections
from gdftu_app.queries.superiors import names_above
from gdftu_app.security.actors import Actor
from gdftu_app.security.permissions import Permission
from gdftu_app.services.applications import addressed, hold_applicants, text_applicants, told_of_unions
from gdftu_app.services.many_rows import change_rows
from gdftu_app.services.membership_rows import CURRENT, AlreadyMember, current_membership
from gdftu_app.services.memberships import admit_held
from gdftu_app.services.reviews import Approvals, ReadWith, ReviewQueue, ToldOf
from gdftu_app.services.union_rules import require_holding_members

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
_JOINS, _MEMBERSHIPS, _PEOPLE, _UNIONS = map(table_of, (JoinApplication, Membership, Person, Union))
# What an admission has to know of the union: read once, with its area.
_KNOWN: tuple[Any, ...] = (Union.path, Union.status, Union.category)
_ASKED = (
    select_models(Union, area_along(_UNIONS.c.path))
    .where(col(Union.id) == bindparam("union"))
    .options(load_only(*_KNOWN))
    .execution_options(populate_existing=True)
)


def approve_joins(
    session: Session, actor: Actor, requests: Sequence[JoinApplication], _seen: Mapping[int, int]
) -> Approvals:
    """Admit the applicants to the acting union with what they filled in; who is a member by now stays refused."""
    union, area = session.exec(_ASKED, params={"union": actor.union_id}).one()
    try:
        require_holding_members(union)
    except Refusal as refusal:
        return {request.id or 0: refusal for request in requests}
    people = hold_applicants(session, requests)
    proven = [request for request in requests if people[request.person_id].verified_at is not None]
    for request in proven:
        for name, value in columns_of(request.details).items():
            # Written below, for all at once.
            set_committed_value(people[request.person_id], name, value)
    joining = [people[request.person_id] for request in proven]
    days = [today()] * len(joining)
    made = admit_held(
        session,
        joining,
        [union] * len(joining),
        joined_on=days,
        operator_id=actor.account_id,
        areas={union.path: area},
    )
    _fill_in(session, [request for request in proven if request.person_id in made])
    return {request.id or 0: _answer(session, people[request.person_id], made) for request in requests}


def _answer(session: Session, person: Person, made: Mapping[int, Membership]) -> Refusal | Mapping[str, Any]:
    if membership := made.get(person.id or 0):
        return {"membership_id": membership.id}
    session.expire(person)
    if person.verified_at is None and current_membership(session, person) is None:
        return NotVerified(NOT_VERIFIED, name=person.name)
    return AlreadyMember(MEMBER_SINCE, name=person.name)


def _fill_in(session: Session, requests: Sequence[JoinApplication]) -> None:
    """Write what the applicants filled in about themselves."""
    alike: defaultdict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for request in requests:
        columns = columns_of(request.details)
        if columns:
            alike[tuple(columns)].append({"id": request.person_id, **columns})
    for rows in alike.values():
        change_rows(session, _PEOPLE, rows)


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
        select(_UNIONS.c.name, _UNIONS.c.path)
        .join(_MEMBERSHIPS, _MEMBERSHIPS.c.union_id == _UNIONS.c.id)
        .where(_MEMBERSHIPS.c.person_id == person.id, _MEMBERSHIPS.c.status.in_(CURRENT))
    )
    row = run(session, current).first()
    if row is None:
        return []
    name, path = row
    above = names_above(session, [path])[path]
    return [
        (msg("申请人现在是「{union}」的会员，应办理转会。"), {"union": " › ".join((*above, name)[-2:])}),
    ]


def _cells(row: Any) -> tuple[tuple[Words, ...], ...]:
    return (*person_cells(row), (Words(row.details.get("workplace", "")),))


def _text(
    session: Session, requests: Sequence[JoinApplication], kind: NotificationKind, told: ToldOf, read: ReadWith
) -> None:
    text_applicants(session, requests, *_WORDS[kind], told, read=read)


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
    subject_of=lambda _request: None,
    approved=NotificationKind.JOIN_APPROVED,
    rejected=NotificationKind.JOIN_REJECTED,
    link="/m/me",
    reasons=(
        msg("申请人不是本单位职工，请向所在单位工会申请。"),
        msg("工作单位填写有误，请核对后重新申请。"),
        msg("申请人已是其他工会会员，请办理转会。"),
    ),
    read_with=addressed(_JOINS.c.reviewing_union_id),
    told_of=told_of_unions,
    on_decision=_text,
    finds_by_keys=True,
)

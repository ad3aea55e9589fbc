"""办理个人信息请求: what a union sees of a request about personal data, and what its approval does (0027)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from gdftu_app.errors import Refusal
from gdftu_app.i18n import msg, render
from gdftu_app.models.accounts import Account
from gdftu_app.models.member_fields import MEMBER_FIELDS, PHONE
from gdftu_app.models.memberships import Membership
from gdftu_app.models.notifications import NotificationKind
from gdftu_app.models.people import Person
from gdftu_app.models.personal_requests import (
    PHONE_OF_THE_ACCOUNT,
    REQUEST_KIND_LABELS,
    PersonalRequest,
    PersonalRequestKind,
    answer_due,
)
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.tables import table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.accounts import phone_of
from gdftu_app.queries.applicant_people import ACCOUNTS, person_fields, shown_phone
from gdftu_app.queries.member_details import values_of_member
from gdftu_app.queries.own_requests import administered, wanted_changes, words_of
from gdftu_app.queries.request_keepers import ANSWERS, keeper_of
from gdftu_app.queries.reviews import ReviewDetails, ReviewField, ReviewList, Words, earlier_rejections
from gdftu_app.queries.unions import references
from gdftu_app.security.actors import Actor
from gdftu_app.security.permissions import Permission
from gdftu_app.services.account_closures import close_account
from gdftu_app.services.applications import text_applicants
from gdftu_app.services.audit import record
from gdftu_app.services.member_corrections import NothingCorrected, put_right
from gdftu_app.services.membership_rows import current_membership, hold
from gdftu_app.services.memberships import remove
from gdftu_app.services.outbox import post
from gdftu_app.services.passwords import NOTICE_USEFUL_FOR
from gdftu_app.services.reviews import Approvals, ReadWith, ReviewQueue, ToldOf

ANSWERED_PURPOSE, DECLINED_PURPOSE, CLOSED_PURPOSE = "request_answered", "request_declined", "account_closed"
_WORDS: dict[NotificationKind, tuple[str, str]] = {
    NotificationKind.PERSONAL_REQUEST_ANSWERED: (
        ANSWERED_PURPOSE,
        msg("【粤工惠】「{union}」已办理你的个人信息请求（{kind}），请登录查看。"),
    ),
    NotificationKind.PERSONAL_REQUEST_DECLINED: (
        DECLINED_PURPOSE,
        msg("【粤工惠】「{union}」未能办理你的个人信息请求（{kind}），请登录查看原因。"),
    ),
}
NOTHING = Words("—")
CLOSED_TEXT = msg("【粤工惠】你的账号已注销，会籍同时结束，个人信息已按规定删除。")
MOVED_ON = msg("{name}的会籍已不在本工会，请求已转交「{union}」办理。")
NOT_THERE = msg("{name}的实名信息已不存在，请驳回并说明。")
ADMINISTERS = msg("{name}还是「{union}」的管理员，请先移除其权限，再办理注销。")
MAY_NOT_REMOVE = msg("注销会同时结束{name}的会籍，需要「移出会员」权限，请由其他管理员办理。")
_REQUESTS = table_of(PersonalRequest)
# Whoever never proved an identity may have no name.
_TITLE: ColumnElement[str] = func.coalesce(func.nullif(_REQUESTS.c.name, ""), "—")


def approve_personal_requests(
    session: Session, actor: Actor, requests: Sequence[PersonalRequest], _seen: Mapping[int, int]
) -> Approvals:
    """Carry out what was asked; a request whose applicant belongs elsewhere by now goes on to the union there."""
    wanted = select(Account).where(col(Account.id).in_([request.submitted_by_id for request in requests]))
    accounts = {account.id: account for account in session.exec(wanted.execution_options(populate_existing=True))}
    numbers = [account.person_id for account in accounts.values() if account.person_id is not None]
    found = session.exec(select(Person).where(col(Person.id).in_(numbers))).all()
    people = {person.id: person for person in (hold(session, found) if found else [])}
    answers: Approvals = {}
    for request in requests:
        account = accounts[request.submitted_by_id]
        person = people.get(account.person_id) if account.person_id is not None else None
        try:
            _carry_out(session, actor, request, account, person)
        except Refusal as refusal:
            answers[request.id or 0] = refusal
        else:
            answers[request.id or 0] = {}
    return answers


def _carry_out(
    session: Session, actor: Actor, request: PersonalRequest, account: Account, person: Person | None
) -> None:
    membership = current_membership(session, person) if person is not None else None
    if membership is not None and not _is_within(session, actor, membership.union_id):
        raise _moved_on(session, request, account)
    if request.kind == PersonalRequestKind.CLOSURE:
        _leave(session, actor, request, account, membership)
        return
    if person is None or person.verified_at is None:
        raise Refusal(NOT_THERE, name=request.name)
    subject = f"memberships:{membership.id}" if membership is not None else f"persons:{person.id}"
    typed = {
        key: phone_of(account) if key == PHONE and value == PHONE_OF_THE_ACCOUNT else value
        for key, value in request.changes.items()
    }
    try:
        changes = put_right(session, person, typed)
    except NothingCorrected:
        return
    detail = {"reason": f"personal_requests:{request.id}", "changes": changes}
    record(session, "members:correct", actor=actor, subject=subject, detail=detail)


def _is_within(session: Session, actor: Actor, union_id: int) -> bool:
    """Whether a union is the acting one or, where that stands in for it, below it."""
    return session.exec(select(Union.id).where(Union.id == union_id, actor.reaches())).first() is not None


def _moved_on(session: Session, request: PersonalRequest, account: Account) -> Refusal:
    request.reviewing_union_id = keeper_of(session, account)
    session.add(request)
    session.flush()
    return Refusal(MOVED_ON, name=request.name, union=session.get_one(Union, request.reviewing_union_id).name)


def _leave(
    session: Session, actor: Actor, request: PersonalRequest, account: Account, membership: Membership | None
) -> None:
    """退会 before the account is closed, which follows the decision."""
    unions = administered(session, account_id=account.id or 0)
    if unions:
        raise Refusal(ADMINISTERS, name=request.name, union=unions[0])
    if membership is None:
        return
    if not actor.may(Permission.MEMBERS_REMOVE):
        raise Refusal(MAY_NOT_REMOVE, name=request.name)
    remove(session, membership, RemovalReason.WITHDRAWN, operator_id=actor.account_id)
    detail = {"reason": RemovalReason.WITHDRAWN.value}
    record(session, "members:remove", actor=actor, subject=f"memberships:{membership.id}", detail=detail)


def personal_request_details(session: Session, actor: Actor, request: PersonalRequest) -> ReviewDetails:
    """A request as whoever answers it reads it: who asks, for what, how it reads now, and when an answer is due."""
    account = session.get_one(Account, request.submitted_by_id)
    person = session.get(Person, account.person_id) if account.person_id else None
    phone = shown_phone(account.phone_enc, account.phone_bidx)
    due = answer_due(request.submitted_at).isoformat()
    fields = [
        ReviewField(msg("请求"), Words(REQUEST_KIND_LABELS[PersonalRequestKind(request.kind)], is_message=True)),
        ReviewField(msg("最迟答复日期"), Words(due)),
        *(person_fields(person, phone) if person is not None else [ReviewField(msg("手机号"), Words(phone))]),
    ]
    is_open = request.status == ReviewStatus.PENDING
    return ReviewDetails(
        id=request.id or 0,
        status=request.status,
        fields=[
            *fields,
            *_changed(request, values_of_member(person) if is_open and person is not None else None),
            *([ReviewField(msg("申请人的说明"), Words(request.remark), is_wide=True)] if request.remark else []),
        ],
        remarks=_remarks(session, account, person) if is_open and _is_closure(request) else [],
        earlier=earlier_rejections(
            session,
            PersonalRequest,
            (_REQUESTS.c.submitted_by_id == request.submitted_by_id)
            & (_REQUESTS.c.kind == request.kind)
            & (_REQUESTS.c.id != request.id),
        ),
    )


def _changed(request: PersonalRequest, present: Mapping[str, str] | None) -> list[ReviewField]:
    keys = [key for key in MEMBER_FIELDS if key in request.changes]
    return [
        ReviewField(
            change.label,
            _or_nothing(change.value),
            before=None if present is None else _or_nothing(words_of(key, present[key])),
        )
        for key, change in zip(keys, wanted_changes(request), strict=True)
    ]


def _or_nothing(words: Words) -> Words:
    return words if words.text else NOTHING


def _remarks(session: Session, account: Account, person: Person | None) -> list[tuple[str, dict[str, str]]]:
    told: list[tuple[str, dict[str, str]]] = []
    membership = current_membership(session, person) if person is not None else None
    if membership is not None:
        union = session.get_one(Union, membership.union_id).name
        told.append((msg("申请人现在是「{union}」的会员，通过后同时办理退会。"), {"union": union}))
    unions = administered(session, account_id=account.id or 0)
    if unions:
        told.append((msg("申请人还是「{union}」的管理员，请先移除其权限。"), {"union": unions[0]}))
    told.append((msg("通过后账号不能再登录，除法律要求保存的会籍档案外，个人信息会被删除，不能撤回。"), {}))
    return told


def _cells(row: Any) -> tuple[tuple[Words, ...], ...]:
    return (
        (Words(REQUEST_KIND_LABELS[PersonalRequestKind(row.kind)], is_message=True),),
        (Words(shown_phone(row.phone_enc, row.phone_bidx)),),
        (Words(answer_due(row.submitted_at).isoformat()),),
    )


def _is_closure(request: PersonalRequest) -> bool:
    return request.kind == PersonalRequestKind.CLOSURE


def _told(session: Session, requests: Sequence[PersonalRequest], _read: ReadWith) -> dict[int, dict[str, str]]:
    names = {union.id: union.name for union in references(session, {each.reviewing_union_id for each in requests})}
    return {
        request.id or 0: {
            "union": names[request.reviewing_union_id],
            "kind": REQUEST_KIND_LABELS[PersonalRequestKind(request.kind)],
        }
        for request in requests
    }


def _after(
    session: Session, requests: Sequence[PersonalRequest], kind: NotificationKind, told: ToldOf, _read: ReadWith
) -> None:
    """Text the applicants, and then close the accounts that are to be closed: nobody can be told afterwards."""
    closing = kind is NotificationKind.PERSONAL_REQUEST_ANSWERED
    others = [request for request in requests if not (closing and _is_closure(request))]
    text_applicants(session, others, *_WORDS[kind], told, messages=("kind",))
    for request in requests if closing else ():
        if _is_closure(request):
            account = session.get_one(Account, request.submitted_by_id)
            text = render(CLOSED_TEXT, account.language)
            post(session, phone_of(account), CLOSED_PURPOSE, text, useful_for=NOTICE_USEFUL_FOR)
            session.refresh(request)
            close_account(session, account, operator_id=request.closed_by_id or 0)


PERSONAL_REQUESTS = ReviewQueue(
    list=ReviewList(
        key="personal_requests",
        model=PersonalRequest,
        permission=ANSWERS,
        title=_TITLE,
        columns=(msg("请求"), msg("手机号"), msg("最迟答复日期")),
        shown=(_REQUESTS.c.kind, ACCOUNTS.c.phone_enc, ACCOUNTS.c.phone_bidx),
        cells=_cells,
        is_of_people=True,
        soon_days=14,
        # Three weeks hold fifteen working days.
        late_days=21,
        details=personal_request_details,
        source=_REQUESTS.join(ACCOUNTS, ACCOUNTS.c.id == _REQUESTS.c.submitted_by_id),
    ),
    on_approval=approve_personal_requests,
    subject_of=lambda _request: None,
    approved=NotificationKind.PERSONAL_REQUEST_ANSWERED,
    rejected=NotificationKind.PERSONAL_REQUEST_DECLINED,
    link="/m/requests",
    reasons=(
        msg("与证件或档案不一致，请携带证明材料到本工会办理。"),
        msg("这一项是会籍档案的内容，依照规定需要保存。"),
        msg("请先交接管理权限，再申请注销。"),
    ),
    told_of=_told,
    on_decision=_after,
)

"""What applications of members have in common (入会、转会): who may apply, how often, and how the result is told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam
from sqlalchemy import select as select_rows
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput, NotFound, Refusal, TooManyRequests
from gdftu_app.i18n import msg, render
from gdftu_app.models.accounts import Account
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.people import Person
from gdftu_app.models.personal_requests import PersonalRequest
from gdftu_app.models.reviews import Reviewed, ReviewStatus
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.transfer_applications import TransferApplication
from gdftu_app.models.unions import Union
from gdftu_app.queries.accounts import ACCOUNT_PHONE
from gdftu_app.queries.applicant_people import ACCOUNTS
from gdftu_app.queries.applicants import NotVerified
from gdftu_app.queries.own_memberships import own_member
from gdftu_app.security.personal_data import unseal
from gdftu_app.services.audit import record
from gdftu_app.services.membership_rows import hold_by_id
from gdftu_app.services.outbox import Message, post_each
from gdftu_app.services.passwords import NOTICE_USEFUL_FOR
from gdftu_app.services.reviews import ReadWith, withdraw
from gdftu_app.services.union_rules import require_holding_members

_DAY = timedelta(days=1)
_PEOPLE, _ACCOUNTS, _UNIONS = map(table_of, (Person, Account, Union))
_NAMES = select_rows(_PEOPLE.c.id, _PEOPLE.c.name).where(_PEOPLE.c.id.in_(bindparam("ids", expanding=True)))
_PHONES = select_rows(_ACCOUNTS.c.id, _ACCOUNTS.c.phone_enc, _ACCOUNTS.c.phone_bidx, _ACCOUNTS.c.language).where(
    _ACCOUNTS.c.id.in_(bindparam("ids", expanding=True))
)


class AlreadyApplied(Refusal):
    """The person has an application that nobody has decided yet."""

    code = "already_applied"
    default = msg("你已有一件申请在审核，请等待结果，或撤回后再提交。")


class AlreadyDecided(Refusal):
    """The union was quicker."""

    code = "already_decided"
    default = msg("这件申请已经审核，不能撤回。")


def require_person(session: Session, account_id: int) -> Person:
    """The verified person of an account. Raises `SignedOut`, `NotVerified`."""
    member = own_member(session, account_id=account_id)
    if not member.is_verified or member.person_id is None:
        raise NotVerified(msg("请先完成实名认证，再申请入会或转会。"))
    return session.get_one(Person, member.person_id)


def require_union(session: Session, union_id: int) -> Union:
    """The union that somebody wants to be a member of; raises InvalidInput (field `union`) for one that takes none."""
    union = session.get(Union, union_id)
    if union is None:
        raise InvalidInput(msg("没有找到这个工会，请重新选择。"), field="union")
    try:
        require_holding_members(union)
    except Refusal as refusal:
        raise InvalidInput(refusal.message, field="union") from refusal
    return union


def require_allowance(session: Session, account_id: int) -> None:
    """Raise TooManyRequests over `applications_per_day` of both kinds."""
    lately = 0
    for model in (JoinApplication, TransferApplication):
        own = select(func.count()).select_from(model).where(col(model.submitted_by_id) == account_id)
        lately += session.exec(own.where(col(model.submitted_at) > now() - _DAY)).one()
    if lately >= settings().applications_per_day:
        raise TooManyRequests(msg("今天提交的申请过多，请明天再试。"), retry_after=int(_DAY.total_seconds()))


def hold_applicants(
    session: Session, requests: Sequence[JoinApplication] | Sequence[TransferApplication]
) -> dict[int, Person]:
    """The people behind some applications, by their ids, locked as every change of a membership locks them."""
    return hold_by_id(session, [request.person_id for request in requests])


def addressed(asked: ColumnElement[int]) -> tuple[ColumnElement[Any], ...]:
    """What the lock on an application reads for the words to who applies: where they reach them, in which language, and
    the name of the `union` asked."""
    named = select_rows(_UNIONS.c.name).where(_UNIONS.c.id == asked).scalar_subquery()
    return (ACCOUNTS.c.phone_enc, ACCOUNTS.c.phone_bidx, ACCOUNTS.c.language, named.label("union"))


def told_of_unions(
    _session: Session, requests: Sequence[JoinApplication] | Sequence[TransferApplication], read: ReadWith
) -> dict[int, dict[str, str]]:
    """What fills the words to applicants: the name of the union asked."""
    return {request.id or 0: {"union": read[request.id or 0].union} for request in requests}


def applicant_names(
    session: Session, requests: Sequence[JoinApplication] | Sequence[TransferApplication]
) -> dict[int, str]:
    """The names of who applies, by the ids of the applications."""
    people = run(session, _NAMES, {"ids": [request.person_id for request in requests]})
    names: dict[int, str] = {row.id: row.name for row in people}
    return {request.id or 0: names[request.person_id] for request in requests}


def enter(session: Session, application: JoinApplication | TransferApplication) -> None:
    """Write an application, of which a person has one at a time; raises AlreadyApplied when another was quicker."""
    try:
        with session.begin_nested():
            session.add(application)
    except IntegrityError as reason:
        raise AlreadyApplied from reason


def withdraw_own(
    session: Session,
    model: type[JoinApplication] | type[TransferApplication] | type[PersonalRequest],
    verb: str,
    *,
    account_id: int,
    application_id: int,
) -> None:
    """撤回 an application that nobody has decided yet; doing so twice changes nothing more.

    Raises `NotFound` for somebody else's, `AlreadyDecided`.
    """
    application = session.get(model, application_id, populate_existing=True)
    if application is None or application.submitted_by_id != account_id:
        raise NotFound
    if application.status == ReviewStatus.WITHDRAWN:
        return
    if not withdraw(session, application, account_id=account_id):
        raise AlreadyDecided
    note(session, application, verb)


def note(session: Session, request: Reviewed, verb: str, **detail: object) -> None:
    """Write what the applicant did into the audit record."""
    session.flush()
    subject = f"{table_of(type(request)).name}:{request.id}"
    record(session, verb, account_id=request.submitted_by_id, subject=subject, detail=detail)
    session.flush()


def text_applicants(
    session: Session,
    requests: Sequence[Reviewed],
    purpose: str,
    text: str,
    told: Mapping[int, Mapping[str, str]],
    *,
    messages: Collection[str] = (),
    read: ReadWith | None = None,
) -> None:
    """Send each applicant a text message filled with what is `told`, by the request's id; reasons stay here.

    `messages` names what is told that is a message itself, to be put into the applicant's language. Where their phones
    were `read` with the requests, they are not asked for again.
    """
    accounts = {request.submitted_by_id: read[request.id or 0] for request in requests} if read else {}
    if not read:
        numbers = {request.submitted_by_id for request in requests}
        accounts = {account.id: account for account in run(session, _PHONES, {"ids": sorted(numbers)})}
    texts: list[Message] = []
    for request in requests:
        account = accounts[request.submitted_by_id]
        values = {
            name: render(value, account.language) if name in messages else value
            for name, value in told[request.id or 0].items()
        }
        phone = unseal(ACCOUNT_PHONE, account.phone_enc, account.phone_bidx)
        texts.append(Message(phone, render(text, account.language, **values), values))
    post_each(session, texts, purpose, useful_for=NOTICE_USEFUL_FOR)

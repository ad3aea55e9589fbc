"""Asking about one's own personal data (个人信息请求): to have it corrected or deleted, or the account closed."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput, Refusal, TooManyRequests
from gdftu_app.i18n import msg, render
from gdftu_app.models.accounts import Account
from gdftu_app.models.identifiers import one_line
from gdftu_app.models.join_details import DETAIL_FIELDS, clean_details
from gdftu_app.models.member_fields import MIGRANT, PHONE
from gdftu_app.models.personal_requests import PHONE_OF_THE_ACCOUNT, PersonalRequest, PersonalRequestKind
from gdftu_app.queries.accounts import phone_of
from gdftu_app.queries.applicants import NotVerified
from gdftu_app.queries.own_requests import RequestDesk, request_desk
from gdftu_app.queries.request_keepers import keeper_of
from gdftu_app.services.applications import AlreadyApplied, note, withdraw_own
from gdftu_app.services.outbox import post
from gdftu_app.services.passwords import NOTICE_USEFUL_FOR
from gdftu_app.services.tree_locks import share_tree
from gdftu_app.services.turns import take_turns

LONGEST_REMARK = 100
CLOSURE_PURPOSE = "closure_requested"
CLOSURE_TEXT = msg("【粤工惠】已收到你注销账号的请求。如非本人操作，请立即登录撤回，并检查登录设备。")
_DAY = timedelta(days=1)


class StillAdministrator(Refusal):
    """Whoever administers a union hands that over before the account is closed."""

    code = "still_administrator"
    default = msg("你还是「{union}」的管理员，请先由其他管理员移除你的权限，再注销账号。")


def request_correction(
    session: Session, *, account_id: int, typed: Mapping[str, str], own_phone: bool = False, remark: str = ""
) -> int:
    """请求更正: what is typed of `DETAIL_FIELDS` and differs from the record; the id of the request.

    With `own_phone` the phone that is recorded is to become the one that the account signs in with. Raises
    `SignedOut`, `NotVerified`, `AlreadyApplied`, `TooManyRequests`, `InvalidInput` (the field's key, `remark`; none
    when everything reads so already).
    """
    desk, account = _ready(session, account_id)
    cleaned = clean_details(typed)
    changes = {
        field.key: cleaned.get(field.key, "")
        for field in DETAIL_FIELDS
        if field.key in typed and cleaned.get(field.key, "") != desk.values[field.key]
    }
    if changes.get(MIGRANT) == "":
        del changes[MIGRANT]
    if own_phone and desk.has_other_phone:
        changes[PHONE] = PHONE_OF_THE_ACCOUNT
    if not changes:
        raise InvalidInput(msg("没有改动任何一项，请修改后再提交。"))
    return _enter(session, account, PersonalRequestKind.CORRECTION, changes, remark)


def request_deletion(session: Session, *, account_id: int, fields: Collection[str], remark: str = "") -> int:
    """请求删除: fields that are recorded and that a membership does not need; the id of the request.

    Raises `SignedOut`, `NotVerified`, `AlreadyApplied`, `TooManyRequests`, `InvalidInput` (`remark`; none without a
    field).
    """
    desk, account = _ready(session, account_id)
    changes = dict.fromkeys((key for key in desk.deletable if key in fields), "")
    if not changes:
        raise InvalidInput(msg("请选择要删除的内容。"))
    return _enter(session, account, PersonalRequestKind.DELETION, changes, remark)


def request_closure(session: Session, *, account_id: int, is_sure: bool, remark: str = "") -> int:
    """请求注销账号, and with it to leave the union; the id of the request. A text message tells the phone.

    Raises `SignedOut`, `StillAdministrator`, `AlreadyApplied`, `TooManyRequests`, `InvalidInput` (`sure`, `remark`).
    """
    share_tree(session)
    desk = request_desk(session, account_id=account_id)
    account = session.get_one(Account, account_id)
    if desk.administers:
        raise StillAdministrator(union=desk.administers[0])
    if not is_sure:
        raise InvalidInput(msg("请阅读并勾选确认后再提交。"), field="sure")
    number = _enter(session, account, PersonalRequestKind.CLOSURE, {}, remark)
    text = render(CLOSURE_TEXT, account.language)
    post(session, phone_of(account), CLOSURE_PURPOSE, text, useful_for=NOTICE_USEFUL_FOR)
    return number


def withdraw_request(session: Session, *, account_id: int, request_id: int) -> None:
    """撤回 a request that was not answered yet; twice does no harm. Raises `NotFound`, `AlreadyDecided`."""
    withdraw_own(
        session, PersonalRequest, "personal_requests:withdraw", account_id=account_id, application_id=request_id
    )


def _ready(session: Session, account_id: int) -> tuple[RequestDesk, Account]:
    """The desk of a verified person; whose data is to be changed must be proven."""
    share_tree(session)
    desk = request_desk(session, account_id=account_id)
    if not desk.is_verified:
        raise NotVerified(msg("请先完成实名认证，再请求更正或删除。"))
    return desk, session.get_one(Account, account_id)


def _enter(
    session: Session, account: Account, kind: PersonalRequestKind, changes: Mapping[str, str], remark: str
) -> int:
    why = one_line(remark)
    if len(why) > LONGEST_REMARK:
        raise InvalidInput(msg("不能超过 {limit} 个字。"), field="remark", limit=LONGEST_REMARK)
    # In turns, so that a limit is a limit; the database allows one pending request of a kind whatever happens.
    take_turns(session, "personal requests", str(account.id))
    _require_allowance(session, account.id or 0)
    request = PersonalRequest(
        reviewing_union_id=keeper_of(session, account),
        submitted_by_id=account.id or 0,
        kind=kind,
        name=account.name,
        changes=dict(changes),
        remark=why,
    )
    try:
        with session.begin_nested():
            session.add(request)
    except IntegrityError as reason:
        raise AlreadyApplied(msg("你已有一件同类请求在办理，请等待结果，或撤回后再提交。")) from reason
    note(session, request, "personal_requests:submit", kind=kind.value, fields=sorted(changes))
    return request.id or 0


def _require_allowance(session: Session, account_id: int) -> None:
    lately = select(func.count()).where(
        PersonalRequest.submitted_by_id == account_id, col(PersonalRequest.submitted_at) > now() - _DAY
    )
    if session.exec(lately).one() >= settings().applications_per_day:
        raise TooManyRequests(msg("今天提交的请求过多，请明天再试。"), retry_after=int(_DAY.total_seconds()))

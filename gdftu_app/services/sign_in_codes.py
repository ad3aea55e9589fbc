"""Text-message codes (短信验证码): sent within limits, stored hashed, good once (domain facts §6)."""

import math
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, update
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput, TooManyRequests
from gdftu_app.i18n import SOURCE_LANGUAGE, msg, render
from gdftu_app.models.accounts import Account, CodePurpose, SignInCode
from gdftu_app.models.identifiers import mask_phone, normalise_phone
from gdftu_app.security.devices import failures_key, is_known_device
from gdftu_app.security.keys import blind_index, keyed_digest
from gdftu_app.security.requests import current_caller
from gdftu_app.services.audit import ADDRESS_LENGTH, record
from gdftu_app.services.lockouts import find_failures, lock_refusal
from gdftu_app.services.outbox import Recipients, post
from gdftu_app.services.turns import take_turns

CODE_DIGITS = 6
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CODE_TEXT = msg("【粤工惠】验证码 {code}，{minutes} 分钟内有效，请勿告知他人。")
JUST_SENT = msg("验证码刚刚发送过，请 {retry_after} 秒后再获取。")
OFTEN_FOR_PHONE = msg("这个手机号获取验证码的次数过多，请 {minutes} 分钟后再试，或改用账号密码登录。")
OFTEN_FROM_ADDRESS = msg("当前网络获取验证码的次数过多，请 {minutes} 分钟后再试，或改用账号密码登录。")
_RECIPIENTS = {
    CodePurpose.SIGN_IN: Recipients.NOT_DISABLED,
    CodePurpose.SET_PASSWORD: Recipients.ACCOUNTS,
    CodePurpose.LEAVE_PHONE: Recipients.ACCOUNTS,
    CodePurpose.TAKE_PHONE: Recipients.NEWCOMERS,
}


@dataclass(frozen=True, slots=True)
class CodeSent:
    """The answer to 获取验证码: when the next one may be asked for, and how long this one is good."""

    wait_seconds: int
    lifetime_minutes: int


def send_code(
    session: Session, *, phone: str, purpose: CodePurpose = CodePurpose.SIGN_IN, address: str = ""
) -> CodeSent:
    """获取验证码: a new code for a phone; the earlier ones of this purpose are void.

    Known devices have codes and limits apart from strangers, who can neither void nor use up theirs.

    A code to sign in goes to every phone but a disabled account's: where there is no account, it opens one. Codes for
    what only an account can do go to accounts, those of `TAKE_PHONE` to phones without one. The answer, the row and the
    limits are the same whether a message goes or not.

    Raises:
        InvalidInput: the phone is no mainland mobile number; field `phone`.
        TooManyRequests: over a limit per phone (minute, hour, day) or per address (hour), or the phone is locked.
    """
    normal = normalise_phone(phone)
    phone_bidx, address = blind_index("phone", normal), address[:ADDRESS_LENGTH]
    take_turns(session, "codes of a phone", phone_bidx)
    device = current_caller.get().device
    is_known = is_known_device(device, phone_bidx)
    _refuse(lock_refusal(find_failures(session, failures_key(device, phone_bidx))))
    _refuse(_wait_of_phone(session, phone_bidx, is_known))
    if address:
        take_turns(session, "codes from an address", address)
        _refuse(_wait_of_address(session, address))
    minutes = settings().code_lifetime_minutes
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    session.add(
        SignInCode(
            phone_bidx=phone_bidx,
            purpose=purpose,
            code_hash=_code_hash(phone_bidx, purpose, code),
            address=address,
            from_known_device=is_known,
            expires_at=now() + timedelta(minutes=minutes),
        )
    )
    known = session.exec(select(Account.id, Account.language).where(Account.phone_bidx == phone_bidx)).first()
    account_id, language = known or (None, SOURCE_LANGUAGE)
    record(
        session,
        "codes:send",
        account_id=account_id,
        subject=f"accounts:{account_id}" if account_id else "",
        detail={"purpose": purpose, "phone": mask_phone(normal)},
    )
    session.flush()
    post(
        session,
        normal,
        purpose,
        render(CODE_TEXT, language, code=code, minutes=minutes),
        {"code": code, "minutes": str(minutes)},
        to=_RECIPIENTS[purpose],
        useful_for=timedelta(minutes=minutes),
        series=f"{purpose}:{'known' if is_known else 'stranger'}",
    )
    wait = _wait_of_phone(session, phone_bidx, is_known)
    return CodeSent(wait_seconds=wait.retry_after if wait else 0, lifetime_minutes=minutes)


def typed_code(code: str, *, field: str = "code") -> str:
    """A code as it was meant, whatever keyboard and spaces it was typed with; InvalidInput when there is none."""
    typed = "".join(unicodedata.normalize("NFKC", code).split())
    if not typed:
        raise InvalidInput(msg("请填写验证码。"), field=field)
    return typed


def redeem_code(session: Session, *, phone_bidx: str, purpose: CodePurpose, code: str) -> bool:
    """Spend a try on the newest code of a phone; true when it is the one, which then is used up.

    One conditional statement decides, so of two browsers with the same code one gets in.
    """
    newest = (
        select(SignInCode.id)
        .where(
            SignInCode.phone_bidx == phone_bidx,
            SignInCode.purpose == purpose,
            SignInCode.from_known_device == is_known_device(current_caller.get().device, phone_bidx),
        )
        .order_by(col(SignInCode.created_at).desc(), col(SignInCode.id).desc())
        .limit(1)
        .scalar_subquery()
    )
    right = col(SignInCode.code_hash) == _code_hash(phone_bidx, purpose, code)
    tried = (
        update(SignInCode)
        .where(
            col(SignInCode.id) == newest,
            col(SignInCode.used_at).is_(None),
            col(SignInCode.attempts) < settings().code_max_attempts,
            col(SignInCode.expires_at) > now(),
        )
        .values(attempts=col(SignInCode.attempts) + 1, used_at=case((right, now()), else_=None))
        .returning(col(SignInCode.used_at))
        .execution_options(synchronize_session=False)
    )
    return session.exec(tried).scalar() is not None


def _code_hash(phone_bidx: str, purpose: CodePurpose, code: str) -> str:
    return keyed_digest("text-message code", f"{purpose}|{phone_bidx}|{code}")


def _refuse(refusal: TooManyRequests | None) -> None:
    if refusal is not None:
        raise refusal


def _wait_of_phone(session: Session, phone_bidx: str, is_known: bool) -> TooManyRequests | None:
    limits = settings()
    whose = and_(col(SignInCode.phone_bidx) == phone_bidx, col(SignInCode.from_known_device) == is_known)
    sent = _sent_within(session, whose, _DAY, limits.code_per_day)
    return (
        _wait(sent, limits.code_per_day, _DAY, OFTEN_FOR_PHONE)
        or _wait(sent, limits.code_per_hour, _HOUR, OFTEN_FOR_PHONE)
        or _wait(sent, limits.code_per_minute, _MINUTE, JUST_SENT)
    )


def _wait_of_address(session: Session, address: str) -> TooManyRequests | None:
    limit = settings().code_per_address_hour
    sent = _sent_within(session, col(SignInCode.address) == address, _HOUR, limit)
    return _wait(sent, limit, _HOUR, OFTEN_FROM_ADDRESS)


def _sent_within(session: Session, whose: ColumnElement[bool], window: timedelta, limit: int) -> Sequence[datetime]:
    """When the last codes were sent, the latest first; never more than a limit needs to know."""
    recent = select(SignInCode.created_at).where(whose, col(SignInCode.created_at) > now() - window)
    return session.exec(recent.order_by(col(SignInCode.created_at).desc()).limit(limit)).all()


def _wait(sent: Sequence[datetime], limit: int, window: timedelta, message: str) -> TooManyRequests | None:
    if len(sent) < limit or sent[limit - 1] <= now() - window:
        return None
    seconds = max(1, math.ceil((sent[limit - 1] + window - now()).total_seconds()))
    return TooManyRequests(message, retry_after=seconds, minutes=math.ceil(seconds / 60))

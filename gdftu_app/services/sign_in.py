"""Signing in (登录) with a phone and a password, or with a phone and a text-message code (手册 一)."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlmodel import Session, select

from gdftu_app.errors import InvalidInput, Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account, CodePurpose
from gdftu_app.models.identifiers import mask_phone, normalise_phone
from gdftu_app.security.devices import failures_key, is_known_device, new_device_cookie
from gdftu_app.security.keys import blind_index
from gdftu_app.security.password_rules import days_left
from gdftu_app.security.passwords import hash_password, needs_rehash, verify_password
from gdftu_app.security.requests import current_caller
from gdftu_app.services.accounts import open_account
from gdftu_app.services.audit import record
from gdftu_app.services.lockouts import add_failure, claim_attempt, forgive, lock_refusal
from gdftu_app.services.sessions import begin, keep_refused_form, keep_typed_phone
from gdftu_app.services.sign_in_codes import redeem_code

WRONG_PASSWORD = msg("手机号或密码不正确，还可以再试 {left} 次。如未设置密码，请改用短信验证码登录。")
WRONG_CODE = msg("验证码不正确或已失效，还可以再试 {left} 次。请核对最近一条短信，或重新获取验证码。")


class PasswordAged(Refusal):
    """The password is right, and too old to open the console: a new one is set by text-message code."""

    code = "password_aged"


class WrongCredentials(Refusal):
    """Phone and proof do not belong together; which of them is wrong is not told."""

    code = "wrong_credentials"


@dataclass(frozen=True, slots=True)
class SignInOutcome:
    """What signing in came to: the new cookie values, of session and device, or the refusal. Commit either way.

    On a refusal the message and the typed phone already wait in the visitor's session for the sign-in page.
    """

    cookie: str | None = field(default=None, repr=False)
    device: str = field(default="", repr=False)
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class _Attempt:
    method: str
    phone: str
    cookie: str | None
    address: str
    user_agent: str


def sign_in_with_password(
    session: Session, *, phone: str, password: str, visitor_cookie: str | None, address: str, user_agent: str
) -> SignInOutcome:
    """账号密码: the same words and the same work whether the phone is unknown, without password, disabled or wrong.

    While the phone is locked the password is not looked at.
    """

    def proof(account: Account | None, _phone_bidx: str) -> bool:
        stored = account.password_hash if account else None
        matched = verify_password(stored, password)
        if account and stored and matched and needs_rehash(stored):
            account.password_hash = hash_password(password)
        return matched

    attempt = _Attempt("password", phone, visitor_cookie, address, user_agent)
    missing = "" if password else msg("请填写密码。")
    return _sign_in(session, attempt, proof, WRONG_PASSWORD, missing=missing)


def sign_in_with_code(
    session: Session, *, phone: str, code: str, visitor_cookie: str | None, address: str, user_agent: str
) -> SignInOutcome:
    """手机短信验证码: the newest code sent to the phone, once; the first one opens an account."""

    typed = "".join(unicodedata.normalize("NFKC", code).split())

    def proof(_account: Account | None, phone_bidx: str) -> bool:
        return redeem_code(session, phone_bidx=phone_bidx, purpose=CodePurpose.SIGN_IN, code=typed)

    attempt = _Attempt("code", phone, visitor_cookie, address, user_agent)
    missing = "" if typed else msg("请填写验证码。")
    return _sign_in(session, attempt, proof, WRONG_CODE, missing=missing)


def _sign_in(
    session: Session, attempt: _Attempt, proof: Callable[[Account | None, str], bool], wrong: str, *, missing: str
) -> SignInOutcome:
    try:
        normal = normalise_phone(attempt.phone)
        if missing:
            raise InvalidInput(missing, field="proof")
    except InvalidInput as refusal:
        return _sent_back(session, attempt, refusal)
    phone_bidx = blind_index("phone", normal)
    failures = claim_attempt(session, failures_key(current_caller.get().device, phone_bidx))
    account = session.exec(select(Account).where(Account.phone_bidx == phone_bidx)).first()
    locked = lock_refusal(failures)
    if locked is None:
        proven = proof(account, phone_bidx)
        if proven and account is None:
            account = _opened(session, normal)
        if account is not None and proven and account.disabled_at is None:
            if attempt.method == "password" and _is_aged(account):
                return _sent_to_renew(session, attempt, account, normal)
            forgive(failures)
            return _welcome(session, attempt, account)
        left = add_failure(failures)
        refusal = lock_refusal(failures) or WrongCredentials(wrong, left=left)
        reason = "disabled" if proven and account is not None else "credentials"
    else:
        refusal, reason = locked, "locked"
    _record_refusal(session, attempt, account, normal, reason)
    return _sent_back(session, attempt, refusal)


def _opened(session: Session, phone: str) -> Account:
    account, _ = open_account(session, phone)
    record(session, "accounts:open", account_id=account.id, subject=f"accounts:{account.id}")
    return account


def _is_aged(account: Account) -> bool:
    left = days_left(account.password_changed_at, is_demo=account.is_demo)
    return left is not None and left <= 0


def _sent_to_renew(session: Session, attempt: _Attempt, account: Account, phone: str) -> SignInOutcome:
    _record_refusal(session, attempt, account, phone, PasswordAged.code)
    keep_typed_phone(session, attempt.cookie, attempt.phone)
    session.flush()
    return SignInOutcome(refusal=PasswordAged())


def _record_refusal(session: Session, attempt: _Attempt, account: Account | None, phone: str, reason: str) -> None:
    record(
        session,
        "sessions:refuse",
        account_id=account.id if account else None,
        subject=f"accounts:{account.id}" if account else "",
        detail={"method": attempt.method, "phone": mask_phone(phone), "reason": reason},
    )


def _welcome(session: Session, attempt: _Attempt, account: Account) -> SignInOutcome:
    cookie = begin(session, account, cookie=attempt.cookie, address=attempt.address, user_agent=attempt.user_agent)
    record(
        session,
        "sessions:sign_in",
        account_id=account.id,
        subject=f"accounts:{account.id}",
        detail={"method": attempt.method},
    )
    session.flush()
    return SignInOutcome(cookie=cookie, device=_device_of(account))


def _device_of(account: Account) -> str:
    shown = current_caller.get().device
    return shown if is_known_device(shown, account.phone_bidx) else new_device_cookie(account.phone_bidx)


def _sent_back(session: Session, attempt: _Attempt, refusal: Refusal) -> SignInOutcome:
    keep_refused_form(session, attempt.cookie, refusal, phone=attempt.phone)
    session.flush()
    return SignInOutcome(refusal=refusal)

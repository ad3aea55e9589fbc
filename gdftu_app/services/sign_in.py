"""Signing in (登录) with a phone and a password, or with a phone and a text-message code (手册 一)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlmodel import Session

from gdftu_app.errors import InvalidInput, Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account
from gdftu_app.models.identifiers import normalise_phone
from gdftu_app.security.devices import is_known_device, new_device_cookie
from gdftu_app.security.password_rules import days_left
from gdftu_app.security.passwords import hash_password, needs_rehash, verify_password
from gdftu_app.security.requests import current_caller
from gdftu_app.services.phone_proofs import Proof, code_proof, prove_phone, record_sign_in
from gdftu_app.services.sessions import begin, keep_refused_form, keep_typed_phone

WRONG_PASSWORD = msg("手机号或密码不正确，还可以再试 {left} 次。如未设置密码，请改用短信验证码登录。")


class PasswordAged(Refusal):
    """The password is right, and too old to open the console: a new one is set by text-message code."""

    code = "password_aged"


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

    def is_right(account: Account | None, _phone_bidx: str) -> bool:
        stored = account.password_hash if account else None
        matched = verify_password(stored, password)
        if account and stored and matched and needs_rehash(stored):
            account.password_hash = hash_password(password)
        return matched

    def proof() -> Proof:
        if not password:
            raise InvalidInput(msg("请填写密码。"), field="proof")
        return Proof("password", is_right, WRONG_PASSWORD, _objection)

    return _sign_in(session, _Attempt(phone, visitor_cookie, address, user_agent), proof)


def sign_in_with_code(
    session: Session, *, phone: str, code: str, visitor_cookie: str | None, address: str, user_agent: str
) -> SignInOutcome:
    """手机短信验证码: the newest code sent to the phone, once; the first one opens an account."""
    attempt = _Attempt(phone, visitor_cookie, address, user_agent)
    return _sign_in(session, attempt, lambda: code_proof(session, code))


def _sign_in(session: Session, attempt: _Attempt, shown: Callable[[], Proof]) -> SignInOutcome:
    try:
        normalise_phone(attempt.phone)
        proof = shown()
        found = prove_phone(session, attempt.phone, proof)
    except InvalidInput as refusal:
        return _sent_back(session, attempt, refusal)
    if isinstance(found, Refusal):
        return _sent_back(session, attempt, found)
    cookie = begin(session, found, cookie=attempt.cookie, address=attempt.address, user_agent=attempt.user_agent)
    record_sign_in(session, found, proof.method)
    return SignInOutcome(cookie=cookie, device=_device_of(found))


def _objection(account: Account) -> Refusal | None:
    left = days_left(account.password_changed_at, is_demo=account.is_demo)
    return PasswordAged() if left is not None and left <= 0 else None


def _device_of(account: Account) -> str:
    shown = current_caller.get().device
    return shown if is_known_device(shown, account.phone_bidx) else new_device_cookie(account.phone_bidx)


def _sent_back(session: Session, attempt: _Attempt, refusal: Refusal) -> SignInOutcome:
    if isinstance(refusal, PasswordAged):
        keep_typed_phone(session, attempt.cookie, attempt.phone)
    else:
        keep_refused_form(session, attempt.cookie, refusal, phone=attempt.phone)
    session.flush()
    return SignInOutcome(refusal=refusal)

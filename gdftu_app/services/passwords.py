"""Passwords set by text-message code (忘记密码, first password) and changed by who knows the present one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from gdftu_app.clock import BEIJING, now
from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput, Refusal
from gdftu_app.i18n import msg, render
from gdftu_app.i18n.dates import short_moment
from gdftu_app.models.accounts import Account, CodePurpose, EarlierPassword, SignInFailures
from gdftu_app.models.identifiers import mask_phone, normalise_phone
from gdftu_app.queries.accounts import phone_of
from gdftu_app.security.devices import failures_key
from gdftu_app.security.keys import blind_index
from gdftu_app.security.password_rules import refuse_own_name, refuse_weak
from gdftu_app.security.passwords import hash_password, verify_password
from gdftu_app.security.requests import current_caller
from gdftu_app.services.audit import record
from gdftu_app.services.lockouts import add_failure, claim_attempt, forgive, lock_refusal
from gdftu_app.services.outbox import post
from gdftu_app.services.phone_proofs import WRONG_CODE, WrongCredentials
from gdftu_app.services.sessions import Form, account_of, end_all, keep_refused_form, keep_typed_phone, renew
from gdftu_app.services.sign_in_codes import redeem_code, typed_code

CHANGED_PURPOSE = "password_changed"
NOTICE_USEFUL_FOR = timedelta(days=1)
WRONG_CURRENT = msg("当前密码不正确，还可以再试 {left} 次。")
CHANGED_TEXT = msg("【粤工惠】你的账号密码已于 {time} 修改。如非本人操作，请立即在登录页用「忘记密码」重新设置。")


@dataclass(frozen=True, slots=True)
class FormOutcome:
    """What a form came to: the refusal, which already waits for its page, or the browser's new cookie values, if any.

    Commit either way.
    """

    refusal: Refusal | None = None
    cookie: str = field(default="", repr=False)
    device: str = field(default="", repr=False)


def set_password(
    session: Session, *, phone: str, code: str, password: str, again: str, cookie: str | None
) -> FormOutcome:
    """忘记密码、设置密码: whoever reads the text messages of a phone sets its account's password and signs in anew.

    Ends every session of the account. The same words and the same work whether an account has the phone or not: its
    name and earlier passwords are looked at only behind the right code, which a refusal then leaves good.
    """

    def sent_back(refusal: Refusal) -> FormOutcome:
        keep_refused_form(session, cookie, refusal, phone=phone, form=Form.PASSWORD)
        session.flush()
        return FormOutcome(refusal)

    try:
        normal = normalise_phone(phone)
        typed = typed_code(code)
        refuse_weak(password, again=again, phone=normal)
    except InvalidInput as refusal:
        return sent_back(refusal)
    hashed, phone_bidx = hash_password(password), blind_index("phone", normal)
    failures = claim_attempt(session, failures_key(current_caller.get().device, phone_bidx))
    found = select(Account).where(Account.phone_bidx == phone_bidx).execution_options(populate_existing=True)
    account = session.exec(found).first()

    def proven() -> bool:
        is_right = redeem_code(session, phone_bidx=phone_bidx, purpose=CodePurpose.SET_PASSWORD, code=typed)
        return is_right and account is not None and account.disabled_at is None

    refusal = _attempt(session, account, password, hashed, failures, proven, WRONG_CODE)
    if refusal is not None or account is None:
        _record_refusal(session, account, normal, refusal)
        return sent_back(refusal or Refusal())
    _conclude(session, account, normal, "passwords:set", end_all(session, account_id=account.id or 0))
    keep_typed_phone(session, cookie, phone)
    return FormOutcome()


def change_password(
    session: Session, *, cookie: str, current: str, code: str, password: str, again: str
) -> FormOutcome:
    """修改密码: for the account of a signed-in browser, by its present password; without one, by a code to its phone.

    The browser goes on under a new cookie, every other session of the account is over.

    Raises:
        SignedOut: there is no session behind the cookie.
    """
    account = session.get_one(Account, account_of(session, cookie))
    normal, phone_bidx = phone_of(account), account.phone_bidx

    def sent_back(refusal: Refusal) -> FormOutcome:
        keep_refused_form(session, cookie, refusal, phone="", form=Form.OWN_PASSWORD)
        session.flush()
        return FormOutcome(refusal)

    try:
        if account.password_hash is not None and not current:
            raise InvalidInput(msg("请填写当前密码。"), field="current")
        typed = "" if account.password_hash is not None else typed_code(code)
        refuse_weak(password, again=again, phone=normal)
    except InvalidInput as refusal:
        return sent_back(refusal)
    hashed = hash_password(password)
    failures = claim_attempt(session, failures_key(current_caller.get().device, phone_bidx))
    session.refresh(account)
    account_of(session, cookie)

    def proven() -> bool:
        if account.password_hash is not None:
            return verify_password(account.password_hash, current)
        return redeem_code(session, phone_bidx=phone_bidx, purpose=CodePurpose.SET_PASSWORD, code=typed)

    wrong = WRONG_CURRENT if account.password_hash is not None else WRONG_CODE
    refusal = _attempt(session, account, password, hashed, failures, proven, wrong)
    if refusal is not None:
        _record_refusal(session, account, normal, refusal)
        return sent_back(refusal)
    _conclude(session, account, normal, "passwords:change", end_all(session, account_id=account.id or 0, but=cookie))
    return FormOutcome(cookie=renew(session, cookie))


def _attempt(
    session: Session,
    account: Account | None,
    password: str,
    hashed: str,
    failures: SignInFailures,
    proven: Callable[[], bool],
    wrong: str,
) -> Refusal | None:
    """Put the new password in place of the old one once the proof holds; the refusal otherwise."""
    locked = lock_refusal(failures)
    if locked is not None:
        return locked
    try:
        with session.begin_nested():
            if proven() and account is not None:
                refuse_own_name(password, account.name)
                _refuse_used(session, account, password)
                _replace(session, account, hashed)
                forgive(failures)
                return None
    except InvalidInput as refusal:
        return refusal
    left = add_failure(failures)
    return lock_refusal(failures) or WrongCredentials(wrong, left=left)


def _refuse_used(session: Session, account: Account, password: str) -> None:
    earlier = session.exec(
        select(EarlierPassword.password_hash)
        .where(EarlierPassword.account_id == account.id)
        .order_by(col(EarlierPassword.id).desc())
        .limit(settings().password_history - 1)
    ).all()
    used = [account.password_hash, *earlier] if account.password_hash else earlier
    if any(verify_password(stored, password) for stored in used):
        raise InvalidInput(
            msg("不能使用最近 {count} 次用过的密码。"), field="password", count=settings().password_history
        )


def _replace(session: Session, account: Account, hashed: str) -> None:
    if account.password_hash is not None:
        session.add(EarlierPassword(account_id=account.id or 0, password_hash=account.password_hash))
        session.flush()
    of_account = col(EarlierPassword.account_id) == account.id
    kept = (
        select(EarlierPassword.id)
        .where(of_account)
        .order_by(col(EarlierPassword.id).desc())
        .limit(settings().password_history)
    )
    session.exec(delete(EarlierPassword).where(of_account, col(EarlierPassword.id).not_in(kept)))
    account.password_hash, account.password_changed_at = hashed, now()
    session.add(account)


def _conclude(session: Session, account: Account, phone: str, verb: str, ended: int) -> None:
    record(session, verb, account_id=account.id, subject=f"accounts:{account.id}", detail={"sessions_ended": ended})
    time = short_moment(now().astimezone(BEIJING), account.language)
    text = render(CHANGED_TEXT, account.language, time=time)
    post(session, phone, CHANGED_PURPOSE, text, {"time": time}, useful_for=NOTICE_USEFUL_FOR)
    session.flush()


def _record_refusal(session: Session, account: Account | None, phone: str, refusal: Refusal | None) -> None:
    record(
        session,
        "passwords:refuse",
        account_id=account.id if account else None,
        subject=f"accounts:{account.id}" if account else "",
        detail={"phone": mask_phone(phone), "reason": refusal.code if refusal else ""},
    )

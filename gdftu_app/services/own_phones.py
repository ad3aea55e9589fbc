"""更换手机号: an account's phone, changed by codes to the old one and to the new one."""

from typing import Literal

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from gdftu_app.errors import InvalidInput, Refusal
from gdftu_app.i18n import msg, render
from gdftu_app.models.accounts import Account, CodePurpose
from gdftu_app.models.identifiers import mask_phone, normalise_phone
from gdftu_app.models.people import Person
from gdftu_app.queries.accounts import ACCOUNT_PHONE, phone_of
from gdftu_app.security.devices import failures_key, new_device_cookie
from gdftu_app.security.keys import blind_index
from gdftu_app.security.personal_data import seal
from gdftu_app.security.requests import current_caller
from gdftu_app.services.audit import record
from gdftu_app.services.lockouts import add_failure, claim_attempt, forgive, lock_refusal
from gdftu_app.services.outbox import post
from gdftu_app.services.passwords import NOTICE_USEFUL_FOR, FormOutcome
from gdftu_app.services.people import PHONE_FIELD
from gdftu_app.services.phone_proofs import WRONG_CODE
from gdftu_app.services.sessions import Form, account_of, end_all, keep_refused_form, renew
from gdftu_app.services.sign_in_codes import CodeSent, redeem_code, send_code, typed_code

CHANGED_PURPOSE = "phone_changed"
CHANGED_TEXT = msg("【粤工惠】你的账号已改用手机号 {phone} 登录。如非本人操作，请立即联系所在工会的管理员。")
SAME_PHONE = msg("新手机号与现在的相同。")


def send_own_code(
    session: Session,
    *,
    account_id: int,
    purpose: Literal[CodePurpose.LEAVE_PHONE, CodePurpose.SET_PASSWORD],
    address: str,
) -> CodeSent:
    """获取验证码 to the phone of an account itself, which the browser does not name. Raises TooManyRequests."""
    return send_code(session, phone=phone_of(session.get_one(Account, account_id)), purpose=purpose, address=address)


def send_new_code(session: Session, *, account_id: int, phone: str, address: str) -> CodeSent:
    """获取验证码 to the phone an account is to have; one that has an account already gets the same answer and no code.

    Raises:
        InvalidInput: the phone is none, or the account's own; field `phone`.
        TooManyRequests: over a limit of the phone or the address.
    """
    if normalise_phone(phone) == phone_of(session.get_one(Account, account_id)):
        raise InvalidInput(SAME_PHONE, field="phone")
    return send_code(session, phone=phone, purpose=CodePurpose.TAKE_PHONE, address=address)


def change_phone(session: Session, *, cookie: str, code: str, phone: str, new_code: str) -> FormOutcome:
    """更换手机号: the account signs in with the new phone from now on, and so does its person where both were one.

    The browser goes on under new cookies, every other session of the account is over, and the old phone is told.
    A code that was right stays good when the other was not.

    Raises:
        SignedOut: there is no session behind the cookie.
    """
    account = session.get_one(Account, account_of(session, cookie))

    def sent_back(refusal: Refusal) -> FormOutcome:
        keep_refused_form(session, cookie, refusal, phone=phone, form=Form.OWN_PHONE)
        session.flush()
        return FormOutcome(refusal)

    try:
        old, new = phone_of(account), normalise_phone(phone)
        codes = typed_code(code), typed_code(new_code, field="new_code")
        if new == old:
            raise InvalidInput(SAME_PHONE, field="phone")
    except InvalidInput as refusal:
        return sent_back(refusal)
    failures = claim_attempt(session, failures_key(current_caller.get().device, account.phone_bidx))
    session.refresh(account)
    account_of(session, cookie)
    refusal = lock_refusal(failures)
    if refusal is None:
        wrong = _wrong_field(session, account, blind_index("phone", new), codes)
        if wrong == "" and _take(session, account, new):
            forgive(failures)
            return _conclude(session, account, cookie, old, new)
        left = add_failure(failures)
        refusal = lock_refusal(failures) or InvalidInput(WRONG_CODE, field=wrong or "new_code", left=left)
    _record(session, "phones:refuse", account, old, new)
    return sent_back(refusal)


class _Unproven(Exception):
    """One of the codes is wrong: neither is spent."""


def _wrong_field(session: Session, account: Account, new_bidx: str, codes: tuple[str, str]) -> str:
    """The field of the first wrong code, for which a try is spent; empty when both are right, and used up."""

    def is_right(field: str) -> bool:
        if field == "code":
            purpose, phone_bidx, code = CodePurpose.LEAVE_PHONE, account.phone_bidx, codes[0]
        else:
            purpose, phone_bidx, code = CodePurpose.TAKE_PHONE, new_bidx, codes[1]
        return redeem_code(session, phone_bidx=phone_bidx, purpose=purpose, code=code)

    wrong = ""
    try:
        with session.begin_nested():
            for wrong in ("code", "new_code"):
                if not is_right(wrong):
                    raise _Unproven
            return ""
    except _Unproven:
        is_right(wrong)
    return wrong


def _take(session: Session, account: Account, new: str) -> bool:
    """Write the new phone; false when another account has it by now."""
    sealed, old_bidx = seal(ACCOUNT_PHONE, new), account.phone_bidx
    try:
        with session.begin_nested():
            account.phone_enc, account.phone_bidx = sealed.enc, sealed.bidx
            session.flush()
    except IntegrityError:
        return False
    found = select(Person).where(Person.id == account.person_id, Person.phone_bidx == old_bidx)
    person = session.exec(found).first()
    if person is not None:
        of_person = seal(PHONE_FIELD, new)
        person.phone_enc, person.phone_bidx = of_person.enc, of_person.bidx
        session.add(person)
    return True


def _conclude(session: Session, account: Account, cookie: str, old: str, new: str) -> FormOutcome:
    end_all(session, account_id=account.id or 0, but=cookie)
    _record(session, "phones:change", account, old, new)
    values = {"phone": mask_phone(new)}
    text = render(CHANGED_TEXT, account.language, **values)
    post(session, old, CHANGED_PURPOSE, text, values, useful_for=NOTICE_USEFUL_FOR)
    session.flush()
    return FormOutcome(cookie=renew(session, cookie), device=new_device_cookie(account.phone_bidx))


def _record(session: Session, verb: str, account: Account, old: str, new: str) -> None:
    record(
        session,
        verb,
        account_id=account.id,
        subject=f"accounts:{account.id}",
        detail={"from": mask_phone(old), "to": mask_phone(new)},
    )

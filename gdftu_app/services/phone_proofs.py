"""Letting somebody in by a phone (登录): the rules of every door, whatever is handed out behind it."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session, select

from gdftu_app.errors import Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account, CodePurpose
from gdftu_app.models.identifiers import mask_phone, normalise_phone
from gdftu_app.security.devices import failures_key
from gdftu_app.security.keys import blind_index
from gdftu_app.security.requests import current_caller
from gdftu_app.services.accounts import open_account
from gdftu_app.services.audit import record
from gdftu_app.services.lockouts import add_failure, claim_attempt, forgive, lock_refusal
from gdftu_app.services.sign_in_codes import redeem_code, typed_code

WRONG_CODE = msg("验证码不正确或已失效，还可以再试 {left} 次。请核对最近一条短信，或重新获取验证码。")


class WrongCredentials(Refusal):
    """Phone and proof do not belong together; which of them is wrong is not told."""

    code = "wrong_credentials"


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody shows for a phone. `is_right` is asked once, never of a locked phone.

    `wrong` is the message of a failure, `objection` what stands against letting in an account whose proof was right.
    A lock does not keep out what nobody can guess.
    """

    method: str
    is_right: Callable[[Account | None, str], bool]
    wrong: str
    objection: Callable[[Account], Refusal | None] = lambda _account: None
    can_be_guessed: bool = True


def code_proof(session: Session, code: str, *, field: str = "proof") -> Proof:
    """手机短信验证码: the newest code sent to the phone, once. Raises InvalidInput (the field) without any."""
    typed = typed_code(code, field=field)

    def is_right(_account: Account | None, phone_bidx: str) -> bool:
        return redeem_code(session, phone_bidx=phone_bidx, purpose=CodePurpose.SIGN_IN, code=typed)

    return Proof("code", is_right, WRONG_CODE)


def prove_phone(session: Session, phone: str, proof: Proof) -> Account | Refusal:
    """The account that a phone and its proof let in, or why not; commit either way.

    The first right proof opens an account (decision 0021). The same words
    and the same work whether the phone is unknown, its account disabled or the proof wrong; failures in a row lock it.
    Raises InvalidInput: the phone is none; field `phone`.
    """
    normal = normalise_phone(phone)
    phone_bidx = blind_index("phone", normal)
    failures = claim_attempt(session, failures_key(current_caller.get().device, phone_bidx))
    account = session.exec(select(Account).where(Account.phone_bidx == phone_bidx)).first()
    refusal = lock_refusal(failures) if proof.can_be_guessed else None
    reason = "locked"
    if refusal is None:
        proven = proof.is_right(account, phone_bidx)
        if proven and account is None:
            account = _opened(session, normal)
        if account is not None and proven and account.disabled_at is None:
            refusal = proof.objection(account)
            if refusal is None:
                if proof.can_be_guessed:
                    forgive(failures)
                return account
            reason = refusal.code
        else:
            left = add_failure(failures)
            refusal = lock_refusal(failures) or WrongCredentials(proof.wrong, left=left)
            reason = "disabled" if proven and account is not None else "credentials"
    _record_refusal(session, proof.method, account, normal, reason)
    return refusal


def record_sign_in(session: Session, account: Account, method: str) -> None:
    """Write into the audit record that an account was let in."""
    record(
        session,
        "sessions:sign_in",
        account_id=account.id,
        subject=f"accounts:{account.id}",
        detail={"method": method},
    )
    session.flush()


def _opened(session: Session, phone: str) -> Account:
    account, _ = open_account(session, phone)
    record(session, "accounts:open", account_id=account.id, subject=f"accounts:{account.id}")
    return account


def _record_refusal(session: Session, method: str, account: Account | None, phone: str, reason: str) -> None:
    record(
        session,
        "sessions:refuse",
        account_id=account.id if account else None,
        subject=f"accounts:{account.id}" if account else "",
        detail={"method": method, "phone": mask_phone(phone), "reason": reason},
    )
    session.flush()

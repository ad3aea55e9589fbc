"""Tokens of the API (令牌) begun and ended (decision 0024)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.errors import Refusal
from gdftu_app.models.accounts import Account
from gdftu_app.models.api_tokens import ApiToken
from gdftu_app.security.api_tokens import api_token_hash, new_api_token
from gdftu_app.security.requests import current_caller
from gdftu_app.services.audit import ADDRESS_LENGTH, record
from gdftu_app.services.phone_proofs import Proof, code_proof, prove_phone, record_sign_in
from gdftu_app.services.sessions import USER_AGENT_LENGTH


@dataclass(frozen=True, slots=True)
class TokenOutcome:
    """What signing in came to: a token, or the refusal. Commit either way."""

    token: str = field(default="", repr=False)
    expires_at: datetime | None = None
    refusal: Refusal | None = None


def open_token_with_code(session: Session, *, phone: str, code: str) -> TokenOutcome:
    """A token for a phone and the newest text-message code sent to it. Raises InvalidInput (`phone`, `code`)."""
    return _open(session, phone, code_proof(session, code, field="code"))


def open_token_with_wechat(session: Session, *, phone: str) -> TokenOutcome:
    """A token for a phone that WeChat has told of whoever uses the mini-program."""
    return _open(session, phone, Proof("wechat", lambda _account, _phone_bidx: True, wrong="", can_be_guessed=False))


def end_token(session: Session, *, account_id: int, value: str) -> None:
    """退出登录: end the token that an account shows."""
    own = update(ApiToken).where(
        col(ApiToken.token_hash) == api_token_hash(value),
        col(ApiToken.account_id) == account_id,
        col(ApiToken.ended_at).is_(None),
    )
    if session.exec(own.values(ended_at=now())).rowcount:
        record(session, "sessions:sign_out", account_id=account_id, subject=f"accounts:{account_id}")
        session.flush()


def _open(session: Session, phone: str, proof: Proof) -> TokenOutcome:
    found = prove_phone(session, phone, proof)
    if isinstance(found, Refusal):
        return TokenOutcome(refusal=found)
    value, expires_at = new_api_token(), now() + timedelta(days=settings().api_token_days)
    session.add(_row(found, value, expires_at))
    record_sign_in(session, found, proof.method)
    return TokenOutcome(value, expires_at)


def _row(account: Account, value: str, expires_at: datetime) -> ApiToken:
    caller = current_caller.get()
    return ApiToken(
        token_hash=api_token_hash(value),
        account_id=account.id or 0,
        expires_at=expires_at,
        address=caller.address[:ADDRESS_LENGTH],
        user_agent=caller.user_agent[:USER_AGENT_LENGTH],
    )

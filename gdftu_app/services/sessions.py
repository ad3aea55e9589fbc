"""Sessions (会话) begun, ended, and what a visitor's keeps of a refused form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.db import dialect
from gdftu_app.errors import Refusal
from gdftu_app.i18n import SOURCE_LANGUAGE
from gdftu_app.models.accounts import Account, SignInSession
from gdftu_app.security.personal_data import Unsealable, seal, unseal
from gdftu_app.security.sessions import DEFAULT_SCALING
from gdftu_app.security.tokens import is_session_cookie, new_session_cookie, read_visitor_cookie, token_hash
from gdftu_app.services.audit import ADDRESS_LENGTH, record

USER_AGENT_LENGTH = 300
PHONE_AS_TYPED_LENGTH = 40
_FORM_PHONE = "sessions.form_phone"


@dataclass(frozen=True, slots=True)
class RefusedForm:
    """What a sign-in form shows again: the message (a msgid with its values) and the phone as it was typed."""

    message: str
    values: dict[str, str]
    phone: str


def begin(session: Session, account: Account, *, cookie: str | None, address: str, user_agent: str) -> str:
    """Sign a browser in under a new cookie value; whatever its earlier cookie stood for is over.

    Language and size that the visitor chose before signing in become the account's.
    """
    visitor = _find_visitor(session, cookie)
    if visitor is not None:
        if visitor.language != SOURCE_LANGUAGE:
            account.language = visitor.language
        if visitor.scaling != DEFAULT_SCALING:
            account.scaling = visitor.scaling
        session.delete(visitor)
    end(session, cookie)
    value = new_session_cookie()
    session.add(
        SignInSession(
            token_hash=token_hash(value),
            account_id=account.id,
            expires_at=now() + timedelta(hours=settings().session_absolute_hours),
            address=address[:ADDRESS_LENGTH],
            user_agent=user_agent[:USER_AGENT_LENGTH],
            language=account.language,
            scaling=account.scaling,
        )
    )
    return value


def end(session: Session, cookie: str | None) -> int | None:
    """End the session of a signed-in browser; the account it belonged to, None when there was nothing to end."""
    if not is_session_cookie(cookie):
        return None
    ended = update(SignInSession).where(
        col(SignInSession.token_hash) == token_hash(cookie), col(SignInSession.ended_at).is_(None)
    )
    return session.exec(ended.values(ended_at=now()).returning(col(SignInSession.account_id))).scalar()


def sign_out(session: Session, cookie: str | None) -> None:
    """退出登录: end this browser's session; its cookie opens nothing any more, from this moment on."""
    account_id = end(session, cookie)
    if account_id is not None:
        record(session, "sessions:sign_out", account_id=account_id, subject=f"accounts:{account_id}")


def sign_out_everywhere(session: Session, *, account_id: int) -> int:
    """退出所有设备: end every session of an account, this browser's included; how many there were."""
    ended = update(SignInSession).where(
        col(SignInSession.account_id) == account_id, col(SignInSession.ended_at).is_(None)
    )
    count = len(session.exec(ended.values(ended_at=now()).returning(col(SignInSession.id))).all())
    record(
        session,
        "sessions:sign_out_everywhere",
        account_id=account_id,
        subject=f"accounts:{account_id}",
        detail={"sessions": count},
    )
    return count


def visitor_session(session: Session, cookie: str | None) -> SignInSession | None:
    """The row of a visitor, made at the first need; None when the cookie is not a genuine visitor's."""
    visitor = read_visitor_cookie(cookie)
    if visitor is None:
        return None
    insert = postgresql.insert if dialect(session) == "postgresql" else sqlite.insert
    row = SignInSession(token_hash=token_hash(visitor.value), expires_at=visitor.expires_at)
    session.exec(insert(SignInSession).values(row.model_dump(exclude={"id"})).on_conflict_do_nothing())
    return _find_visitor(session, cookie)


def keep_refused_form(session: Session, cookie: str | None, refusal: Refusal, *, phone: str) -> None:
    """Keep a refusal and the typed phone for the page that the browser is sent back to (never in its address)."""
    row = visitor_session(session, cookie)
    if row is None:
        return
    row.form_message, row.form_values = refusal.message, _as_text(refusal.values)
    row.form_phone_enc = seal(_FORM_PHONE, phone[:PHONE_AS_TYPED_LENGTH], index=row.token_hash).enc
    session.add(row)


def take_refused_form(session: Session, *, cookie: str | None) -> RefusedForm | None:
    """What the last form of this visitor came to. The message is shown once, the phone stays until sign-in."""
    row = _find_visitor(session, cookie)
    if row is None or row.form_phone_enc is None:
        return None
    taken = RefusedForm(row.form_message, row.form_values, _opened(row.form_phone_enc, row.token_hash))
    row.form_message, row.form_values = "", {}
    session.add(row)
    return taken


def _find_visitor(session: Session, cookie: str | None) -> SignInSession | None:
    visitor = read_visitor_cookie(cookie)
    if visitor is None:
        return None
    return session.exec(select(SignInSession).where(SignInSession.token_hash == token_hash(visitor.value))).first()


def _as_text(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _opened(sealed: str, bound_to: str) -> str:
    try:
        return unseal(_FORM_PHONE, sealed, bound_to)
    except Unsealable:
        return ""

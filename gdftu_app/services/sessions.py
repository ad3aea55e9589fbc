"""Sessions (会话) begun, ended, and what a visitor's keeps of a refused form."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.db import dialect
from gdftu_app.errors import InvalidInput, Refusal, SignedOut
from gdftu_app.i18n import SOURCE_LANGUAGE
from gdftu_app.models.accounts import Account, SignInSession
from gdftu_app.models.api_tokens import ApiToken
from gdftu_app.security.personal_data import Unsealable, seal, unseal
from gdftu_app.security.sessions import DEFAULT_SCALING, find_session
from gdftu_app.security.tokens import is_session_cookie, new_session_cookie, read_visitor_cookie, token_hash
from gdftu_app.services.audit import ADDRESS_LENGTH, record

USER_AGENT_LENGTH = 300
PHONE_AS_TYPED_LENGTH = 40
_FORM_PHONE = "sessions.form_phone"


class Form(StrEnum):
    """The forms that browsers submit themselves; what one was refused for is shown on no other."""

    SIGN_IN, PASSWORD, OWN_PASSWORD, OWN_PHONE = "sign_in", "password", "own_password", "own_phone"


@dataclass(frozen=True, slots=True)
class RefusedForm:
    """What a form shows again: the message (a msgid with its values), the field it is beside, the phone as typed."""

    message: str
    values: dict[str, str]
    field: str
    phone: str
    form: Form = Form.SIGN_IN


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


def renew(session: Session, cookie: str) -> str:
    """Let a signed-in browser's session go on under a new cookie value; the old one opens nothing any more."""
    value = new_session_cookie()
    session.exec(
        update(SignInSession)
        .where(col(SignInSession.token_hash) == token_hash(cookie), col(SignInSession.ended_at).is_(None))
        .values(token_hash=token_hash(value), form_message="", form_phone_enc=None)
    )
    return value


def account_of(session: Session, cookie: str) -> int:
    """The id of the account that a browser is signed in with; SignedOut without one."""
    info = find_session(session, cookie)
    if info is None or info.account_id is None:
        raise SignedOut
    return info.account_id


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


def end_all(session: Session, *, account_id: int, but: str | None = None) -> int:
    """End the sessions of an account and its tokens, apart from that of a cookie (`but`); how many there were."""
    moment = now()
    ended = update(SignInSession).where(
        col(SignInSession.account_id) == account_id, col(SignInSession.ended_at).is_(None)
    )
    if but is not None:
        ended = ended.where(col(SignInSession.token_hash) != token_hash(but))
    tokens = update(ApiToken).where(col(ApiToken.account_id) == account_id, col(ApiToken.ended_at).is_(None))
    sessions = session.exec(ended.values(ended_at=moment).returning(col(SignInSession.id))).all()
    return len(sessions) + len(session.exec(tokens.values(ended_at=moment).returning(col(ApiToken.id))).all())


def sign_out_everywhere(session: Session, *, account_id: int) -> int:
    """退出所有设备: end every session of an account, this browser's included; how many there were."""
    count = end_all(session, account_id=account_id)
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


def keep_refused_form(
    session: Session, cookie: str | None, refusal: Refusal, *, phone: str, form: Form = Form.SIGN_IN
) -> None:
    """Keep a refusal and the typed phone for the page that the browser is sent back to (never in its address)."""
    row = _row_of(session, cookie)
    if row is None:
        return
    row.form_message, row.form_values = refusal.message, _as_text(refusal.values)
    row.form_field = f"{form}.{refusal.field if isinstance(refusal, InvalidInput) else ''}"
    _keep_phone(session, row, phone)


def keep_typed_phone(session: Session, cookie: str | None, phone: str) -> None:
    """Keep nothing but the typed phone, for the page that the browser is sent on to."""
    row = _row_of(session, cookie)
    if row is not None:
        row.form_message = ""
        _keep_phone(session, row, phone)


def take_refused_form(
    session: Session, *, cookie: str | None, forms: Collection[Form] = (Form.SIGN_IN,)
) -> RefusedForm | None:
    """What the last of these forms came to in this browser. The message is shown once, the phone stays until sign-in.

    A message of another form is forgotten: its page was left.
    """
    row = _find_signed_in(session, cookie) if is_session_cookie(cookie) else _find_visitor(session, cookie)
    if row is None or row.form_phone_enc is None:
        return None
    form, _, field = row.form_field.rpartition(".")
    message, row.form_message = row.form_message, ""
    session.add(row)
    if form not in forms:
        return None
    return RefusedForm(message, row.form_values, field, _opened(row.form_phone_enc, row.token_hash), Form(form))


def _keep_phone(session: Session, row: SignInSession, phone: str) -> None:
    row.form_phone_enc = seal(_FORM_PHONE, phone[:PHONE_AS_TYPED_LENGTH], index=row.token_hash).enc
    session.add(row)


def _row_of(session: Session, cookie: str | None) -> SignInSession | None:
    return _find_signed_in(session, cookie) if is_session_cookie(cookie) else visitor_session(session, cookie)


def _find_signed_in(session: Session, cookie: str | None) -> SignInSession | None:
    if cookie is None:
        return None
    live = select(SignInSession).where(
        SignInSession.token_hash == token_hash(cookie), col(SignInSession.ended_at).is_(None)
    )
    return session.exec(live).first()


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

"""Sessions (会话): which account, if any, is behind a cookie (design §3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, null, select, update
from sqlmodel import Session, col

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.i18n import SOURCE_LANGUAGE
from gdftu_app.models.accounts import Account, SignInSession
from gdftu_app.models.tables import run, table_of
from gdftu_app.security.tokens import is_session_cookie, read_visitor_cookie, token_hash

DEFAULT_SCALING = "100%"
SEEN_EVERY = timedelta(minutes=1)

_SESSIONS, _ACCOUNTS = table_of(SignInSession), table_of(Account)
_SIGNED_IN = (
    select(
        _SESSIONS.c.id,
        _SESSIONS.c.account_id,
        _ACCOUNTS.c.language,
        _ACCOUNTS.c.scaling,
        _SESSIONS.c.last_seen_at,
        _SESSIONS.c.expires_at,
    )
    .join_from(_SESSIONS, _ACCOUNTS, _ACCOUNTS.c.id == _SESSIONS.c.account_id)
    .where(
        _SESSIONS.c.token_hash == bindparam("token_hash"),
        _SESSIONS.c.ended_at.is_(None),
        _SESSIONS.c.expires_at > bindparam("moment"),
        _SESSIONS.c.last_seen_at > bindparam("idle_since"),
        _ACCOUNTS.c.disabled_at.is_(None),
    )
)
_OF_VISITOR = select(
    _SESSIONS.c.ended_at,
    _SESSIONS.c.id,
    null().label("account_id"),
    _SESSIONS.c.language,
    _SESSIONS.c.scaling,
    _SESSIONS.c.last_seen_at,
    _SESSIONS.c.expires_at,
).where(_SESSIONS.c.token_hash == bindparam("token_hash"))


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """A browser with a genuine cookie. Without `account_id` it is a visitor's; without `id` nothing is stored of it."""

    id: int | None
    account_id: int | None
    language: str
    scaling: str
    last_seen_at: datetime
    expires_at: datetime


def find_session(session: Session, cookie: str | None) -> SessionInfo | None:
    """The session of a cookie, looked up afresh; None when it is unknown, ended, idle too long, too old, or disabled.

    A visitor's cookie needs no row: its own proof makes it genuine.
    """
    if is_session_cookie(cookie):
        return _signed_in(session, cookie)
    visitor = read_visitor_cookie(cookie)
    if visitor is None:
        return None
    row = run(session, _OF_VISITOR, {"token_hash": token_hash(visitor.value)}).first()
    if row is None:
        return SessionInfo(None, None, SOURCE_LANGUAGE, DEFAULT_SCALING, now(), visitor.expires_at)
    ended_at, *kept = row
    return None if ended_at else SessionInfo(*kept)


def touch(session: Session, session_id: int | None) -> None:
    """Note that a session was used just now; at most one write a minute, and never for one that is over."""
    moment = now()
    session.exec(
        update(SignInSession)
        .where(
            col(SignInSession.id) == session_id,
            col(SignInSession.ended_at).is_(None),
            col(SignInSession.last_seen_at) <= moment - SEEN_EVERY,
            col(SignInSession.last_seen_at) > idle_since(),
        )
        .values(last_seen_at=moment)
        .execution_options(synchronize_session=False)
    )


def idle_since() -> datetime:
    """A session last seen at this moment or before is over."""
    return now() - timedelta(minutes=settings().session_idle_minutes)


def _signed_in(session: Session, cookie: str) -> SessionInfo | None:
    asked = {"token_hash": token_hash(cookie), "moment": now(), "idle_since": idle_since()}
    row = run(session, _SIGNED_IN, asked).first()
    return SessionInfo(*row) if row else None

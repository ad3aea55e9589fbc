"""Sessions (会话): which account, if any, is behind a cookie (design §3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.i18n import SOURCE_LANGUAGE
from gdftu_app.models.accounts import Account, SignInSession
from gdftu_app.security.tokens import is_session_cookie, read_visitor_cookie, token_hash

DEFAULT_SCALING = "100%"
SEEN_EVERY = timedelta(minutes=1)


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
    row = session.exec(select(SignInSession).where(SignInSession.token_hash == token_hash(visitor.value))).first()
    if row is None:
        return SessionInfo(None, None, SOURCE_LANGUAGE, DEFAULT_SCALING, now(), visitor.expires_at)
    if row.ended_at is not None:
        return None
    return SessionInfo(row.id, None, row.language, row.scaling, row.last_seen_at, row.expires_at)


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
    row = session.exec(
        select(SignInSession, Account.language, Account.scaling)
        .join(Account, col(Account.id) == SignInSession.account_id)
        .where(
            SignInSession.token_hash == token_hash(cookie),
            col(SignInSession.ended_at).is_(None),
            col(SignInSession.expires_at) > now(),
            col(SignInSession.last_seen_at) > idle_since(),
            col(Account.disabled_at).is_(None),
        )
    ).first()
    if row is None:
        return None
    found, language, scaling = row
    return SessionInfo(found.id, found.account_id, language, scaling, found.last_seen_at, found.expires_at)

"""Bearer tokens (令牌) of the API: random, known here by their hash, and looked up afresh at each request."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.models.accounts import Account
from gdftu_app.models.api_tokens import ApiToken
from gdftu_app.security.keys import keyed_digest
from gdftu_app.security.tokens import RANDOM_BYTES

SEEN_EVERY = timedelta(minutes=1)
_TOKEN = re.compile(r"t\.[\w-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """A live token: whose it is, and when it was used last."""

    id: int
    account_id: int
    last_seen_at: datetime


def new_api_token() -> str:
    """A token for a client that somebody has just signed in with: `t.<32 random bytes>`."""
    return f"t.{secrets.token_urlsafe(RANDOM_BYTES)}"


def api_token_hash(value: str) -> str:
    """What is stored of a token, and looked up by (43 characters)."""
    return keyed_digest("api token", value)


def find_token(session: Session, value: str) -> TokenInfo | None:
    """The token behind a value; None when it is unknown, ended, idle too long, too old, or its account disabled."""
    if not _TOKEN.fullmatch(value):
        return None
    live = (
        select(ApiToken.id, ApiToken.account_id, ApiToken.last_seen_at)
        .join(Account, col(Account.id) == ApiToken.account_id)
        .where(
            ApiToken.token_hash == api_token_hash(value),
            col(ApiToken.ended_at).is_(None),
            col(ApiToken.expires_at) > now(),
            col(ApiToken.last_seen_at) > token_idle_since(),
            col(Account.disabled_at).is_(None),
        )
    )
    row = session.exec(live).first()
    return TokenInfo(row[0] or 0, row[1], row[2]) if row else None


def touch_token(session: Session, token_id: int) -> None:
    """Note that a token was used just now; at most one write a minute, and never for one that is over."""
    moment = now()
    used = update(ApiToken).where(
        col(ApiToken.id) == token_id,
        col(ApiToken.ended_at).is_(None),
        col(ApiToken.last_seen_at) <= moment - SEEN_EVERY,
        col(ApiToken.last_seen_at) > token_idle_since(),
    )
    session.exec(used.values(last_seen_at=moment).execution_options(synchronize_session=False))


def token_idle_since() -> datetime:
    """A token last used at this moment or before is over."""
    return now() - timedelta(days=settings().api_token_idle_days)

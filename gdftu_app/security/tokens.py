"""Cookie values: a visitor's carries its own proof, a signed-in browser's is random and known here by its hash only."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeGuard

from gdftu_app.clock import now
from gdftu_app.security.keys import key_for, keyed_digest

VISITOR_LIFETIME = timedelta(days=7)
RANDOM_BYTES = 32
_CLOCK_DRIFT = timedelta(minutes=5)
_VISITOR = re.compile(r"v\.(?P<random>[\w-]{43})\.(?P<issued>\d{10})\.(?P<mac>[\w-]{43})", re.ASCII)
_SIGNED_IN = re.compile(r"s\.[\w-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class VisitorCookie:
    """A genuine visitor's cookie: its value and when it ceases to be accepted."""

    value: str
    expires_at: datetime


def new_visitor_cookie() -> str:
    """A cookie value for a browser nobody has signed in with: `v.<random>.<issued>.<mac>`, nothing is stored for it."""
    claim = f"v.{secrets.token_urlsafe(RANDOM_BYTES)}.{int(now().timestamp()):010d}"
    return f"{claim}.{keyed_digest('visitor cookie', claim)}"


def read_visitor_cookie(value: str | None) -> VisitorCookie | None:
    """The visitor's cookie behind a value; None when it is not ours, was changed, or is older than seven days."""
    found = _VISITOR.fullmatch(value or "")
    if value is None or found is None:
        return None
    expected = keyed_digest("visitor cookie", value.rpartition(".")[0])
    if not hmac.compare_digest(expected, found["mac"]):
        return None
    issued = datetime.fromtimestamp(int(found["issued"]), UTC)
    if not now() - VISITOR_LIFETIME < issued <= now() + _CLOCK_DRIFT:
        return None
    return VisitorCookie(value, issued + VISITOR_LIFETIME)


def new_session_cookie() -> str:
    """A cookie value for a signed-in browser: `s.<32 random bytes>`."""
    return f"s.{secrets.token_urlsafe(RANDOM_BYTES)}"


def is_session_cookie(value: str | None) -> TypeGuard[str]:
    """Whether a value has the form of a signed-in browser's cookie; only the database knows whether it is one."""
    return value is not None and _SIGNED_IN.fullmatch(value) is not None


def token_hash(value: str) -> str:
    """What is stored of a cookie value, and looked up by (43 characters)."""
    return keyed_digest("session cookie", value)


def bound_token(cookie: str, client_token: str) -> str:
    """A Reflex client token as it is known inside: worthless to whoever presents it under another cookie.

    48 hexadecimal digits (192 bits), free of the characters that state keys are split at.
    """
    message = f"{len(cookie)}|{cookie}|{client_token}".encode()
    return hmac.digest(key_for("client token"), message, hashlib.sha256)[:24].hex()

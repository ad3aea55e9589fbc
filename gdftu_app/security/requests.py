"""The request at hand: who calls, from where, under which number; carried to the core, the audit and the logs."""

from contextvars import ContextVar
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

SESSION_COOKIE, DEVICE_COOKIE = "gdftu_session", "gdftu_device"


@dataclass(frozen=True, slots=True)
class Caller:
    """What is known of a caller before anything is looked up. `cookie` is the session cookie's value, or empty.

    `device` is what a known device shows for itself. A call that `is_unattended` was made by the page itself, not by
    anybody: it does not keep a session from becoming idle.
    """

    cookie: str = ""
    address: str = ""
    user_agent: str = ""
    request_id: str = ""
    device: str = ""
    is_unattended: bool = False


NOBODY = Caller()
current_caller: ContextVar[Caller] = ContextVar("current_caller", default=NOBODY)


def session_cookie(header: str) -> str:
    """The session cookie's value in a `Cookie` header; empty when it is missing or the header is malformed."""
    return _cookie(header, SESSION_COOKIE)


def device_cookie(header: str) -> str:
    """The same of the cookie by which a known device is told."""
    return _cookie(header, DEVICE_COOKIE)


def _cookie(header: str, name: str) -> str:
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return found.value if found else ""

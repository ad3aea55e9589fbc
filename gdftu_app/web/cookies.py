"""The cookies of session and device: opaque, invisible to scripts, sent only to this site."""

from http.cookies import SimpleCookie

from gdftu_app.config import settings
from gdftu_app.security.requests import DEVICE_COOKIE, SESSION_COOKIE

HOUR_SECONDS, DAY_SECONDS = 3600, 86_400
VISITOR_DAYS, DEVICE_DAYS = 7, 180


def cookie_header(value: str, *, is_https: bool) -> str:
    """The `Set-Cookie` value for a session or visitor cookie."""
    is_session = value.startswith("s.")
    lifetime = settings().session_absolute_hours * HOUR_SECONDS if is_session else VISITOR_DAYS * DAY_SECONDS
    return _header(SESSION_COOKIE, value, lifetime, is_https=is_https)


def device_cookie_header(value: str, *, is_https: bool) -> str:
    """The `Set-Cookie` value by which a browser is known again at the next sign-in."""
    return _header(DEVICE_COOKIE, value, DEVICE_DAYS * DAY_SECONDS, is_https=is_https)


def _header(name: str, value: str, lifetime: int, *, is_https: bool) -> str:
    jar: SimpleCookie = SimpleCookie()
    jar[name] = value
    morsel = jar[name]
    morsel["path"], morsel["samesite"], morsel["max-age"] = "/", "Lax", str(lifetime)
    morsel["httponly"] = True
    if is_https:
        morsel["secure"] = True
    return morsel.OutputString()

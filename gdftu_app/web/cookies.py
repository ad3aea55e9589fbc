"""The one cookie: opaque, invisible to scripts, sent only to this site."""

from http.cookies import SimpleCookie

from gdftu_app.config import settings
from gdftu_app.security.requests import SESSION_COOKIE

HOUR_SECONDS, DAY_SECONDS = 3600, 86_400
VISITOR_DAYS = 7


def cookie_header(value: str, *, is_https: bool) -> str:
    """The `Set-Cookie` value for a session or visitor cookie."""
    jar: SimpleCookie = SimpleCookie()
    jar[SESSION_COOKIE] = value
    morsel = jar[SESSION_COOKIE]
    is_session = value.startswith("s.")
    lifetime = settings().session_absolute_hours * HOUR_SECONDS if is_session else VISITOR_DAYS * DAY_SECONDS
    morsel["path"], morsel["samesite"], morsel["max-age"] = "/", "Lax", str(lifetime)
    morsel["httponly"] = True
    if is_https:
        morsel["secure"] = True
    return morsel.OutputString()

"""Known devices (常用设备): a browser that has signed in with a phone proves it to the lock-out, and to nothing else.

Whoever fails often with somebody's phone locks the browsers that never signed in with it; the person's own keeps
failures of its own. The proof opens nothing by itself.
"""

import hmac
import re
import secrets

from gdftu_app.security.keys import keyed_digest

_COOKIE = re.compile(r"d\.(?P<random>[\w-]{22})\.(?P<mac>[\w-]{43})", re.ASCII)
_RANDOM_BYTES = 16


def new_device_cookie(phone_bidx: str) -> str:
    """A cookie value for a browser that has just signed in with a phone: `d.<random>.<mac>`; nothing is stored."""
    random = secrets.token_urlsafe(_RANDOM_BYTES)
    return f"d.{random}.{_mac(random, phone_bidx)}"


def is_known_device(cookie: str, phone_bidx: str) -> bool:
    """Whether a cookie was given to a browser that signed in with this phone."""
    found = _COOKIE.fullmatch(cookie)
    return found is not None and hmac.compare_digest(_mac(found["random"], phone_bidx), found["mac"])


def failures_key(cookie: str, phone_bidx: str) -> str:
    """Under which the failures with a phone are counted: all strangers' together, each known device's apart."""
    if not is_known_device(cookie, phone_bidx):
        return phone_bidx
    return keyed_digest("failures of a device", f"{phone_bidx}|{cookie}")


def _mac(random: str, phone_bidx: str) -> str:
    return keyed_digest("known device", f"{random}|{phone_bidx}")

"""Keys: everything secret is derived by purpose (HKDF-SHA256), from one of the installation's two secrets.

What is sealed stands under the master secret, which may change while people work; what is found again by a digest
stands under the lookup secret, which is the same one unless it was kept apart (decision 0031).
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from functools import cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gdftu_app.config import Settings, settings

BLIND_INDEX_BYTES = 24
_read: tuple[Settings, bytes, bytes] | None = None


@cache
def _derived(secret: bytes, purpose: str, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=b"gdftu", info=purpose.encode()).derive(secret)


def _secrets() -> tuple[bytes, bytes]:
    global _read
    if _read is None or _read[0] is not settings():
        _read = (settings(), settings().master_secret(), settings().lookup_secret())
    return _read[1:]


def master_secret() -> bytes:
    """The secret under which values are sealed, read once per configuration."""
    return _secrets()[0]


def lookup_secret() -> bytes:
    """The secret of every digest that something is found by, read once per configuration."""
    return _secrets()[1]


def key_for(purpose: str, length: int = 32, *, secret: bytes | None = None) -> bytes:
    """The key of one purpose, of the lookup secret unless another is given.

    Keys of different purposes say nothing about each other.
    """
    return _derived(secret or lookup_secret(), purpose, length)


def keyed_digest(purpose: str, value: str) -> str:
    """HMAC-SHA256 of a value under the key of a purpose, as 43 URL-safe characters."""
    digest = hmac.digest(key_for(purpose), value.encode(), hashlib.sha256)
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


class BlindIndex:
    """The keyed hashes of one kind of value, by which a sealed value is found again and kept unique."""

    def __init__(self, kind: str) -> None:
        self._key = key_for(f"index:{kind}")

    def of(self, normal_form: str) -> str:
        """32 characters, 192 bits."""
        digest = hmac.digest(self._key, normal_form.encode(), hashlib.sha256)
        return urlsafe_b64encode(digest[:BLIND_INDEX_BYTES]).decode()


def blind_index(kind: str, normal_form: str) -> str:
    """The blind index of one value of a kind."""
    return BlindIndex(kind).of(normal_form)

"""Personal data at rest: sealed (AES-256-GCM or SM4-GCM), each value bound to its place, found by blind index.

A sealed value reads `v1:key_id:nonce:ciphertext`. It opens only with the field and the blind index it was sealed for,
so it cannot be moved into another row or column (design §6).
"""

import hashlib
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gdftu_app.config import settings
from gdftu_app.security.keys import BlindIndex, key_for, master_secret

CIPHERS = ("aes", "sm4")
NONCE_BYTES, TAG_BYTES, SM4_KEY_BYTES = 12, 16, 16


class Unsealable(Exception):
    """The value was sealed under another key, for another place, or was changed."""


@dataclass(frozen=True, slots=True)
class SealedValue:
    """What is stored of one personal value: the ciphertext and the blind index it is bound to."""

    enc: str
    bidx: str


@cache
def _key_id(secret: bytes, cipher: str) -> str:
    return hashlib.sha256(b"gdftu key id" + cipher.encode() + secret).hexdigest()[:8]


@cache
def _aes(secret: bytes) -> AESGCM:
    return AESGCM(key_for("personal data:aes", 32, secret=secret))


def _decrypt(secret: bytes, cipher: str, nonce: bytes, body: bytes, bound_to: bytes) -> bytes:
    if cipher == "aes":
        return _aes(secret).decrypt(nonce, body, bound_to)
    key = key_for("personal data:sm4", SM4_KEY_BYTES, secret=secret)
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, body[-TAG_BYTES:])).decryptor()
    decryptor.authenticate_additional_data(bound_to)
    return decryptor.update(body[:-TAG_BYTES]) + decryptor.finalize()


def _keyring() -> Iterable[tuple[str, str, bytes]]:
    for secret in (master_secret(), *settings().earlier_secrets()):
        for cipher in CIPHERS:
            yield _key_id(secret, cipher), cipher, secret


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key that opens sealed values; `age` 0 is the present secret's, 1 that of the first earlier one."""

    id: str
    cipher: str
    age: int

    @property
    def head(self) -> str:
        """How every value that it sealed begins."""
        return f"v1:{self.id}:"


def present_key() -> KnownKey:
    """The key that seals now."""
    return KnownKey(_key_id(master_secret(), settings().cipher), settings().cipher, 0)


def known_keys() -> list[KnownKey]:
    """Every key that opens something, those of the present secret first."""
    return [KnownKey(key_id, cipher, number // len(CIPHERS)) for number, (key_id, cipher, _) in enumerate(_keyring())]


class Sealer:
    """Seals values of one field such as `persons.phone`; keys are read once, for those who seal by the million."""

    def __init__(self, field: str) -> None:
        secret, cipher = master_secret(), settings().cipher
        self._field = field
        self._index = BlindIndex(field.rpartition(".")[2])
        self._head = present_key().head
        self._encrypt = _aes(secret).encrypt if cipher == "aes" else _sm4_encryption(secret)

    def seal(self, value: str, *, index: str | None = None) -> SealedValue:
        """Seal a value in normal form; `index` gives the blind index when it is another value's."""
        bidx = index if index is not None else self._index.of(value)
        nonce = os.urandom(NONCE_BYTES)
        body = self._encrypt(nonce, value.encode(), f"{self._field}|{bidx}".encode())
        return SealedValue(f"{self._head}{_text(nonce)}:{_text(body)}", bidx)


def _sm4_encryption(secret: bytes) -> Callable[[bytes, bytes, bytes], bytes]:
    key = key_for("personal data:sm4", SM4_KEY_BYTES, secret=secret)

    def encrypt(nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
        encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound_to)
        return encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    return encrypt


def seal(field: str, value: str, *, index: str | None = None) -> SealedValue:
    """Seal a value in normal form for a field such as `persons.phone`.

    `index` gives the blind index when it is another value's (a message is bound to the phone it goes to).
    """
    return Sealer(field).seal(value, index=index)


def unseal(field: str, enc: str, bidx: str) -> str:
    """The plain value; raises `Unsealable`. Callers mask it unless a reveal was granted and recorded."""
    version, _, rest = enc.partition(":")
    key_id, _, rest = rest.partition(":")
    nonce, _, body = rest.partition(":")
    if version == "v1":
        for known_id, cipher, secret in _keyring():
            if known_id == key_id:
                try:
                    opened = _decrypt(secret, cipher, _bytes(nonce), _bytes(body), f"{field}|{bidx}".encode())
                except (InvalidTag, ValueError) as reason:
                    raise Unsealable(field) from reason
                return opened.decode()
    raise Unsealable(field)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))

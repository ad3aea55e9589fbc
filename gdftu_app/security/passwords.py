"""Passwords (密码): argon2id, with the same time spent whether or not there is a hash to compare with."""

import os
import unicodedata
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's first choice for argon2id with one lane: 19 MiB and two passes, so that sign-ins in number cost no gigabytes.
_hasher = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)


def _unmatched_hash() -> str:
    """A well-formed hash under the present parameters that no password is known to have."""
    salt, digest = (
        b64encode(os.urandom(length)).rstrip(b"=").decode() for length in (_hasher.salt_len, _hasher.hash_len)
    )
    return f"$argon2id$v=19$m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}${salt}${digest}"


_UNMATCHED = _unmatched_hash()


def hash_password(plain: str) -> str:
    """The argon2id hash of a password, with its parameters and a fresh salt (97 characters)."""
    return _hasher.hash(_one_form(plain))


def verify_password(stored: str | None, plain: str) -> bool:
    """Whether a password is the one behind a stored hash; without a hash never, but after the same work.

    A hash that cannot be read counts as none.
    """
    try:
        matched = _hasher.verify(stored or _UNMATCHED, _one_form(plain))
    except InvalidHashError:
        return verify_password(None, plain)
    except VerificationError:
        return False
    return matched and stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether a hash was made under other parameters than the present ones; renew it while the password is at hand."""
    return _hasher.check_needs_rehash(stored)


def _one_form(plain: str) -> bytes:
    """NFKC: the same password from a full-width and from a half-width keyboard."""
    return unicodedata.normalize("NFKC", plain).encode("utf-8", "surrogatepass")

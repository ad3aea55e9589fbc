"""What a chosen gateway needs from the settings, and which of it is missing."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from pydantic import SecretStr

from gdftu_app.config import Settings
from gdftu_app.errors import Misconfigured

_OWN_MACHINE = {"localhost", "127.0.0.1", "::1"}


def require(configured: Settings, reason: str, names: Sequence[str]) -> None:
    """Raise `Misconfigured` with every setting of these that is empty; `reason` says what asks for them."""
    missing = [variable_of(name) for name in names if not _is_set(getattr(configured, name))]
    if missing:
        raise Misconfigured(f"{reason} 时必须设置 {'、'.join(missing)}。")


def base_url(configured: Settings, name: str) -> str:
    """A gateway's address without its last slash; personal data and keys go there, so it must be https.

    http is good for this machine alone. Raises `Misconfigured`.
    """
    url = str(getattr(configured, name)).rstrip("/")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Misconfigured(f"{variable_of(name)} 不是有效的地址。") from None
    if not host or parts.query or parts.fragment or parts.username:
        raise Misconfigured(f"{variable_of(name)} 不是有效的地址。")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _OWN_MACHINE):
        raise Misconfigured(f"{variable_of(name)} 必须以 https:// 开头。")
    return url


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    return f"GDFTU_{name.upper()}"


def _is_set(value: object) -> bool:
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)

"""Redaction: personal data and secrets taken out of what is logged, wherever in a text they stand."""

import re
from collections.abc import Mapping
from typing import Any, cast

HIDDEN = "[已隐去]"
_NAMES = (
    r"[\w-]*(?:password|passwd|pwd|secret(?:_key)?|token|cookie|authorization|credential|session_id|api_key)"
    r"|phone|mobile|id_?number|doc(?:ument)?_?number"
)
# ASCII: Chinese characters beside a value are no part of it.
_FLAGS = re.IGNORECASE | re.ASCII
_SECRET_NAME = re.compile(_NAMES, _FLAGS)
# name=value, name: value, 'name': 'value', "name":"value", (b'name', b'value'); a quoted value may hold anything.
_NAMED = re.compile(
    rf"(?P<name>(?<![\w-])(?:{_NAMES})\\?[\"']?\s*(?:=>|[=:,])\s*(?!\[已隐去)[\[(]?)"
    r"(?:b?\"(?:[^\"\\]|\\.)*\"|b?'(?:[^'\\]|\\.)*'|\\\"[^\"]*\"|[^\s,;&(){}\[\]\"']+)",
    _FLAGS,
)
_BY_LOOK = (
    # Cookie values and tokens, whatever stands around them.
    (r"(?<![\w.-])[st]\.[\w-]{43}(?![\w-])", HIDDEN),
    (r"(?<![\w.-])v\.[\w-]{43}\.\d{10}\.[\w-]{43}(?![\w-])", HIDDEN),
    (r"(?<!\w)(bearer|basic)\s+[\w.~+/=-]+", rf"\1 {HIDDEN}"),
    # Client tokens of the websocket: as the browser sends them, and as they are bound.
    (r"(?<![\w-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\w-])", HIDDEN),
    (r"(?<!\w)[0-9a-f]{48}(?!\w)", HIDDEN),
    # Text-message codes: beside their Chinese name, and beside `code`, where other codes are shorter.
    (r"(验证码[\s：:为是]*)\d{4,8}", rf"\1{HIDDEN}"),
    (r"(?<![\w-])(code[\"']?\s*[=:,]\s*[\"']?)\d{6}(?!\d)", rf"\1{HIDDEN}"),
    # The rows and keys that PostgreSQL quotes when it refuses them.
    (r"(DETAIL:\s+(?:Failing row contains|Key)\s*)\(.*", rf"\1{HIDDEN}"),
    (r"(密码[\s：:为是]+)[^\s，。,;；]+", rf"\1{HIDDEN}"),
    (r"(?<![0-9A-Za-z])\d{6}(?:18|19|20)\d{9}[0-9X](?![0-9A-Za-z])", HIDDEN),
    (r"(?<!\d)((?:86[ -]?)?1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)", r"\1****\2"),
)
_REPLACED = [(re.compile(pattern, _FLAGS), replacement) for pattern, replacement in _BY_LOOK]
_CODE = re.compile(r"\d{6}")


def redact(text: str) -> str:
    """The text without phones (masked), document numbers, passwords, codes, cookies and tokens."""
    hidden = text
    for pattern, replacement in _REPLACED:
        hidden = pattern.sub(replacement, hidden)
    return _NAMED.sub(rf"\g<name>{HIDDEN}", hidden)


def redact_field(name: str, value: object) -> object:
    """A named value, or what may be logged of it: a secret goes by its name, everything else by its look."""
    if _SECRET_NAME.fullmatch(name) or (name.lower() == "code" and _CODE.fullmatch(str(value))):
        return HIDDEN
    return _redact_value(value)


def _redact_value(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): redact_field(str(key), inner) for key, inner in cast(Mapping[Any, Any], value).items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redact_value(inner) for inner in cast(list[Any], value)]
    if isinstance(value, bytes):
        return redact(value.decode(errors="replace"))
    text = str(value)
    hidden = redact(text)
    keeps_type = value is None or isinstance(value, bool | int | float)
    return value if keeps_type and hidden == text else hidden

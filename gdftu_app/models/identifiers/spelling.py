"""Spelling: what people type or paste, brought to one form, and the position of a character that does not belong."""

import unicodedata

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Spaces, controls, and the invisible marks that come along when a number is copied from a phone or a web page.
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs"})
# Controls and marks that turn or hide what stands beside them.
_HIDING = frozenset({"Cc", "Cf", "Cs"})
CHECK_FAILED = msg("校验未通过，请核对第 18 位，并逐位检查有无错漏。")


def tidy(value: object, *, field: str, missing: str) -> str:
    """The characters of a value in half width (NFKC) and upper case, without spaces and invisible marks.

    Raises:
        InvalidInput: with `missing` when nothing is left, or when the value is no text at all
            (a spreadsheet number has already lost its last digits).
    """
    if value is None:
        raise InvalidInput(missing, field=field)
    if not isinstance(value, str):
        raise InvalidInput(msg("请以文本格式填写，不要使用数字格式。"), field=field)
    half_width = unicodedata.normalize("NFKC", value)
    text = "".join(character for character in half_width if unicodedata.category(character) not in _UNSEEN).upper()
    if not text:
        raise InvalidInput(missing, field=field)
    return text


def one_line(text: str) -> str:
    """A text on one line, without what cannot be seen and without superfluous spaces."""
    seen = "".join(one for one in text if one.isspace() or unicodedata.category(one) not in _HIDING)
    return " ".join(seen.split())


def require_alphabet(text: str, alphabet: str, *, field: str) -> None:
    """Raise InvalidInput naming the first character outside the alphabet; positions count from 1, without spaces."""
    for position, character in enumerate(text, start=1):
        if character not in alphabet:
            raise InvalidInput(
                msg("第 {position} 位的「{character}」不是可用的字符，请核对后改正。"),
                field=field,
                position=position,
                character=character,
            )


def require_digits(text: str, first: int, last: int, *, field: str) -> None:
    """Raise InvalidInput naming the first position from `first` to `last` (from 1, inclusive) that holds no digit."""
    for position in range(first, last + 1):
        if text[position - 1] not in DIGITS:
            raise InvalidInput(
                msg("第 {position} 位的「{character}」应为数字，请核对后改正。"),
                field=field,
                position=position,
                character=text[position - 1],
            )

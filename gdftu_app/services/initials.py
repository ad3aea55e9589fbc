"""Initials (拼音首字母): how unions are found by people who type the first letters of the pinyin."""

import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

_KEPT = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


@lru_cache(maxsize=4096)
def initials_of(name: str) -> str:
    """The first letter of each character's pinyin, Latin letters and digits as they are, all in lower case.

    A character with several readings takes the one usual in its word, else its commonest: 重庆银行 is `cqyh`.
    """
    half_width = unicodedata.normalize("NFKC", name)
    letters = "".join(lazy_pinyin(half_width, style=Style.FIRST_LETTER)).lower()
    return "".join(letter for letter in letters if letter in _KEPT)

"""Grams: the one- and two-character pieces of a text as numbers, by which PostgreSQL finds unions (data design §8)."""

import unicodedata
from zlib import crc32

_SIGNED = 1 << 31


def grams_of(*texts: str | None, sizes: tuple[int, ...] = (1, 2)) -> list[int]:
    """The distinct pieces of the texts as signed 32-bit numbers, ascending; the same in every process and release.

    Case, width and white space make no difference. `sizes=(2,)` gives the selective pieces of a typed text alone.
    Two pieces may share a number: what is found by numbers is to be compared with the text itself.
    """
    pieces = {
        text[start : start + size]
        for text in map(_comparable, texts)
        for size in sizes
        for start in range(len(text) - size + 1)
    }
    return sorted(crc32(piece.encode()) - _SIGNED for piece in pieces)


def _comparable(text: str | None) -> str:
    return "".join(unicodedata.normalize("NFKC", text or "").lower().split())

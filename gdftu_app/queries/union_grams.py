"""The grams by which unions are found: short pieces for names, longer ones where pieces are in every other union.

A pair of Chinese characters tells much, a pair of initials or digits is in one union out of ten. So names are cut into
pieces of one and two characters, initials into three, codes into four.
"""

from gdftu_app.queries.grams import grams_of

NAME, INITIALS, CODE = 2, 3, 4


def grams_of_union(name: str, initials: str, uscc: str | None) -> list[int]:
    """What the search index holds of a union."""
    return sorted({*grams_of(name), *grams_of(initials, sizes=(INITIALS,)), *grams_of(uscc, sizes=(CODE,))})


def alternatives_of(term: str, *, in_initials: bool, in_code: bool) -> list[list[int]]:
    """Sets of grams of which every union that matches a term has at least one whole; empty when nothing is certain.

    `in_initials` and `in_code` say that the term may be part of the pinyin initials or of the code.
    """
    if in_initials and len(term) < INITIALS:
        return []
    sizes = [min(NAME, len(term)), *([INITIALS] if in_initials else []), *([CODE] if in_code else [])]
    return [grams_of(term, sizes=(size,)) for size in sizes]

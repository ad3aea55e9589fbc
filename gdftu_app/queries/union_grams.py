"""The grams by which unions are found: short pieces for names, longer ones where pieces are in every other union.

A pair of Chinese characters tells much, a pair of initials or digits is in one union out of ten. So names are cut into
pieces of one and two characters, initials into three, codes into four.

Before its grams, each union has two marks: the ids of the branches in which it stands, the first and the second below
the root (a city and a county, as a rule). A search below one of these asks for the mark besides the grams, and the
index answers with the unions of that branch alone. A mark may equal a gram: what is found is compared with the text.
"""

from gdftu_app.models.paths import ids_of
from gdftu_app.queries.grams import grams_of

NAME, INITIALS, CODE = 2, 3, 4
MARKED = (1, 2)


def grams_of_union(name: str, initials: str, uscc: str | None, path: str) -> list[int]:
    """What the search index holds of a union: its marks, then its grams."""
    grams = {*grams_of(name), *grams_of(initials, sizes=(INITIALS,)), *grams_of(uscc, sizes=(CODE,))}
    return [*marks_of(path), *sorted(grams)]


def marks_of(path: str) -> list[int]:
    """The marks of a union: always two, so its own id again where the path is too short."""
    ids = ids_of(path)
    return [ids[min(depth, len(ids) - 1)] for depth in MARKED]


def mark_within(path: str) -> int | None:
    """The id of the narrowest marked branch that holds all unions below a path; None for the root."""
    ids = ids_of(path)
    return ids[min(MARKED[-1], len(ids) - 1)] if len(ids) > MARKED[0] else None


def alternatives_of(term: str, *, in_initials: bool, in_code: bool) -> list[list[int]]:
    """Sets of grams of which every union that matches a term has at least one whole; empty when nothing is certain.

    `in_initials` and `in_code` say that the term is compared with the pinyin initials, not the name, or with the code.
    """
    if in_initials and len(term) < INITIALS:
        return []
    sizes = [INITIALS if in_initials else min(NAME, len(term)), *([CODE] if in_code else [])]
    return [grams_of(term, sizes=(size,)) for size in sizes]

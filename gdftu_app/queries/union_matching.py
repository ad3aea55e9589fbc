"""How a typed keyword is compared with a union's name, pinyin initials and code."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, bindparam, func, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.functions import FunctionElement

from gdftu_app.queries.union_grams import alternatives_of

LONGEST_KEYWORD, MOST_TERMS = 200, 6
SHORTEST_INITIALS, SHORTEST_CODE = 2, 4
KEPT = 256
# Official names keep the wide forms of these; people type either.
WIDE_FORMS = {"(": "（", ")": "）", ",": "，", ":": "：", "&": "＆", "-": "－"}

Columns = ReadOnlyColumnCollection[str, Any]


class _Holds(FunctionElement[bool]):
    """Whether a text holds another. Unlike with LIKE, no character has a special meaning, and it is twice as fast."""

    inherit_cache = True
    name = "holds"


@compiles(_Holds, "postgresql")
def _holds_on_postgresql(element: _Holds, compiler: Any, **options: Any) -> str:
    return f"(strpos({compiler.process(element.clauses, **options)}) > 0)"


@compiles(_Holds, "sqlite")
def _holds_on_sqlite(element: _Holds, compiler: Any, **options: Any) -> str:
    return f"(instr({compiler.process(element.clauses, **options)}) > 0)"


class _Lowered(FunctionElement[str]):
    """A text with the letters A to Z in lower case, whatever the locale of the database."""

    inherit_cache = True
    type = Text()
    name = "lowered"


@compiles(_Lowered, "postgresql")
def _lowered_on_postgresql(element: _Lowered, compiler: Any, **options: Any) -> str:
    return f'lower({compiler.process(element.clauses, **options)} COLLATE "C")'


@compiles(_Lowered, "sqlite")
def _lowered_on_sqlite(element: _Lowered, compiler: Any, **options: Any) -> str:
    return f"lower({compiler.process(element.clauses, **options)})"


@dataclass(frozen=True, slots=True)
class Form:
    """How a term is compared, whatever its characters: statements are made once for each form."""

    wide: str
    is_spaceless: bool
    is_lowered: bool
    in_initials: bool
    in_code: bool
    alternatives: int


def terms_of(keyword: str) -> tuple[str, ...]:
    """The parts of a keyword, all of which a union must match: half width, without case, divided by white space."""
    folded = unicodedata.normalize("NFKC", keyword[:LONGEST_KEYWORD]).replace("\0", "")
    sound = folded.encode(errors="ignore").decode()
    lowered = "".join(character.lower() if character.isascii() else character for character in sound)
    return tuple(lowered.split()[:MOST_TERMS])


def form_of(term: str) -> Form:
    """The form of a term: single letters are looked for in names only, as are digits fewer than four in codes."""
    return Form(
        wide="".join(character for character in WIDE_FORMS if character in term),
        is_spaceless=not term.isascii() and any(map(str.isascii, term)),
        is_lowered=any("a" <= character <= "z" for character in term),
        in_initials=_may_be(term, SHORTEST_INITIALS),
        in_code=_may_be(term, SHORTEST_CODE),
        alternatives=len(grams_of_term(term)),
    )


def matches(forms: Sequence[Form], union: Columns) -> ColumnElement[bool]:
    """The condition that each term is part of the name, the initials or the code; see `parameters_of`."""
    return and_(*(_matches(form, _text(f"term_{place}"), union) for place, form in enumerate(forms)))


def parameters_of(terms: Sequence[str]) -> dict[str, str]:
    """The terms as parameters of statements with `matches`."""
    return {f"term_{place}": term for place, term in enumerate(terms)}


def grams_hold(forms: Sequence[Form], grams: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that the index of grams allows each term that it can tell anything of; see `name_of_grams`."""
    return and_(
        *(
            or_(
                *(
                    grams.contains(bindparam(name_of_grams(place, at), type_=grams.type))
                    for at in range(form.alternatives)
                )
            )
            for place, form in enumerate(forms)
            if form.alternatives
        )
    )


def name_of_grams(place: int, alternative: int) -> str:
    """The name of the parameter for the grams of a term, counted from 0, and of one way in which it may match."""
    return f"grams_{place}_{alternative}"


@lru_cache(KEPT)
def grams_of_term(term: str) -> list[list[int]]:
    """Sets of grams of which every union that matches has at least one whole; empty when nothing is certain."""
    return alternatives_of(term, in_initials=_may_be(term, SHORTEST_INITIALS), in_code=_may_be(term, SHORTEST_CODE))


def _may_be(term: str, shortest: int) -> bool:
    return term.isascii() and term.isalnum() and len(term) >= shortest


def _matches(form: Form, term: ColumnElement[str], union: Columns) -> ColumnElement[bool]:
    # The initials hold the Latin letters and digits of the name too.
    places = [_Holds(union.initials if form.in_initials else _comparable_name(form, union), term)]
    if form.in_code:
        places.append(_Holds(union.uscc, func.upper(term)))
    return or_(*places)


def _comparable_name(form: Form, union: Columns) -> ColumnElement[str]:
    name: ColumnElement[str] = union.name
    for narrow in form.wide:
        name = func.replace(name, WIDE_FORMS[narrow], narrow)
    if form.is_spaceless:
        name = func.replace(name, " ", "")
    return _Lowered(name) if form.is_lowered else name


def _text(name: str) -> ColumnElement[str]:
    return bindparam(name, type_=Text())

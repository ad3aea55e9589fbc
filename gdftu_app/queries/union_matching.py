"""How a typed keyword is compared with a union's name, pinyin initials and code."""

import unicodedata
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Text, and_, bindparam, func, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.functions import FunctionElement

from gdftu_app.queries.grams import grams_of

LONGEST_KEYWORD, MOST_TERMS = 200, 6
SHORTEST_INITIALS, SHORTEST_CODE = 2, 4
# Official names keep the wide forms of these; people type either.
WIDE_FORMS = {"(": "（", ")": "）", ",": "，", ":": "：", "&": "＆", "-": "－"}

Columns = ReadOnlyColumnCollection[str, Any]


class _Holds(FunctionElement[bool]):
    """Whether a text holds another. Unlike with LIKE, no character has a special meaning, and it is twice as fast."""

    inherit_cache = True
    type = Boolean()
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


def terms_of(keyword: str) -> list[str]:
    """The parts of a keyword, all of which a union must match: half width, without case, divided by white space."""
    folded = unicodedata.normalize("NFKC", keyword[:LONGEST_KEYWORD]).replace("\0", "")
    sound = folded.encode(errors="ignore").decode()
    return "".join(character.lower() if character.isascii() else character for character in sound).split()[:MOST_TERMS]


def matches(terms: list[str], union: Columns) -> ColumnElement[bool]:
    """The condition that each term is part of the name, of the initials (two letters or more) or of the code (four)."""
    return and_(*(_matches(term, union) for term in terms))


def selective_grams(terms: list[str]) -> list[int]:
    """The grams that every union matching the terms has."""
    return sorted({gram for term in terms for gram in grams_of(term, sizes=(2,) if len(term) > 1 else (1,))})


def _matches(term: str, union: Columns) -> ColumnElement[bool]:
    places = [_Holds(_comparable_name(term, union), _text(term))]
    if term.isascii() and term.isalnum():
        if len(term) >= SHORTEST_INITIALS:
            places.append(_Holds(union.initials, _text(term)))
        if len(term) >= SHORTEST_CODE:
            places.append(_Holds(union.uscc, _text(term.upper())))
    return or_(*places)


def _comparable_name(term: str, union: Columns) -> ColumnElement[str]:
    name: ColumnElement[str] = union.name
    for narrow, wide in WIDE_FORMS.items():
        if narrow in term:
            name = func.replace(name, wide, narrow)
    if not term.isascii() and any(map(str.isascii, term)):
        name = func.replace(name, " ", "")
    return _Lowered(name) if any(map(str.islower, term)) else name


def _text(value: str) -> ColumnElement[str]:
    return bindparam(None, value, type_=Text(), unique=True)

"""Cells of compositions (构成): the names under which members and unions are counted by trait and value."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ColumnElement, FromClause, Text, case, cast, column, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from gdftu_app.models.unions import COVERING

# The employers of a joint union may be of different industries.
MIXED = "mixed"


class Trait(StrEnum):
    """What compositions divide by; the last two count unions, all others members."""

    BORN, EDUCATION, OCCUPATION = "born", "education", "occupation"
    INDUSTRY, LEVEL = "industry", "level"
    INDUSTRY_UNIONS, LEVEL_UNIONS = "industry_unions", "level_unions"


def cell(trait: Trait, value: str) -> str:
    """The name of a cell; what is not recorded has the value `""`."""
    return f"{trait.value}:{value}"


def trait_and_value(name: str) -> tuple[Trait, str]:
    """What a cell's name says."""
    trait, _, value = name.partition(":")
    return Trait(trait), value


def cell_of(trait: Trait, value: ColumnElement[Any]) -> ColumnElement[str]:
    """The name of a cell from a column, in a statement; NULL is what is not recorded."""
    return literal(f"{trait.value}:", Text()).concat(func.coalesce(cast(value, Text()), ""))


def cells_of_member(born_year: int | None, education: str, occupation: str) -> tuple[str, str, str]:
    """The cells in which one member counts, apart from those of the union."""
    return (
        cell(Trait.BORN, "" if born_year is None else str(born_year)),
        cell(Trait.EDUCATION, education),
        cell(Trait.OCCUPATION, occupation),
    )


def cells_of_union(level: str, category: str, industry: str) -> tuple[str, ...]:
    """The cells in which a union that is not dissolved counts for its superiors; base unions have an industry."""
    by_level = cell(Trait.LEVEL_UNIONS, level)
    return (by_level, cell(Trait.INDUSTRY_UNIONS, industry)) if category in COVERING else (by_level,)


def joint_industry(industries: Sequence[str]) -> str:
    """The industry of a union from those of its employers: the one that is recorded, `MIXED` if there are several."""
    known = {industry for industry in industries if industry}
    return MIXED if len(known) > 1 else "".join(known)


def joint_industry_of(industry: ColumnElement[str]) -> ColumnElement[str]:
    """The same as an aggregate of a column."""
    known = func.nullif(industry, "")
    return case((func.count(known.distinct()) > 1, MIXED), else_=func.coalesce(func.max(known), ""))


# NULL, and not the JSON null, stands for no counts.
Counts = JSON(none_as_null=True)


class _Counts(FunctionElement[Any]):
    inherit_cache = True
    name = "counts_in"


@compiles(_Counts, "postgresql")
def _counts_on_postgresql(element: _Counts, compiler: Any, **options: Any) -> str:
    return f"json_each_text({compiler.process(element.clauses, **options)})"


@compiles(_Counts, "sqlite")
def _counts_on_sqlite(element: _Counts, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


def counts_in(counts: ColumnElement[Any]) -> FromClause:
    """The cells and counts kept in a column of each row, as a table of `key` and `value` (text); join on `true()`."""
    return _Counts(counts).table_valued(column("key", Text()), column("value", Text()), joins_implicitly=True)

"""The statements by which unions are found, each made once for a branch and a form of keyword."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, literal, literal_column, or_, select, true, union_all

from gdftu_app.models.figures import UnionFigures
from gdftu_app.models.tables import Rows, table_of
from gdftu_app.models.types import ByteOrdered
from gdftu_app.models.unions import Union, union_search
from gdftu_app.queries.union_matching import Columns, Form, grams_hold, matches
from gdftu_app.security.actors import within

KEPT, EVERYTHING = 256, 1_000_000_000

_UNIONS, _FIGURES = table_of(Union), table_of(UnionFigures)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a statement depends on; keyword, category, status, `most` and `after` are its parameters."""

    root: int
    path: str
    forms: tuple[Form, ...]
    by_category: bool
    by_status: bool


@lru_cache(KEPT)
def first_look(shape: Shape, *, small: int, budget: int) -> Rows:
    """Matches above the base, and among the first so many base unions: among all in a branch that is small.

    Rows of the branch's size and a match; one row without a match when there is none.
    """
    looked_at = select(case((_FIGURES.c.unions_sub <= small, EVERYTHING), else_=budget)).where(
        _FIGURES.c.union_id == shape.root
    )
    parts = (_walk(shape, above_base=True), _walk(shape, budget=looked_at.scalar_subquery()))
    found = union_all(*(select(part.subquery()) for part in parts)).subquery()
    return (
        select(_FIGURES.c.unions_sub, found)
        .select_from(_FIGURES.outerjoin(found, true()))
        .where(_FIGURES.c.union_id == shape.root)
    )


@lru_cache(KEPT)
def walk(shape: Shape, *, budget: int | None = None, is_continued: bool = False) -> Rows:
    """Matches not above the base in tree order: all, or among the first so many, or among those after a path."""
    return _walk(shape, budget=None if budget is None else literal(budget), is_continued=is_continued)


@lru_cache(KEPT)
def candidates(shape: Shape) -> Rows:
    """Matches not above the base by the index of grams, with their place among the candidates; the last one always.

    The scalar sub-selects keep the order of work: candidates first, each looked up by its key, until there are enough.
    """
    found = (
        select(union_search.c.union_id, func.row_number().over().label("place"))
        .where(grams_hold(shape.forms, union_search.c.grams))
        .limit(bindparam("candidates"))
        .subquery("found")
    )
    fits = and_(within(Union, shape.path), ~_UNIONS.c.is_above_base, _fits(shape, _UNIONS.c))

    def looked_up(value: ColumnElement[Any]) -> ColumnElement[Any]:
        return select(value).where(_UNIONS.c.id == found.c.union_id).correlate(found).scalar_subquery()

    is_match = func.coalesce(looked_up(fits), False)
    return (
        select(found.c.union_id, looked_up(_UNIONS.c.path), is_match, found.c.place)
        .where(or_(is_match, found.c.place == bindparam("candidates")))
        .limit(bindparam("most"))
    )


def _walk(
    shape: Shape,
    *,
    above_base: bool = False,
    budget: ColumnElement[int] | None = None,
    is_continued: bool = False,
) -> Rows:
    union: Columns = _UNIONS.c
    reached = and_(
        within(Union, shape.path),
        # Written out, for SQLite would otherwise be asked for `= 1`, which its partial index does not answer.
        literal_column("unions.is_above_base") if above_base else ~union.is_above_base,
        union.path > bindparam("after", type_=ByteOrdered) if is_continued else true(),
    )
    if budget is not None:
        names = ("id", "path", "category", "status", "name", "initials", "uscc")
        walked = select(*(union[name] for name in names)).where(reached).order_by(union.path)
        union, reached = walked.limit(budget).subquery("walked").c, true()
    kind: ColumnElement[bool] = literal_column(str(above_base).lower())
    columns: tuple[ColumnElement[Any], ...] = (union.id, union.path, kind.label("is_above_base"))
    return select(*columns).where(reached, _fits(shape, union)).order_by(union.path).limit(bindparam("most"))


def _fits(shape: Shape, union: Columns) -> ColumnElement[bool]:
    conditions = [matches(shape.forms, union), union.id != shape.root]
    if shape.by_category:
        conditions.append(union.category == bindparam("category"))
    if shape.by_status:
        conditions.append(union.status == bindparam("status"))
    return and_(*conditions)

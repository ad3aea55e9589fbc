"""The statements by which unions are found, each made once for a form of keyword, whoever asks for whatever."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)

from gdftu_app.models.tables import Rows, table_of
from gdftu_app.models.types import ByteOrdered
from gdftu_app.models.unions import HOLDING_MEMBERS, Union, UnionStatus, union_search
from gdftu_app.queries.union_matching import Columns, Form, grams_hold, matches
from gdftu_app.security.actors import REACH_FROM, within_asked

KEPT = 256

_UNIONS = table_of(Union)


def _number(name: str) -> ColumnElement[int]:
    return bindparam(name, type_=Integer())


def _kind(is_above_base: str) -> ColumnElement[bool]:
    return literal_column(is_above_base, Boolean()).label("is_above_base")


_ROOT, _MOST = _number("root"), _number("most")
_CANDIDATES = bindparam("candidates", type_=BigInteger())


@dataclass(frozen=True, slots=True)
class Shape:
    """What a statement depends on. Its parameters: root and reach, terms, filters, and how many of what.

    All answer with the rows of up to `most` matches of each kind, above the base and below.
    """

    forms: tuple[Form, ...]
    by_category: bool
    by_status: bool
    holds_members: bool = False


@lru_cache(KEPT)
def walk(shape: Shape, *, is_led: bool, is_whole: bool) -> Rows:
    """Matches above the base, and, unless they suffice, those among the base unions, walked in tree order.

    All of these are walked if `is_whole`, else `names` of them. If `is_led`, the walk begins where the first match
    above the base stands, for those below it tend to bear its name.
    """
    above = _matches_above(shape)
    first = func.coalesce(select(func.min(above.c.path)).scalar_subquery(), bindparam(REACH_FROM, type_=ByteOrdered))
    begin = _UNIONS.c.path >= select(first).scalar_subquery() if is_led else true()
    is_enough = func.count() >= _MOST
    if is_whole:
        is_needed = select(~is_enough).select_from(above).scalar_subquery()
        return _together(select(above), _walked(shape, and_(begin, is_needed)))
    names = select(case((is_enough, 0), else_=_number("names"))).select_from(above)
    return _together(select(above), _walked(shape, begin, names=names.scalar_subquery()))


@lru_cache(KEPT)
def walk_before(shape: Shape) -> Rows:
    """Matches among the base unions that stand before the path `until`."""
    return _walked(shape, _UNIONS.c.path < bindparam("until", type_=ByteOrdered))


@lru_cache(KEPT)
def look_up(shape: Shape) -> Rows:
    """Matches above the base, and base unions that match among the first `candidates` of the index of grams.

    A row with the path None says that there are more candidates.
    """
    return _together(select(_matches_above(shape)), candidates(shape))


@lru_cache(KEPT)
def candidates(shape: Shape) -> Rows:
    """Base unions that match among the first `candidates` of the index of grams, as `look_up` finds them.

    Each candidate is looked up by its key: a join would make the planner read the whole branch instead.

    Their number is no LIMIT, which would make it read unions at random until it has met so many with these grams.
    """
    numbered = (
        select(union_search.c.union_id, func.row_number().over().label("place"))
        .where(grams_hold(shape.forms, union_search.c.grams))
        .subquery("numbered")
    )
    fits = and_(within_asked(_UNIONS.c.path), ~_UNIONS.c.is_above_base, _fits(shape, _UNIONS.c))
    found = (
        select(_UNIONS.c.path, fits.label("fits"))
        .where(_UNIONS.c.id == numbered.c.union_id)
        .limit(1)
        .lateral("candidate")
    )
    path = case((numbered.c.place <= _CANDIDATES, found.c.path)).label("path")
    return (
        select(numbered.c.union_id.label("id"), path, _kind("false"))
        .select_from(numbered.join(found, true()))
        .where(numbered.c.place <= _CANDIDATES + 1, or_(found.c.fits, numbered.c.place > _CANDIDATES))
        .limit(_MOST + 1)
    )


def _together(*parts: Rows) -> Rows:
    return select(union_all(*(select(part.subquery()) for part in parts)).subquery())


def _matches_above(shape: Shape) -> CTE:
    union = _UNIONS.c
    # Written out, for SQLite would otherwise be asked for `= 1`, which its partial index does not answer.
    reached = and_(within_asked(union.path), literal_column("unions.is_above_base"))
    columns: tuple[ColumnElement[Any], ...] = (union.id, union.path, _kind("true"))
    return select(*columns).where(reached, _fits(shape, union)).order_by(union.path).limit(_MOST).cte("above")


def _walked(shape: Shape, place: ColumnElement[bool] | None = None, *, names: ColumnElement[int] | None = None) -> Rows:
    union: Columns = _UNIONS.c
    reached = and_(within_asked(_UNIONS.c.path), ~union.is_above_base, true() if place is None else place)
    if names is not None:
        searched = ("id", "path", "category", "status", "name", "initials", "uscc")
        walked = select(*(union[name] for name in searched)).where(reached).order_by(union.path)
        union, reached = walked.limit(names).subquery("walked").c, true()
    columns: tuple[ColumnElement[Any], ...] = (union.id, union.path, _kind("false"))
    return select(*columns).where(reached, _fits(shape, union)).order_by(union.path).limit(_MOST)


def _fits(shape: Shape, union: Columns) -> ColumnElement[bool]:
    conditions = [matches(shape.forms, union), union.id != _ROOT]
    if shape.by_category:
        conditions.append(union.category == bindparam("category"))
    if shape.by_status:
        conditions.append(union.status == bindparam("status"))
    if shape.holds_members:
        conditions += [union.category.in_(HOLDING_MEMBERS), union.status != UnionStatus.DISSOLVED]
    return and_(*conditions)

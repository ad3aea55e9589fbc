"""The statements by which members of a branch are found in an order, each made once for a form of question.

The best of each (`heads`) asks every area or union of the branch for its first members. A walk goes through the
memberships of one area in the order asked for and keeps those of the branch. Nothing here counts or sorts a branch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, Date, Integer, SmallInteger, bindparam, func, select, true
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.expression import tuple_
from sqlalchemy.types import TypeEngine

from gdftu_app.models.memberships import Membership
from gdftu_app.models.tables import Rows, table_of
from gdftu_app.models.types import ByteOrdered, Word
from gdftu_app.models.unions import Union
from gdftu_app.queries.areas import AREA_LEVELS
from gdftu_app.queries.member_filters import Order
from gdftu_app.security.actors import within_asked

KEPT = 512

Columns = ReadOnlyColumnCollection[str, Any]

_MEMBERS, _UNIONS = table_of(Membership), table_of(Union)
_TYPES: Mapping[str, TypeEngine[Any]] = {
    "status": SmallInteger(),
    "sex": SmallInteger(),
    "verified": Boolean(),
    "is_migrant": Boolean(),
    "joined_from": Date(),
    "joined_to": Date(),
    "occupation": Word,
    "education": Word,
    "name": ByteOrdered,
    "name_end": ByteOrdered,
}


class Part(StrEnum):
    """What a branch is put together from: the column by which its memberships know the part they belong to."""

    AREA, UNION = "area_id", "union_id"


@dataclass(frozen=True, slots=True)
class Form:
    """What a statement depends on: the order, the names of the conditions, and whether it begins after a place.

    A status that is rare is asked of the index itself, which knows such memberships apart.
    """

    order: Order
    conditions: frozenset[str]
    is_rare: bool
    goes_on: bool


@lru_cache(KEPT)
def own(form: Form) -> Rows:
    """The first `wanted` memberships of the union `union`."""
    return _first_of(form, _MEMBERS.c, Part.UNION, _number("union"), _number("wanted"))


@lru_cache(KEPT)
def walk(form: Form) -> Rows:
    """Those of the branch asked for among the next `walked` memberships of the area `area`, up to `wanted`."""
    kept = {"id", "union_id", _key(form.order)} | _columns(form.conditions)
    inner = (
        select(*(_MEMBERS.c[name] for name in sorted(kept)))
        .where(*_walked(form))
        .order_by(*_ordered(form.order, _MEMBERS.c))
        .limit(_number("walked"))
        .subquery("walked_through")
    ).c
    # Written so that it does not become a join, which would lose the order.
    branch = select(_UNIONS.c.id).where(within_asked(_UNIONS.c.path))
    is_within: ColumnElement[bool] = func.coalesce(inner.union_id.in_(branch), False)
    others = _conditions(form, inner, only=form.conditions - _inside(form))
    found = select(*_keys(form.order, inner)).where(*others, is_within)
    return found.order_by(*_ordered(form.order, inner)).limit(_number("wanted"))


@lru_cache(KEPT)
def end_of_walk(form: Form) -> Rows:
    """The last of the memberships that `walk` goes through; none when it comes to the end of all."""
    found = select(*_keys(form.order, _MEMBERS.c)).where(*_walked(form))
    last = found.order_by(*_ordered(form.order, _MEMBERS.c)).offset(_number("walked") - 1)
    return last.limit(1)


@lru_cache(KEPT)
def heads(form: Form, part: Part) -> Rows:
    """The first `wanted` of a branch: its parts by the first membership of each, then the first of the best parts.

    A part that has one of the first ones is itself among the first so many parts.
    """
    first = _of_part(form, part, _UNIONS.c.id, 1).lateral("first")
    best = (
        select(_UNIONS.c.id)
        .select_from(_UNIONS.join(first, true()))
        .where(*_parts(part))
        .order_by(*_ordered(form.order, first.c))
        .limit(_number("wanted"))
        .cte("best")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    each = _of_part(form, part, best.c.id, _number("wanted")).lateral("each")
    found = select(*_keys(form.order, each.c)).select_from(best.join(each, true()))
    return found.order_by(*_ordered(form.order, each.c)).limit(_number("wanted"))


@lru_cache(KEPT)
def heads_on_sqlite(form: Form, part: Part) -> Rows:
    """The same where a subquery can look at the row beside it only to choose rows by their keys."""
    each = _of_part(form, part, _UNIONS.c.id, _number("wanted"))
    chosen = each.with_only_columns(each.selected_columns.id).correlate(_UNIONS).scalar_subquery()
    found = select(*_keys(form.order, _MEMBERS.c)).join_from(_UNIONS, _MEMBERS, _MEMBERS.c.id.in_(chosen))
    return found.where(*_parts(part)).order_by(*_ordered(form.order, _MEMBERS.c)).limit(_number("wanted"))


def _parts(part: Part) -> list[ColumnElement[bool]]:
    is_area = [_UNIONS.c.is_above_base, _UNIONS.c.level.in_(AREA_LEVELS)]
    return [within_asked(_UNIONS.c.path), *(is_area if part is Part.AREA else [])]


def _of_part(form: Form, part: Part, number: ColumnElement[int], limit: int | ColumnElement[int]) -> Rows:
    return _first_of(form, _MEMBERS.alias().c, part, number, limit)


def _first_of(
    form: Form, members: Columns, part: Part, number: ColumnElement[int], limit: int | ColumnElement[int]
) -> Rows:
    found = select(*_keys(form.order, members)).where(
        members[part] == number, *_conditions(form, members), *_after(form, members)
    )
    return found.order_by(*_ordered(form.order, members)).limit(limit)


def _walked(form: Form) -> list[ColumnElement[bool]]:
    columns = _MEMBERS.c
    return [columns.area_id == _number("area"), *_conditions(form, columns, only=_inside(form)), *_after(form, columns)]


def _key(order: Order) -> str:
    return "name" if order.by_name else "joined_on"


def _keys(order: Order, columns: Columns) -> tuple[ColumnElement[Any], ...]:
    return (columns.id, columns[_key(order)].label(_key(order)))


def _ordered(order: Order, columns: Columns) -> list[ColumnElement[Any]]:
    keys = (columns[_key(order)], columns.id)
    return [key.desc() if order.descending else key.asc() for key in keys]


def _after(form: Form, columns: Columns) -> list[ColumnElement[bool]]:
    if not form.goes_on:
        return []
    key_type = ByteOrdered if form.order.by_name else Date()
    here = tuple_(columns[_key(form.order)], columns.id)
    there = tuple_(bindparam("after_key", type_=key_type), bindparam("after_id", type_=BigInteger()))
    return [here < there if form.order.descending else here > there]


def _inside(form: Form) -> frozenset[str]:
    """Conditions that bound the walk itself: a range of what orders it, and what has indexes of its own."""
    ranges = {"name"} if form.order.by_name else {"joined_from", "joined_to"}
    indexed = {"occupation", "education"} | ({"status"} if form.is_rare else set[str]())
    return form.conditions & (ranges | indexed)


def _columns(conditions: frozenset[str]) -> set[str]:
    return {"joined_on" if name.startswith("joined_") else name for name in conditions}


def _conditions(form: Form, columns: Columns, *, only: frozenset[str] | None = None) -> list[ColumnElement[bool]]:
    return [_condition(name, columns) for name in sorted(form.conditions if only is None else only)]


def _condition(name: str, columns: Columns) -> ColumnElement[bool]:
    asked: ColumnElement[Any] = bindparam(name, type_=_TYPES[name])
    match name:
        case "joined_from":
            return columns.joined_on >= asked
        case "joined_to":
            return columns.joined_on <= asked
        case "name":
            return (columns.name >= asked) & (columns.name < bindparam("name_end", type_=_TYPES["name_end"]))
        case _:
            return columns[name] == asked


def _number(name: str) -> ColumnElement[int]:
    return bindparam(name, type_=Integer())

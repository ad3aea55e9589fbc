"""The statements by which members of a branch are found in an order, each made once for a form of question.

A walk goes through all memberships in the order asked for and keeps those of the branch; the best of each union
(`heads`) asks every union of the branch for its first one. Nothing here counts or sorts a branch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, Date, Integer, SmallInteger, bindparam, func, select, true
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.expression import tuple_
from sqlalchemy.types import TypeEngine

from gdftu_app.models.memberships import Membership
from gdftu_app.models.tables import Rows, table_of
from gdftu_app.models.types import ByteOrdered
from gdftu_app.models.unions import Union
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
    "name": ByteOrdered,
    "name_end": ByteOrdered,
}


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
    found = select(*_keys(form.order, _MEMBERS.c)).where(
        _MEMBERS.c.union_id == _number("union"), *_conditions(form, _MEMBERS.c), *_after(form, _MEMBERS.c)
    )
    return found.order_by(*_ordered(form.order, _MEMBERS.c)).limit(_number("wanted"))


@lru_cache(KEPT)
def walk(form: Form, *, by_list: bool) -> Rows:
    """Those of the branch asked for among the next `walked` memberships, up to `wanted`.

    Whether a union is in the branch is looked up for each, or, `by_list`, in a list of all unions of the branch made
    beforehand, which pays for long walks through small branches.
    """
    kept = {"id", "union_id", _key(form.order)} | _columns(form.conditions)
    inner = (
        select(*(_MEMBERS.c[name] for name in sorted(kept)))
        .where(*_conditions(form, _MEMBERS.c, only=_inside(form)), *_after(form, _MEMBERS.c))
        .order_by(*_ordered(form.order, _MEMBERS.c))
        .limit(_number("walked"))
        .subquery("walked_through")
    ).c
    branch = within_asked(_UNIONS.c.path)
    # Written so that neither becomes a join, which would lose the order.
    is_within: ColumnElement[bool] = (
        func.coalesce(inner.union_id.in_(select(_UNIONS.c.id).where(branch)), False)
        if by_list
        else select(branch).where(_UNIONS.c.id == inner.union_id).correlate_except(_UNIONS).scalar_subquery()
    )
    found = select(*_keys(form.order, inner)).where(
        *_conditions(form, inner, only=form.conditions - _inside(form)), is_within
    )
    return found.order_by(*_ordered(form.order, inner)).limit(_number("wanted"))


@lru_cache(KEPT)
def end_of_walk(form: Form) -> Rows:
    """The last of the memberships that `walk` goes through; none when it comes to the end of all."""
    found = select(*_keys(form.order, _MEMBERS.c)).where(
        *_conditions(form, _MEMBERS.c, only=_inside(form)), *_after(form, _MEMBERS.c)
    )
    last = found.order_by(*_ordered(form.order, _MEMBERS.c)).offset(_number("walked") - 1)
    return last.limit(1)


@lru_cache(KEPT)
def heads(form: Form) -> Rows:
    """The first `wanted` of a branch: its unions by the first membership of each, then the first of the best unions.

    A union that has one of the first ones is itself among the first so many unions.
    """
    first = _of_union(form, _UNIONS.c.id, 1).lateral("first")
    best = (
        select(_UNIONS.c.id)
        .select_from(_UNIONS.join(first, true()))
        .where(within_asked(_UNIONS.c.path))
        .order_by(*_ordered(form.order, first.c))
        .limit(_number("wanted"))
        .cte("best")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    each = _of_union(form, best.c.id, _number("wanted")).lateral("each")
    found = select(*_keys(form.order, each.c)).select_from(best.join(each, true()))
    return found.order_by(*_ordered(form.order, each.c)).limit(_number("wanted"))


@lru_cache(KEPT)
def sorted_branch(form: Form) -> Rows:
    """The same by sorting all that match, where a subquery cannot look at the row beside it (SQLite)."""
    found = (
        select(*_keys(form.order, _MEMBERS.c))
        .join_from(_MEMBERS, _UNIONS, _UNIONS.c.id == _MEMBERS.c.union_id)
        .where(within_asked(_UNIONS.c.path), *_conditions(form, _MEMBERS.c), *_after(form, _MEMBERS.c))
    )
    return found.order_by(*_ordered(form.order, _MEMBERS.c)).limit(_number("wanted"))


def _of_union(form: Form, union: ColumnElement[int], limit: int | ColumnElement[int]) -> Rows:
    members = _MEMBERS.alias()
    found = select(*_keys(form.order, members.c)).where(
        members.c.union_id == union, *_conditions(form, members.c), *_after(form, members.c)
    )
    return found.order_by(*_ordered(form.order, members.c)).limit(limit)


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
    """Conditions that bound the walk itself: a range of what orders it, and a status that has an index of its own."""
    ranges = {"name"} if form.order.by_name else {"joined_from", "joined_to"}
    return form.conditions & (ranges | ({"status"} if form.is_rare else set[str]()))


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

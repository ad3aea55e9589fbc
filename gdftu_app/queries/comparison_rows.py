"""The statements behind comparisons: what a time brought many unions, from years, months, days and events.

All give rows of a union and what is named in `BROUGHT`: what the time brought, in the order of `DAILY`, and by how much
the counts of `LATER` changed after it. The unions are those of `TAKEN`.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Subquery,
    Text,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles

from gdftu_app.models.carried_days import CarriedDays
from gdftu_app.models.figures import DailyFigures
from gdftu_app.models.memberships import MembershipEvent
from gdftu_app.models.paths import TAKEN, ids_taken
from gdftu_app.models.span_figures import SpanFigures
from gdftu_app.models.tables import Rows, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.cuts import DAYS, Shape, cuts_given, ends_given
from gdftu_app.queries.movements import movements
from gdftu_app.queries.pending_figures import DAILY, pending_days
from gdftu_app.queries.union_counts import Among

LATER = ("members", "verified_members")
BROUGHT = (*DAILY, *(f"{name}_later" for name in LATER))

_KEPT_DAYS, _CARRIED, _SPANS, _EVENTS, _UNIONS = map(
    table_of, (DailyFigures, CarriedDays, SpanFigures, MembershipEvent, Union)
)


class _Given(Among):
    """Whether an id is among those of `TAKEN`: like `among_taken`, but planned as if they were few.

    The planner weighs each of a thousand known ids, which takes longer than looking them up, and then reads all rows.
    """

    inherit_cache = True
    name = "given"


@compiles(_Given, "postgresql")
def _given_on_postgresql(element: _Given, compiler: Any, **options: Any) -> str:
    number, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{number} = ANY (CAST((SELECT string_to_array({ids}, '/')) AS integer[]))"


def given(number: ColumnElement[int]) -> ColumnElement[bool]:
    """The condition that an id is among the many of the parameter `TAKEN` (see `models.paths.listed`)."""
    return _Given(number, bindparam(TAKEN, type_=Text()))


@cache
def kept_sums(shape: Shape) -> Rows:
    """Of unions with everything below them: cuts of years, months and, for above-base unions, of days.

    Base unions keep no days. Theirs are added from `happened_sums`.
    """
    parts = [_pending(cuts_given(shape))]
    for number, (months, sign, later) in enumerate(shape):
        rows = _KEPT_DAYS if months == DAYS else _SPANS
        first, last = ends_given(number)
        figures = select(rows.c.union_id, *_weighed((rows.c[name] for name in DAILY), sign, later))
        if months != DAYS:
            figures = figures.where(rows.c.months == months)
        day = rows.c.day if months == DAYS else rows.c.first
        parts.append(figures.where(given(rows.c.union_id), day >= first, day <= last))
    brought = union_all(*parts).subquery("brought")
    sums = (func.sum(brought.c[name]).label(name) for name in BROUGHT)
    return select(brought.c.union_id, *sums).group_by(brought.c.union_id)


@cache
def happened_sums(shape: Shape) -> Rows:
    """What events brought unions alone in some cuts of days; last, which of it was carried."""
    counts, carried = [figure.element for figure in movements()], [_CARRIED.c[name] for name in DAILY]
    parts: list[Rows] = []
    for number, (_, sign, later) in enumerate(shape):
        first, last = ends_given(number)
        parts += [
            select(_EVENTS.c.union_id, *_weighed(counts, sign, later), literal(0).label("is_carried"))
            .where(given(_EVENTS.c.union_id), _EVENTS.c.day >= first, _EVENTS.c.day <= last)
            .group_by(_EVENTS.c.union_id),
            select(_CARRIED.c.union_id, *_weighed(carried, sign, later), literal(1)).where(
                given(_CARRIED.c.union_id), _CARRIED.c.day >= first, _CARRIED.c.day <= last
            ),
        ]
    return select(union_all(*parts).subquery("happened"))


@cache
def all_below() -> Rows:
    """Everything below the unions given: rows of the one given, the one below and the moment it was entered."""
    columns = (_UNIONS.c.id, _UNIONS.c.created_at)
    below = select(*columns, _UNIONS.c.superior_id.label("given")).where(given(_UNIONS.c.superior_id))
    below = below.cte("below", recursive=True)
    deeper = select(*columns, below.c.given).join_from(below, _UNIONS, _UNIONS.c.superior_id == below.c.id)
    return select(below.union_all(deeper))


def _weighed(counts: Iterable[ColumnElement[Any]], sign: int, later: int) -> list[ColumnElement[Any]]:
    """The columns of `BROUGHT` from the counts of one cut, in the order of `DAILY`."""
    named = dict(zip(DAILY, counts, strict=True))
    since = (_times(-sign if later else sign, count).label(name) for name, count in named.items())
    return [*since, *(_times(sign * later, named[name]).label(f"{name}_later") for name in LATER)]


def _times(weight: int, count: ColumnElement[Any]) -> ColumnElement[Any]:
    """A count as it is, taken away, or nothing: there are many rows, and multiplying would show."""
    return {1: count, 0: literal(0), -1: -count}[weight]


def _pending(cuts: Subquery) -> Rows:
    pending = pending_days(of=select(ids_taken().c.value), every=True).subquery("pending")
    superior, is_later = _UNIONS.alias("above"), cuts.c.later
    # As whole numbers of the size of the others: sums of larger ones take much longer.
    counts = {name: cast(pending.c[name], Integer) for name in DAILY}
    since = [(cuts.c.sign * (1 - 2 * is_later) * counts[name]).label(name) for name in DAILY]
    later = [(cuts.c.sign * is_later * counts[name]).label(f"{name}_later") for name in LATER]
    return (
        select(pending.c.union_id, *since, *later)
        .join_from(pending, cuts, pending.c.day.between(cuts.c.first, cuts.c.last))
        .join(superior, superior.c.id == pending.c.union_id)
        # Days of base unions are counted from events, which never wait.
        .where(or_(cuts.c.months != DAYS, superior.c.is_above_base))
    )

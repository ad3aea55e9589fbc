"""The statements behind flows: months, days, events and pending changes of one union, as rows of the same columns.

Each row begins with whether it stands for something that is left out where its month is read by day, and a day.
"""

from datetime import date
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    SQLColumnExpression,
    Subquery,
    bindparam,
    literal,
    select,
    union_all,
)
from sqlmodel import col

from gdftu_app.models.carried_days import CarriedDays
from gdftu_app.models.figures import DailyFigures
from gdftu_app.models.memberships import MembershipEvent
from gdftu_app.models.moments import day_of_moment
from gdftu_app.models.paths import ids_taken
from gdftu_app.models.span_figures import MONTH, SpanFigures
from gdftu_app.models.tables import Rows, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.cuts import Shape, cuts_given
from gdftu_app.queries.movements import movements, registrations
from gdftu_app.queries.pending_figures import DAILY, pending_days
from gdftu_app.security.actors import within_asked

_DAYS, _SPANS, _CARRIED, _UNIONS = map(table_of, (DailyFigures, SpanFigures, CarriedDays, Union))
_UNION, _SINCE = bindparam("union", type_=Integer), bindparam("since", type_=Date)
_BY_DAY, _INSTEAD = literal(0), literal(1)


@cache
def kept_days(shape: Shape) -> Rows:
    """Of an above-base union (`union`, `TAKEN`): months from `since`, the days of some cuts, and what is pending."""
    pending = _pending()
    parts = [_months(), select(_BY_DAY, *pending.c).where(pending.c.day >= _SINCE)]
    if shape:
        parts.append(_days_of(DailyFigures, cuts_given(shape)))
    return select(union_all(*parts).subquery("rows"))


@cache
def branch_days(shape: Shape) -> Rows:
    """The same of a base union, whose days are events of its branch (`within_asked`) and days carried."""
    pending = _pending()
    parts = [_months(), select(_INSTEAD, *pending.c).where(pending.c.day >= _SINCE)]
    if shape:
        cuts = cuts_given(shape)
        day, entered = col(MembershipEvent.day), day_of_moment(_UNIONS.c.created_at)
        happened = (
            select(_BY_DAY, day, *movements())
            .join_from(cuts, _UNIONS, within_asked(_UNIONS.c.path))
            .join(MembershipEvent, (col(MembershipEvent.union_id) == _UNIONS.c.id) & _during(day, cuts))
            .group_by(day)
        )
        below = (
            select(_BY_DAY, entered.label("day"), *registrations())
            .join_from(cuts, _UNIONS, within_asked(_UNIONS.c.path))
            .where(_UNIONS.c.id != _UNION, _during(entered, cuts))
            .group_by(entered)
        )
        parts += [happened, below, _days_of(CarriedDays, cuts)]
    return select(union_all(*parts).subquery("rows"))


@cache
def own_days() -> Rows:
    """Of a union alone: its events since a day."""
    day = col(MembershipEvent.day)
    return (
        select(_BY_DAY, day, *movements()).where(col(MembershipEvent.union_id) == _UNION, day >= _SINCE).group_by(day)
    )


def _months() -> Rows:
    return select(_INSTEAD, _SPANS.c.first.label("day"), *(_SPANS.c[name] for name in DAILY)).where(
        _SPANS.c.union_id == _UNION, _SPANS.c.months == MONTH, _SPANS.c.first >= _SINCE
    )


def _pending() -> Subquery:
    pending = pending_days(of=select(ids_taken().c.value), every=True).subquery()
    return select(pending.c.day, *(pending.c[name] for name in DAILY)).subquery("pending")


def _days_of(model: type[DailyFigures | CarriedDays], cuts: Subquery) -> Rows:
    days = table_of(model)
    return (
        select(_BY_DAY, days.c.day, *(days.c[name] for name in DAILY))
        .join_from(cuts, days, _during(days.c.day, cuts))
        .where(days.c.union_id == _UNION)
    )


def _during(day: SQLColumnExpression[date], cuts: Subquery) -> ColumnElement[bool]:
    return day.between(cuts.c.first, cuts.c.last)

"""Flows: what each day brought one union, itself alone or with everything below it, pending changes included."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import add, itemgetter, sub
from typing import Any, TypeAlias

from sqlalchemy import Row, bindparam, select, union_all
from sqlmodel import Session, col

from gdftu_app.errors import NotFound
from gdftu_app.models.figures import DailyFigures
from gdftu_app.models.memberships import MembershipEvent
from gdftu_app.models.moments import day_of_moment
from gdftu_app.models.paths import TAKEN, ids_taken, listed
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.figures import Figures, figures_of
from gdftu_app.queries.movements import movements, registrations
from gdftu_app.queries.pending_figures import DAILY, pending_days
from gdftu_app.security.actors import Actor, branch_asked, within_asked

_DAYS, _UNIONS = table_of(DailyFigures), table_of(Union)
# The figures of `DAILY`, in their order.
Brought: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A union within reach that figures are asked of."""

    id: int
    name: str
    path: str
    is_above_base: bool
    category: str
    level: str
    status: str


_PLACE = select(
    *(_UNIONS.c[name] for name in ("id", "name", "path", "is_above_base", "category", "level", "status"))
).where(_UNIONS.c.id == bindparam("union"), within_asked(_UNIONS.c.path))


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """What one period brought; `members` and `verified` are as they stood at its end, `rate` is a fraction."""

    first: date
    last: date
    members: int
    verified: int
    rate: float | None
    joined: int
    transferred_in: int
    transferred_out: int
    removed: int
    newly_verified: int
    registered: int


@dataclass(frozen=True, slots=True)
class Flows:
    """The counts of a union now, and what had come to it since some day, up to the end of each day that brought any.

    `sums` has one entry more than `days`: nothing, before the first of them.
    """

    figures: Figures
    members: int
    verified: int
    days: list[date]
    sums: list[Brought]

    def of(self, first: date, last: date) -> PeriodFigures:
        """The figures of a period, both days inclusive, none of them before the flows begin."""
        begin, end = bisect_left(self.days, first), bisect_right(self.days, last)
        brought = dict(zip(DAILY, map(sub, self.sums[end], self.sums[begin]), strict=True))
        later = dict(zip(DAILY, map(sub, self.sums[-1], self.sums[end]), strict=True))
        members, verified = self.members - later["members"], self.verified - later["verified_members"]
        return PeriodFigures(
            first=first,
            last=last,
            members=members,
            verified=verified,
            rate=verified / members if members else None,
            joined=brought["joined"],
            transferred_in=brought["transferred_in"],
            transferred_out=brought["transferred_out"],
            removed=brought["removed"],
            newly_verified=brought["verified"],
            registered=brought["registered"],
        )

    def verified_before(self, day: date) -> int:
        """How many verified members there were when a day began."""
        later = map(sub, self.sums[-1], self.sums[bisect_left(self.days, day)])
        return self.verified - dict(zip(DAILY, later, strict=True))["verified_members"]


def place_within(session: Session, actor: Actor, union: int | None) -> Place:
    """The union asked for, the acting one by default; raises NotFound out of reach."""
    asked = actor.reach_asked() | {"union": union or actor.union_id}
    found = run(session, _PLACE, asked).first()
    if found is None:
        raise NotFound
    return Place(*found)


def flows_of(session: Session, place: Place, *, below: bool, since: date) -> Flows:
    """The flows of a union since a day: those of its branch with `below`, else its own alone."""
    figures = figures_of(session, place.id)
    asked: dict[str, object] = {"since": since, "union": place.id}
    if not below:
        statement = _own_days()
    elif place.is_above_base:
        statement = _kept_days()
        asked[TAKEN] = listed([place.id])
    else:
        statement = _branch_days()
        asked |= branch_asked(place.path)
    days, sums = _summed(run(session, statement, asked).all())
    if below:
        return Flows(figures, figures.members_sub, figures.verified_sub, days, sums)
    return Flows(figures, figures.members_own, figures.verified_own, days, sums)


def _summed(rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[list[date], list[Brought]]:
    """The days, each once and in order, and the running sums."""
    days: list[date] = []
    sums: list[Brought] = [(0,) * len(DAILY)]
    for day, *counts in sorted(rows, key=itemgetter(0)):
        total = tuple(map(add, sums[-1], map(int, counts)))
        if days and days[-1] == day:
            sums[-1] = total
        else:
            days.append(day)
            sums.append(total)
    return days, sums


@cache
def _kept_days() -> Rows:
    taken = select(ids_taken().c.value)
    pending = pending_days(of=taken).subquery("pending")
    since = bindparam("since", type_=_DAYS.c.day.type)
    parts = union_all(
        select(_DAYS.c.day, *(_DAYS.c[name] for name in DAILY)).where(
            _DAYS.c.union_id == bindparam("union"), _DAYS.c.day >= since
        ),
        select(pending.c.day, *(pending.c[name] for name in DAILY)).where(pending.c.day >= since),
    ).subquery("days")
    return select(parts)


@cache
def _own_days() -> Rows:
    since = bindparam("since", type_=_DAYS.c.day.type)
    return (
        select(col(MembershipEvent.day), *movements())
        .where(col(MembershipEvent.union_id) == bindparam("union"), col(MembershipEvent.day) >= since)
        .group_by(col(MembershipEvent.day))
    )


@cache
def _branch_days() -> Rows:
    since = bindparam("since", type_=_DAYS.c.day.type)
    entered = day_of_moment(_UNIONS.c.created_at)
    happened = (
        select(col(MembershipEvent.day), *movements())
        .select_from(MembershipEvent)
        .join(_UNIONS, col(MembershipEvent.union_id) == _UNIONS.c.id)
        .where(within_asked(_UNIONS.c.path), col(MembershipEvent.day) >= since)
        .group_by(col(MembershipEvent.day))
    )
    below = (
        select(entered.label("day"), *registrations())
        .where(within_asked(_UNIONS.c.path), _UNIONS.c.id != bindparam("union"), entered >= since)
        .group_by(entered)
    )
    return select(union_all(happened, below).subquery("days"))

"""Flows: what each day brought one union, itself alone or with everything below it, pending changes included."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import add, itemgetter, sub
from typing import Any, TypeAlias

from sqlalchemy import bindparam, select, true
from sqlmodel import Session

from gdftu_app.clock import today
from gdftu_app.errors import NotFound
from gdftu_app.models.paths import TAKEN, ids_along, listed
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.cuts import DAYS, Cut, cuts_asked, days_apart, shape_of
from gdftu_app.queries.figures import Figures, figures_of
from gdftu_app.queries.flow_rows import branch_days, kept_days, own_days
from gdftu_app.queries.pending_figures import DAILY
from gdftu_app.queries.periods import Grain, Span, begin_of
from gdftu_app.queries.unions import UnionRef
from gdftu_app.security.actors import Actor, branch_asked, within_asked

_UNIONS = table_of(Union)
# The figures of `DAILY`, in their order.
Brought: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A union within reach that figures are asked of; `trail` leads from the acting union to it."""

    id: int
    name: str
    path: str
    is_above_base: bool
    category: str
    level: str
    status: str
    trail: tuple[UnionRef, ...] = ()


_SUPERIORS, _ALONG = _UNIONS.alias("superiors"), ids_along(_UNIONS.c.path)
_PLACE = (
    select(
        *(_UNIONS.c[name] for name in ("id", "name", "path", "is_above_base", "category", "level", "status")),
        _SUPERIORS.c.id.label("superior_id"),
        _SUPERIORS.c.name.label("superior_name"),
    )
    .join_from(_UNIONS, _ALONG, true())
    .join(_SUPERIORS, _SUPERIORS.c.id == _ALONG.c.value)
    .where(_UNIONS.c.id == bindparam("union"), within_asked(_UNIONS.c.path), within_asked(_SUPERIORS.c.path))
    .order_by(_SUPERIORS.c.path)
)


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """What one period brought; `members` and `verified` are as they stood at its end, `rate` is a fraction.

    `other` is by how much the members changed otherwise than by joining, transfer and removal: retained and restored
    members, and branches that moved.
    """

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
    other: int


@dataclass(frozen=True, slots=True)
class Flows:
    """The counts of a union now, and what had come to it up to the end of each day that brought any.

    Months that no range parts stand under their first day. `sums` has one entry more than `days`: nothing, before the
    first of them.
    """

    figures: Figures
    members: int
    verified: int
    days: list[date]
    sums: list[Brought]

    def of(self, first: date, last: date) -> PeriodFigures:
        """The figures of a period, one of those that the flows were asked for."""
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
            other=others(brought),
        )

    def verified_before(self, day: date) -> int:
        """How many verified members there were when a day began."""
        later = map(sub, self.sums[-1], self.sums[bisect_left(self.days, day)])
        return self.verified - dict(zip(DAILY, later, strict=True))["verified_members"]


def place_within(session: Session, actor: Actor, union: int | None) -> Place:
    """The union asked for, the acting one by default; raises NotFound out of reach."""
    asked = actor.reach_asked() | {"union": union or actor.union_id}
    found = run(session, _PLACE, asked).all()
    if not found:
        raise NotFound
    return Place(*found[0][:7], trail=tuple(UnionRef(row.superior_id, row.superior_name) for row in found))


def others(brought: Mapping[str, int]) -> int:
    """By how much the members changed otherwise than by joining, transfer and removal."""
    known = brought["joined"] + brought["transferred_in"] - brought["transferred_out"] - brought["removed"]
    return brought["members"] - known


def flows_of(session: Session, place: Place, *, below: bool, spans: Sequence[Span]) -> Flows:
    """The flows of a union in some ranges: those of its branch with `below`, else its own alone.

    Only months that the ranges part are read by day.
    """
    figures = figures_of(session, place.id)
    since = min(span.first for span in spans)
    asked: dict[str, object] = {"union": place.id, "since": since}
    if not below:
        days, sums = _summed(row[1:] for row in run(session, own_days(), asked).all())
        return Flows(figures, figures.members_own, figures.verified_own, days, sums)
    apart = days_apart(spans, today())
    cuts = [Cut(DAYS, span.first, span.last) for span in apart]
    asked |= cuts_asked(cuts) | branch_asked(place.path)
    asked |= {"since": begin_of(Grain.MONTH, since), TAKEN: listed([place.id])}
    statement = kept_days if place.is_above_base else branch_days
    days, sums = _summed(_chosen(run(session, statement(shape_of(cuts)), asked).all(), apart))
    return Flows(figures, figures.members_sub, figures.verified_sub, days, sums)


def _chosen(rows: Iterable[Sequence[Any]], apart: Sequence[Span]) -> list[Sequence[Any]]:
    """The rows but for those that the days stand instead of."""
    return [row[1:] for row in rows if not row[0] or not any(span.first <= row[1] <= span.last for span in apart)]


def _summed(rows: Iterable[Sequence[Any]]) -> tuple[list[date], list[Brought]]:
    """The days, each once and in order, and the running sums."""
    days: list[date] = []
    sums: list[Brought] = [(0,) * len(DAILY)]
    for day, *counts in sorted(rows, key=itemgetter(0)):
        total = tuple(map(add, sums[-1], counts))
        if days and days[-1] == day:
            sums[-1] = total
        else:
            days.append(day)
            sums.append(total)
    return days, sums

"""Comparisons (下级对比): the direct subordinates of a union over one range of days, each with everything below it."""

from collections.abc import Sequence
from functools import cache
from operator import add
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Row, bindparam, select
from sqlmodel import Session

from gdftu_app.clock import day_of, today
from gdftu_app.models.paths import TAKEN, listed
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.queries.comparison_rows import BROUGHT, all_below, given, happened_sums, kept_sums
from gdftu_app.queries.cuts import DAYS, Cut, cuts_asked, cuts_of, shape_of
from gdftu_app.queries.periods import Span
from gdftu_app.queries.union_counts import exact_counts

_UNIONS = table_of(Union)
_DIRECT = (
    select(_UNIONS.c.id, _UNIONS.c.name, _UNIONS.c.is_above_base)
    .where(_UNIONS.c.superior_id == bindparam("superior"), _UNIONS.c.status != UnionStatus.DISSOLVED)
    .order_by(_UNIONS.c.id)
)
_Row: TypeAlias = Row[*tuple[Any, ...]]
# What came to each union, in the order of `BROUGHT`.
Ledger: TypeAlias = dict[int, Sequence[int]]
_NOTHING = (0,) * len(BROUGHT)
_ONE = tuple(int(name == "registered") for name in BROUGHT)


class Compared(NamedTuple):
    """A direct subordinate over a range: `members` and `verified` at its end, the rest what the range brought.

    `other` is as in `PeriodFigures`, `growth` is by how much its verified members grew; `rate` is a fraction.
    """

    id: int
    name: str
    is_above_base: bool
    members: int
    verified: int
    rate: float | None
    growth: int
    joined: int
    transferred_in: int
    transferred_out: int
    removed: int
    newly_verified: int
    registered: int
    other: int


def compare(session: Session, superior: int, span: Span) -> list[Compared]:
    """All direct subordinates of a union but the dissolved, as they were established."""
    rows = run(session, _DIRECT, {"superior": superior}).all()
    if not rows:
        return []
    taken = {TAKEN: listed(row.id for row in rows)}
    counted = {union_id: counts for union_id, *counts in run(session, _counts(), taken).all()}
    cuts = cuts_of(span, today())
    asked = cuts_asked(cuts) | taken
    ledger: Ledger = {union_id: brought for union_id, *brought in run(session, kept_sums(shape_of(cuts)), asked).all()}
    base = [row.id for row in rows if not row.is_above_base]
    days = [cut for cut in cuts if cut.months == DAYS]
    if base and days:
        _add_happened(session, base, [number for number in base if counted[number][0]], days, ledger)
    return [_compared(row, counted[row[0]], ledger.get(row[0], _NOTHING)) for row in rows]


def ranked(rows: Sequence[Compared], measure: str, *, descending: bool = True) -> list[Compared]:
    """The rows in the order of a measure; those without (no members, no rate) last, equal ones as they come."""
    known = [row for row in rows if getattr(row, measure) is not None]
    unknown = [row for row in rows if getattr(row, measure) is None]
    return [*sorted(known, key=lambda row: getattr(row, measure), reverse=descending), *unknown]


def _add_happened(
    session: Session, base: Sequence[int], superiors: Sequence[int], days: Sequence[Cut], ledger: Ledger
) -> None:
    """Add what days brought base unions, from events of their own and, of the few superiors, of all below them."""
    belongs = {number: number for number in base}
    if superiors:
        for row in run(session, all_below(), {TAKEN: listed(superiors)}).all():
            belongs[row.id] = row.given
            entered = day_of(row.created_at)
            for cut in days:
                if cut.first <= entered <= cut.last:
                    sign = -cut.sign if cut.is_later else cut.sign
                    _add(ledger, row.given, [sign * count for count in _ONE])
    asked = cuts_asked(days) | {TAKEN: listed(belongs)}
    for union_id, *brought, is_carried in run(session, happened_sums(shape_of(days)), asked).all():
        # What was carried is of a union with everything below it.
        if not is_carried or belongs[union_id] == union_id:
            _add(ledger, belongs[union_id], brought)


def _add(ledger: Ledger, union_id: int, brought: Sequence[int]) -> None:
    ledger[union_id] = list(map(add, ledger.get(union_id, _NOTHING), brought))


def _compared(row: _Row, counts: Sequence[int], brought: Sequence[int]) -> Compared:
    number, name, is_above_base = row
    _, members, verified = counts
    joined, came, left, removed, proven, growth, verified_growth, registered, later, verified_later = brought
    members, verified = members - later, verified - verified_later
    return Compared(
        number,
        name,
        is_above_base,
        members,
        verified,
        verified / members if members else None,
        verified_growth,
        joined,
        came,
        left,
        removed,
        proven,
        registered,
        growth - joined - came + left + removed,
    )


@cache
def _counts() -> Rows:
    """The present counts of the unions given, pending changes included."""
    counts = exact_counts(of=given)
    return select(counts).where(given(counts.c.union_id))

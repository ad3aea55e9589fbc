"""Comparisons (下级对比): the direct subordinates of a union over one range of days, each with everything below it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, bindparam, case, func, select, union_all
from sqlmodel import Session

from gdftu_app.clock import day_of
from gdftu_app.models.figures import DailyFigures
from gdftu_app.models.memberships import MembershipEvent
from gdftu_app.models.paths import TAKEN, ids_taken, listed
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.queries.movements import KINDS
from gdftu_app.queries.pending_figures import DAILY, pending_days
from gdftu_app.queries.periods import Span
from gdftu_app.queries.union_counts import among_taken, exact_counts

_DAYS, _EVENTS, _UNIONS = table_of(DailyFigures), table_of(MembershipEvent), table_of(Union)
_DIRECT = (_UNIONS.c.superior_id == bindparam("superior"), _UNIONS.c.status != UnionStatus.DISSOLVED)
_LATER = ("members", "verified_members")
_FIRST, _LAST = (bindparam(name, type_=_DAYS.c.day.type) for name in ("first", "last"))
_BELOW = select(_UNIONS.c.id, _UNIONS.c.superior_id, _UNIONS.c.created_at).where(among_taken(_UNIONS.c.superior_id))


@dataclass(frozen=True, slots=True)
class Compared:
    """A direct subordinate over a range: `members` and `verified` at its end, the rest what the range brought.

    `growth` is by how much its verified members grew; `rate` is a fraction.
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


def compare(session: Session, superior: int, span: Span) -> list[Compared]:
    """All direct subordinates of a union but the dissolved, as they were established."""
    rows = run(session, _direct(), {"superior": superior}).all()
    asked = {"first": span.first, "last": span.last}
    brought: dict[int, Counter[str]] = {row.id: Counter() for row in rows}
    if above := [row.id for row in rows if row.is_above_base]:
        for found in run(session, _of_days(), asked | {TAKEN: listed(above)}).mappings():
            _count_in(brought[found["union_id"]], found)
    base = [row for row in rows if not row.is_above_base]
    if base:
        belongs = _belonging(session, base, span, brought)
        for found in run(session, _of_events(), asked | {TAKEN: listed(belongs)}).mappings():
            _count_in(brought[belongs[found["union_id"]]], found)
    return [_compared(row, brought[row.id]) for row in rows]


def ranked(rows: Sequence[Compared], measure: str, *, descending: bool = True) -> list[Compared]:
    """The rows in the order of a measure; those without (no members, no rate) last, equal ones as they come."""
    known = [row for row in rows if getattr(row, measure) is not None]
    unknown = [row for row in rows if getattr(row, measure) is None]
    return [*sorted(known, key=lambda row: getattr(row, measure), reverse=descending), *unknown]


def _belonging(
    session: Session, base: Sequence[Row[*tuple[Any, ...]]], span: Span, brought: dict[int, Counter[str]]
) -> dict[int, int]:
    """Base unions with their branches and teams, each with the base union it belongs to; counts their registrations."""
    belongs: dict[int, int] = {row.id: row.id for row in base}
    # Most have none.
    superiors = [row.id for row in base if row.subordinates]
    while superiors:
        below = run(session, _BELOW, {TAKEN: listed(superiors)}).all()
        for row in below:
            belongs[row.id] = belongs[row.superior_id]
            brought[belongs[row.id]]["registered"] += span.first <= day_of(row.created_at) <= span.last
        superiors = [row.id for row in below]
    return belongs


def _compared(row: Row[*tuple[Any, ...]], brought: Counter[str]) -> Compared:
    members = row.members - brought["members_later"]
    verified = row.verified - brought["verified_members_later"]
    return Compared(
        id=row.id,
        name=row.name,
        is_above_base=row.is_above_base,
        members=members,
        verified=verified,
        rate=verified / members if members else None,
        growth=brought["verified_members"],
        joined=brought["joined"],
        transferred_in=brought["transferred_in"],
        transferred_out=brought["transferred_out"],
        removed=brought["removed"],
        newly_verified=brought["verified"],
        registered=brought["registered"],
    )


def _count_in(brought: Counter[str], found: Any) -> None:
    for name, count in found.items():
        if name != "union_id":
            brought[name] += int(count or 0)


@cache
def _direct() -> Rows:
    counts = exact_counts(of=lambda number: number.in_(select(_UNIONS.c.id).where(*_DIRECT)))
    return (
        select(
            _UNIONS.c.id,
            _UNIONS.c.name,
            _UNIONS.c.is_above_base,
            counts.c.subordinates,
            counts.c.members,
            counts.c.verified,
        )
        .join_from(_UNIONS, counts, counts.c.union_id == _UNIONS.c.id)
        .where(*_DIRECT)
        .order_by(_UNIONS.c.id)
    )


@cache
def _of_days() -> Rows:
    """What the range and the days after it brought the above-base unions given."""
    pending = pending_days(of=select(ids_taken().c.value)).subquery("pending")
    kept = select(_DAYS.c.union_id, *_sums(_DAYS)).where(among_taken(_DAYS.c.union_id), _DAYS.c.day >= _FIRST)
    waiting = select(pending.c.union_id, *_sums(pending)).where(pending.c.day >= _FIRST)
    both = union_all(kept.group_by(_DAYS.c.union_id), waiting.group_by(pending.c.union_id))
    return select(both.subquery("brought"))


def _sums(days: FromClause) -> list[ColumnElement[Any]]:
    during, later = days.c.day <= _LAST, days.c.day > _LAST
    return [
        *(func.sum(case((during, days.c[name]), else_=0)).label(name) for name in DAILY),
        *(func.sum(case((later, days.c[name]), else_=0)).label(f"{name}_later") for name in _LATER),
    ]


@cache
def _of_events() -> Rows:
    """The same of unions whose days are not kept, from their events."""
    during, later = _EVENTS.c.day <= _LAST, _EVENTS.c.day > _LAST
    changes = {"members": _EVENTS.c.change, "verified_members": _EVENTS.c.verified_change}
    return (
        select(
            _EVENTS.c.union_id,
            *(
                func.sum(case((during & _EVENTS.c.kind.in_(kinds), 1), else_=0)).label(name)
                for name, kinds in KINDS.items()
            ),
            *(func.sum(case((during, change), else_=0)).label(name) for name, change in changes.items()),
            *(func.sum(case((later, change), else_=0)).label(f"{name}_later") for name, change in changes.items()),
        )
        .where(among_taken(_EVENTS.c.union_id), _EVENTS.c.day >= _FIRST)
        .group_by(_EVENTS.c.union_id)
    )

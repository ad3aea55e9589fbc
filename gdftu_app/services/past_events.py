"""Events of the past: what is entered later counts for those who were a union's superiors on the day it happened."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, select
from sqlmodel import Session

from gdftu_app.db import dialect
from gdftu_app.models.carried_days import BranchMove, CarriedDays
from gdftu_app.models.figures import DailyFigures
from gdftu_app.models.paths import TAKEN, ids_along, ids_of, ids_taken, listed
from gdftu_app.models.span_figures import MONTH, YEAR, SpanFigures
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.pending_figures import DAILY
from gdftu_app.services.figure_writes import adding_given
from gdftu_app.services.tree_locks import wait_to_fold

_MOVES, _UNIONS, _CARRIED = table_of(BranchMove), table_of(Union), table_of(CarriedDays)
_DAYS, _SPANS = table_of(DailyFigures), table_of(SpanFigures)
_COUNTS = ("members", "verified_members")
_ALONG = ids_along(_UNIONS.c.path)
_MOVED_SINCE = select(_UNIONS.c.id, _UNIONS.c.path).where(
    _UNIONS.c.id.in_(select(ids_taken().c.value)),
    select(_MOVES.c.id)
    .where(_MOVES.c.union_id.in_(select(_ALONG.c.value)), _MOVES.c.day > bindparam("since", type_=_MOVES.c.day.type))
    .exists(),
)
_ABOVE_BASE = select(_UNIONS.c.id).where(_UNIONS.c.id.in_(select(ids_taken().c.value)), _UNIONS.c.is_above_base)


class Happened(NamedTuple):
    """What an event, or several, of one union did to one day: the figures of `DAILY` by their names."""

    union_id: int
    day: date
    figures: Mapping[str, int]


def give_to_former_superiors(session: Session, events: Sequence[Happened]) -> None:
    """Let events of the past count for the superiors of their day, where branches moved since.

    A recount gives them to the present superiors. From them they are taken away on their day, and given to those of
    that day; who counts then comes or goes with the move, on its day. The caller shares the tree.
    """
    since = min(event.day for event in events)
    asked = {TAKEN: listed({event.union_id for event in events}), "since": since}
    paths = {row.id: ids_of(row.path) for row in run(session, _MOVED_SINCE, asked)}
    if not paths:
        return
    moves = run(session, select(_MOVES).where(_MOVES.c.day > since).order_by(_MOVES.c.id.desc())).all()
    shares: defaultdict[tuple[int, date], dict[str, int]] = defaultdict(lambda: dict.fromkeys(DAILY, 0))
    for event in events:
        if event.union_id in paths:
            _share_out(shares, event, paths[event.union_id], moves)
    if shares:
        _add(session, shares)


def _share_out(
    shares: Mapping[tuple[int, date], dict[str, int]],
    event: Happened,
    path: list[int],
    moves: Sequence[Row[*tuple[Any, ...]]],
) -> None:
    """Go back from the present path, move by move, to that of the event's day."""
    for move in moves:
        if move.day <= event.day or move.union_id not in path:
            continue
        before, after = ids_of(move.before), ids_of(move.after)
        path = [*before, *path[path.index(move.union_id) :]]
        for superiors, others, sign in ((before, after, 1), (after, before, -1)):
            for superior in superiors:
                if superior not in others:
                    for name in DAILY:
                        shares[superior, event.day][name] += sign * event.figures[name]
                    for name in _COUNTS:
                        shares[superior, move.day][name] -= sign * event.figures[name]


def _add(session: Session, shares: Mapping[tuple[int, date], Mapping[str, int]]) -> None:
    # Whoever folds writes the same rows, in an order of its own.
    wait_to_fold(session)
    days = {key: shares[key] for key in sorted(shares) if any(shares[key].values())}
    spans: defaultdict[tuple[int, int, date], dict[str, int]] = defaultdict(lambda: dict.fromkeys(DAILY, 0))
    for (union_id, day), figures in days.items():
        for length, first in ((MONTH, day.replace(day=1)), (YEAR, day.replace(month=1, day=1))):
            for name in DAILY:
                spans[union_id, length, first][name] += figures[name]
    carried = [{"union_id": union_id, "day": day, **figures} for (union_id, day), figures in days.items()]
    kept = run(session, _ABOVE_BASE, {TAKEN: listed({union_id for union_id, _ in days})}).scalars().all()
    for table, rows in (
        (_CARRIED, carried),
        (_DAYS, [row for row in carried if row["union_id"] in kept]),
        (_SPANS, [dict(zip(("union_id", "months", "first"), key, strict=True)) | spans[key] for key in sorted(spans)]),
    ):
        if rows:
            run(session, adding_given(dialect(session), table), rows)

"""Checking figures against a recount, and counting them anew (gdftu figures verify, gdftu figures rebuild)."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import delete, func, insert, literal, select, union_all
from sqlmodel import Session, col

from gdftu_app.db import dialect, several_processes
from gdftu_app.models.figures import DailyFigures, FigureDelta, UnionFigures
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.pending_figures import DAILY, TOTALS, pending_days, pending_totals
from gdftu_app.services.composition_checks import count_cells_anew, drifting_cells, rebuild_cells
from gdftu_app.services.copy_checks import outdated_copies, renew_outdated_copies
from gdftu_app.services.figure_balances import balance
from gdftu_app.services.figure_recounts import recounted_days, recounted_totals
from gdftu_app.services.figure_spans import count_spans_anew, drifting_spans, rebuild_spans
from gdftu_app.services.figure_writes import adding_to_days, adding_to_totals
from gdftu_app.services.tree_locks import seize_tree


@dataclass(frozen=True, slots=True)
class Drift:
    """A figure that differs from its recount: `lacking` is how much must be added to what is shown.

    `day` is None for a total or a cell of a composition, and the first day of a month or a year, whose figures are
    named `month_…` and `year_…`. The figure `row` lacks altogether where a union has no row of totals; `copies` is how
    many memberships keep something else of their people than these say.
    """

    union_id: int
    day: date | None
    figure: str
    lacking: int


def verify(session: Session) -> list[Drift]:
    """Recount all figures and give those that differ, pending changes included; none at any moment when all is well.

    A few statements, each of them one snapshot, so that others may go on writing.
    """
    several_processes(session)
    days = _drifting_days(session)
    return [
        *_missing_rows(session),
        *(Drift(union_id, None, "copies", count) for union_id, count in outdated_copies(session)),
        *_drifting_totals(session),
        *days,
        *_drifting_spans(session, days),
        *(Drift(union_id, None, cell, lacking) for union_id, cell, lacking in drifting_cells(session)),
    ]


def rebuild(session: Session) -> None:
    """Set every figure to its recount; everybody who writes into branches waits meanwhile.

    What is right already is not written again: of millions of rows, each would be checked against the unions.
    """
    seize_tree(session)
    several_processes(session)
    run(session, delete(table_of(FigureDelta)))
    renew_outdated_copies(session)
    unions, days = table_of(Union), table_of(DailyFigures)
    lacking = select(unions.c.id, *(literal(0) for _ in TOTALS)).where(unions.c.id.in_(_lacking()))
    run(session, insert(table_of(UnionFigures)).from_select(["union_id", *TOTALS], lacking))
    run(session, adding_to_totals(_totals_balance()))
    run(session, adding_to_days(_days_balance(), dialect(session)))
    run(session, delete(days).where(*(days.c[name] == 0 for name in DAILY)))
    rebuild_spans(session)
    rebuild_cells(session)


def count_anew(session: Session) -> None:
    """Write all figures from memberships and events, whatever is there; for a caller who has put keys aside."""
    several_processes(session)
    totals, days = table_of(UnionFigures), table_of(DailyFigures)
    for table in (table_of(FigureDelta), days, totals):
        run(session, delete(table))
    run(session, insert(days).from_select(["union_id", "day", *DAILY], recounted_days().order_by("union_id", "day")))
    # Nothing for every union beside what is counted: SQLite would look through all of that for each of them in a join.
    nothing = select(table_of(Union).c.id.label("union_id"), *(literal(0).label(name) for name in TOTALS))
    counted = union_all(nothing, recounted_totals()).subquery()
    sums = (func.sum(counted.c[name]) for name in TOTALS)
    every_union = select(counted.c.union_id, *sums).group_by(counted.c.union_id).order_by(counted.c.union_id)
    run(session, insert(totals).from_select(["union_id", *TOTALS], every_union))
    count_spans_anew(session)
    count_cells_anew(session)


def _lacking() -> Rows:
    totals = table_of(UnionFigures)
    return (
        select(col(Union.id))
        .outerjoin(totals, totals.c.union_id == Union.id)
        .where(totals.c.union_id.is_(None))
        .order_by(col(Union.id))
    )


@cache
def _totals_balance(*, pending: bool = False) -> Rows:
    shown = [select(table_of(UnionFigures)), *([pending_totals()] if pending else [])]
    return balance(recounted_totals(), shown, ("union_id",), TOTALS)


@cache
def _days_balance(*, pending: bool = False) -> Rows:
    days = table_of(DailyFigures)
    kept = select(days.c.union_id, days.c.day, *(days.c[name] for name in DAILY))
    shown = [kept, *([pending_days()] if pending else [])]
    return balance(recounted_days(), shown, ("union_id", "day"), DAILY)


def _missing_rows(session: Session) -> list[Drift]:
    return [Drift(union_id, None, "row", 1) for union_id in run(session, _lacking()).scalars() if union_id]


def _drifting_totals(session: Session) -> list[Drift]:
    rows = run(session, _totals_balance(pending=True)).mappings()
    return [Drift(row["union_id"], None, name, int(row[name])) for row in rows for name in TOTALS if row[name]]


def _drifting_days(session: Session) -> list[Drift]:
    rows = run(session, _days_balance(pending=True)).mappings()
    return [Drift(row["union_id"], row["day"], name, int(row[name])) for row in rows for name in DAILY if row[name]]


def _drifting_spans(session: Session, days: list[Drift]) -> list[Drift]:
    lacking = [(drift.union_id, drift.day, drift.figure, drift.lacking) for drift in days if drift.day]
    return [Drift(*drift) for drift in drifting_spans(session, lacking)]

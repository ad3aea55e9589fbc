"""Checking figures against a recount, and counting them anew (gdftu figures verify, gdftu figures rebuild)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, insert, literal, or_, select, union_all
from sqlmodel import Session, col

from gdftu_app.db import dialect
from gdftu_app.models.figures import DailyFigures, FigureDelta, UnionFigures
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.pending_figures import DAILY, TOTALS, pending_days, pending_totals
from gdftu_app.services.figure_recounts import recounted_days, recounted_totals
from gdftu_app.services.figure_writes import adding_to_days, adding_to_totals
from gdftu_app.services.tree_locks import seize_tree


@dataclass(frozen=True, slots=True)
class Drift:
    """A figure that differs from its recount: `lacking` is how much must be added to what is shown.

    `day` is None for a total. The figure `row` lacks altogether where a union has no row of totals.
    """

    union_id: int
    day: date | None
    figure: str
    lacking: int


def verify(session: Session) -> list[Drift]:
    """Recount all figures and give those that differ, pending changes included; none at any moment when all is well.

    Two statements, each of them one snapshot, so that others may go on writing.
    """
    return [*_missing_rows(session), *_drifting_totals(session), *_drifting_days(session)]


def rebuild(session: Session) -> None:
    """Set every figure to its recount; everybody who writes into branches waits meanwhile.

    What is right already is not written again: of millions of rows, each would be checked against the unions.
    """
    seize_tree(session)
    run(session, delete(table_of(FigureDelta)))
    unions, days = table_of(Union), table_of(DailyFigures)
    lacking = select(unions.c.id, *(literal(0) for _ in TOTALS)).where(unions.c.id.in_(_lacking()))
    run(session, insert(table_of(UnionFigures)).from_select(["union_id", *TOTALS], lacking))
    run(session, adding_to_totals(_totals_balance()))
    run(session, adding_to_days(_days_balance(), dialect(session)))
    run(session, delete(days).where(*(days.c[name] == 0 for name in DAILY)))


def count_anew(session: Session) -> None:
    """Write all figures from memberships and events, whatever is there; for a caller who has put keys aside."""
    totals, days = table_of(UnionFigures), table_of(DailyFigures)
    for table in (table_of(FigureDelta), days, totals):
        run(session, delete(table))
    run(session, insert(days).from_select(["union_id", "day", *DAILY], recounted_days().order_by("union_id", "day")))
    counted = recounted_totals().subquery()
    zero_or_counted = [func.coalesce(counted.c[name], 0) for name in TOTALS]
    every_union = select(col(Union.id), *zero_or_counted).outerjoin(counted, counted.c.union_id == Union.id)
    run(session, insert(totals).from_select(["union_id", *TOTALS], every_union))


def _lacking() -> Rows:
    totals = table_of(UnionFigures)
    return (
        select(col(Union.id))
        .outerjoin(totals, totals.c.union_id == Union.id)
        .where(totals.c.union_id.is_(None))
        .order_by(col(Union.id))
    )


def _totals_balance(*pending: Rows) -> Rows:
    return _balance(recounted_totals(), [select(table_of(UnionFigures)), *pending], ("union_id",), TOTALS)


def _days_balance(*pending: Rows) -> Rows:
    return _balance(recounted_days(), [select(table_of(DailyFigures)), *pending], ("union_id", "day"), DAILY)


def _missing_rows(session: Session) -> list[Drift]:
    return [Drift(union_id, None, "row", 1) for union_id in run(session, _lacking()).scalars() if union_id]


def _drifting_totals(session: Session) -> list[Drift]:
    rows = run(session, _totals_balance(pending_totals())).mappings()
    return [Drift(row["union_id"], None, name, int(row[name])) for row in rows for name in TOTALS if row[name]]


def _drifting_days(session: Session) -> list[Drift]:
    rows = run(session, _days_balance(pending_days())).mappings()
    return [Drift(row["union_id"], row["day"], name, int(row[name])) for row in rows for name in DAILY if row[name]]


def _balance(counted: Rows, shown: list[Rows], keys: tuple[str, ...], figures: tuple[str, ...]) -> Rows:
    """Counted less shown, for the keys where it is not nothing, in the order of the keys."""
    sides: list[Rows] = []
    for sign, rows in ((1, counted), *((-1, rows) for rows in shown)):
        part = rows.subquery()
        sides.append(select(*(part.c[key] for key in keys), *((sign * part.c[name]).label(name) for name in figures)))
    ledger = union_all(*sides).subquery()
    sums = {name: func.sum(ledger.c[name]) for name in figures}
    by = [ledger.c[key] for key in keys]
    return (
        select(*by, *(total.label(name) for name, total in sums.items()))
        .group_by(*by)
        .having(or_(*(total != 0 for total in sums.values())))
        .order_by(*by)
    )

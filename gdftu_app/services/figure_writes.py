"""How figures are written: the statements that add rows to totals and to days."""

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy import Insert, Table, Update, update
from sqlalchemy.dialects import postgresql, sqlite

from gdftu_app.db import Dialect
from gdftu_app.models.figures import DailyFigures, UnionFigures
from gdftu_app.models.tables import Rows, table_of
from gdftu_app.queries.pending_figures import DAILY, TOTALS

OnConflict: TypeAlias = postgresql.Insert | sqlite.Insert
_TOTALS, _DAYS = table_of(UnionFigures), table_of(DailyFigures)


def adding_to_totals(rows: Rows) -> Update:
    """The statement that adds rows of `union_id` and all columns of the totals, named like them, to the totals."""
    sums = rows.subquery()
    return (
        update(_TOTALS)
        .where(_TOTALS.c.union_id == sums.c.union_id)
        .values({name: _TOTALS.c[name] + sums.c[name] for name in TOTALS})
    )


def adding_to_days(rows: Rows, dialect: Dialect, days: Table = _DAYS) -> Insert:
    """The statement that adds rows of union, day and the figures of `DAILY`, in this order, to days, kept or carried.

    The select must have a WHERE clause: SQLite would otherwise take ON CONFLICT for a join condition.
    """
    return _adding(_insert(dialect)(days).from_select(["union_id", "day", *DAILY], rows), days)


def adding_given(dialect: Dialect, table: Table) -> Insert:
    """The statement that adds rows given at execution, by all columns, to days, kept or carried, months and years."""
    return _adding(_insert(dialect)(table), table)


def _insert(dialect: Dialect) -> Callable[[Table], OnConflict]:
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


def _adding(adding: OnConflict, table: Table) -> Insert:
    return adding.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: table.c[name] + adding.excluded[name] for name in DAILY},
    )

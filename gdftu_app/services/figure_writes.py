"""How figures are written: the statements that add rows to totals and to days."""

from sqlalchemy import Insert, Update, update
from sqlalchemy.dialects import postgresql, sqlite

from gdftu_app.db import Dialect
from gdftu_app.models.figures import DailyFigures, UnionFigures
from gdftu_app.models.tables import Rows, table_of
from gdftu_app.queries.pending_figures import DAILY, TOTALS

_TOTALS, _DAYS = table_of(UnionFigures), table_of(DailyFigures)


def adding_to_totals(rows: Rows) -> Update:
    """The statement that adds rows of `union_id` and all columns of the totals, named like them, to the totals."""
    sums = rows.subquery()
    return (
        update(_TOTALS)
        .where(_TOTALS.c.union_id == sums.c.union_id)
        .values({name: _TOTALS.c[name] + sums.c[name] for name in TOTALS})
    )


def adding_to_days(rows: Rows, dialect: Dialect) -> Insert:
    """The statement that adds rows of union, day and the figures of `DAILY`, in this order, to the days.

    The select must have a WHERE clause: SQLite would otherwise take ON CONFLICT for a join condition.
    """
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    adding = insert(_DAYS).from_select(["union_id", "day", *DAILY], rows)
    return adding.on_conflict_do_update(
        index_elements=["union_id", "day"],
        set_={name: _DAYS.c[name] + adding.excluded[name] for name in DAILY},
    )

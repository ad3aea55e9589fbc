"""How compositions are written: the statement that adds counts to cells."""

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite

from gdftu_app.db import Dialect
from gdftu_app.models.figures import CompositionFigures
from gdftu_app.models.tables import Rows, table_of

_CELLS = table_of(CompositionFigures)


def adding_to_cells(rows: Rows, dialect: Dialect) -> Insert:
    """The statement that adds rows of union, cell and count, in this order, to the compositions.

    The select must have a WHERE clause: SQLite would otherwise take ON CONFLICT for a join condition.
    """
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    adding = insert(_CELLS).from_select(["union_id", "cell", "count"], rows)
    return adding.on_conflict_do_update(
        index_elements=["union_id", "cell"], set_={"count": _CELLS.c["count"] + adding.excluded["count"]}
    )

"""The small federation as rows: established once for each database, and written for every test that asks for it."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, insert
from sqlmodel import Session, SQLModel, col, select

from gdftu_app.models.unions import Union
from gdftu_app.services.tree_locks import share_tree
from tests.factories import Federation, id_of, make_federation

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mould:
    """What establishing a federation leaves in the tables, and the ids of its unions by their places in it."""

    rows: list[tuple[Table, list[Row]]]
    ids: dict[str, int]

    def cast(self, session: Session) -> Federation:
        """Write the rows; the unions and the lock on the tree are as they are after establishing."""
        share_tree(session)
        connection = session.connection()
        for table, rows in self.rows:
            connection.execute(insert(table), rows)
        found = {union.id: union for union in session.exec(select(Union).where(col(Union.id).in_(self.ids.values())))}
        return Federation(**{place: found[number] for place, number in self.ids.items()})


def take_mould(session: Session) -> Mould:
    """Establish a federation, note its rows, and take it back."""
    connection, trial = session.connection(), session.begin_nested()
    before = _rows(connection)
    federation = make_federation(session)
    session.flush()
    ids = {place: id_of(getattr(federation, place)) for place in Federation.__dataclass_fields__}
    added = [
        (table, alike)
        for table, rows in _rows(connection).items()
        for alike in _alike([row for row in rows if row not in before[table]])
    ]
    trial.rollback()
    return Mould(added, ids)


def _rows(connection: Connection) -> dict[Table, list[Row]]:
    """All rows of all tables, those first that others refer to; what is not there is left out, what is computed too."""
    return {
        table: [
            {name: value for name, value in row.items() if value is not None and table.c[name].computed is None}
            for row in connection.execute(table.select()).mappings()
        ]
        for table in SQLModel.metadata.sorted_tables
    }


def _alike(rows: list[Row]) -> list[list[Row]]:
    """The rows, together with those after them that name the same columns."""
    return [list(alike) for _, alike in groupby(rows, key=lambda row: tuple(row))]

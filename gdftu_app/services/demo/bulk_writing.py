"""Writing millions of rows: without the indexes and foreign keys, which come back when all rows are there.

PostgreSQL: COPY into truncated tables, all in the transaction of the load. An operator who loads a province raises
`maintenance_work_mem` (1 GB), `max_wal_size` (20 GB) and `shared_buffers`, and, on a server of its own, sets
`wal_level = minimal` with `max_wal_senders = 0` for the time of the load: the rows are then written once, not twice.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, ForeignKeyConstraint, Index, text
from sqlalchemy.schema import AddConstraint, DropConstraint
from sqlmodel import Session, SQLModel

from gdftu_app.db import dialect
from gdftu_app.models.figures import DailyFigures, UnionFigures
from gdftu_app.models.memberships import Membership, MembershipEvent
from gdftu_app.models.people import Person
from gdftu_app.models.span_figures import SpanFigures
from gdftu_app.models.tables import table_of
from gdftu_app.models.unions import Union, UnionEmployer, union_search
from gdftu_app.services.demo.bulk_lines import Block, rows_of

HUGE = (Person, Membership, MembershipEvent)
_LARGE = (Union, UnionEmployer, DailyFigures, SpanFigures, UnionFigures)
NUMBERED = ("unions", "employers", "persons", "memberships", "membership_events")
_COUNTED = ("daily_figures", "span_figures", "union_figures", "composition_figures")
_ANALYZED = ("unions", "union_search", "employers", *NUMBERED[2:])


class BulkWriter:
    """Writes blocks of rows into the database of a session."""

    def __init__(self, session: Session, columns: Mapping[str, Sequence[str]]) -> None:
        self.connection: Connection = session.connection()
        self.is_postgresql = dialect(session) == "postgresql"
        self.columns = columns
        self.huge = [table_of(model) for model in HUGE]
        written = [*self.huge, union_search, *(table_of(model) for model in _LARGE)]
        self.indexes: list[Index] = sorted(
            (index for table in written for index in table.indexes), key=lambda index: str(index.name)
        )
        self.foreign_keys: list[ForeignKeyConstraint] = sorted(
            (
                key
                for table in SQLModel.metadata.tables.values()
                for key in table.foreign_key_constraints
                if table in written or key.referred_table in self.huge
            ),
            key=lambda key: (key.table.name, *key.column_keys),
        )

    def begin(self) -> None:
        """Put indexes and foreign keys aside."""
        for index in self.indexes:
            index.drop(self.connection)
        if self.is_postgresql:
            for setting, value in (("maintenance_work_mem", "1GB"), ("work_mem", "1GB")):
                self.connection.execute(text(f"SET LOCAL {setting} = '{value}'"))
            for key in self.foreign_keys:
                self.connection.execute(DropConstraint(key))
            # Emptied in this transaction, the tables take frozen rows, which no vacuum has to visit again.
            self.connection.execute(text("TRUNCATE persons, memberships, membership_events"))

    def write(self, block: Block) -> None:
        """Write the rows of a block."""
        for table, lines in block.items():
            names = ", ".join(self.columns[table])
            if self.is_postgresql:
                frozen = " WITH (FREEZE)" if table in NUMBERED[2:] else ""
                self._copy(f"COPY {table} ({names}) FROM STDIN{frozen}", lines)
            else:
                marks = ", ".join("?" * len(self.columns[table]))
                insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  (names of our own tables)
                self.connection.exec_driver_sql(insert, rows_of(lines))

    def finish(self, count_figures: Callable[[], None], report: Callable[[int, int], None]) -> None:
        """Bring the indexes back, tell the planner what there is, count the figures, bring the foreign keys back."""
        steps: list[Callable[[], object]] = [
            lambda index=index: index.create(self.connection) for index in self.indexes
        ]
        if self.is_postgresql:
            steps += [lambda table=table: self._go_on_numbering(table) for table in NUMBERED]
            steps.append(lambda: self.connection.execute(text(f"ANALYZE {', '.join(_ANALYZED)}")))
        steps.append(count_figures)
        if self.is_postgresql:
            steps.append(lambda: self.connection.execute(text(f"ANALYZE {', '.join(_COUNTED)}")))
            steps += [lambda key=key: self.connection.execute(AddConstraint(key)) for key in self.foreign_keys]
        for done, step in enumerate(steps):
            report(done, len(steps))
            step()
        report(len(steps), len(steps))

    def _copy(self, statement: str, lines: str) -> None:
        driver = cast("psycopg.Connection[Any]", self.connection.connection.dbapi_connection)
        with driver.cursor() as cursor, cursor.copy(statement) as copy:  # pyright: ignore[reportArgumentType]  (own names)
            copy.write(lines)

    def _go_on_numbering(self, table: str) -> None:
        last = f"(SELECT max(id) FROM {table})"  # noqa: S608  (names of our own tables)
        self.connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"))

"""PostgreSQL in a backup: every table as COPY writes it, all at one moment, while others read and write."""

import json
from collections.abc import Iterator
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import text
from sqlmodel import Session

from gdftu_app.db import unit_of_work
from gdftu_app.integrations.archives import Damaged
from gdftu_app.services.backup_pieces import VERSIONS, KnownFile, Piece, in_pieces
from gdftu_app.services.migrations import revision

PREFIX = "tables"
SEQUENCES = "sequences.json"
_COLUMNS = text(
    "SELECT c.table_name, c.column_name FROM information_schema.columns c"
    " JOIN information_schema.tables t USING (table_schema, table_name)"
    " WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'"
    " AND c.table_name <> :versions ORDER BY c.table_name, c.ordinal_position"
)
_SEQUENCES = text(
    "SELECT sequencename, last_value FROM pg_sequences"
    " WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY sequencename"
)
_FOREIGN_KEYS = text(
    "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conrelid, conname"
)


class PostgresCopy:
    """The database as one transaction sees it; what others write meanwhile is not in it."""

    def __enter__(self) -> "PostgresCopy":
        self._unit = unit_of_work(reading=True)
        self._session = self._unit.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._unit.__exit__(*error)

    @property
    def revision(self) -> str:
        """The revision of the schema."""
        return revision(self._session)

    def pieces(self) -> Iterator[Piece]:
        """Of each table its columns and its rows, and where the numbering of rows has come to."""
        for table, columns in columns_of(self._session).items():
            yield f"{PREFIX}/{table}/columns", json.dumps(columns).encode()
            yield from in_pieces(f"{PREFIX}/{table}", self._rows(table, columns))
        numbered = self._session.connection().execute(_SEQUENCES)
        yield SEQUENCES, json.dumps(dict(map(tuple, numbered))).encode()

    def files(self) -> list[KnownFile]:
        """The files that the snapshot knows of."""
        rows = self._session.connection().execute(text("SELECT key, has_thumbnail FROM files ORDER BY id"))
        return [KnownFile(row.key, row.has_thumbnail) for row in rows]

    def _rows(self, table: str, columns: list[str]) -> Iterator[bytes]:
        with _driver(self._session).cursor() as cursor, cursor.copy(_copy(table, columns, "TO STDOUT")) as copy:
            for rows in copy:
                yield bytes(rows)


class PostgresLoading:
    """Tables filled within one transaction: all of it is there at its end, or nothing."""

    def __enter__(self) -> "PostgresLoading":
        self._unit = unit_of_work()
        self._session = self._unit.__enter__()
        self._columns: dict[str, list[str]] = {}
        # Rows may refer to rows of tables that come later.
        self._foreign_keys = [tuple(row) for row in self._session.connection().execute(_FOREIGN_KEYS)]
        for table, name, _ in self._foreign_keys:
            self._session.connection().execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
        return self

    def __exit__(self, *error: Any) -> None:
        self._unit.__exit__(*error)

    def take(self, name: str, content: bytes) -> None:
        """Take the next piece; raises `Damaged` for one that does not fit this schema."""
        if name == SEQUENCES:
            self._go_on_numbering(json.loads(content))
            return
        _, table, part = name.split("/")
        if part == "columns":
            self._columns[table] = json.loads(content)
            if columns_of(self._session).get(table) != self._columns[table]:
                raise Damaged(table)
            return
        try:
            copying = _copy(table, self._columns[table], "FROM STDIN")
            with _driver(self._session).cursor() as cursor, cursor.copy(copying) as copy:
                copy.write(content)
        except (psycopg.DataError, psycopg.IntegrityError, KeyError) as reason:
            raise Damaged(table) from reason

    def finish(self) -> None:
        """Bind the rows to each other again; raises `Damaged` when one is missing."""
        try:
            for table, name, definition in self._foreign_keys:
                _driver(self._session).execute(_plain(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"))
        except psycopg.IntegrityError as reason:
            raise Damaged(PREFIX) from reason
        self._session.connection().execute(text("ANALYZE"))

    def _go_on_numbering(self, reached: dict[str, int]) -> None:
        for sequence, last in reached.items():
            self._session.connection().execute(
                text("SELECT setval(quote_ident(:name)::regclass, :last)"), {"name": sequence, "last": last}
            )


def columns_of(session: Session) -> dict[str, list[str]]:
    """The columns that are written, of every table."""
    found: dict[str, list[str]] = {}
    for table, column in session.connection().execute(_COLUMNS, {"versions": VERSIONS}):
        found.setdefault(table, []).append(column)
    return found


def _copy(table: str, columns: list[str], how: str) -> sql.Composed:
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) {}").format(sql.Identifier(table), listed, _plain(how))


def _plain(statement: str) -> sql.SQL:
    return sql.SQL(cast("Any", statement))


def _driver(session: Session) -> "psycopg.Connection[Any]":
    return cast("psycopg.Connection[Any]", session.connection().connection.dbapi_connection)

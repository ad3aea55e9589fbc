"""Rows by the hundred, written by one statement: PostgreSQL takes them as one parameter, SQLite as many."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import JSON, Column, CursorResult, Row, Table, Text, TextClause, bindparam, cast, column, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from gdftu_app.db import dialect
from gdftu_app.models.tables import run

_ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Unless:
    """The unique index whose columns, where its condition holds, decide that a row is there already."""

    columns: tuple[str, ...]
    where: TextClause | None = None


def write_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows that all name the same columns, in their order."""
    if rows:
        _write(session, table, rows, None, ())


def write_new_rows(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], unless: Unless, *returning: Column[Any]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The same, but for rows that are there already; gives these columns of each row that was written."""
    return _write(session, table, rows, unless, returning).all() if rows else []


def _write(
    session: Session,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    unless: Unless | None,
    returning: Sequence[Column[Any]],
) -> CursorResult[*tuple[Any, ...]]:
    # A statement with a placeholder for every value is longer to take apart than to carry out.
    is_one_parameter = dialect(session) == "postgresql"
    insert: Any = postgresql.insert(table) if is_one_parameter else sqlite.insert(table)
    if is_one_parameter:
        names = list(rows[0])
        given = func.json_to_recordset(cast(bindparam(_ROWS, type_=Text()), JSON())).table_valued(
            *(column(name, table.c[name].type) for name in names), name="given"
        )
        source = given.render_derived(with_types=True)
        insert = insert.from_select(names, select(*(source.c[name] for name in names)))
    if unless is not None:
        insert = insert.on_conflict_do_nothing(index_elements=list(unless.columns), index_where=unless.where)
    if returning:
        insert = insert.returning(*returning)
    return run(session, insert, {_ROWS: json.dumps(rows, default=_plain)} if is_one_parameter else list(rows))


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)

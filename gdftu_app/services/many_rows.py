"""Rows by the hundred, written by one statement: PostgreSQL takes them as one parameter, SQLite as many."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    CursorResult,
    Insert,
    Row,
    Table,
    Text,
    TextClause,
    bindparam,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from gdftu_app.db import Dialect, dialect
from gdftu_app.models.tables import run

_ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Unless:
    """The unique index whose columns, where its condition holds, decide that a row is there already.

    One with a condition is made once: statements are kept by it.
    """

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
    kind = dialect(session)
    writing = _writing(kind, table, tuple(rows[0]), unless, tuple(returning))
    return run(session, writing, {_ROWS: json.dumps(rows, default=_plain)} if kind == "postgresql" else list(rows))


@cache
def _writing(
    kind: Dialect, table: Table, names: tuple[str, ...], unless: Unless | None, returning: tuple[Column[Any], ...]
) -> Insert:
    # A statement with a placeholder for every value is longer to take apart than to carry out.
    insert: Any = postgresql.insert(table) if kind == "postgresql" else sqlite.insert(table)
    if kind == "postgresql":
        given = func.json_to_recordset(cast(bindparam(_ROWS, type_=Text()), JSON())).table_valued(
            *(column(name, table.c[name].type) for name in names), name="given"
        )
        source = given.render_derived(with_types=True)
        insert = insert.from_select(list(names), select(*(source.c[name] for name in names)))
    if unless is not None:
        insert = insert.on_conflict_do_nothing(index_elements=list(unless.columns), index_where=unless.where)
    return insert.returning(*returning) if returning else insert


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)

"""Rows by the hundred, written by one statement: PostgreSQL takes them as one parameter, SQLite as many.

What one transaction writes into several tables can be written together, by a single statement on PostgreSQL.
"""

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    FromClause,
    Insert,
    Row,
    Select,
    Table,
    Text,
    TextClause,
    Update,
    bindparam,
    cast,
    column,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from gdftu_app.db import Dialect, dialect
from gdftu_app.models.tables import run

_ROWS, _TOGETHER = "rows", "rows are written together"


@dataclass(frozen=True, slots=True)
class Unless:
    """The unique index whose columns, where its condition holds, decide that a row is there already.

    One with a condition is made once: statements are kept by it.
    """

    columns: tuple[str, ...]
    where: TextClause | None = None


@dataclass(frozen=True, slots=True)
class _Writing:
    """New rows of a table with these columns; or, where it `changes`, new values of the rows with the ids given, as far
    as they hold these values now."""

    table: Table
    names: tuple[str, ...]
    changes: bool = False
    holding: tuple[tuple[str, Any], ...] = ()


def write_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows that all name the same columns, in their order."""
    if rows:
        _write(session, _Writing(table, tuple(rows[0])), rows)


def change_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]], **holding: Any) -> None:
    """Write the columns given with the `id` of each row, the same of all, where `holding` columns have these values."""
    if rows:
        _write(session, _Writing(table, tuple(rows[0]), True, tuple(holding.items())), rows)


def write_new_rows(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], unless: Unless, *returning: Column[Any]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Write rows but for those that are there already, at once; gives these columns of each row that was written."""
    if not rows:
        return []
    kind = dialect(session)
    statement = _written_new(kind, table, tuple(rows[0]), unless, returning)
    return run(session, statement, {f"{_ROWS}_0": _given(rows)} if kind == "postgresql" else list(rows)).all()


@contextmanager
def written_together(session: Session) -> Generator[None]:
    """Rows that are to be written or changed meanwhile are so at the end: PostgreSQL is asked once for all of them.

    Nobody reads them before that, and no row is changed twice. New rows of a table keep their order, tables do not.
    SQLite, where asking costs nothing, writes them at once.
    """
    if dialect(session) == "sqlite" or _TOGETHER in session.info:
        yield
        return
    waiting: dict[_Writing, list[Mapping[str, Any]]] = {}
    session.info[_TOGETHER] = waiting
    try:
        yield
    finally:
        del session.info[_TOGETHER]
    if waiting:
        values = {f"{_ROWS}_{place}": _given(rows) for place, rows in enumerate(waiting.values())}
        run(session, _together(tuple(waiting)), values)


def _write(session: Session, writing: _Writing, rows: Sequence[Mapping[str, Any]]) -> None:
    if dialect(session) == "sqlite":
        new = [{f"new_{name}": value for name, value in row.items()} for row in rows] if writing.changes else list(rows)
        run(session, _on_sqlite(writing), new)
    elif _TOGETHER in session.info:
        session.info[_TOGETHER].setdefault(writing, []).extend(rows)
    else:
        run(session, _together((writing,)), {f"{_ROWS}_0": _given(rows)})


@cache
def _on_sqlite(writing: _Writing) -> Insert | Update:
    table = writing.table
    if not writing.changes:
        return insert(table)
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in writing.names if name != "id"}
    return update(table).where(table.c.id == bindparam("new_id"), *_held(writing)).values(values)


@cache
def _together(writings: tuple[_Writing, ...]) -> Insert | Update:
    # The last of them carries out the others, as common table expressions.
    *others, last = (_on_postgresql(writing, place) for place, writing in enumerate(writings))
    return last.add_cte(*(other.cte(f"written_{place}") for place, other in enumerate(others)))


def _on_postgresql(writing: _Writing, place: int) -> Insert | Update:
    table, given = writing.table, _rows_given(writing.table, writing.names, place)
    if not writing.changes:
        return insert(table).from_select(list(writing.names), _all_of(given))
    values = {name: given.c[name] for name in writing.names if name != "id"}
    return update(table).where(table.c.id == given.c.id, *_held(writing)).values(values)


def _held(writing: _Writing) -> list[ColumnElement[bool]]:
    return [writing.table.c[name] == value for name, value in writing.holding]


@cache
def _written_new(
    kind: Dialect, table: Table, names: tuple[str, ...], unless: Unless, returning: tuple[Column[Any], ...]
) -> Insert:
    adding: Any = postgresql.insert(table) if kind == "postgresql" else sqlite.insert(table)
    if kind == "postgresql":
        adding = adding.from_select(list(names), _all_of(_rows_given(table, names, 0)))
    adding = adding.on_conflict_do_nothing(index_elements=list(unless.columns), index_where=unless.where)
    return adding.returning(*returning) if returning else adding


def _rows_given(table: Table, names: tuple[str, ...], place: int) -> FromClause:
    # A statement with a placeholder for every value is longer to take apart than to carry out.
    rows = cast(bindparam(f"{_ROWS}_{place}", type_=Text()), JSON())
    columns = (column(name, table.c[name].type) for name in names)
    return func.json_to_recordset(rows).table_valued(*columns, name="given").render_derived(with_types=True)


def _all_of(given: FromClause) -> Select[Any]:
    # The driver keeps what it knows of a statement only if that is not too long.
    return select(text("*")).select_from(given)


def _given(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)

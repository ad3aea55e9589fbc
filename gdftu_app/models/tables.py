"""Tables behind the mapped classes, for statements that work on whole sets and keep nothing in memory in step."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import CursorResult, Executable, Select, Table
from sqlmodel import Session, SQLModel

Rows: TypeAlias = Select[*tuple[Any, ...]]


def table_of(model: type[SQLModel]) -> Table:
    """The table of a mapped class."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def run(
    session: Session, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement on tables in the session's transaction, after what the session still has to write."""
    session.flush()
    return session.connection().execute(statement, parameters)

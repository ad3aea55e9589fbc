"""Paths of unions: `/1/17/203/`, the ids from the root to the union itself, with a slash on both ends."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    SQLColumnExpression,
    Text,
    bindparam,
    column,
    func,
    literal,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


def path_below(superior: str, union_id: int) -> str:
    """The path of a union directly below the path of its superior; below nothing (`""`) it is a root."""
    return f"{superior or '/'}{union_id}/"


def ids_of(path: str) -> list[int]:
    """The ids along a path, from the root to the union itself."""
    return [int(part) for part in path.split("/") if part]


class _Ids(FunctionElement[Any]):
    inherit_cache = True
    name = "ids_along"


@compiles(_Ids, "postgresql")
def _ids_on_postgresql(element: _Ids, compiler: Any, **options: Any) -> str:
    path = compiler.process(element.clauses, **options)
    return f"unnest(CAST(string_to_array(btrim({path}, '/'), '/') AS bigint[]))"


@compiles(_Ids, "sqlite")
def _ids_on_sqlite(element: _Ids, compiler: Any, **options: Any) -> str:
    path = compiler.process(element.clauses, **options)
    return f"json_each('[' || replace(trim({path}, '/'), '/', ',') || ']')"


def ids_along(path: SQLColumnExpression[str]) -> FromClause:
    """The ids along the path of each row, as a table of one column `value`; join it on `true()`."""
    return _Ids(path).table_valued(column("value", BigInteger), name="value", joins_implicitly=True)


TAKEN = "taken"


def ids_taken() -> FromClause:
    """Ids given at execution as the parameter `TAKEN` (see `listed`): one parameter, however many they are."""
    return ids_along(bindparam(TAKEN, type_=Text()))


def listed(ids: Iterable[int | None]) -> str:
    """The value of the parameter `TAKEN` for some ids; at least one."""
    return "/".join(map(str, ids))


def ids_listed(ids: Iterable[int]) -> FromClause:
    """The given ids, at least one, as a table of one column `value`."""
    return ids_along(literal(listed(ids)))


def rebased(path: SQLColumnExpression[str], *, old: str, new: str) -> ColumnElement[str]:
    """The path of each row of a branch once its root's path `old` has become `new`."""
    return literal(new).concat(func.substr(path, len(old) + 1))

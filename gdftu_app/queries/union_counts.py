"""The counts that every list of unions shows, exact: what is folded and what is pending, in one statement.

The full set of figures is in `figures`; planning its statement takes longer than reading these three for a page.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Subquery, Text, bindparam, exists, func, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session

from gdftu_app.models.figures import FigureDelta, UnionFigures
from gdftu_app.models.paths import TAKEN, ids_along, ids_taken, listed
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union

_TOTALS, _DELTAS, _UNIONS = table_of(UnionFigures), table_of(FigureDelta), table_of(Union)
_COUNTED = {
    "subordinates": (_TOTALS.c.unions_sub, _DELTAS.c.unions),
    "members": (_TOTALS.c.members_sub, _DELTAS.c.members),
    "verified": (_TOTALS.c.verified_sub, _DELTAS.c.verified),
}


class Among(FunctionElement[bool]):
    """Whether an id is one of a list such as `1/17/203`: one parameter, looked up by key, planned at little cost.

    It has no type on purpose: SQLite is asked whether a Boolean `= 1`, and looks at every row then.
    """

    inherit_cache = True
    name = "among"


@compiles(Among, "postgresql")
def _among_on_postgresql(element: Among, compiler: Any, **options: Any) -> str:
    number, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{number} = ANY (CAST(string_to_array({ids}, '/') AS integer[]))"


@compiles(Among, "sqlite")
def _among_on_sqlite(element: Among, compiler: Any, **options: Any) -> str:
    number, _ids = element.clauses
    return compiler.process(number.in_(select(ids_taken().c.value)), **options)


def among_taken(number: ColumnElement[int]) -> ColumnElement[bool]:
    """The condition that an id is among those given as the parameter `TAKEN` (see `models.paths.listed`)."""
    return Among(number, bindparam(TAKEN, type_=Text()))


def exact_counts(*, of: Callable[[ColumnElement[int]], ColumnElement[bool]]) -> Subquery:
    """A table of `union_id`, `subordinates`, `members` and `verified`, everything below included.

    `of` makes the condition that an id is one of those needed, from a column: fewer pending changes are looked at.
    """
    along = ids_along(_UNIONS.c.path)
    pending = (
        select(
            along.c.value.label("union_id"),
            *(func.sum(change).label(name) for name, (_, change) in _COUNTED.items()),
        )
        .select_from(_DELTAS.join(_UNIONS, _UNIONS.c.id == _DELTAS.c.union_id).join(along, true()))
        .where(of(along.c.value))
        .group_by(along.c.value)
        .subquery("pending")
    )
    return (
        select(
            _TOTALS.c.union_id,
            *((total + func.coalesce(pending.c[name], 0)).label(name) for name, (total, _) in _COUNTED.items()),
        )
        .select_from(_TOTALS.outerjoin(pending, pending.c.union_id == _TOTALS.c.union_id))
        .subquery("counts")
    )


def read_counts(
    session: Session, make: Callable[[Subquery], Rows], ids: Sequence[int]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Rows of a statement on the counts of some unions; `make` makes it from their table, for `among_taken` unions.

    Mostly nothing is pending. So the folded counts are read first, and whether they are all there is; if not, the
    exact ones, which take three times as long.
    """
    if not ids:
        return []
    folded, exact = _statements(make)
    asked = {TAKEN: listed(ids)}
    rows = run(session, folded, asked).all()
    return run(session, exact, asked).all() if rows and rows[0].is_pending else rows


@cache
def _statements(make: Callable[[Subquery], Rows]) -> tuple[Rows, Rows]:
    totals = (total.label(name) for name, (total, _) in _COUNTED.items())
    folded = select(_TOTALS.c.union_id, *totals).subquery("counts")
    is_pending = exists(select(_DELTAS.c.id)).label("is_pending")
    return make(folded).add_columns(is_pending), make(exact_counts(of=among_taken))

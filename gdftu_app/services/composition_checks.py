"""Checking compositions against a recount, and counting them anew: the part of `figure_checks` that is about cells."""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session

from gdftu_app.db import dialect
from gdftu_app.models.figures import CompositionFigures
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.pending_cells import pending_cells
from gdftu_app.services.composition_recounts import derived_industries, recounted_cells
from gdftu_app.services.composition_writes import adding_to_cells
from gdftu_app.services.figure_balances import balance

_CELLS, _UNIONS = table_of(CompositionFigures), table_of(Union)


def drifting_cells(session: Session) -> Iterator[tuple[int, str, int]]:
    """The union, the cell and what it lacks, wherever a cell differs from its recount, pending changes included.

    A union whose industry is not that of its employers lacks one `industry`.
    """
    for number in run(session, _out_of_step()).scalars():
        yield number, "industry", 1
    for row in run(session, _balance(pending=True)).mappings():
        yield row["union_id"], row["cell"], int(row["count"])


def rebuild_cells(session: Session) -> None:
    """Set every cell to its recount; the caller has seized the tree and taken away what is pending."""
    _renew_industries(session)
    run(session, adding_to_cells(_balance(), dialect(session)))
    run(session, delete(_CELLS).where(_CELLS.c["count"] == 0))


def count_cells_anew(session: Session) -> None:
    """Write all cells, whatever is there."""
    run(session, delete(_CELLS))
    _renew_industries(session)
    counted = recounted_cells().order_by("union_id", "cell")
    run(session, insert(_CELLS).from_select(["union_id", "cell", "count"], counted))


@cache
def _out_of_step() -> Rows:
    derived = derived_industries().subquery("derived")
    return (
        select(derived.c.union_id, derived.c.industry)
        .join_from(derived, _UNIONS, _UNIONS.c.id == derived.c.union_id)
        .where(_UNIONS.c.industry != derived.c.industry)
        .order_by(derived.c.union_id)
    )


def _renew_industries(session: Session) -> None:
    wrong = _out_of_step().subquery("wrong")
    run(session, update(_UNIONS).where(_UNIONS.c.id == wrong.c.union_id).values(industry=wrong.c.industry))


@cache
def _balance(*, pending: bool = False) -> Rows:
    shown = [select(_CELLS), *([pending_cells()] if pending else [])]
    return balance(recounted_cells(), shown, ("union_id", "cell"), ("count",))

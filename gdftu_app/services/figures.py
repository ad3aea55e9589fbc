"""Figures (统计数): changes are recorded beside what caused them and folded into the superiors (design §4)."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, Delete, Insert, Update, delete, select
from sqlmodel import Session, col

from gdftu_app.clock import today
from gdftu_app.db import Dialect, dialect
from gdftu_app.models.figures import FigureDelta
from gdftu_app.models.paths import TAKEN, ids_taken, listed
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.pending_cells import pending_cells
from gdftu_app.queries.pending_figures import MOVEMENTS, pending_days, pending_totals
from gdftu_app.services.composition_writes import adding_to_cells
from gdftu_app.services.figure_spans import adding_to_spans
from gdftu_app.services.figure_writes import adding_to_days, adding_to_totals
from gdftu_app.services.many_rows import write_rows
from gdftu_app.services.past_events import Happened, give_to_former_superiors
from gdftu_app.services.tree_locks import claim_folding, share_tree

FOLD_AT_ONCE = 5_000
_GATHERING = "figures are gathered"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What one transaction changes in one union's own figures; the fields are those of `FigureDelta`.

    `cells` are changes by cell (see `models.cells`), none of them 0, and None where there are none.
    """

    union_id: int
    day: date
    unions: int = 0
    members: int = 0
    verified: int = 0
    women: int = 0
    migrant: int = 0
    joined: int = 0
    transferred_in: int = 0
    transferred_out: int = 0
    removed: int = 0
    newly_verified: int = 0
    registered: int = 0
    cells: Mapping[str, int] | None = None


# Read one by one: `asdict` copies deeply, which costs more than writing the row.
_FIELDS = [field.name for field in fields(Change)]


def record(session: Session, *changes: Change) -> None:
    """Keep what this transaction changed in the figures of the unions it touched.

    PostgreSQL: rows that the worker folds later, reads add them meanwhile. SQLite, with one writer: folded at once.
    The caller shares the tree (`tree_locks.share_tree`).
    """
    rows = [{name: getattr(change, name) for name in _FIELDS} for change in changes]
    write_rows(session, table_of(FigureDelta), rows)
    now = today()
    if past := [change for change in changes if change.day < now]:
        give_to_former_superiors(session, [_happened(change) for change in past])
    if dialect(session) == "sqlite" and _GATHERING not in session.info:
        fold(session)


def _happened(change: Change) -> Happened:
    brought = {daily: getattr(change, name) for name, daily in MOVEMENTS.items()}
    return Happened(change.union_id, change.day, brought)


@contextmanager
def gathering(session: Session) -> Generator[None]:
    """Fold once at the end what is recorded meanwhile, for work on many rows; reads stay exact."""
    session.info[_GATHERING] = True
    try:
        yield
        while fold(session):
            pass
    finally:
        del session.info[_GATHERING]


def fold(session: Session, *, limit: int = FOLD_AT_ONCE) -> int:
    """Fold pending deltas, the oldest first, into the totals, days and cells of their unions and all superiors.

    Gives the number of deltas folded: fewer than `limit` means that none are left, or that another worker folds.
    """
    share_tree(session)
    if not claim_folding(session):
        return 0
    oldest = select(col(FigureDelta.id)).order_by(col(FigureDelta.id)).limit(limit)
    return _fold(session, list(run(session, oldest).scalars()))


def fold_branch(session: Session, branch: ColumnElement[bool]) -> int:
    """Fold all pending deltas of the unions that meet a condition; the caller has seized the tree."""
    pending = select(col(FigureDelta.id)).join(Union, col(Union.id) == FigureDelta.union_id).where(branch)
    return _fold(session, list(run(session, pending).scalars()))


@dataclass(frozen=True, slots=True)
class _Folding:
    totals: Update
    days: Insert
    spans: Insert
    cells: Insert
    removal: Delete


@cache
def _folding(kind: Dialect) -> _Folding:
    deltas = table_of(FigureDelta)
    taken = deltas.c.id.in_(select(ids_taken().c.value))
    return _Folding(
        adding_to_totals(pending_totals(deltas=taken)),
        adding_to_days(pending_days(deltas=taken), kind),
        adding_to_spans(pending_days(deltas=taken, every=True), kind),
        adding_to_cells(pending_cells(deltas=taken), kind),
        delete(deltas).where(taken),
    )


def _fold(session: Session, ids: list[int]) -> int:
    if ids:
        folding = _folding(dialect(session))
        for statement in (folding.totals, folding.days, folding.spans, folding.cells, folding.removal):
            run(session, statement, {TAKEN: listed(ids)})
    return len(ids)

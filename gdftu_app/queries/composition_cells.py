"""Counts of compositions (构成): kept for above-base unions with everything below, else counted from memberships."""

from collections import Counter, defaultdict
from functools import cache
from typing import TypeAlias

from sqlalchemy import bindparam, exists, func, select, union_all
from sqlmodel import Session

from gdftu_app.models.cells import Trait, trait_and_value
from gdftu_app.models.figures import CompositionFigures, FigureDelta
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.flows import Place
from gdftu_app.queries.pending_cells import cells_changed
from gdftu_app.security.actors import branch_asked, within_asked

_CELLS, _MEMBERS, _UNIONS = (table_of(model) for model in (CompositionFigures, Membership, Union))
_DELTAS = table_of(FigureDelta)
# How many members, or unions, there are by trait and value; those of a union alone have no industry and no level.
Counted: TypeAlias = dict[Trait, Counter[str]]


def counted_by_trait(session: Session, place: Place, *, below: bool) -> Counted:
    """The present members of a union, alone or with everything below it, and the unions below it.

    One statement, two while changes are pending.
    """
    if below and place.is_above_base:
        return _kept(session, place)
    statement = _of_branch() if below else _of_union()
    asked = branch_asked(place.path) if below else {"union": place.id}
    counted: Counted = defaultdict(Counter)
    for year, education, occupation, count in run(session, statement, asked):
        counted[Trait.BORN]["" if year is None else str(year)] += count
        counted[Trait.EDUCATION][education] += count
        counted[Trait.OCCUPATION][occupation] += count
    return counted


def _kept(session: Session, place: Place) -> Counted:
    # Mostly nothing is pending. So the folded cells are read first, and whether they are all there is.
    rows = run(session, _folded_cells(), {"union": place.id}).all()
    if not rows or rows[0].is_pending:
        rows = run(session, _exact_cells(), branch_asked(place.path) | {"union": place.id}).all()
    counted: Counted = defaultdict(Counter)
    for row in rows:
        trait, value = trait_and_value(row[0])
        counted[trait][value] += int(row[1])
    return counted


@cache
def _folded_cells() -> Rows:
    is_pending = exists(select(_DELTAS.c.id)).label("is_pending")
    return select(_CELLS.c.cell, _CELLS.c["count"], is_pending).where(_CELLS.c.union_id == bindparam("union"))


@cache
def _exact_cells() -> Rows:
    changed = cells_changed(within_asked(_UNIONS.c.path)).subquery("changed")
    parts = union_all(
        select(_CELLS.c.cell, _CELLS.c["count"]).where(_CELLS.c.union_id == bindparam("union")),
        select(changed.c.cell, changed.c["count"]),
    ).subquery("cells")
    return select(parts)


@cache
def _of_union() -> Rows:
    return _counted().where(_MEMBERS.c.union_id == bindparam("union"))


@cache
def _of_branch() -> Rows:
    in_branch = _UNIONS.c.id == _MEMBERS.c.union_id
    return _counted().join_from(_MEMBERS, _UNIONS, in_branch).where(within_asked(_UNIONS.c.path))


def _counted() -> Rows:
    traits = (_MEMBERS.c.born_year, _MEMBERS.c.education, _MEMBERS.c.occupation)
    return select(*traits, func.count()).where(_MEMBERS.c.status == MembershipStatus.CURRENT).group_by(*traits)

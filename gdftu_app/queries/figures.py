"""Exact figures (统计数) of unions: what is folded and what is pending, in one statement and so in one snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Subquery, func, select
from sqlmodel import Session

from gdftu_app.errors import NotFound
from gdftu_app.models.figures import UnionFigures
from gdftu_app.models.paths import TAKEN, ids_taken, listed
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.pending_figures import TOTALS, pending_totals


@dataclass(frozen=True, slots=True)
class Figures:
    """Totals of one union: `…_own` of itself, `…_sub` with everything below it; its subordinates exclude itself."""

    union_id: int
    unions_direct: int
    unions_sub: int
    members_own: int
    members_sub: int
    verified_own: int
    verified_sub: int
    women_own: int
    women_sub: int
    migrant_own: int
    migrant_sub: int

    @property
    def verified_share(self) -> float:
        """实名率: verified members as a share (0 to 1) of all members below; 0 where there are none."""
        return self.verified_sub / self.members_sub if self.members_sub else 0.0


def exact_figures(of: Rows | None = None) -> Subquery:
    """A table of `union_id` and all totals, pending changes included, to join with unions: `figures.c.members_sub`.

    `of` selects the ids of the unions needed: fewer pending changes are then looked at.
    """
    totals, pending = table_of(UnionFigures), pending_totals(of=of).subquery("pending")
    columns = [(totals.c[name] + func.coalesce(pending.c[name], 0)).label(name) for name in TOTALS]
    return (
        select(totals.c.union_id, *columns)
        .select_from(totals.outerjoin(pending, pending.c.union_id == totals.c.union_id))
        .subquery("figures")
    )


@cache
def _of_given_unions() -> Rows:
    given = select(ids_taken().c.value)
    figures = exact_figures(given)
    return select(figures).where(figures.c.union_id.in_(given))


def figures_for(session: Session, union_ids: Sequence[int]) -> dict[int, Figures]:
    """Figures of some unions, such as a page of up to 200 children, by their ids; one statement."""
    if not union_ids:
        return {}
    rows = run(session, _of_given_unions(), {TAKEN: listed(union_ids)})
    return {figures.union_id: figures for figures in (Figures(*row) for row in rows)}


def figures_of(session: Session, union: Union | int) -> Figures:
    """Figures of one union; raises NotFound."""
    union_id = union if isinstance(union, int) else union.id
    found = figures_for(session, [union_id]) if union_id is not None else {}
    if union_id not in found:
        raise NotFound
    return found[union_id]

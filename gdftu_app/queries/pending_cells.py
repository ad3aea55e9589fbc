"""Pending cells (待汇总的构成): what recent changes add to the compositions of unions."""

from sqlalchemy import ColumnElement, Integer, cast, false, func, select, true, union_all

from gdftu_app.models.cells import Trait, cell_of, counts_in
from gdftu_app.models.figures import FigureDelta
from gdftu_app.models.paths import ids_along
from gdftu_app.models.tables import Rows, table_of
from gdftu_app.models.unions import Union

_DELTAS, _UNIONS = table_of(FigureDelta), table_of(Union)


def pending_cells(*, deltas: ColumnElement[bool] | None = None) -> Rows:
    """Rows of `union_id`, `cell` and `count`: the sum of some deltas (all by default) for the above-base unions."""
    changed = cells_changed(deltas if deltas is not None else true()).subquery("changed")
    along, superior = ids_along(changed.c.path), _UNIONS.alias("superior")
    total = func.sum(changed.c.count)
    return (
        select(along.c.value.label("union_id"), changed.c.cell, total.label("count"))
        .select_from(changed)
        .join(along, true())
        .join(superior, superior.c.id == along.c.value)
        # Not as a plain condition: SQLite would start from all above-base unions.
        .where(superior.c.is_above_base.is_not(false()))
        .group_by(along.c.value, changed.c.cell)
        .having(total != 0)
    )


def cells_changed(which: ColumnElement[bool]) -> Rows:
    """Rows of `path`, `cell` and `count`: what deltas changed in the cells of their own unions.

    `which` is a condition on deltas and their unions. Paths come along because reading the unions once more for each
    cell makes PostgreSQL read all of them: it takes the few cells of a change for a hundred.
    """
    counted = counts_in(_DELTAS.c.cells)
    count = func.sum(cast(counted.c.value, Integer))
    kept = (
        select(_UNIONS.c.path, counted.c.key.label("cell"), count.label("count"))
        .select_from(_DELTAS)
        .join(_UNIONS, _UNIONS.c.id == _DELTAS.c.union_id)
        .join(counted, true())
        .where(which)
        .group_by(_UNIONS.c.path, counted.c.key)
    )
    members = func.sum(_DELTAS.c.members)
    by_union = [
        select(_UNIONS.c.path, cell_of(trait, kind).label("cell"), members.label("count"))
        .select_from(_DELTAS)
        .join(_UNIONS, _UNIONS.c.id == _DELTAS.c.union_id)
        .where(which, _DELTAS.c.members != 0)
        .group_by(_UNIONS.c.path, kind)
        for trait, kind in ((Trait.INDUSTRY, _UNIONS.c.industry), (Trait.LEVEL, _UNIONS.c.level))
    ]
    parts = union_all(kept, *by_union).subquery()
    return select(parts.c.path, parts.c.cell, parts.c["count"].label("count"))

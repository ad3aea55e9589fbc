"""Pending figures (待汇总): what recent changes add to each union on the paths of the unions they touched."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, case, false, func, or_, select, true
from sqlmodel import col

from gdftu_app.models.figures import FigureDelta
from gdftu_app.models.paths import ids_along
from gdftu_app.models.tables import Rows, table_of
from gdftu_app.models.unions import Union

COUNTED = ("members", "verified", "women", "migrant")
# What a delta calls what a day brought, and what the daily figures call it.
MOVEMENTS: Mapping[str, str] = {
    "joined": "joined",
    "transferred_in": "transferred_in",
    "transferred_out": "transferred_out",
    "removed": "removed",
    "newly_verified": "verified",
    "members": "members",
    "verified": "verified_members",
    "registered": "registered",
}
DAILY = tuple(MOVEMENTS.values())
TOTALS = ("unions_direct", "unions_sub", *(f"{name}_{scope}" for name in COUNTED for scope in ("own", "sub")))


def pending_totals(*, deltas: ColumnElement[bool] | None = None, of: Rows | None = None) -> Rows:
    """Rows of `union_id` and the totals' columns: the sum of some deltas (all by default) for some unions (`of`)."""
    along = ids_along(col(Union.path))
    own = along.c.value == FigureDelta.union_id
    columns = [
        func.sum(case((own, col(FigureDelta.unions)), else_=0)).label("unions_direct"),
        func.sum(FigureDelta.unions).label("unions_sub"),
    ]
    for name in COUNTED:
        change = getattr(FigureDelta, name)
        columns += [func.sum(case((own, change), else_=0)).label(f"{name}_own"), func.sum(change).label(f"{name}_sub")]
    return (
        select(along.c.value.label("union_id"), *columns)
        .select_from(FigureDelta)
        .join(Union, col(Union.id) == FigureDelta.union_id)
        .join(along, true())
        .where(deltas if deltas is not None else true())
        .where(along.c.value.in_(of) if of is not None else true())
        .group_by(along.c.value)
    )


def pending_days(*, deltas: ColumnElement[bool] | None = None, of: Rows | None = None, every: bool = False) -> Rows:
    """Rows of union, day and the figures of `DAILY`: the sum of some deltas for the above-base unions.

    `every` gives those of base unions too; `of` selects the ids of the unions needed.
    """
    along, superior = ids_along(col(Union.path)), table_of(Union).alias("superior")
    movements = [getattr(FigureDelta, name) for name in MOVEMENTS]
    days = (
        select(
            along.c.value.label("union_id"),
            col(FigureDelta.day),
            *(func.sum(getattr(FigureDelta, name)).label(daily) for name, daily in MOVEMENTS.items()),
        )
        .select_from(FigureDelta)
        .join(Union, col(Union.id) == FigureDelta.union_id)
        .join(along, true())
        .where(deltas if deltas is not None else true(), or_(*(movement != 0 for movement in movements)))
        .where(along.c.value.in_(of) if of is not None else true())
        .group_by(along.c.value, col(FigureDelta.day))
    )
    if every:
        return days
    # Not as a plain condition: SQLite would start from all above-base unions.
    return days.join(superior, superior.c.id == along.c.value).where(superior.c.is_above_base.is_not(false()))

"""Areas: the unions of county level and above. Each union belongs to the nearest, itself or above it.

A branch that begins at an area is made of whole areas, some hundreds in a province; any other stands within one.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import ScalarSelect, SQLColumnExpression, func, select
from sqlmodel import Session

from gdftu_app.models.paths import TAKEN, ids_along, ids_of, ids_taken, listed
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.unions import Union, UnionLevel

AREA_LEVELS = (UnionLevel.PROVINCE, UnionLevel.CITY, UnionLevel.COUNTY)

_UNIONS = table_of(Union)
_AREAS = _UNIONS.alias("areas")
_AMONG = select(_UNIONS.c.id).where(_UNIONS.c.id.in_(select(ids_taken().c.value)), _UNIONS.c.level.in_(AREA_LEVELS))


def areas_of(session: Session, paths: Iterable[str]) -> Mapping[str, int]:
    """The area of the union at each of some paths."""
    along = {path: ids_of(path) for path in paths}
    numbers = {number for ids in along.values() for number in ids}
    areas = set(run(session, _AMONG, {TAKEN: listed(sorted(numbers))}).scalars()) if numbers else set[int]()
    return {path: next(number for number in reversed(ids) if number in areas) for path, ids in along.items()}


def area_along(path: SQLColumnExpression[str]) -> ScalarSelect[int]:
    """The area of the union at the path of each row, for statements that read the union anyway."""
    along = select(ids_along(path).c.value).scalar_subquery()
    areas = select(_AREAS.c.id).where(_AREAS.c.id.in_(along), _AREAS.c.level.in_(AREA_LEVELS))
    return areas.order_by(func.length(_AREAS.c.path).desc()).limit(1).scalar_subquery()

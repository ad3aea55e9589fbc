"""Recounts of compositions (构成): what the cells must be, from unions and memberships."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Subquery, func, literal, select, true, union_all

from gdftu_app.models.cells import Trait, cell_of, joint_industry_of
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.paths import ids_along
from gdftu_app.models.tables import Rows, table_of
from gdftu_app.models.unions import BELOW_BASE, COVERING, Employer, Union, UnionEmployer, UnionStatus
from gdftu_app.security.actors import within
from gdftu_app.services.figure_recounts import above_base_lines, nearest_above_base

_UNIONS, _MEMBERS = table_of(Union), table_of(Membership)


def recounted_cells() -> Rows:
    """Rows of `union_id`, `cell` and `count`, for every above-base union; cells of nobody are left out.

    Counted first for the nearest above-base union, so that few rows are carried up to the superiors.
    """
    above, counted = above_base_lines(), _counted(nearest_above_base())
    total = func.sum(counted.c["count"])
    return (
        select(above.c.line_id.label("union_id"), counted.c.cell, total.label("count"))
        .join_from(counted, above, above.c.union_id == counted.c.place)
        .where(literal(1) == 1)
        .group_by(above.c.line_id, counted.c.cell)
        .having(total != 0)
    )


def cells_within(path: str) -> Rows:
    """Rows of `cell` and `count` of a branch: its members, and the unions in it but the first."""
    branch = select(_UNIONS.c.id.label("union_id"), literal(0).label("nearest_id")).where(within(Union, path))
    counted = _counted(branch.subquery("branch"))
    return select(counted.c.cell, func.sum(counted.c["count"]).label("count")).group_by(counted.c.cell)


def derived_industries() -> Rows:
    """Rows of `union_id` and `industry` as the employers of all unions give it.

    Branches and teams are of the industry of their base union; a union that covers no employer is of none.
    """
    base, covered, employers = _UNIONS.alias("base"), table_of(UnionEmployer), table_of(Employer)
    along, is_below = ids_along(_UNIONS.c.path), _UNIONS.c.category.in_(BELOW_BASE)
    holders = union_all(
        select(_UNIONS.c.id.label("union_id"), _UNIONS.c.id.label("holder_id")).where(~is_below),
        select(_UNIONS.c.id, base.c.id)
        .join_from(_UNIONS, along, true())
        .join(base, base.c.id == along.c.value)
        .where(is_below, base.c.category.in_(COVERING)),
    ).subquery("holders")
    known = (
        select(covered.c.union_id, joint_industry_of(employers.c.industry).label("industry"))
        .join_from(covered, employers, employers.c.id == covered.c.employer_id)
        .group_by(covered.c.union_id)
        .subquery("known")
    )
    return select(holders.c.union_id, func.coalesce(known.c.industry, "").label("industry")).join_from(
        holders, known, known.c.union_id == holders.c.holder_id, isouter=True
    )


def _counted(where: Subquery) -> Subquery:
    """Rows of `place`, `cell` and `count`; `where` tells where each union is counted: `union_id`, `nearest_id`."""
    places = select(where).cte("places")
    place, count = places.c.nearest_id.label("place"), func.count().label("count")
    by_place = (_MEMBERS, places, places.c.union_id == _MEMBERS.c.union_id)
    is_counted = _MEMBERS.c.status == MembershipStatus.CURRENT
    traits = (_MEMBERS.c.born_year, _MEMBERS.c.education, _MEMBERS.c.occupation)
    people = (
        select(place, *traits, count)
        .join_from(*by_place)
        .where(is_counted)
        .group_by(places.c.nearest_id, *traits)
        .cte("people")
    )
    kinds = (_UNIONS.c.industry, _UNIONS.c.level)
    holders = (
        select(place, *kinds, count)
        .join_from(*by_place)
        .join(_UNIONS, _UNIONS.c.id == _MEMBERS.c.union_id)
        .where(is_counted)
        .group_by(places.c.nearest_id, *kinds)
        .cte("holders")
    )
    below = (
        select(place, _UNIONS.c.category, *kinds, count)
        .join_from(_UNIONS, places, places.c.union_id == _UNIONS.c.superior_id)
        .where(_UNIONS.c.status != UnionStatus.DISSOLVED)
        .group_by(places.c.nearest_id, _UNIONS.c.category, *kinds)
        .cte("below")
    )
    parts = [
        _cells(people, Trait.BORN, people.c.born_year),
        _cells(people, Trait.EDUCATION, people.c.education),
        _cells(people, Trait.OCCUPATION, people.c.occupation),
        _cells(holders, Trait.INDUSTRY, holders.c.industry),
        _cells(holders, Trait.LEVEL, holders.c.level),
        _cells(below, Trait.LEVEL_UNIONS, below.c.level),
        _cells(below, Trait.INDUSTRY_UNIONS, below.c.industry).where(below.c.category.in_(COVERING)),
    ]
    return union_all(*parts).subquery("counted")


def _cells(counted: CTE, trait: Trait, value: ColumnElement[Any]) -> Rows:
    total = func.sum(counted.c["count"]).label("count")
    return select(counted.c.place, cell_of(trait, value).label("cell"), total).group_by(counted.c.place, value)

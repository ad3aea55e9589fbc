"""Recounts: what the figures must be, from unions, memberships and events, in statements that take whole sets."""

from sqlalchemy import ColumnElement, Subquery, Text, case, func, literal, select, true, union_all
from sqlmodel import col

from gdftu_app.models.carried_days import CarriedDays
from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipStatus
from gdftu_app.models.moments import day_of_moment
from gdftu_app.models.paths import ids_along
from gdftu_app.models.people import Sex
from gdftu_app.models.tables import Rows, table_of
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.queries.movements import movements, registrations
from gdftu_app.queries.pending_figures import COUNTED, DAILY, TOTALS
from gdftu_app.security.actors import within


def recounted_totals() -> Rows:
    """Rows of `union_id` and the totals as the memberships and unions give them; unions with nothing are left out."""
    parts = union_all(_members(), _unions()).subquery()
    return select(parts.c.union_id, *(func.sum(parts.c[name]).label(name) for name in TOTALS)).group_by(
        parts.c.union_id
    )


def recounted_days() -> Rows:
    """Rows of union, day and figures as events and registrations give them, for every above-base union.

    Counted first for the nearest above-base union, so that few rows are carried up to the superiors. What moves of
    branches left in their past is added: it is below others by now.
    """
    nearest, above = nearest_above_base(), above_base_lines()
    unions, carried = table_of(Union), table_of(CarriedDays)
    entered = day_of_moment(unions.c.created_at)
    counted = union_all(
        select(nearest.c.nearest_id, col(MembershipEvent.day), *movements())
        .select_from(MembershipEvent)
        .join(nearest, nearest.c.union_id == MembershipEvent.union_id)
        .group_by(nearest.c.nearest_id, col(MembershipEvent.day)),
        select(nearest.c.nearest_id, entered.label("day"), *registrations())
        .select_from(unions)
        .join(nearest, nearest.c.union_id == unions.c.superior_id)
        .group_by(nearest.c.nearest_id, entered),
    ).subquery()
    days = union_all(
        select(above.c.line_id.label("union_id"), counted.c.day, *(counted.c[name] for name in DAILY)).join_from(
            counted, above, above.c.union_id == counted.c.nearest_id
        ),
        select(carried.c.union_id, carried.c.day, *(carried.c[name] for name in DAILY))
        .join_from(carried, unions, unions.c.id == carried.c.union_id)
        .where(unions.c.is_above_base),
    ).subquery()
    return (
        select(days.c.union_id, days.c.day, *(func.sum(days.c[name]).label(name) for name in DAILY))
        .where(literal(1) == 1)
        .group_by(days.c.union_id, days.c.day)
    )


def movements_within(path: str) -> Rows:
    """Rows of day and figures of a branch, from its events."""
    return (
        select(col(MembershipEvent.day), *movements())
        .join(Union, col(Union.id) == MembershipEvent.union_id)
        .where(within(Union, path))
        .group_by(col(MembershipEvent.day))
    )


def registrations_of(which: ColumnElement[bool]) -> Rows:
    """Rows of day and figures of some unions being entered on the platform, and of nothing else."""
    unions = table_of(Union)
    entered = day_of_moment(unions.c.created_at)
    return select(entered.label("day"), *registrations()).where(which).group_by(entered)


def _members() -> Rows:
    own = (
        select(
            col(Membership.union_id),
            func.count().label("members"),
            func.sum(case((col(Membership.verified), 1), else_=0)).label("verified"),
            func.sum(case((col(Membership.sex) == Sex.FEMALE, 1), else_=0)).label("women"),
            func.sum(case((col(Membership.is_migrant), 1), else_=0)).label("migrant"),
        )
        .where(col(Membership.status) == MembershipStatus.CURRENT)
        .group_by(col(Membership.union_id))
        .subquery()
    )
    along = ids_along(col(Union.path))
    is_itself = along.c.value == own.c.union_id
    columns = [literal(0).label("unions_direct"), literal(0).label("unions_sub")]
    for name in COUNTED:
        columns += [
            func.sum(case((is_itself, own.c[name]), else_=0)).label(f"{name}_own"),
            func.sum(own.c[name]).label(f"{name}_sub"),
        ]
    return (
        select(along.c.value.label("union_id"), *columns)
        .select_from(own)
        .join(Union, col(Union.id) == own.c.union_id)
        .join(along, true())
        .group_by(along.c.value)
    )


def _unions() -> Rows:
    superior = table_of(Union).alias("superior")
    along = ids_along(superior.c.path)
    return (
        select(
            along.c.value.label("union_id"),
            func.sum(case((along.c.value == Union.superior_id, 1), else_=0)).label("unions_direct"),
            func.count(col(Union.id)).label("unions_sub"),
            *(literal(0).label(name) for name in TOTALS[2:]),
        )
        .select_from(Union)
        .join(superior, superior.c.id == Union.superior_id)
        .join(along, true())
        .where(col(Union.status) != UnionStatus.DISSOLVED)
        .group_by(along.c.value)
    )


def nearest_above_base() -> Subquery:
    """Each union with the nearest above-base union on its path, itself when it is one."""
    # Along one path the superiors' paths are prefixes of each other: the greatest is the nearest.
    unions, superior, nearest = table_of(Union), table_of(Union).alias("superior"), table_of(Union).alias("nearest")
    along, above = ids_along(unions.c.path), case((superior.c.is_above_base, superior.c.path))
    paths = (
        select(unions.c.id.label("union_id"), func.max(above, type_=Text()).label("path"))
        .select_from(unions)
        .join(along, true())
        .join(superior, superior.c.id == along.c.value)
        .group_by(unions.c.id)
        .subquery()
    )
    return (
        select(paths.c.union_id, nearest.c.id.label("nearest_id"))
        .join_from(paths, nearest, nearest.c.path == paths.c.path)
        .subquery()
    )


def above_base_lines() -> Subquery:
    """Each above-base union with every union on its path, itself too."""
    unions = table_of(Union)
    along = ids_along(unions.c.path)
    return (
        select(unions.c.id.label("union_id"), along.c.value.label("line_id"))
        .select_from(unions)
        .join(along, true())
        .where(unions.c.is_above_base)
        .subquery()
    )

"""The naive recount: figures counted row by row in Python, to compare the kept ones with."""

from collections import Counter
from dataclasses import asdict
from datetime import date

from sqlmodel import Session, select

from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipStatus
from gdftu_app.models.people import Sex
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.queries.figures import figures_for
from gdftu_app.queries.pending_figures import TOTALS

MOVEMENT_OF_KIND = {
    "joined": "joined",
    "transferred_in": "transferred_in",
    "transferred_out": "transferred_out",
    "withdrawn": "removed",
    "expelled": "removed",
    "removed": "removed",
    "verified": "verified",
}


def recount(session: Session) -> dict[int, dict[str, int]]:
    """All totals of all unions, climbing the superiors one by one."""
    unions = {union.id: union for union in session.exec(select(Union)) if union.id is not None}
    counted = {number: dict.fromkeys(TOTALS, 0) for number in unions}
    for union in unions.values():
        if union.superior_id is None or union.status == UnionStatus.DISSOLVED:
            continue
        counted[union.superior_id]["unions_direct"] += 1
        for superior in superiors_of(unions, union):
            counted[superior]["unions_sub"] += 1
    for member in session.exec(select(Membership).where(Membership.status == MembershipStatus.CURRENT)):
        traits = {
            "members": True,
            "verified": member.verified,
            "women": member.sex == Sex.FEMALE,
            "migrant": member.is_migrant,
        }
        for name in (name for name, holds in traits.items() if holds):
            counted[member.union_id][f"{name}_own"] += 1
            for number in (member.union_id, *superiors_of(unions, unions[member.union_id])):
                counted[number][f"{name}_sub"] += 1
    return counted


def recount_days(session: Session) -> Counter[tuple[int, date, str]]:
    """The movements of all days, by above-base union, day and figure."""
    unions = {union.id: union for union in session.exec(select(Union)) if union.id is not None}
    counted: Counter[tuple[int, date, str]] = Counter()
    for happening in session.exec(select(MembershipEvent)):
        if (movement := MOVEMENT_OF_KIND.get(happening.kind)) is None:
            continue
        for number in (happening.union_id, *superiors_of(unions, unions[happening.union_id])):
            if unions[number].is_above_base:
                counted[number, happening.day, movement] += 1
    return counted


def superiors_of(unions: dict[int, Union], union: Union) -> list[int]:
    """The ids of a union's superiors, found by walking up."""
    found: list[int] = []
    while union.superior_id is not None:
        found.append(union.superior_id)
        union = unions[union.superior_id]
    return found


def shown(session: Session) -> dict[int, dict[str, int]]:
    """All totals of all unions as they are read."""
    numbers = [number for number in session.exec(select(Union.id)) if number is not None]
    figures = {number: asdict(row) for number, row in figures_for(session, numbers).items()}
    return {number: {name: row[name] for name in TOTALS} for number, row in figures.items()}

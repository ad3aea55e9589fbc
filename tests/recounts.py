"""The naive recount: figures counted row by row in Python, to compare the kept ones with."""

from collections import Counter
from dataclasses import asdict
from datetime import date

from sqlalchemy import select as select_rows
from sqlmodel import Session, select

from gdftu_app.clock import day_of
from gdftu_app.models.carried_days import CarriedDays
from gdftu_app.models.figures import DailyFigures
from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipStatus
from gdftu_app.models.people import Sex
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.queries.figures import figures_for
from gdftu_app.queries.pending_figures import DAILY, TOTALS, pending_days

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
    """The figures of all days, by above-base union, day and figure; what is nothing is left out.

    What moves of branches left in the past of their superiors is taken as it is: see `test_moves_property`.
    """
    unions = {union.id: union for union in session.exec(select(Union)) if union.id is not None}
    counted: Counter[tuple[int, date, str]] = Counter()
    for row in run(session, select_rows(table_of(CarriedDays))).mappings():
        if unions[row["union_id"]].is_above_base:
            counted.update({(row["union_id"], row["day"], name): row[name] for name in DAILY})
    happened: list[tuple[int, date, str, int]] = []
    for event in session.exec(select(MembershipEvent)):
        if event.kind in MOVEMENT_OF_KIND:
            happened.append((event.union_id, event.day, MOVEMENT_OF_KIND[event.kind], 1))
        happened.append((event.union_id, event.day, "members", event.change))
        happened.append((event.union_id, event.day, "verified_members", event.verified_change))
    happened += [
        (union.superior_id, day_of(union.created_at), "registered", 1)
        for union in unions.values()
        if union.superior_id is not None
    ]
    for place, day, figure, count in happened:
        for number in (place, *superiors_of(unions, unions[place])):
            if unions[number].is_above_base:
                counted[number, day, figure] += count
    return Counter({key: count for key, count in counted.items() if count})


def days_shown(session: Session) -> dict[tuple[int, date, str], int]:
    """The figures of all days as they are kept and pending, by union, day and figure; what is nothing is left out."""
    kept: Counter[tuple[int, date, str]] = Counter()
    for rows in (select_rows(table_of(DailyFigures)), pending_days()):
        for row in run(session, rows).mappings():
            for name in DAILY:
                kept[row["union_id"], row["day"], name] += row[name]
    return {key: count for key, count in kept.items() if count}


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

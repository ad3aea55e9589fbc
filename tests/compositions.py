"""The naive recount of compositions: members and unions counted one by one, to compare the kept cells with."""

from collections import Counter

from sqlalchemy import select as select_rows
from sqlmodel import Session, col, select

from gdftu_app.models.figures import CompositionFigures
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.unions import Employer, Union, UnionEmployer, UnionStatus
from gdftu_app.queries.pending_cells import pending_cells
from tests.recounts import superiors_of

BASES, BELOW = ("single_base", "joint_base"), ("branch", "team")
Cells = dict[tuple[int, str], int]


def recount_cells(session: Session) -> Cells:
    """All cells of all above-base unions, climbing the superiors one by one; those of nobody are left out."""
    unions = {union.id: union for union in session.exec(select(Union)) if union.id is not None}
    industries = _industries(session)
    counted: Counter[tuple[int, str]] = Counter()

    def count(numbers: list[int], *cells: str) -> None:
        counted.update((number, cell) for number in numbers if unions[number].is_above_base for cell in cells)

    def industry_of(union: Union) -> str:
        while union.category in BELOW:
            union = unions[union.superior_id or 0]
        known = sorted(industries.get(union.id or 0, set()) - {""})
        return known[0] if len(known) == 1 else "mixed" if known else ""

    for union in unions.values():
        if union.status != UnionStatus.DISSOLVED:
            own = [f"industry_unions:{industry_of(union)}"] if union.category in BASES else []
            count(superiors_of(unions, union), f"level_unions:{union.level}", *own)
    for member in session.exec(select(Membership).where(Membership.status == MembershipStatus.CURRENT)):
        person, union = session.get_one(Person, member.person_id), unions[member.union_id]
        count(
            [member.union_id, *superiors_of(unions, union)],
            f"born:{person.born_on.year if person.born_on else ''}",
            f"education:{person.education}",
            f"occupation:{person.occupation}",
            f"industry:{industry_of(union)}",
            f"level:{union.level}",
        )
    return dict(counted)


def cells_shown(session: Session) -> Cells:
    """The cells as they are kept and pending; those of nobody are left out."""
    shown: Counter[tuple[int, str]] = Counter()
    for rows in (select_rows(table_of(CompositionFigures)), pending_cells()):
        for row in run(session, rows).mappings():
            shown[row["union_id"], row["cell"]] += int(row["count"])
    return {key: count for key, count in shown.items() if count}


def _industries(session: Session) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    covered = select(UnionEmployer.union_id, Employer.industry).join(
        Employer, col(Employer.id) == UnionEmployer.employer_id
    )
    for union_id, industry in session.exec(covered):
        found.setdefault(union_id, set()).add(industry)
    return found

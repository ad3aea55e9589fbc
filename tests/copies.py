"""The naive look at what memberships keep of their people and unions: row by row, climbing the superiors."""

from sqlmodel import Session, select

from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.unions import Union

# As lists filter and as figures count; what somebody was who left stays as it was then.
COPIED = ("name", "sex", "is_migrant", "occupation", "education")
AREA_LEVELS = ("province", "city", "county")


def out_of_step(session: Session) -> list[tuple[int | None, str]]:
    """The membership and the column, wherever one is not what it is a copy of; none when all is well."""
    unions = {union.id: union for union in session.exec(select(Union))}
    people = {person.id: person for person in session.exec(select(Person))}
    found: list[tuple[int | None, str]] = []
    for member in session.exec(select(Membership)):
        if member.area_id != _area(unions, unions[member.union_id]):
            found.append((member.id, "area_id"))
        if member.status == MembershipStatus.ENDED:
            continue
        person = people[member.person_id]
        found += [(member.id, name) for name in COPIED if getattr(member, name) != getattr(person, name)]
        if member.born_year != (person.born_on.year if person.born_on else None):
            found.append((member.id, "born_year"))
        if member.verified != (person.verified_at is not None):
            found.append((member.id, "verified"))
    return found


def _area(unions: dict[int | None, Union], union: Union) -> int | None:
    while union.level not in AREA_LEVELS:
        union = unions[union.superior_id]
    return union.id

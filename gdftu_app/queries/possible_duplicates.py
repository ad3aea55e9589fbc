"""可能重复: other records that may be of the same person as a member of the acting union."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from gdftu_app.errors import NotFound
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.unions import Union
from gdftu_app.queries.members import MemberRow, rows_of
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission

MOST_SHOWN, MOST_LOOKED_AT = 10, 50


class Likeness(StrEnum):
    """Why two records may be of the same person."""

    NAME_AND_BIRTH, PHONE = "name_and_birth", "phone"


@dataclass(frozen=True, slots=True)
class PossibleDuplicate:
    """Another record, by its membership within reach: the current one, else the latest."""

    row: MemberRow
    alike: tuple[Likeness, ...]


@requires(Permission.MEMBERS_REMOVE)
def possible_duplicates(session: Session, actor: Actor, *, member: int) -> list[PossibleDuplicate]:
    """Records within reach with the name and birth date, or the phone, of an own member; raises NotFound.

    Ten at most, current members first.
    """
    person = person_of_own_member(session, actor, member)
    alike: dict[int, list[Likeness]] = {}
    shown: dict[int, tuple[int, int]] = {}
    for likeness, condition in _conditions(person):
        for number, person_id, status in _others(session, actor, person, condition):
            reasons = alike.setdefault(person_id, [])
            if likeness not in reasons:
                reasons.append(likeness)
            # Current before retained before ended, and of several the latest.
            shown[person_id] = min(shown.get(person_id, (9, 0)), (status, -number))
    best = sorted(shown, key=lambda person_id: shown[person_id])[:MOST_SHOWN]
    rows = rows_of(session, [-shown[person_id][1] for person_id in best])
    return [PossibleDuplicate(row, tuple(alike[person_id])) for row, person_id in zip(rows, best, strict=True)]


def person_of_own_member(session: Session, actor: Actor, member: int) -> Person:
    """Whose membership in the acting union itself it is, current or retained; raises NotFound."""
    own = (
        select(Person)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(
            Membership.id == member,
            Membership.union_id == actor.union_id,
            Membership.status != MembershipStatus.ENDED,
        )
    )
    person = session.exec(own.execution_options(populate_existing=True)).first()
    if person is None:
        raise NotFound
    return person


def _conditions(person: Person) -> list[tuple[Likeness, ColumnElement[bool]]]:
    conditions: list[tuple[Likeness, ColumnElement[bool]]] = []
    if person.born_on is not None:
        # By the copy of the name, which is indexed.
        born_alike = (col(Membership.name) == person.name) & (col(Person.born_on) == person.born_on)
        conditions.append((Likeness.NAME_AND_BIRTH, born_alike))
    if person.phone_bidx is not None:
        conditions.append((Likeness.PHONE, col(Person.phone_bidx) == person.phone_bidx))
    return conditions


def _others(
    session: Session, actor: Actor, person: Person, condition: ColumnElement[bool]
) -> list[tuple[int, int, int]]:
    found = (
        select(Membership.id, Membership.person_id, Membership.status)
        .join(Person, col(Person.id) == Membership.person_id)
        .join(Union, col(Union.id) == Membership.union_id)
        .where(condition, Membership.person_id != person.id, actor.reaches())
        .limit(MOST_LOOKED_AT)
    )
    return [(number or 0, person_id, status) for number, person_id, status in session.exec(found)]

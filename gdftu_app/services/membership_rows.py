"""Rows of memberships: taken one by one under lock, written so that the database decides who was first."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from gdftu_app.clock import today
from gdftu_app.errors import NotFound, Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.tables import table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.areas import areas_of
from gdftu_app.services.many_rows import Unless, write_new_rows
from gdftu_app.services.membership_records import copies_of

CURRENT = (MembershipStatus.CURRENT, MembershipStatus.RETAINED)


class AlreadyMember(Refusal):
    """The person is a member, or retained, in some union: they transfer instead of joining (一次入会、动态接转)."""

    code = "already_member"
    default = msg("{name}已经是工会会员，请办理会籍转移，不能重复入会。")


class MembershipChanged(Refusal):
    """The membership is no longer in the state this change starts from: somebody else was quicker."""

    code = "membership_changed"
    default = msg("该会员的会籍状态已变化，请刷新后再试。")


def current_membership(session: Session, person: Person) -> Membership | None:
    """The membership a person has now, the retained included."""
    mine = select(Membership).where(Membership.person_id == person.id, col(Membership.status).in_(CURRENT))
    return session.exec(mine.execution_options(populate_existing=True)).first()


def hold(session: Session, people: Sequence[Person]) -> list[Person]:
    """Lock people, in the order of their ids, against other changes until the transaction ends; as they are now."""
    session.flush()
    ids = [person.id for person in people]
    locking = select(Person).where(col(Person.id).in_(ids)).order_by(col(Person.id)).with_for_update()
    held = {person.id: person for person in session.exec(locking.execution_options(populate_existing=True))}
    if missing := set(ids) - set(held):
        raise NotFound(msg("没有找到该人员。"), person_id=min(missing, key=lambda number: number or 0))
    return [held[number] for number in ids]


def take(session: Session, membership: Membership, *expected: MembershipStatus) -> Membership:
    """Lock a membership through its person and give it as it is now; MembershipChanged in any other state."""
    return take_many(session, [membership], *expected)[0]


def take_many(session: Session, memberships: Sequence[Membership], *expected: MembershipStatus) -> list[Membership]:
    """The same for several, in the order given: all of them or none."""
    session.flush()
    people = select(Person).where(col(Person.id).in_([membership.person_id for membership in memberships]))
    hold(session, session.exec(people).all())
    now_there = select(Membership).where(col(Membership.id).in_([membership.id for membership in memberships]))
    fresh = {row.id: row for row in session.exec(now_there.execution_options(populate_existing=True))}
    taken = [fresh[membership.id] for membership in memberships if membership.id in fresh]
    if len(taken) < len(memberships) or any(membership.status not in expected for membership in taken):
        raise MembershipChanged
    return taken


def person_of(session: Session, membership: Membership) -> Person:
    """Whose membership it is."""
    person = session.get(Person, membership.person_id)
    if person is None:
        raise NotFound
    return person


def write_memberships(
    session: Session, people: Sequence[Person], unions: Sequence[Union], *, joined_on: Sequence[date]
) -> list[Membership]:
    """Write a current membership of each person in the union at the same place, joined on the day there; raises
    AlreadyMember."""
    # The partial unique index decides between two who admit the same person; the loser's row is simply not written.
    areas = areas_of(session, {union.path for union in unions})
    rows: list[dict[str, Any]] = [
        {
            "person_id": person.id,
            "union_id": union.id,
            "area_id": areas[union.path],
            "status": MembershipStatus.CURRENT,
            "joined_on": day,
            "since": today(),
            **copies_of(person),
        }
        for person, union, day in zip(people, unions, joined_on, strict=True)
    ]
    memberships, current = table_of(Membership).c, Unless(("person_id",), text("status IN (1, 2)"))
    new = write_new_rows(session, table_of(Membership), rows, current, memberships.id, memberships.person_id)
    written = {person_id: number for number, person_id in new}
    for person in people:
        if person.id not in written:
            raise AlreadyMember(name=person.name)
    found = select(Membership).where(col(Membership.id).in_(written.values()))
    made = {membership.person_id: membership for membership in session.exec(found)}
    return [made[person.id] for person in people if person.id is not None]

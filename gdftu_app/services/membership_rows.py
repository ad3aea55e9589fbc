"""Rows of memberships: taken one by one under lock, written so that the database decides who was first."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import make_transient_to_detached
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
_HOLDING = (
    select(Person)
    .where(col(Person.id).in_(bindparam("ids", expanding=True)))
    .order_by(col(Person.id))
    .with_for_update()
    .execution_options(populate_existing=True)
)
# It decides between two who admit the same person; the loser's row is simply not written.
_NOT_CURRENT = Unless(("person_id",), text("status IN (1, 2)"))


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
    ids = [person.id or 0 for person in people]
    held = hold_by_id(session, ids)
    return [held[number] for number in ids]


def hold_by_id(session: Session, ids: Sequence[int]) -> dict[int, Person]:
    """The same for people whose ids are known: who they are, by id."""
    session.flush()
    held = {person.id or 0: person for person in session.exec(_HOLDING, params={"ids": ids})}
    if missing := set(ids) - set(held):
        raise NotFound(msg("没有找到该人员。"), person_id=min(missing))
    return held


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
    made = write_new_memberships(session, people, unions, joined_on=joined_on)
    return require_all(people, made)


def require_all(people: Sequence[Person], made: Mapping[int, Membership]) -> list[Membership]:
    """The memberships of people, in their order; AlreadyMember for somebody who has none."""
    for person in people:
        if person.id not in made:
            raise AlreadyMember(name=person.name)
    return [made[person.id or 0] for person in people]


def write_new_memberships(
    session: Session,
    people: Sequence[Person],
    unions: Sequence[Union],
    *,
    joined_on: Sequence[date],
    areas: Mapping[str, int] | None = None,
) -> dict[int, Membership]:
    """The same, but for who is a member already: the memberships that were written, by person.

    `areas` are those of the paths of the unions, if they were read with them.
    """
    areas = areas or areas_of(session, {union.path for union in unions})
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
    columns = table_of(Membership).c
    new = write_new_rows(session, table_of(Membership), rows, _NOT_CURRENT, columns.id, columns.person_id)
    written: dict[int, int] = {person_id: number for number, person_id in new}
    return {
        row["person_id"]: _written(session, written[row["person_id"]], row)
        for row in rows
        if row["person_id"] in written
    }


def _written(session: Session, number: int, row: Mapping[str, Any]) -> Membership:
    """A membership just written, which need not be read to be known."""
    membership = Membership(id=number, **row)
    make_transient_to_detached(membership)
    session.add(membership)
    return membership

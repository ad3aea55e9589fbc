"""Whatever happens, in whatever order, figures and copies equal a recount after each step, and a naive one at last."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from gdftu_app.clock import today
from gdftu_app.errors import InvalidInput, NotFound
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.people import Person, Sex
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.unions import Union, UnionCategory, UnionLevel
from gdftu_app.services.figure_checks import rebuild, verify
from gdftu_app.services.figures import fold
from gdftu_app.services.membership_rows import AlreadyMember, MembershipChanged
from gdftu_app.services.memberships import admit, remove, restore, retain, transfer
from gdftu_app.services.union_moves import move
from gdftu_app.services.union_rules import SuperiorNotAllowed
from gdftu_app.services.unions import StillInUse, dissolve
from gdftu_app.services.verifications import mark_verified, renew_copies
from tests.copies import out_of_step
from tests.factories import make_federation, make_person, make_union
from tests.recounts import days_shown, recount, recount_days, shown

VERBS = (
    "join",
    "join_federation",
    "join_early",
    "transfer",
    "remove",
    "retain",
    "restore",
    "verify",
    "correct",
    "establish",
    "establish_town",
    "move_holder",
    "move_branch",
    "move_team",
    "join",
    "move_holder",
    "dissolve",
    "fold",
    "rebuild",
)
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=24)


@dataclass
class World:
    """A small federation and everybody who ever joined it."""

    session: Session
    superiors: list[Union] = field(default_factory=list)
    holders: list[Union] = field(default_factory=list)
    members: list[Membership] = field(default_factory=list)

    def populate(self) -> None:
        """A federation with a branch and a dissolved union, and members, two of them retained."""
        world = make_federation(self.session)
        federation = make_union(
            self.session, world.city, category=UnionCategory.INDUSTRY_FEDERATION, level=UnionLevel.CITY
        )
        branch = make_union(self.session, world.factory, category=UnionCategory.BRANCH)
        self.superiors = [world.province, world.city, world.district, world.street, world.other_city, federation]
        self.holders = [world.factory, world.other_factory, federation, branch]
        self.members = [admit(self.session, make_person(self.session), holder) for holder in self.holders * 2]
        for member in self.members[:2]:
            retain(self.session, member)
        dissolved = make_union(self.session, world.street)
        dissolve(self.session, dissolved)
        self.holders.append(dissolved)

    @contextmanager
    def once(self) -> Iterator["World"]:
        """The same world for one example, after which it is as before."""
        example = World(self.session, [*self.superiors], [*self.holders], [*self.members])
        changes = self.session.begin_nested()
        try:
            yield example
        finally:
            changes.rollback()
            self.session.expire_all()

    def do(self, verb: str, first: int, second: int) -> None:
        """One step; what the rules refuse changes nothing."""
        try:
            with self.session.begin_nested():
                getattr(self, verb)(first, second)
        except (InvalidInput, NotFound, AlreadyMember, MembershipChanged, StillInUse, SuperiorNotAllowed):
            self.session.expire_all()

    def holder(self, number: int) -> Union:
        return self.holders[number % len(self.holders)]

    def member(self, number: int) -> Membership:
        return self.members[number % len(self.members)]

    def join(self, first: int, second: int) -> None:
        person = make_person(
            self.session,
            verified=second % 2 == 0,
            sex=(None, Sex.MALE, Sex.FEMALE)[second % 3],
            is_migrant=second % 5 == 0,
        )
        self.members.append(admit(self.session, person, self.holder(first)))

    def join_federation(self, _first: int, second: int) -> None:
        self.join(2, second)

    def join_early(self, first: int, second: int) -> None:
        """Somebody new, or somebody who had left, joined earlier."""
        left = [member.person_id for member in self.members if member.status == MembershipStatus.ENDED]
        person = self.session.get_one(Person, left[-1]) if left and second % 2 else make_person(self.session)
        early = today() - timedelta(days=second * 40)
        self.members.append(admit(self.session, person, self.holder(first), joined_on=early))

    def transfer(self, first: int, second: int) -> None:
        self.members.append(transfer(self.session, self.member(first), self.holder(second)))

    def remove(self, first: int, second: int) -> None:
        remove(self.session, self.member(first), list(RemovalReason)[second % len(RemovalReason)])

    def retain(self, first: int, _second: int) -> None:
        retain(self.session, self.member(first))

    def restore(self, _first: int, second: int) -> None:
        retained = [member for member in self.members if member.status == MembershipStatus.RETAINED]
        if retained:
            restore(self.session, retained[second % len(retained)])

    def verify(self, first: int, _second: int) -> None:
        mark_verified(self.session, self.session.get_one(Person, self.member(first).person_id))

    def correct(self, first: int, second: int) -> None:
        person = self.session.get_one(Person, self.member(first).person_id)
        person.sex, person.is_migrant = (Sex.MALE, Sex.FEMALE)[second % 2], second % 3 == 0
        person.occupation, person.education = ("", "courier", "other")[second % 3], ("11", "21")[second % 2]
        renew_copies(self.session, person)

    def establish(self, first: int, _second: int) -> None:
        self.holders.append(make_union(self.session, self.superiors[first % len(self.superiors)]))

    def establish_town(self, first: int, _second: int) -> None:
        superior = self.superiors[first % len(self.superiors)]
        self.superiors.append(make_union(self.session, superior, category=UnionCategory.TOWN, level=UnionLevel.TOWN))

    def move_holder(self, first: int, second: int) -> None:
        move(self.session, self.holder(first), self.superiors[second % len(self.superiors)])

    def move_team(self, _first: int, second: int) -> None:
        move(self.session, self.holders[3], self.holder(second))

    def move_branch(self, first: int, second: int) -> None:
        below_the_province = self.superiors[1:]
        superior = self.superiors[second % len(self.superiors)]
        move(self.session, below_the_province[first % len(below_the_province)], superior)

    def dissolve(self, first: int, second: int) -> None:
        everyone = [*self.holders, *self.superiors]
        dissolve(self.session, everyone[(first + second) % len(everyone)])

    def fold(self, first: int, _second: int) -> None:
        fold(self.session, limit=first + 1)

    def rebuild(self, _first: int, _second: int) -> None:
        rebuild(self.session)


@pytest.fixture(scope="module")
def world(shared_engine: Engine) -> Iterator[World]:
    """The world that all examples begin with; whatever happens is taken back."""
    with shared_engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            made = World(session)
            made.populate()
            yield made
        transaction.rollback()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_figures_and_copies_equal_a_recount_after_every_step(world: World, steps: list[tuple[str, int, int]]):
    with world.once() as example:
        for verb, first, second in steps:
            example.do(verb, first, second)

            assert verify(example.session) == [], verb
            assert out_of_step(example.session) == [], verb

        assert shown(example.session) == recount(example.session)
        assert days_shown(example.session) == recount_days(example.session)

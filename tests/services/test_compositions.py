"""Compositions follow what changes them: approved changes of employers, proofs of identity, recounts, and races."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from alembic import command
from sqlalchemy import Engine
from sqlmodel import Session, col, select, update

from gdftu_app.db import make_engine
from gdftu_app.models.figures import CompositionFigures
from gdftu_app.models.identifiers import DocumentType
from gdftu_app.models.memberships import Membership
from gdftu_app.models.people import Person
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.unions import Employer, Union, UnionCategory
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.services.change_reviews import CHANGES
from gdftu_app.services.figure_checks import Drift, rebuild, verify
from gdftu_app.services.figures import fold
from gdftu_app.services.identities import Proof, prove
from gdftu_app.services.membership_rows import hold
from gdftu_app.services.memberships import admit, remove
from gdftu_app.services.migrations import _config, upgrade
from gdftu_app.services.reviews import approve
from gdftu_app.services.tree_locks import share_tree
from gdftu_app.services.union_moves import move
from gdftu_app.services.verifications import renew_copies
from tests.compositions import cells_shown, recount_cells
from tests.copies import out_of_step
from tests.factories import (
    Federation,
    id_of,
    make_account,
    make_administrator,
    make_change_request,
    make_federation,
    make_member,
    make_person,
    make_union,
    make_uscc,
)


def cells_of(session: Session, union: Union, trait: str) -> dict[str, int]:
    return {
        cell.removeprefix(f"{trait}:"): count
        for (number, cell), count in cells_shown(session).items()
        if number == union.id and cell.startswith(f"{trait}:")
    }


def joint_union(session: Session, superior: Union, *industries: str) -> Union:
    employers = [
        Employer(name=f"榕江{place}厂", uscc=make_uscc(900 + place), industry=industry)
        for place, industry in enumerate(industries)
    ]
    return make_union(session, superior, category=UnionCategory.JOINT_BASE, employers=employers)


def employer(session: Session, number: int) -> Employer:
    return session.exec(select(Employer).where(Employer.uscc == make_uscc(900 + number))).one()


def approved(session: Session, reviewer: Actor, union: Union, **after: str) -> None:
    request = make_change_request(session, union, applicant=None, **after)
    [outcome] = approve(session, reviewer, queue=CHANGES, ids=[id_of(request)])
    assert outcome.is_decided


class TestApprovedChanges:
    def test_another_industry_takes_the_members_along(
        self, session: Session, small_federation: Federation, act_as: Callable[..., Actor]
    ):
        union = joint_union(session, small_federation.street, "C")
        make_member(session, make_union(session, union, category=UnionCategory.BRANCH))
        fold(session)
        make_member(session, union)

        key = f"employers.{employer(session, 0).id}.industry"
        approved(session, act_as(small_federation.street), union, **{key: "G"})

        assert cells_of(session, small_federation.province, "industry") == {"G": 2}
        assert cells_of(session, small_federation.province, "industry_unions") == {"G": 1, "": 2}
        assert verify(session) == []

    def test_all_unions_follow_that_cover_the_employer(
        self, session: Session, small_federation: Federation, act_as: Callable[..., Actor]
    ):
        union = joint_union(session, small_federation.street, "C")
        other = make_union(
            session,
            small_federation.other_city,
            category=UnionCategory.JOINT_BASE,
            employers=[employer(session, 0)],
        )
        make_member(session, other)

        key = f"employers.{employer(session, 0).id}.industry"
        approved(session, act_as(small_federation.street), union, **{key: "G"})

        assert cells_of(session, small_federation.other_city, "industry") == {"G": 1}
        assert verify(session) == []

    def test_employers_of_another_industry_make_it_several(
        self, session: Session, small_federation: Federation, act_as: Callable[..., Actor]
    ):
        union = joint_union(session, small_federation.street, "C", "C")
        make_member(session, union)
        before = cells_of(session, small_federation.city, "industry")

        key = f"employers.{employer(session, 1).id}.industry"
        approved(session, act_as(small_federation.street), union, **{key: "G"})

        assert (before, cells_of(session, small_federation.city, "industry")) == ({"C": 1}, {"mixed": 1})
        assert verify(session) == []


class TestMoves:
    def test_a_team_takes_the_industry_of_its_new_base_union(self, session: Session, small_federation: Federation):
        base = joint_union(session, small_federation.street, "C")
        team = make_union(session, base, category=UnionCategory.TEAM)
        make_member(session, team, education="21")

        move(session, team, small_federation.other_factory)

        assert cells_of(session, small_federation.province, "industry") == {"": 1}
        assert cells_of(session, small_federation.city, "education") == {}
        assert cells_of(session, small_federation.other_city, "level_unions") == {"base": 2}
        assert verify(session) == []

    def test_a_base_union_takes_its_cells_along(self, session: Session, small_federation: Federation):
        base = joint_union(session, small_federation.street, "C")
        make_member(session, make_union(session, base, category=UnionCategory.TEAM), born_on=date(1990, 1, 1))

        move(session, base, small_federation.other_city)

        assert cells_of(session, small_federation.city, "industry_unions") == {"": 1}
        assert cells_of(session, small_federation.other_city, "industry_unions") == {"": 1, "C": 1}
        assert cells_of(session, small_federation.other_city, "born") == {"1990": 1}
        assert verify(session) == []


class TestPeople:
    def test_a_proven_birth_date_moves_to_its_year(self, session: Session, small_federation: Federation):
        member = make_member(session, small_federation.factory, name="陈一", verified=False)
        account = make_account(session, name="陈一")
        account.person_id = member.person_id
        session.add(account)

        prove(session, account, Proof("陈一", DocumentType.RESIDENT_ID, "440105199001010011"))

        assert cells_of(session, small_federation.city, "born") == {"1990": 1}
        assert verify(session) == []


class TestVerifying:
    def test_it_names_cells_and_industries_that_differ(self, session: Session, small_federation: Federation):
        make_member(session, small_federation.factory, education="21")
        fold(session)
        city = id_of(small_federation.city)
        of_city = update(CompositionFigures).where(col(CompositionFigures.union_id) == city)
        session.exec(of_city.where(col(CompositionFigures.cell) == "education:21").values(count=3))
        session.add(CompositionFigures(union_id=city, cell="education:11", count=2))
        session.flush()
        session.exec(update(Union).where(col(Union.id) == small_federation.street.id).values(industry="C"))

        assert verify(session) == [
            Drift(id_of(small_federation.street), None, "industry", 1),
            Drift(city, None, "education:11", -2),
            Drift(city, None, "education:21", -2),
        ]

        rebuild(session)

        assert verify(session) == []
        assert cells_shown(session) == recount_cells(session)

    def test_it_names_unions_whose_members_are_not_as_their_people_are(
        self, session: Session, small_federation: Federation
    ):
        factory = small_federation.factory
        member = make_member(session, factory, born_on=date(1990, 2, 3), education="21", is_migrant=True)
        make_member(session, factory)
        session.exec(update(Membership).where(col(Membership.id) == member.id).values(born_year=1991, is_migrant=False))

        assert Drift(id_of(factory), None, "copies", 1) in verify(session)

        rebuild(session)

        session.refresh(member)
        assert (member.born_year, member.is_migrant) == (1990, True)
        assert (verify(session), out_of_step(session)) == ([], [])

    def test_who_was_a_member_stays_what_they_were(self, session: Session, small_federation: Federation):
        member = make_member(session, small_federation.factory, born_on=date(1990, 2, 3))
        remove(session, member, RemovalReason.WITHDRAWN)
        person = session.get_one(Person, member.person_id)
        person.born_on = date(1991, 2, 3)

        renew_copies(session, person)
        rebuild(session)

        session.refresh(member)
        assert (member.born_year, verify(session)) == (1990, [])


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_migrating_counts_what_is_there(kind: str, new_database: Callable[[str], str]):
    url = new_database(kind)
    engine = make_engine(url)
    with Session(engine) as session:
        world = make_federation(session)
        for superior, industries in ((world.street, "C"), (world.other_city, "CG")):
            union = joint_union(session, superior, *industries) if superior is world.street else world.other_factory
            branch = make_union(session, union, category=UnionCategory.BRANCH)
            make_member(session, branch, education="21", born_on=date(1990, 2, 3))
        fold(session)
        # What is pending when the migration comes has no cells of its own.
        make_member(session, world.factory, occupation="courier")
        session.commit()
    with engine.connect() as connection:
        command.downgrade(_config(connection), "0016")
        connection.commit()

    upgrade(url)

    with Session(engine) as session:
        assert verify(session) == []
        fold(session)
        assert cells_shown(session) == recount_cells(session)
    engine.dispose()


@pytest.mark.postgres
class TestManyAtOnce:
    @pytest.fixture
    def busy(self, new_database: Callable[[str], str]) -> Iterator[Engine]:
        engine = make_engine(new_database("postgresql"))
        yield engine
        engine.dispose()

    def test_members_people_and_industries_change_together_without_drift(self, busy: Engine):
        with Session(busy, expire_on_commit=False) as session:
            world = make_federation(session)
            union = joint_union(session, world.street, "C")
            make_union(session, union, category=UnionCategory.BRANCH)
            people = [make_person(session, born_on=date(1980, 1, 1)) for _ in range(2)]
            for person in people:
                admit(session, person, union)
            account = make_account(session)
            make_administrator(session, account, world.street)
            reviewer = get_actor(session, account_id=id_of(account), union_id=id_of(world.street))
            key = f"employers.{employer(session, 0).id}.industry"
            session.commit()
        done = threading.Event()

        def change_industries() -> None:
            for turn in range(12):
                with Session(busy) as session:
                    request = make_change_request(
                        session, session.get_one(Union, union.id), applicant=None, **{key: "GC"[turn % 2]}
                    )
                    session.commit()
                    approve(session, reviewer, queue=CHANGES, ids=[id_of(request)])
                    session.commit()

        def correct(number: int) -> None:
            for turn in range(20):
                with Session(busy) as session:
                    share_tree(session)
                    [held] = hold(session, [session.get_one(Person, people[number].id)])
                    held.born_on, held.education = date(1970 + turn, 1, 1), ("11", "21")[turn % 2]
                    renew_copies(session, held)
                    session.commit()

        def come_and_go(number: int) -> None:
            for turn in range(20):
                with Session(busy) as session:
                    newcomer = make_person(session, education=("11", "21")[number])
                    member = admit(session, newcomer, session.get_one(Union, union.id))
                    session.commit()
                    if turn % 2:
                        remove(session, member, RemovalReason.WITHDRAWN)
                        session.commit()

        def fold_on() -> None:
            while not done.is_set():
                with Session(busy) as session:
                    fold(session, limit=5)
                    session.commit()

        def check() -> None:
            while not done.is_set():
                with Session(busy) as session:
                    assert verify(session) == []

        with ThreadPoolExecutor(7) as pool:
            background = [pool.submit(fold_on), pool.submit(check)]
            writers = [pool.submit(change_industries)]
            writers += [pool.submit(work, number) for work in (correct, come_and_go) for number in range(2)]
            try:
                for writer in writers:
                    writer.result(timeout=120)
            finally:
                done.set()
            for work in background:
                work.result(timeout=60)

        with Session(busy) as session:
            assert verify(session) == []
            assert cells_of(session, world.province, "industry") == {"C": 22}
            assert cells_shown(session) == recount_cells(session)

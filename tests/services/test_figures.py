"""Figures: exact reads, folding, verifying and rebuilding, also while many write at once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, col, delete, select, update

from gdftu_app.db import dialect, make_engine
from gdftu_app.errors import NotFound
from gdftu_app.models.figures import DailyFigures, FigureDelta, UnionFigures
from gdftu_app.models.unions import Union, UnionCategory, UnionLevel
from gdftu_app.queries.figures import exact_figures, figures_for, figures_of
from gdftu_app.services.figure_checks import Drift, rebuild, verify
from gdftu_app.services.figures import fold, gathering
from gdftu_app.services.membership_rows import AlreadyMember
from gdftu_app.services.memberships import admit, transfer
from gdftu_app.services.union_moves import move
from tests.factories import Federation, id_of, make_federation, make_member, make_person, make_union
from tests.recounts import days_shown, recount, recount_days, shown


def pending(session: Session) -> int:
    return session.exec(select(func.count()).select_from(FigureDelta)).one()


class TestReading:
    def test_pending_changes_are_read_at_once(self, session: Session, small_federation: Federation):
        make_member(session, small_federation.factory)

        assert figures_of(session, small_federation.province).members_sub == 1
        assert (pending(session) > 0) == (dialect(session) == "postgresql")

    def test_a_page_of_unions_takes_one_statement(self, session: Session, small_federation: Federation):
        children = [id_of(make_union(session, small_federation.street)) for _ in range(200)]
        for number in (0, 7, 199):
            union = session.get(Union, children[number])
            assert union is not None
            make_member(session, union)

        figures = figures_for(session, children)

        assert set(figures) == set(children)
        assert sum(row.members_sub for row in figures.values()) == 3

    def test_a_list_can_be_sorted_by_them(self, session: Session, small_federation: Federation):
        make_member(session, small_federation.other_factory)
        figures = exact_figures()

        names = session.exec(
            select(Union.name)
            .join(figures, figures.c.union_id == Union.id)
            .where(Union.superior_id == small_federation.province.id)
            .order_by(figures.c.members_sub.desc())
        ).all()

        assert names == ["邻江市总工会", "云山市总工会"]

    def test_an_unknown_union_is_not_found(self, session: Session):
        with pytest.raises(NotFound):
            figures_of(session, 10**9)


class TestFolding:
    def test_it_changes_nothing_that_is_read(self, session: Session, small_federation: Federation):
        make_member(session, small_federation.factory)
        transfer(session, make_member(session, small_federation.factory), small_federation.other_factory)
        before = shown(session)

        fold(session)

        assert pending(session) == 0
        assert shown(session) == before == recount(session)
        assert verify(session) == []

    def test_a_limit_leaves_the_rest_for_later(self, session: Session, small_federation: Federation):
        with gathering(session):
            waiting = pending(session)
            for _ in range(3):
                make_member(session, small_federation.factory)

            assert pending(session) == waiting + 3
            assert fold(session, limit=2) == 2
            assert pending(session) == waiting + 1
            assert shown(session) == recount(session)
        assert pending(session) == 0

    def test_days_are_kept_for_above_base_unions(self, session: Session, small_federation: Federation):
        make_member(session, small_federation.factory)
        transfer(session, make_member(session, small_federation.factory), small_federation.other_factory)
        fold(session)

        assert pending(session) == 0
        assert days_shown(session) == recount_days(session)


class TestVerifying:
    def test_it_names_what_differs(self, session: Session, small_federation: Federation):
        make_member(session, small_federation.factory)
        fold(session)
        city = id_of(small_federation.city)
        session.exec(update(UnionFigures).where(col(UnionFigures.union_id) == city).values(members_sub=5, women_own=1))
        session.exec(update(DailyFigures).where(col(DailyFigures.union_id) == city).values(joined=0))
        day = session.exec(select(col(DailyFigures.day)).where(DailyFigures.union_id == city)).one()

        drifts = verify(session)

        assert drifts == [
            Drift(city, None, "members_sub", -4),
            Drift(city, None, "women_own", -1),
            Drift(city, day, "joined", 1),
        ]

    def test_rebuilding_repairs(self, session: Session, small_federation: Federation):
        make_member(session, small_federation.factory)
        session.exec(update(UnionFigures).values(members_sub=5))
        session.add(DailyFigures(union_id=id_of(small_federation.city), day=date(2020, 1, 1), joined=3))
        session.add(FigureDelta(union_id=id_of(small_federation.street), day=date(2020, 1, 1), members=3))
        session.flush()
        session.exec(delete(UnionFigures).where(col(UnionFigures.union_id) == id_of(small_federation.district)))

        rebuild(session)

        assert verify(session) == []
        assert shown(session) == recount(session)
        assert session.exec(select(DailyFigures).where(col(DailyFigures.day) == date(2020, 1, 1))).all() == []


@pytest.mark.postgres
class TestManyAtOnce:
    @pytest.fixture
    def busy(self, new_database: Callable[[str], str]) -> Iterator[Engine]:
        engine = make_engine(new_database("postgresql"))
        yield engine
        engine.dispose()

    def test_two_unions_admitting_one_person_get_one_refusal(self, busy: Engine):
        with Session(busy, expire_on_commit=False) as session:
            world = make_federation(session)
            person = make_person(session)
            session.commit()
        start = threading.Barrier(2)

        def admit_to(union: Union) -> bool:
            with Session(busy) as session:
                start.wait()
                try:
                    admit(session, session.merge(person), session.get_one(Union, union.id))
                except AlreadyMember:
                    return False
                session.commit()
                return True

        with ThreadPoolExecutor(2) as pool:
            admitted = list(pool.map(admit_to, (world.factory, world.other_factory)))

        assert sorted(admitted) == [False, True]
        with Session(busy) as session:
            assert verify(session) == []

    def test_an_industry_federation_moves_with_its_own_members(self, busy: Engine):
        with Session(busy, expire_on_commit=False) as session:
            world = make_federation(session)
            federation = make_union(
                session, world.city, category=UnionCategory.INDUSTRY_FEDERATION, level=UnionLevel.CITY
            )
            make_member(session, federation)
            fold(session)
            make_member(session, federation)

            move(session, federation, world.other_city)

            assert verify(session) == []
            assert figures_of(session, world.other_city).members_sub == 2

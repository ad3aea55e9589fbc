"""Figures of days past: what happened earlier lands on its own day, and the migration counts what was there before."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from alembic import command
from sqlmodel import Session, col, select

from gdftu_app.clock import day_of, today
from gdftu_app.db import make_engine
from gdftu_app.errors import InvalidInput
from gdftu_app.models.memberships import MembershipEvent
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.figures import fold
from gdftu_app.services.memberships import admit, admit_many, remove, retain, transfer
from gdftu_app.services.migrations import _config, upgrade
from gdftu_app.services.union_moves import move
from gdftu_app.services.verifications import mark_verified
from tests.factories import Federation, id_of, make_federation, make_person
from tests.recounts import days_shown, recount_days

LEAP = date(2024, 2, 29)


def days_of(session: Session, membership_id: int) -> list[date]:
    events = select(MembershipEvent).where(MembershipEvent.membership_id == membership_id)
    return [event.day for event in session.exec(events.order_by(col(MembershipEvent.id)))]


class TestEarlierDays:
    def test_each_of_several_joins_on_a_day_of_its_own(self, session: Session, small_federation: Federation):
        newcomers = [(make_person(session), small_federation.factory) for _ in range(3)]

        members = admit_many(session, newcomers, joined_on=[LEAP, today(), LEAP])

        shown = days_shown(session)
        assert [days_of(session, id_of(member)) for member in members] == [[LEAP], [today()], [LEAP]]
        assert shown[id_of(small_federation.street), LEAP, "members"] == 2
        assert shown[id_of(small_federation.province), today(), "joined"] == 1
        assert verify(session) == []

    def test_whoever_was_a_member_counts_again_from_when_that_ended(
        self, session: Session, small_federation: Federation
    ):
        person = make_person(session)
        remove(session, admit(session, person, small_federation.factory), RemovalReason.WITHDRAWN)

        again = admit(session, person, small_federation.factory, joined_on=LEAP)

        assert again.joined_on == LEAP
        assert days_of(session, id_of(again)) == [today()]

    def test_nobody_joins_in_the_future(self, session: Session, small_federation: Federation):
        tomorrow = today() + timedelta(days=1)

        with pytest.raises(InvalidInput):
            admit_many(session, [(make_person(session), small_federation.factory)], joined_on=[tomorrow])

    def test_unions_are_registered_on_the_day_in_china(self, session: Session, small_federation: Federation):
        day = day_of(small_federation.factory.created_at)

        assert days_shown(session)[id_of(small_federation.province), day, "registered"] == 6


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_the_migration_counts_what_was_there_before(kind: str, new_database: Callable[[str], str]):
    url = new_database(kind)
    engine = make_engine(url)
    with Session(engine) as session:
        world = make_federation(session)
        early, late, gone = (make_person(session, verified=number == 0) for number in range(3))
        transfer(session, admit(session, early, world.factory), world.other_factory)
        admit(session, late, world.factory)
        mark_verified(session, late)
        fold(session)
        retain(session, admit(session, gone, world.factory))
        before = recount_days(session)
        session.commit()
    with engine.connect() as connection:
        command.downgrade(_config(connection), "0015")
        connection.commit()

    upgrade(url)

    with Session(engine) as session:
        assert recount_days(session) == before
        assert days_shown(session) == before
        assert verify(session) == []
    engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_without_carried_days_the_past_moves_along(kind: str, new_database: Callable[[str], str]):
    url = new_database(kind)
    engine = make_engine(url)
    with Session(engine) as session:
        world = make_federation(session)
        admit(session, make_person(session), world.factory, joined_on=LEAP)
        move(session, world.district, world.other_city)
        city, other_city = id_of(world.city), id_of(world.other_city)
        assert days_shown(session)[city, LEAP, "joined"] == 1
        session.commit()
    with engine.connect() as connection:
        command.downgrade(_config(connection), "0017")
        connection.commit()

    upgrade(url)

    with Session(engine) as session:
        shown = days_shown(session)
        assert shown[other_city, LEAP, "joined"] == 1
        assert [key for key in shown if key[0] == city and key[1] == LEAP] == []
        assert verify(session) == []
    engine.dispose()

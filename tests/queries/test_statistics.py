"""统计: development and comparison from kept days and from events, right to the last member."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from gdftu_app.clock import today
from gdftu_app.errors import NotFound
from gdftu_app.models.people import Sex
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.unions import Union, UnionCategory
from gdftu_app.queries.figures import figures_of
from gdftu_app.queries.overviews import get_overview
from gdftu_app.queries.periods import Grain
from gdftu_app.queries.statistics import Statistics, Wanted, view_statistics
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.permissions import Role
from gdftu_app.services.figures import fold
from gdftu_app.services.memberships import admit, remove, restore, retain, transfer
from gdftu_app.services.union_moves import move
from gdftu_app.services.verifications import mark_verified
from tests.factories import (
    Federation,
    id_of,
    make_account,
    make_administrator,
    make_member,
    make_person,
    make_union,
)
from tests.statements import statements

LEAP = date(2024, 2, 29)


def acting(session: Session, union: Union, role: Role = Role.OWNER) -> Actor:
    account = make_account(session)
    make_administrator(session, account, union, role=role)
    return get_actor(session, account_id=id_of(account), union_id=id_of(union))


def ask(session: Session, actor: Actor, union: Union | None = None, **asked) -> Statistics:
    usual = {"first": date(2024, 1, 1), "last": today(), "grain": Grain.MONTH}
    return view_statistics(session, actor, wanted=Wanted(**(usual | asked), union=id_of(union) if union else None))


@pytest.fixture
def busy(session: Session, small_federation: Federation) -> Federation:
    """Two members who joined long ago, one of them since moved and one removed; one of today, proven today."""
    stayed = admit(session, make_person(session, sex=Sex.FEMALE), small_federation.factory, joined_on=LEAP)
    left = admit(session, make_person(session, verified=False), small_federation.factory, joined_on=date(2024, 3, 1))
    newest = make_person(session, verified=False)
    admit(session, newest, small_federation.factory)
    mark_verified(session, newest)
    transfer(session, stayed, small_federation.other_factory)
    remove(session, left, RemovalReason.WITHDRAWN)
    return small_federation


class TestDevelopment:
    def test_backdated_members_count_from_their_own_day(self, session: Session, busy: Federation):
        found = ask(session, acting(session, busy.province), last=date(2024, 3, 31))

        months = [(row.first.month, row.members, row.verified, row.joined) for row in found.periods]
        assert months == [(1, 0, 0, 0), (2, 1, 1, 1), (3, 2, 1, 1)]
        assert found.periods[1].last == LEAP

    def test_the_last_period_ends_with_what_is_there_now(self, session: Session, busy: Federation):
        for union in (busy.province, busy.city, busy.street, busy.factory, busy.other_city):
            found = ask(session, acting(session, union))

            now = figures_of(session, union)
            assert (found.periods[-1].members, found.periods[-1].verified) == (now.members_sub, now.verified_sub)
            assert found.whole.members == now.members_sub

    def test_movements_of_a_branch_and_of_a_base_union_are_the_same(self, session: Session, busy: Federation):
        of_street, of_factory = (ask(session, acting(session, union)) for union in (busy.street, busy.factory))

        assert [replace(row, registered=0) for row in of_street.periods] == of_factory.periods
        whole = of_factory.whole
        assert (whole.joined, whole.transferred_out, whole.removed, whole.newly_verified) == (3, 1, 1, 1)

    def test_folding_changes_nothing(self, session: Session, busy: Federation):
        actor = acting(session, busy.province)
        before = ask(session, actor)

        fold(session)

        assert ask(session, actor) == before

    def test_the_retained_do_not_count_until_they_are_restored(self, session: Session, small_federation: Federation):
        actor = acting(session, small_federation.city)
        member = make_member(session, small_federation.factory)
        retained = retain(session, member)
        assert ask(session, actor).whole.members == 0

        restore(session, retained)

        assert ask(session, actor).whole.members == 1

    def test_somebody_who_joins_again_counts_once_on_each_day(self, session: Session, small_federation: Federation):
        person = make_person(session)
        first = admit(session, person, small_federation.factory, joined_on=LEAP)
        remove(session, first, RemovalReason.WITHDRAWN)
        admit(session, person, small_federation.other_factory, joined_on=LEAP)

        found = ask(session, acting(session, small_federation.province))

        assert {row.members for row in found.periods[1:]} == {1}

    def test_the_union_alone_leaves_out_what_is_below(self, session: Session, busy: Federation):
        found = ask(session, acting(session, busy.city), below=False)

        assert (found.whole.members, found.whole.joined, found.subordinates) == (0, 0, [])

    def test_before_the_union_existed_there_is_nothing(self, session: Session, small_federation: Federation):
        found = ask(session, acting(session, small_federation.city), first=date(1990, 1, 1), last=date(1990, 12, 31))

        assert (found.whole.members, found.whole.rate, found.before, found.year_before) == (0, None, None, None)

    def test_it_is_compared_with_the_year_before(self, session: Session, busy: Federation):
        found = ask(session, acting(session, busy.province), first=date(2025, 1, 1), last=date(2025, 12, 31))

        assert found.year_before is not None
        assert (found.year_before.members, found.year_before.joined) == (2, 2)

    def test_a_branch_leaves_its_past_behind_when_it_moves(self, session: Session, busy: Federation):
        places = (busy.city, busy.other_city)
        before = [ask(session, acting(session, union)).periods[:-1] for union in places]

        move(session, busy.district, busy.other_city)

        of_old, of_new = (ask(session, acting(session, union)) for union in places)
        assert [of_old.periods[:-1], of_new.periods[:-1]] == before
        assert (of_old.whole.joined, of_old.whole.registered, of_old.whole.members, of_old.whole.other) == (3, 3, 0, -1)
        assert (of_new.whole.joined, of_new.whole.registered, of_new.whole.members, of_new.whole.other) == (0, 1, 2, 1)

    def test_out_of_reach_is_not_found(self, session: Session, small_federation: Federation):
        actor = acting(session, small_federation.city)

        for union in (small_federation.province, small_federation.other_city):
            with pytest.raises(NotFound):
                ask(session, actor, union)


class TestComparison:
    def test_the_parts_make_up_the_whole(self, session: Session, busy: Federation):
        actor = acting(session, busy.province)
        for union in (busy.province, busy.city, busy.street, busy.other_city):
            found = ask(session, actor, union)

            for name in ("members", "joined", "transferred_in", "transferred_out", "removed", "newly_verified"):
                assert sum(getattr(row, name) for row in found.subordinates) == getattr(found.whole, name), name

    def test_a_base_union_counts_its_branches_too(self, session: Session, small_federation: Federation):
        branch = make_union(session, small_federation.factory, category=UnionCategory.BRANCH)
        make_member(session, branch)
        actor = acting(session, small_federation.street)

        [factory] = ask(session, actor).subordinates
        own = ask(session, actor, small_federation.factory)

        assert (factory.members, factory.joined, factory.registered) == (1, 1, 1)
        assert (own.whole.members, own.whole.joined) == (1, 1)

    def test_a_range_that_ended_leaves_out_what_came_later(self, session: Session, busy: Federation):
        found = ask(session, acting(session, busy.street), last=LEAP)

        [factory] = found.subordinates
        assert (factory.members, factory.verified, factory.joined) == (1, 1, 1)


class TestOverview:
    def test_it_tells_how_the_figures_changed(self, session: Session, busy: Federation):
        found = get_overview(session, acting(session, busy.province))

        assert (found.head.members, found.yesterday.members) == (2, 2)
        assert found.registered == 6
        assert [day.day for day in found.days] == [today() - timedelta(days=back) for back in range(6, -1, -1)]
        assert [day.growth for day in found.days] == [0] * 6 + [1]
        assert found.days[-1].verified == found.head.verified

    def test_leagues_name_nobody_twice_and_nobody_without_members(self, session: Session, busy: Federation):
        leagues = get_overview(session, acting(session, busy.province)).leagues

        assert leagues is not None
        assert leagues.count == 2
        assert {row.id for row in leagues.leading} == {busy.city.id, busy.other_city.id}
        assert leagues.lagging == []

    def test_a_base_union_has_no_leagues(self, session: Session, busy: Federation):
        assert get_overview(session, acting(session, busy.factory)).leagues is None


def test_neither_takes_more_than_ten_statements_however_many_there_are(session: Session, small_federation: Federation):
    actor = acting(session, small_federation.province)

    def counts() -> tuple[int, int]:
        with statements(session) as of_statistics:
            ask(session, actor)
        with statements(session) as of_overview:
            get_overview(session, actor)
        return len(of_statistics), len(of_overview)

    make_member(session, make_union(session, small_federation.province))
    few = counts()
    for _ in range(12):
        make_member(session, make_union(session, small_federation.province))

    assert counts() == few
    assert max(few) <= 10

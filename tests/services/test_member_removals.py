"""Removing members of the acting union, retaining and restoring them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlmodel import Session, col, select

from gdftu_app.clock import frozen_at, now, today
from gdftu_app.db import unit_of_work
from gdftu_app.errors import InvalidInput, NotFound
from gdftu_app.models.figures import DailyFigures
from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipStatus
from gdftu_app.models.people import Person, Sex
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.unions import Union
from gdftu_app.security.actors import get_actor
from gdftu_app.services.figure_checks import rebuild, verify
from gdftu_app.services.figures import fold
from gdftu_app.services.member_removals import BEFORE_LAST_CHANGE, HAS_LEFT, MOST_AT_ONCE, NOT_HERE, remove_members
from gdftu_app.services.member_retentions import restore_member, retain_member
from gdftu_app.services.members_within import HasLeft
from gdftu_app.services.membership_rows import MembershipChanged, current_membership, person_of
from gdftu_app.services.memberships import admit, retain, transfer
from gdftu_app.services.verifications import mark_verified
from tests.factories import (
    Federation,
    id_of,
    make_account,
    make_administrator,
    make_federation,
    make_member,
    make_person,
)
from tests.recounts import days_shown, recount, shown
from tests.statements import statements


def kinds(session: Session, membership: Membership) -> list[tuple[str, str]]:
    events = select(MembershipEvent).where(MembershipEvent.membership_id == membership.id)
    return [(event.kind, event.reason) for event in session.exec(events.order_by(col(MembershipEvent.id)))]


def earlier(session: Session, member: Membership, day: date) -> None:
    """Let a member have come into the union on an earlier day; the figures of the days are counted anew."""
    member.since = day
    for event in session.exec(select(MembershipEvent).where(MembershipEvent.membership_id == member.id)):
        event.day = day
    session.flush()
    rebuild(session)


def entries(session: Session, verb: str) -> list[AuditEntry]:
    return list(session.exec(select(AuditEntry).where(AuditEntry.verb == verb).order_by(col(AuditEntry.id))))


class TestRemoveMembers:
    def test_ends_memberships_and_answers_for_each(self, session, act_as, small_federation: Federation):
        factory = small_federation.factory
        members = [
            make_member(session, factory, name="陈甲"),
            make_member(session, factory, name="陈乙", sex=Sex.FEMALE, is_migrant=True, verified=False),
        ]
        retained = retain(session, make_member(session, factory, name="陈丙"))
        elsewhere = make_member(session, small_federation.other_factory, name="陈丁")
        actor = act_as(factory)

        asked = [id_of(each) for each in (*members, retained, elsewhere)]
        outcomes = remove_members(
            session, actor, members=[*asked, asked[0], 987_654_321], reason=RemovalReason.EXPELLED
        )

        assert [(outcome.name, outcome.problem) for outcome in outcomes] == [
            ("陈甲", ""),
            ("陈乙", ""),
            ("陈丙", ""),
            ("", NOT_HERE),
            ("", NOT_HERE),
        ]
        assert {member.status for member in (*members, retained)} == {MembershipStatus.ENDED}
        assert kinds(session, members[0]) == [("joined", ""), ("expelled", "expelled")]
        assert elsewhere.status == MembershipStatus.CURRENT
        assert verify(session) == []
        assert shown(session) == recount(session)

    def test_a_second_click_says_the_same_and_changes_nothing(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory)
        actor = act_as(small_federation.factory)
        first = remove_members(session, actor, members=[id_of(member)], reason=RemovalReason.WITHDRAWN)

        second = remove_members(session, actor, members=[id_of(member)], reason=RemovalReason.WITHDRAWN)

        assert first == second
        assert first[0].is_removed
        assert len(kinds(session, member)) == 2
        assert len(entries(session, "members:remove")) == 1

    def test_who_left_otherwise_is_told_apart(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory)
        remove_members(
            session, act_as(small_federation.factory), members=[id_of(member)], reason=RemovalReason.DECEASED
        )

        again = remove_members(
            session, act_as(small_federation.factory), members=[id_of(member)], reason=RemovalReason.DECEASED
        )

        assert (again[0].problem, again[0].is_removed) == (HAS_LEFT, False)

    def test_who_was_removed_may_join_again(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory)
        person = person_of(session, member)
        remove_members(
            session, act_as(small_federation.factory), members=[id_of(member)], reason=RemovalReason.LABOUR_ENDED
        )

        admit(session, person, small_federation.other_factory)

        now = current_membership(session, person)
        assert now is not None
        assert now.union_id == small_federation.other_factory.id

    def test_members_of_a_union_below_are_that_unions_own(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory)

        outcomes = remove_members(
            session, act_as(small_federation.street), members=[id_of(member)], reason=RemovalReason.WITHDRAWN
        )

        assert (outcomes[0].problem, outcomes[0].name) == (NOT_HERE, "")

    def test_an_earlier_day_is_the_one_that_figures_and_history_tell(self, session, act_as, small_federation):
        factory, day = small_federation.factory, today() - timedelta(days=40)
        person = make_person(session, sex=Sex.FEMALE)
        member = admit(session, person, factory, joined_on=date(2020, 1, 1))
        earlier(session, member, date(2020, 1, 1))

        [outcome] = remove_members(
            session, act_as(factory), members=[id_of(member)], reason=RemovalReason.DECEASED, day=day
        )

        assert (outcome.is_removed, member.ended_on) == (True, day)
        last = session.exec(select(MembershipEvent).order_by(col(MembershipEvent.id).desc())).first()
        assert (last.kind, last.reason, last.day) == ("removed", "deceased", day)
        removed = select(DailyFigures.removed).where(
            DailyFigures.union_id == small_federation.province.id, DailyFigures.day == day
        )
        while fold(session):
            pass
        assert session.exec(removed).one() == 1
        assert shown(session) == recount(session)
        assert verify(session) == []
        assert entries(session, "members:remove")[0].detail == {"reason": "deceased", "day": day.isoformat()}

    def test_nobody_who_had_left_by_then_counts_as_proven(self, session, act_as, small_federation):
        factory, day = small_federation.factory, today() - timedelta(days=40)
        members = [
            admit(session, make_person(session, verified=False), factory, joined_on=date(2020, 1, 1)) for _ in range(2)
        ]
        with frozen_at(now() - timedelta(days=20)):
            mark_verified(session, session.get_one(Person, members[0].person_id))

        remove_members(
            session,
            act_as(factory),
            members=[id_of(member) for member in members],
            reason=RemovalReason.WITHDRAWN,
            day=day,
        )

        shown_days = days_shown(session)
        province = id_of(small_federation.province)
        assert {shown_days[key] for key in shown_days if key[2] == "verified_members"} == set()
        assert (shown_days[province, day, "members"], shown_days[province, today() - timedelta(20), "verified"]) == (
            -2,
            1,
        )
        assert shown(session) == recount(session)
        assert verify(session) == []

    def test_not_before_anything_else_happened_to_the_membership(self, session, act_as, small_federation):
        factory = small_federation.factory
        joined, retained = (admit(session, make_person(session, name=name), factory) for name in ("陈甲", "陈乙"))
        for member in (joined, retained):
            earlier(session, member, today() - timedelta(days=30))
        retain(session, retained)

        outcomes = remove_members(
            session,
            act_as(factory),
            members=[id_of(joined), id_of(retained)],
            reason=RemovalReason.WITHDRAWN,
            day=today() - timedelta(days=10),
        )

        assert [(each.name, each.problem) for each in outcomes] == [("陈甲", ""), ("陈乙", BEFORE_LAST_CHANGE)]
        assert outcomes[1].values == {"day": today().isoformat()}
        assert retained.status == MembershipStatus.RETAINED

    def test_a_second_click_for_an_earlier_day_says_the_same(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory)
        earlier(session, member, today() - timedelta(days=30))
        actor, day = act_as(small_federation.factory), today() - timedelta(days=10)
        asked = {"members": [id_of(member)], "reason": RemovalReason.WITHDRAWN, "day": day}

        first, second = (remove_members(session, actor, **asked) for _ in range(2))

        assert first == second
        assert first[0].is_removed

    def test_a_day_to_come_is_refused(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory)

        with pytest.raises(InvalidInput) as refused:
            remove_members(
                session,
                act_as(small_federation.factory),
                members=[id_of(member)],
                reason=RemovalReason.WITHDRAWN,
                day=today() + timedelta(days=1),
            )

        assert refused.value.field == "day"

    @pytest.mark.parametrize("members", [[], list(range(1, MOST_AT_ONCE + 2))], ids=["none", "too many"])
    def test_none_and_too_many_are_refused(self, session, act_as, small_federation, members):
        with pytest.raises(InvalidInput):
            remove_members(session, act_as(small_federation.factory), members=members, reason=RemovalReason.WITHDRAWN)

    def test_many_cost_as_many_statements_as_few(self, session, act_as, small_federation):
        few = [id_of(make_member(session, small_federation.factory)) for _ in range(2)]
        many = [id_of(make_member(session, small_federation.factory)) for _ in range(12)]
        actor = act_as(small_federation.factory)
        sent: list[int] = []

        for members in (few, many):
            with statements(session) as seen:
                remove_members(session, actor, members=members, reason=RemovalReason.WITHDRAWN)
                session.flush()
            sent.append(len(seen))

        assert sent[0] == sent[1]


class TestRetaining:
    def test_a_retained_member_counts_no_longer_until_restored(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory)
        actor = act_as(small_federation.factory)

        retain_member(session, actor, member=id_of(member), reason="外出务工")
        assert member.status == MembershipStatus.RETAINED
        assert shown(session) == recount(session)
        restore_member(session, actor, member=id_of(member), reason="已返岗")

        assert kinds(session, member) == [("joined", ""), ("retained", "外出务工"), ("restored", "已返岗")]
        assert shown(session) == recount(session)
        assert [entry.detail for entry in entries(session, "members:retain")] == [{"reason": "外出务工"}]

    def test_needs_a_reason_and_the_right_state(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory)
        actor = act_as(small_federation.factory)

        with pytest.raises(InvalidInput):
            retain_member(session, actor, member=id_of(member), reason=" ")
        with pytest.raises(MembershipChanged):
            restore_member(session, actor, member=id_of(member), reason="已返岗")

    def test_is_for_the_members_own_union(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory)

        with pytest.raises(NotFound):
            retain_member(session, act_as(small_federation.city), member=id_of(member), reason="外出务工")

    def test_who_left_is_past_retaining(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory)
        actor = act_as(small_federation.factory)
        remove_members(session, actor, members=[id_of(member)], reason=RemovalReason.WITHDRAWN)

        with pytest.raises(HasLeft):
            retain_member(session, actor, member=id_of(member), reason="外出务工")


class TestTwoAtOnce:
    @pytest.fixture
    def members(self, own_database: str) -> tuple[int, int, list[int], list[int]]:
        """Two unions, two administrators of the first, and its members."""
        with unit_of_work() as session:
            world = make_federation(session)
            accounts = [make_account(session, name=name) for name in ("甲管理", "乙管理")]
            for account in accounts:
                make_administrator(session, account, world.factory)
            members = [id_of(make_member(session, world.factory, name=f"陈{number}")) for number in "甲乙丙丁戊己"]
            return id_of(world.factory), id_of(world.other_factory), [id_of(each) for each in accounts], members

    def test_each_membership_ends_once_whoever_is_first(self, members):
        factory, _, accounts, numbers = members
        barrier = Barrier(2)

        def remove(account: int, order: list[int]) -> int:
            barrier.wait()
            with unit_of_work() as session:
                actor = get_actor(session, account_id=account, union_id=factory)
                outcomes = remove_members(session, actor, members=order, reason=RemovalReason.WITHDRAWN)
                return sum(outcome.is_removed for outcome in outcomes)

        with ThreadPoolExecutor(2) as pool:
            removed = list(pool.map(remove, accounts, (numbers, numbers[::-1])))

        assert sum(removed) == len(numbers)
        with unit_of_work() as session:
            while fold(session):
                pass
            assert verify(session) == []
            assert len(entries(session, "members:remove")) == len(numbers)

    def test_a_member_who_is_transferred_meanwhile_is_either_there_or_gone(self, members):
        factory, other, accounts, numbers = members
        barrier = Barrier(2)

        def remove() -> bool:
            barrier.wait()
            with unit_of_work() as session:
                actor = get_actor(session, account_id=accounts[0], union_id=factory)
                return remove_members(session, actor, members=numbers[:1], reason=RemovalReason.WITHDRAWN)[0].is_removed

        def carry_over() -> bool:
            barrier.wait()
            try:
                with unit_of_work() as session:
                    transfer(session, session.get_one(Membership, numbers[0]), session.get_one(Union, other))
            except MembershipChanged:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            answers = [task.result() for task in (pool.submit(remove), pool.submit(carry_over))]

        assert sorted(answers) == [False, True]
        with unit_of_work() as session:
            while fold(session):
                pass
            assert verify(session) == []

"""Admitting, transferring, retaining, restoring and removing members."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from gdftu_app.clock import frozen_at, today
from gdftu_app.errors import InvalidInput, NotFound
from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipStatus
from gdftu_app.models.people import Person, Sex
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.unions import UnionCategory, UnionLevel
from gdftu_app.queries.figures import figures_of
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.membership_rows import AlreadyMember, MembershipChanged, current_membership
from gdftu_app.services.memberships import (
    admit,
    admit_many,
    remove,
    restore,
    retain,
    transfer,
)
from gdftu_app.services.unions import dissolve
from gdftu_app.services.verifications import mark_verified, renew_copies
from tests.factories import Federation, make_member, make_person, make_union


def history(session: Session, membership: Membership) -> list[tuple[str, int]]:
    events = select(MembershipEvent).where(MembershipEvent.membership_id == membership.id)
    return [(event.kind, event.change) for event in session.exec(events.order_by("id"))]


def person_of(session: Session, membership: Membership) -> Person:
    person = session.get(Person, membership.person_id)
    assert person is not None
    return person


class TestAdmit:
    def test_the_person_becomes_a_member_and_all_superiors_count(self, session: Session, small_federation: Federation):
        person = make_person(session, sex=Sex.FEMALE, is_migrant=True)

        membership = admit(session, person, small_federation.factory, reason="新员工")

        assert (membership.status, membership.joined_on) == (MembershipStatus.CURRENT, today())
        assert (membership.name, membership.sex, membership.verified) == ("陈一", Sex.FEMALE, True)
        assert history(session, membership) == [("joined", 1)]
        for union in (small_federation.factory, small_federation.street, small_federation.province):
            figures = figures_of(session, union)
            assert (figures.members_sub, figures.verified_sub, figures.women_sub, figures.migrant_sub) == (1, 1, 1, 1)
        assert figures_of(session, small_federation.street).members_own == 0
        assert figures_of(session, small_federation.other_city).members_sub == 0
        assert verify(session) == []

    def test_nobody_joins_twice(self, session: Session, small_federation: Federation):
        membership = make_member(session, small_federation.factory)

        with pytest.raises(AlreadyMember) as refusal:
            admit(session, person_of(session, membership), small_federation.other_factory)

        assert "陈一" in refusal.value.text("zh-CN")
        assert verify(session) == []

    def test_one_member_among_several_refuses_them_all(self, session: Session, small_federation: Federation):
        member = person_of(session, make_member(session, small_federation.factory))
        people = [make_person(session), member]

        with pytest.raises(AlreadyMember), session.begin_nested():
            admit_many(session, [(person, small_federation.other_factory) for person in people])

        assert current_membership(session, people[0]) is None

    def test_an_earlier_day_of_joining_is_kept(self, session: Session, small_federation: Federation):
        membership = admit(session, make_person(session), small_federation.factory, joined_on=date(2019, 5, 1))

        assert (membership.joined_on, membership.since) == (date(2019, 5, 1), today())

    def test_a_later_day_is_refused(self, session: Session, small_federation: Federation):
        with pytest.raises(InvalidInput):
            admit(session, make_person(session), small_federation.factory, joined_on=today() + timedelta(days=1))

    def test_a_city_holds_no_members_directly(self, session: Session, small_federation: Federation):
        with pytest.raises(InvalidInput):
            make_member(session, small_federation.city)

    def test_an_industry_federation_does(self, session: Session, small_federation: Federation):
        federation = make_union(
            session, small_federation.city, category=UnionCategory.INDUSTRY_FEDERATION, level=UnionLevel.CITY
        )

        make_member(session, federation)

        figures = figures_of(session, federation)
        assert (figures.members_own, figures.members_sub) == (1, 1)
        assert verify(session) == []

    def test_a_dissolved_union_takes_nobody(self, session: Session, small_federation: Federation):
        dissolve(session, small_federation.factory)

        with pytest.raises(NotFound):
            make_member(session, small_federation.factory)


class TestTransfer:
    def test_the_first_day_of_joining_survives(self, session: Session, small_federation: Federation):
        with frozen_at(datetime(2024, 3, 1, 4, tzinfo=UTC)):
            membership = make_member(session, small_federation.factory)

        with frozen_at(datetime(2025, 6, 2, 4, tzinfo=UTC)):
            carried = transfer(session, membership, small_federation.other_factory)

        assert (carried.joined_on, carried.since) == (date(2024, 3, 1), date(2025, 6, 2))
        assert carried.union_id == small_federation.other_factory.id

    def test_where_the_person_came_from_is_not_lost(self, session: Session, small_federation: Federation):
        membership = make_member(session, small_federation.factory)

        carried = transfer(session, membership, small_federation.other_factory)

        assert (membership.status, membership.union_id) == (MembershipStatus.ENDED, small_federation.factory.id)
        assert membership.ended_on == today()
        assert history(session, membership) == [("joined", 1), ("transferred_out", -1)]
        assert history(session, carried) == [("transferred_in", 1)]
        assert figures_of(session, small_federation.city).members_sub == 0
        assert figures_of(session, small_federation.other_city).members_sub == 1
        assert verify(session) == []

    def test_a_retained_member_counts_again_elsewhere(self, session: Session, small_federation: Federation):
        membership = retain(session, make_member(session, small_federation.factory))

        carried = transfer(session, membership, small_federation.other_factory)

        assert carried.status == MembershipStatus.CURRENT
        assert history(session, membership)[-1] == ("transferred_out", 0)
        assert figures_of(session, small_federation.province).members_sub == 1
        assert verify(session) == []

    def test_not_to_the_same_union(self, session: Session, small_federation: Federation):
        membership = make_member(session, small_federation.factory)

        with pytest.raises(InvalidInput):
            transfer(session, membership, small_federation.factory)

    def test_not_after_its_end(self, session: Session, small_federation: Federation):
        membership = remove(session, make_member(session, small_federation.factory), RemovalReason.WITHDRAWN)

        with pytest.raises(MembershipChanged):
            transfer(session, membership, small_federation.other_factory)


class TestRetainAndRestore:
    def test_the_retained_are_outside_the_member_count(self, session: Session, small_federation: Federation):
        membership = retain(session, make_member(session, small_federation.factory))

        assert figures_of(session, small_federation.province).members_sub == 0
        assert current_membership(session, person_of(session, membership)) == membership
        assert verify(session) == []

    def test_the_restored_count_again(self, session: Session, small_federation: Federation):
        membership = restore(session, retain(session, make_member(session, small_federation.factory)))

        assert history(session, membership) == [("joined", 1), ("retained", -1), ("restored", 1)]
        assert figures_of(session, small_federation.province).members_sub == 1
        assert verify(session) == []

    def test_only_the_retained_are_restored(self, session: Session, small_federation: Federation):
        with pytest.raises(MembershipChanged):
            restore(session, make_member(session, small_federation.factory))


class TestRemove:
    @pytest.mark.parametrize(
        ("reason", "kind"),
        [
            (RemovalReason.LABOUR_ENDED, "removed"),
            (RemovalReason.WITHDRAWN, "withdrawn"),
            (RemovalReason.DEEMED_WITHDRAWN, "withdrawn"),
            (RemovalReason.EXPELLED, "expelled"),
            (RemovalReason.DECEASED, "removed"),
            (RemovalReason.RECORDED_BY_MISTAKE, "removed"),
        ],
    )
    def test_the_history_says_how(
        self, session: Session, small_federation: Federation, reason: RemovalReason, kind: str
    ):
        membership = remove(session, make_member(session, small_federation.factory), reason)

        assert history(session, membership)[-1] == (kind, -1)
        assert figures_of(session, small_federation.province).members_sub == 0
        assert verify(session) == []

    def test_the_person_may_join_again(self, session: Session, small_federation: Federation):
        membership = remove(session, make_member(session, small_federation.factory), RemovalReason.WITHDRAWN)

        again = admit(session, person_of(session, membership), small_federation.other_factory)

        assert again.id != membership.id
        assert verify(session) == []

    def test_a_second_time_is_refused(self, session: Session, small_federation: Federation):
        membership = remove(session, make_member(session, small_federation.factory), RemovalReason.EXPELLED)

        with pytest.raises(MembershipChanged):
            remove(session, membership, RemovalReason.EXPELLED)


class TestVerification:
    def test_a_verified_member_counts_as_such(self, session: Session, small_federation: Federation):
        membership = make_member(session, small_federation.factory, verified=False)

        mark_verified(session, person_of(session, membership))

        assert membership.verified
        assert figures_of(session, small_federation.province).verified_sub == 1
        assert history(session, membership) == [("joined", 1), ("verified", 0)]
        assert verify(session) == []

    def test_once_is_enough(self, session: Session, small_federation: Federation):
        membership = make_member(session, small_federation.factory)

        mark_verified(session, person_of(session, membership))

        assert history(session, membership) == [("joined", 1)]

    def test_somebody_without_membership_just_is_verified(self, session: Session):
        person = make_person(session, verified=False)

        mark_verified(session, person)

        assert person.verified_at is not None

    def test_a_retained_member_adds_to_no_total(self, session: Session, small_federation: Federation):
        membership = retain(session, make_member(session, small_federation.factory, verified=False))

        mark_verified(session, person_of(session, membership))

        assert figures_of(session, small_federation.province).verified_sub == 0
        assert verify(session) == []

    def test_corrections_of_a_person_reach_membership_and_figures(self, session: Session, small_federation: Federation):
        membership = make_member(session, small_federation.factory)
        person = person_of(session, membership)
        person.name, person.sex, person.is_migrant, person.born_on = "陈依", Sex.FEMALE, True, date(1990, 12, 31)

        renew_copies(session, person)

        assert (membership.name, membership.sex, membership.born_year) == ("陈依", Sex.FEMALE, 1990)
        figures = figures_of(session, small_federation.city)
        assert (figures.members_sub, figures.women_sub, figures.migrant_sub) == (1, 1, 1)
        assert verify(session) == []

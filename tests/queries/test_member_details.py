"""A member's record: what is shown of it, and how far its history reaches."""

import pytest

from gdftu_app.errors import NotFound
from gdftu_app.models.memberships import MembershipStatus
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.queries.member_details import get_member
from gdftu_app.security.permissions import Role
from gdftu_app.services.memberships import remove, transfer
from tests.counting import assert_queries
from tests.factories import id_of, make_member


class TestGetMember:
    def test_shows_what_is_recorded_and_the_way_to_the_union(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory, name="陈甲", education="21", is_migrant=True)

        found = get_member(session, act_as(small_federation.city), member=id_of(member))

        assert (found.row.name, found.values["education"], found.values["is_migrant"]) == ("陈甲", "21", "yes")
        assert [union.name for union in found.path] == [
            small_federation.city.name,
            small_federation.district.name,
            small_federation.street.name,
            small_federation.factory.name,
        ]
        assert [event.kind for event in found.history] == ["joined"]

    def test_beyond_reach_history_says_what_and_when_but_not_where_or_why(self, session, act_as, small_federation):
        member = make_member(session, small_federation.other_factory)
        carried = transfer(session, member, small_federation.factory, reason="换了单位")

        found = get_member(session, act_as(small_federation.city), member=id_of(carried))

        assert [(event.kind, event.union and event.union.name, event.reason) for event in found.history] == [
            ("transferred_in", small_federation.factory.name, "换了单位"),
            ("transferred_out", None, ""),
            ("joined", None, ""),
        ]

    @pytest.mark.parametrize("is_within", [True, False])
    def test_who_left_leads_to_where_they_are_within_reach(self, session, act_as, small_federation, is_within):
        member = make_member(session, small_federation.factory)
        carried = transfer(session, member, small_federation.other_factory)
        actor = act_as(small_federation.province if is_within else small_federation.city)

        found = get_member(session, actor, member=id_of(member))

        assert found.row.status is MembershipStatus.ENDED
        assert (found.current and found.current.id) == (carried.id if is_within else None)
        assert not any((found.may_change, found.may_correct, found.may_reveal))

    @pytest.mark.parametrize(
        ("place", "role", "may"),
        [
            ("factory", Role.OWNER, (True, True, True)),
            ("factory", Role.MEMBERS, (True, True, True)),
            ("factory", Role.REVIEWER, (False, False, False)),
            ("city", Role.OWNER, (False, False, True)),
        ],
    )
    def test_says_what_may_be_done(self, session, act_as, small_federation, place, role, may):
        member = make_member(session, small_federation.factory)

        found = get_member(session, act_as(getattr(small_federation, place), role), member=id_of(member))

        assert (found.may_change, found.may_correct, found.may_reveal) == may

    @pytest.mark.parametrize("place", ["other_city", "other_factory"])
    def test_out_of_reach_looks_missing(self, session, act_as, small_federation, place):
        member = make_member(session, small_federation.factory)

        with pytest.raises(NotFound):
            get_member(session, act_as(getattr(small_federation, place)), member=id_of(member))

    def test_takes_five_statements(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory)
        actor = act_as(small_federation.city)
        remove(session, make_member(session, small_federation.factory), RemovalReason.WITHDRAWN)

        with assert_queries(session, 5):
            get_member(session, actor, member=id_of(member))

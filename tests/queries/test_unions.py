"""The head of a union: its way down and its figures."""

from gdftu_app.models.people import Sex
from gdftu_app.queries.unions import UnionRef, get_own_union, get_union
from gdftu_app.services.unions import dissolve
from tests.counting import assert_queries
from tests.factories import id_of, make_member, make_union
from tests.recounts import recount


class TestGetUnion:
    def test_the_way_begins_at_the_acting_union(self, session, act_as, small_federation):
        actor = act_as(small_federation.city)

        head = get_union(session, actor, union=id_of(small_federation.street))

        assert head.path == [
            UnionRef(id_of(union), union.name)
            for union in (small_federation.city, small_federation.district, small_federation.street)
        ]

    def test_its_figures_are_those_of_a_recount(self, session, act_as, small_federation):
        make_member(session, small_federation.factory, sex=Sex.FEMALE)
        make_member(session, small_federation.factory, verified=False, is_migrant=True)
        make_member(session, small_federation.other_factory)
        actor = act_as(small_federation.province)

        for union in (small_federation.province, small_federation.city, small_federation.factory):
            head = get_union(session, actor, union=id_of(union))

            counted = recount(session)[id_of(union)]
            assert (head.direct, head.subordinates) == (counted["unions_direct"], counted["unions_sub"])
            assert (head.members, head.verified) == (counted["members_sub"], counted["verified_sub"])
            assert (head.women, head.migrant) == (counted["women_sub"], counted["migrant_sub"])

    def test_the_rate_is_a_fraction_of_the_members(self, session, act_as, small_federation):
        for verified in (True, True, True, False):
            make_member(session, small_federation.factory, verified=verified)
        actor = act_as(small_federation.city)

        assert get_union(session, actor, union=id_of(small_federation.factory)).rate == 0.75

    def test_without_members_there_is_no_rate(self, session, act_as, small_federation):
        actor = act_as(small_federation.city)

        assert get_union(session, actor, union=id_of(small_federation.factory)).rate is None

    def test_dissolved_unions_do_not_count_but_can_be_read(self, session, act_as, small_federation):
        dissolve(session, small_federation.factory)
        actor = act_as(small_federation.street)

        assert get_own_union(session, actor).subordinates == 0
        assert get_union(session, actor, union=id_of(small_federation.factory)).status == "dissolved"

    def test_it_takes_three_statements_however_deep_and_large(self, session, act_as, small_federation):
        actor = act_as(small_federation.province)

        with assert_queries(session, 3):
            get_union(session, actor, union=id_of(small_federation.city))
        for _ in range(30):
            make_union(session, small_federation.street)
        with assert_queries(session, 3):
            get_union(session, actor, union=id_of(small_federation.street))

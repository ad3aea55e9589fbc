"""No question about unions is answered beyond the actor's reach, or without the permission."""

from collections.abc import Callable
from typing import Any

import pytest

from gdftu_app.errors import NotAllowed, NotFound
from gdftu_app.queries.subordinates import list_subordinates
from gdftu_app.queries.union_details import get_own_details, get_union_details
from gdftu_app.queries.union_search import search_unions
from gdftu_app.queries.union_tree import branch, trail
from gdftu_app.queries.unions import get_own_union, get_union
from gdftu_app.security.permissions import Role
from tests.factories import id_of

ABOUT_A_UNION: dict[Callable[..., Any], str] = {
    get_union: "union",
    get_union_details: "union",
    list_subordinates: "union",
    branch: "parent",
    trail: "union",
}
LOOKING = [Role.OWNER, Role.REVIEWER, Role.MEMBERS, Role.EDITOR]
NOT_LOOKING = [Role.ANALYST, Role.AUDITOR]


@pytest.mark.parametrize(("ask", "named"), ABOUT_A_UNION.items())
class TestOutOfReach:
    def test_another_citys_union_looks_missing(self, session, act_as, small_federation, ask, named):
        actor = act_as(small_federation.city)

        for union in (small_federation.other_city, small_federation.other_factory):
            with pytest.raises(NotFound):
                ask(session, actor, **{named: id_of(union)})

    def test_the_superior_looks_missing(self, session, act_as, small_federation, ask, named):
        actor = act_as(small_federation.city)

        with pytest.raises(NotFound):
            ask(session, actor, **{named: id_of(small_federation.province)})

    @pytest.mark.parametrize("number", [0, -1, 2**31 - 1])
    def test_so_does_a_union_that_never_was(self, session, act_as, small_federation, ask, named, number):
        actor = act_as(small_federation.city)

        with pytest.raises(NotFound):
            ask(session, actor, **{named: number})

    def test_own_and_lower_unions_are_answered(self, session, act_as, small_federation, ask, named):
        actor = act_as(small_federation.city)

        for union in (small_federation.city, small_federation.district, small_federation.factory):
            assert ask(session, actor, **{named: id_of(union)})


class TestPermission:
    @pytest.mark.parametrize(("ask", "named"), ABOUT_A_UNION.items())
    def test_base_unions_have_no_subordinates_to_look_at(self, session, act_as, small_federation, ask, named):
        actor = act_as(small_federation.factory)

        with pytest.raises(NotAllowed):
            ask(session, actor, **{named: id_of(small_federation.factory)})

    @pytest.mark.parametrize("role", NOT_LOOKING)
    @pytest.mark.parametrize(("ask", "named"), ABOUT_A_UNION.items())
    def test_analysts_and_auditors_look_at_their_own_pages_only(
        self, session, act_as, small_federation, ask, named, role
    ):
        actor = act_as(small_federation.city, role=role)

        with pytest.raises(NotAllowed):
            ask(session, actor, **{named: id_of(small_federation.district)})

    @pytest.mark.parametrize("role", LOOKING)
    @pytest.mark.parametrize(("ask", "named"), ABOUT_A_UNION.items())
    def test_everybody_else_looks(self, session, act_as, small_federation, ask, named, role):
        actor = act_as(small_federation.city, role=role)

        assert ask(session, actor, **{named: id_of(small_federation.district)})

    def test_searching_needs_the_same_permission(self, session, act_as, small_federation):
        for actor in (act_as(small_federation.factory), act_as(small_federation.city, role=Role.AUDITOR)):
            with pytest.raises(NotAllowed):
                search_unions(session, actor, keyword="工会")

    def test_a_base_union_sees_itself(self, session, act_as, small_federation):
        actor = act_as(small_federation.factory)

        assert get_own_union(session, actor).id == small_federation.factory.id
        assert get_own_details(session, actor).name == small_federation.factory.name

    def test_an_auditor_does_not(self, session, act_as, small_federation):
        actor = act_as(small_federation.factory, role=Role.AUDITOR)

        for ask in (get_own_union, get_own_details):
            with pytest.raises(NotAllowed):
                ask(session, actor)

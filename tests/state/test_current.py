"""The union of a window, through the whole pipeline: arriving, entering, choosing, and what others are told."""

from collections.abc import Callable

import pytest

from gdftu_app.state.current import CurrentUnion, CurrentUser
from gdftu_app.state.notices import Notices
from gdftu_app.state.overview import OverviewState
from gdftu_app.state.union_chooser import UnionChooserState
from tests.state.conftest import NOT_FOUND, Enter, told
from tests.state.windows import Window
from tests.web.world import World


class TestAWindow:
    def test_keeps_its_union_when_another_enters_another(self, enter: Enter, town: World):
        own, other = (town.places[key] for key in ("factory", "other_factory"))
        one, two = enter("owner of both factories"), enter("owner of both factories")
        one.send(CurrentUnion.enter_union, union_id=own.id)
        two.send(CurrentUnion.enter_union, union_id=other.id)

        one.send(CurrentUnion.arrive)

        assert one.look(CurrentUnion).name == own.name
        assert two.look(CurrentUnion).name == other.name

    def test_that_is_new_resumes_the_union_entered_last(self, enter: Enter, town: World):
        first = enter("owner of both factories")
        for key in ("factory", "other_factory"):
            first.send(CurrentUnion.enter_union, union_id=town.places[key].id)

            assert enter("owner of both factories").look(CurrentUnion).name == town.places[key].name

    @pytest.mark.parametrize("key", ["district", "other_city", "province"])
    def test_enters_no_union_without_a_grant_even_below_the_own_one(self, key: str, enter: Enter, town: World):
        window = enter("owner of the city")

        window.send(CurrentUnion.enter_union, union_id=town.places[key].id)

        assert told(window) == [NOT_FOUND]
        assert window.look(CurrentUnion).name == town.places["city"].name

    @pytest.mark.parametrize("name", ["account without a union", "account not verified", "dismissed owner of the city"])
    def test_of_nobodys_administrator_acts_for_none(self, name: str, enter: Enter):
        window = enter(name)

        window.send(OverviewState.load)
        window.send(UnionChooserState.load)

        assert window.look(CurrentUnion).name == ""
        assert told(window) == [NOT_FOUND]
        assert window.look(UnionChooserState).unions == []

    def test_of_an_auditor_shows_no_figures(self, enter: Enter):
        window = enter("auditor of the city")

        window.send(OverviewState.load)

        overview = window.look(OverviewState)
        assert (overview.may_view, overview.figures) == (False, [])

    def test_whose_session_is_over_says_so(self, visit: Callable[[str], Window]):
        window = visit(f"s.{'e' * 43}")

        window.send(CurrentUnion.arrive)

        assert window.look(CurrentUser).signed_out is True
        assert told(window) == []

    def test_shows_three_notices_and_closes_them_by_number(self, enter: Enter, town: World):
        window = enter("owner of the city")
        for _ in range(5):
            window.send(CurrentUnion.enter_union, union_id=town.places["province"].id)
        numbers = [notice.number for notice in window.look(Notices).shown]

        window.send(Notices.close, number=numbers[1])

        assert len(numbers) == 3
        assert [notice.number for notice in window.look(Notices).shown] == [numbers[0], numbers[2]]


class TestTheChooser:
    def test_enters_the_only_union_at_once(self, visit: Callable[[str], Window], town: World):
        window = visit(town.sign_in("owner of the district"))

        window.send(UnionChooserState.load, at="/unions/")

        assert window.look(CurrentUnion).name == town.places["district"].name

    @pytest.mark.parametrize("keyword", ["", "邻江", "LJFZ", "  邻江 "])
    def test_finds_own_unions_by_name_and_initials(self, keyword: str, visit: Callable[[str], Window], town: World):
        window = visit(town.sign_in("owner of both factories"))
        window.send(UnionChooserState.load, at="/unions/")

        window.send(UnionChooserState.search, keyword=keyword)

        found = {union.name for union in window.look(UnionChooserState).unions}
        own = {town.places[key].name for key in ("factory", "other_factory")}
        assert found == (own if not keyword else {town.places["other_factory"].name})

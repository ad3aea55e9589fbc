"""概览 and 统计 on screen, through the whole pipeline: the same numbers everywhere, and addresses that keep a view."""

import pytest

from gdftu_app.clock import today
from gdftu_app.models.unions import Union
from gdftu_app.state.members import MembersState
from gdftu_app.state.overview import OverviewState
from gdftu_app.state.statistics import StatisticsState
from tests.factories import make_member
from tests.state.conftest import NOT_FOUND, Enter, told
from tests.state.windows import Window
from tests.web.world import World

PAGE = "/statistics/"
OWNERS = {"city": "owner of the city", "factory": "owner of the factory", "other_city": "owner of the other city"}
NONSENSE = [
    *("union=x", "union=99999999999", "own=2", "range=x", "from=2025-13-01&to=x", "from=2025-02-30&to=2025-03-01"),
    *("from=9999-01-01&to=0001-01-01", "by=x", "show=x", "show=registered&own=1", "unknown=1"),
]


@pytest.fixture(scope="module")
def staffed(town: World) -> None:
    """Seven members of the factory, five of them proven."""
    with town.open() as session:
        factory = session.get_one(Union, town.places["factory"].id)
        for number in range(7):
            make_member(session, factory, name=f"统计{number}", verified=number < 5)


def figure(window: Window, screen: type[StatisticsState | OverviewState], key: str) -> str:
    return next(figure.exact for figure in window.look(screen).figures if figure.key == key)


@pytest.mark.usefixtures("staffed")
class TestNumbers:
    @pytest.mark.parametrize("key", OWNERS)
    def test_are_the_same_on_the_overview_in_statistics_and_in_the_list(self, key: str, enter: Enter):
        window = enter(OWNERS[key])
        window.send(OverviewState.load, at="/overview/")
        window.send(StatisticsState.load, at=f"{PAGE}?range=7d")
        window.send(MembersState.load, at="/members/")

        members = figure(window, OverviewState, "members")
        screen = window.look(StatisticsState)

        assert members == figure(window, StatisticsState, "members") == screen.rows[0].cells[0]
        assert int(members) == window.look(MembersState).total == screen.development["data"][0]["y"][-1]
        assert figure(window, OverviewState, "rate") == figure(window, StatisticsState, "rate")
        if screen.compared:
            drawn = screen.comparison["data"][0]
            assert [int(row.cells[0]) for row in screen.compared] == drawn["x"]
            assert sum(drawn["x"]) == int(members)

    def test_of_the_last_days_sum_up_to_the_growth(self, enter: Enter):
        window = enter("owner of the city")

        window.send(OverviewState.load, at="/overview/")

        screen = window.look(OverviewState)
        assert screen.days[0].day == today().isoformat()
        assert screen.days[0].verified == figure(window, OverviewState, "verified")
        assert screen.week["data"][1]["y"][-1] == int(screen.days[0].growth)


@pytest.mark.usefixtures("staffed")
class TestAnAddress:
    def test_keeps_the_whole_view(self, enter: Enter, town: World):
        window = enter("owner of the city")
        window.send(StatisticsState.load, at=PAGE)
        window.send(StatisticsState.open_union, union_id=town.places["district"].id)
        window.send(StatisticsState.begin_on, first="2025-03-05")
        window.send(StatisticsState.end_on, last="2025-04-06")
        window.send(StatisticsState.choose_grain, grain="week")
        window.send(StatisticsState.choose_measure, measure="rate")
        shown = window.look(StatisticsState)

        again = enter("owner of the city")
        again.send(StatisticsState.load, at=f"{PAGE}?{shown.query}")

        later = again.look(StatisticsState)
        assert later.query == shown.query
        assert (later.union_name, later.rows) == (town.places["district"].name, shown.rows)
        assert [step.name for step in later.trail] == [town.places[key].name for key in ("city", "district")]

    @pytest.mark.parametrize("query", NONSENSE)
    def test_full_of_nonsense_shows_what_there_is(self, query: str, enter: Enter):
        window = enter("owner of the city")

        window.send(StatisticsState.load, at=f"{PAGE}?{query}")

        assert window.look(StatisticsState).is_loaded
        assert told(window) == []

    @pytest.mark.parametrize("key", ["province", "other_city"])
    def test_of_a_union_out_of_reach_looks_missing(self, key: str, enter: Enter, town: World):
        window = enter("owner of the city")

        window.send(StatisticsState.load, at=f"{PAGE}?union={town.places[key].id}")
        window.send(StatisticsState.open_union, union_id=town.places[key].id)

        screen = window.look(StatisticsState)
        assert (screen.is_missing, screen.figures) == (True, [])
        assert told(window) == [NOT_FOUND]


@pytest.mark.usefixtures("staffed")
class TestDrillingDown:
    def test_a_bar_leads_into_its_union_and_the_way_leads_back(self, enter: Enter, town: World):
        window = enter("owner of the city")
        window.send(StatisticsState.load, at=PAGE)

        window.send(StatisticsState.open_place, place=0)
        assert window.look(StatisticsState).union_name == town.places["district"].name
        window.send(StatisticsState.open_union, union_id=town.places["city"].id)

        assert window.look(StatisticsState).union_name == town.places["city"].name
        assert window.look(StatisticsState).query == ""

    def test_a_base_union_shows_itself_alone_and_no_registrations(self, enter: Enter):
        window = enter("owner of the factory")

        window.send(StatisticsState.load, at=f"{PAGE}?show=registered")

        screen = window.look(StatisticsState)
        assert (screen.measure, screen.compared, screen.is_above_base) == ("members", [], False)
        assert "registered" not in [figure.key for figure in screen.figures]

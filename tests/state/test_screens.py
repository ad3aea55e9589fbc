"""Screens through the whole pipeline, guard included: what addresses open, windows remember, refusals leave behind."""

from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest

from gdftu_app.config import settings
from gdftu_app.db import engine
from gdftu_app.errors import InvalidInput
from gdftu_app.models.unions import Union
from gdftu_app.services.sessions import keep_refused_form
from gdftu_app.services.union_moves import move
from gdftu_app.state.current import CurrentUnion, CurrentUser
from gdftu_app.state.notices import Notices
from gdftu_app.state.overview import OverviewState
from gdftu_app.state.preferences import PreferencesState
from gdftu_app.state.sign_in import SignInState
from gdftu_app.state.subordinates import SubordinatesState
from gdftu_app.state.union_chooser import UnionChooserState
from tests.state.windows import Window, windows
from tests.web.world import World, settle

NONSENSE = [
    *("union=x", "union=-7", "union=0", "union=1e3", "union=٧", "union=99999999999999999999", "union=%00", "union"),
    *("page=0", "page=x", "page=999999999", "size=7", "size=-20", "sort=id", "sort=name;--", "dir=up"),
    *("type=x", "status=x", "q=%20%20", "q", "&&&", "unknown=1"),
]
NOT_FOUND = "没有找到。可能已被移动，或不在当前工会的管理范围内。"


@pytest.fixture(scope="module")
def town(new_database: Callable[[str], str]) -> Iterator[World]:
    """A peopled world in the database that this process itself is configured for."""
    url = new_database("sqlite")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GDFTU_DATABASE_URL", url)
        patch.setenv("GDFTU_EVENTS_PER_SECOND", "100000")
        settings.cache_clear()
        yield settle(url)
        engine().dispose()
    settings.cache_clear()


Enter = Callable[[str], Window]


@pytest.fixture
def enter(town: World) -> Iterator[Enter]:
    """A window in which somebody has arrived, as on opening any page of the console."""
    with windows() as opened:

        def arrive(name: str) -> Window:
            window = opened(town.sign_in(name))
            window.send(CurrentUnion.arrive)
            return window

        yield arrive


@pytest.fixture
def visit(town: World) -> Iterator[Callable[[str], Window]]:
    """A window under any cookie."""
    with windows() as opened:
        yield opened


def told(window: Window) -> list[str]:
    return [notice.texts["zh-CN"] for notice in window.look(Notices).shown]


class TestAnAddress:
    def test_opens_the_union_it_names_and_the_tree_down_to_it(self, enter: Enter, town: World):
        window, street = enter("owner of the city"), town.places["street"]

        window.send(SubordinatesState.load, at=f"/subordinates/?union={street.id}")

        screen = window.look(SubordinatesState)
        assert (screen.name, screen.selected) == (street.name, street.id)
        assert [union.name for union in screen.path] == [town.places[key].name for key in ("city", "district")]
        assert screen.answer["reveal"] == street.id
        assert screen.root["name"] == town.places["city"].name

    def test_without_a_union_opens_the_own_one(self, enter: Enter, town: World):
        window = enter("owner of the district")

        window.send(SubordinatesState.load)

        assert window.look(SubordinatesState).name == town.places["district"].name

    def test_opens_the_search_it_holds(self, enter: Enter, town: World):
        window = enter("owner of the city")

        window.send(SubordinatesState.load, at=f"/subordinates/?q={quote('榕江')}")

        screen = window.look(SubordinatesState)
        assert [hit.name for hit in screen.hits] == [town.places["factory"].name]
        assert screen.hits[0].path == [town.places[key].name for key in ("city", "district", "street")]

    @pytest.mark.parametrize("key", ["province", "other_city", "other_factory", "other_province", None])
    def test_out_of_reach_is_not_found_and_tells_nothing(self, key: str | None, enter: Enter, town: World):
        window, hidden = enter("owner of the city"), town.hidden_from("owner of the city")
        number = town.places[key].id if key else 7_499_999

        window.send(SubordinatesState.load, at=f"/subordinates/?union={number}")

        screen = window.look(SubordinatesState)
        assert (screen.is_missing, screen.is_loaded) == (True, True)
        assert (screen.name, screen.rows, screen.figures, screen.path) == ("", [], [], [])
        assert not [place for place in hidden if place.name in str(screen.dict())]

    def test_is_found_again_after_one_that_was_not(self, enter: Enter, town: World):
        window = enter("owner of the city")
        window.send(SubordinatesState.load, at=f"/subordinates/?union={town.places['other_city'].id}")

        window.send(SubordinatesState.load)

        assert window.look(SubordinatesState).is_missing is False
        assert window.look(SubordinatesState).name == town.places["city"].name

    @pytest.mark.parametrize("query", NONSENSE)
    def test_that_makes_no_sense_opens_the_own_union(self, query: str, enter: Enter, town: World):
        window = enter("owner of the city")

        window.send(SubordinatesState.load, at=f"/subordinates/?{query}")

        screen = window.look(SubordinatesState)
        assert (screen.name, screen.is_missing) == (town.places["city"].name, False)
        assert [row.name for row in screen.rows] == [town.places["district"].name]
        assert (screen.page, screen.page_size, screen.sort, screen.keyword) == (1, 20, "members", "")

    def test_shows_what_another_window_shows(self, enter: Enter, town: World):
        one, other = enter("owner of the city"), enter("owner of the city")
        one.send(SubordinatesState.load)
        one.send(SubordinatesState.go_to, union_id=town.places["district"].id)
        one.send(SubordinatesState.filter_by_category, category="town")
        one.send(SubordinatesState.sort_by, column="name")
        one.send(SubordinatesState.choose_page_size, size="50")

        other.send(SubordinatesState.load, at=f"/subordinates/?{one.look(SubordinatesState).query}")

        seen, shown = one.look(SubordinatesState), other.look(SubordinatesState)
        for name in ("selected", "rows", "sums", "total", "sort", "descending", "page_size", "only_category", "query"):
            assert getattr(shown, name) == getattr(seen, name), name

    def test_has_no_list_for_base_unions(self, enter: Enter):
        window = enter("owner of the factory")

        window.send(SubordinatesState.load)

        assert window.look(SubordinatesState).is_loaded is False
        window.send(SubordinatesState.select, union_id=7_400_005)
        assert told(window) == ["当前账号没有这项权限。"]


class TestReach:
    def test_is_read_afresh_at_each_event(self, enter: Enter, town: World):
        window, street = enter("owner of the city"), town.places["street"]
        window.send(SubordinatesState.load)
        window.send(SubordinatesState.select, union_id=street.id)
        before = window.look(SubordinatesState).name

        _move(town, "street", "other_city")
        window.send(SubordinatesState.go_to, union_id=street.id)
        refused = told(window)
        _move(town, "street", "district")
        window.send(SubordinatesState.go_to, union_id=street.id)

        assert before == street.name
        assert refused == [NOT_FOUND]
        assert told(window) == [NOT_FOUND]

    def test_of_the_tree_ends_where_the_actors_does(self, enter: Enter, town: World):
        window = enter("owner of the city")
        window.send(SubordinatesState.load)

        for key in ("other_city", "province"):
            window.send(SubordinatesState.load_branch, parent=town.places[key].id, offset=0)

            assert window.look(SubordinatesState).answer["branches"] == [
                {"parent": town.places[key].id, "offset": 0, "total": 0, "nodes": []}
            ]

    def test_of_details_too(self, enter: Enter, town: World):
        window = enter("owner of the city")
        window.send(SubordinatesState.load)

        window.send(SubordinatesState.toggle_row, union_id=town.places["other_factory"].id)
        window.send(SubordinatesState.open_hit, union_id=town.places["other_factory"].id)

        assert window.look(SubordinatesState).details == []
        assert told(window) == [NOT_FOUND, NOT_FOUND]


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


class TestPreferences:
    def test_go_with_the_account_to_the_next_window(self, enter: Enter):
        window = enter("owner of the other city")
        window.send(PreferencesState.choose_language, language="en")
        window.send(PreferencesState.zoom, steps=1)

        other = enter("owner of the other city").look(PreferencesState)

        assert (other.language, other.scaling) == ("en", "105%")

    def test_stay_within_their_bounds(self, enter: Enter):
        window = enter("owner of the province")

        for steps, expected in ((1, "110%"), (-1, "90%")):
            for _ in range(6):
                window.send(PreferencesState.zoom, steps=steps)

            assert window.look(PreferencesState).scaling == expected

    def test_of_a_visitor_are_nobody_elses(self, visit: Callable[[str], Window], town: World):
        cookie = town.visit()
        visit(cookie).send(PreferencesState.choose_language, language="en")

        def language_of(value: str) -> str:
            window = visit(value)
            window.send(SignInState.load, at="/login/")
            return window.look(PreferencesState).language

        assert (language_of(cookie), language_of(town.visit())) == ("en", "zh-CN")


class TestTheSignInPage:
    @pytest.mark.parametrize(
        ("query", "going_to"),
        [
            ("next=%2Fsubordinates%2F%3Funion%3D7", "/subordinates/?union=7"),
            ("next=https%3A%2F%2Fevil.example", ""),
            ("next=%2F%2Fevil.example", ""),
            ("next=%2F%5Cevil.example", ""),
            ("next=%2F%09%2Fevil.example", ""),
            ("next=javascript%3Aalert(1)", ""),
            ("", ""),
        ],
    )
    def test_goes_on_within_the_console_only(
        self, query: str, going_to: str, visit: Callable[[str], Window], town: World
    ):
        window = visit(town.visit())

        window.send(SignInState.load, at=f"/login/?{query}")

        assert window.look(SignInState).going_to == going_to

    @pytest.mark.parametrize(
        ("reason", "words"),
        [("expired", "登录已失效，请重新登录。"), ("closed", "已退出登录。"), ("x", None), ("<b>", None)],
    )
    def test_gives_known_reasons_only(
        self, reason: str, words: str | None, visit: Callable[[str], Window], town: World
    ):
        window = visit(town.visit())

        window.send(SignInState.load, at=f"/login/?reason={quote(reason)}")

        assert window.look(SignInState).reason.get("zh-CN") == words

    def test_tells_what_was_refused_once_and_to_this_visitor(self, visit: Callable[[str], Window], town: World):
        cookie = town.visit()
        with town.open() as session:
            keep_refused_form(session, cookie, InvalidInput("手机号不对"), phone="19900000001")
        window, other = visit(cookie), visit(town.visit())

        window.send(SignInState.load, at="/login/?tab=password")
        other.send(SignInState.load, at="/login/?tab=password")
        first = window.look(SignInState).problem.get("zh-CN")
        window.send(SignInState.load, at="/login/?tab=password")

        assert (first, window.look(SignInState).problem) == ("手机号不对", {})
        assert other.look(SignInState).problem == {}

    def test_answers_alike_whether_a_phone_is_known_or_not(self, visit: Callable[[str], Window], town: World):
        answers = []
        for phone in (town.residents["owner of the city"].phone, "19887654321"):
            window = visit(town.visit())
            window.send(SignInState.send_code, phone=phone, at="/login/")
            screen = window.look(SignInState).dict()[SignInState.get_full_name()]
            answers.append({name: value for name, value in screen.items() if "waits" not in name})

        assert answers[0] == answers[1]


def _move(town: World, key: str, superior: str) -> None:
    with town.open() as session:
        union, above = (session.get_one(Union, town.places[name].id) for name in (key, superior))
        move(session, union, above)

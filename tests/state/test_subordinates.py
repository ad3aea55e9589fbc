"""Subordinate unions on screen, through the whole pipeline: what an address opens, and how far anybody reaches."""

from urllib.parse import quote

import pytest

from gdftu_app.models.unions import Union
from gdftu_app.services.union_moves import move
from gdftu_app.state.subordinates import SubordinatesState
from tests.state.conftest import NOT_FOUND, Enter, told
from tests.web.world import World

NONSENSE = [
    *("union=x", "union=-7", "union=0", "union=1e3", "union=٧", "union=99999999999999999999", "union=%00", "union"),
    *("page=0", "page=x", "page=999999999", "size=7", "size=-20", "sort=id", "sort=name;--", "dir=up"),
    *("type=x", "status=x", "dir=%0a", "q=%20%20", "q", "union=&q=", "&&&", "unknown=1", "self=1&__class__=2"),
]


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


def _move(town: World, key: str, superior: str) -> None:
    with town.open() as session:
        union, above = (session.get_one(Union, town.places[name].id) for name in (key, superior))
        move(session, union, above)

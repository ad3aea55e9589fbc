"""新建, 移动, 撤销 of unions below on screen, through the whole pipeline."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from gdftu_app.models.unions import Union, UnionCategory, UnionLevel
from gdftu_app.services.sessions import begin
from gdftu_app.state.bell import BellState
from gdftu_app.state.branch_moves import UnionMoveState
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.dissolutions import DissolutionState
from gdftu_app.state.new_unions import NewUnionState
from gdftu_app.state.subordinates import SubordinatesState
from gdftu_app.state.union_chooser import UnionChooserState
from gdftu_app.state.union_history import SubordinateHistoryState
from tests.factories import id_of, make_account, make_administrator, make_union, make_uscc
from tests.state.conftest import NOT_FOUND, Enter, told
from tests.state.windows import Window
from tests.web.world import World

OWNER = "owner of the city"
_numbers: Iterator[int] = count(900)


@pytest.fixture
def subordinates_page(enter: Enter) -> Callable[[str], Window]:
    """The page as somebody sees it on opening it."""

    def opened(name: str) -> Window:
        window = enter(name)
        for load in (SubordinatesState.load, NewUnionState.load):
            window.send(load)
        return window

    return opened


@pytest.fixture
def spare(town: World) -> int:
    """The id of a town union of the test's own, below the district."""
    with town.open() as session:
        district = session.get_one(Union, town.places["district"].id)
        kind = {"category": UnionCategory.TOWN, "level": UnionLevel.TOWN}
        return id_of(make_union(session, district, name=f"第{next(_numbers)}街道总工会", **kind))


def union_of(town: World, number: int) -> Union:
    with town.open() as session:
        return session.get_one(Union, number)


def name_of(town: World, number: int) -> str:
    return union_of(town, number).name


class TestEstablishing:
    def test_asks_first_for_the_category_and_then_for_what_it_needs(self, subordinates_page, town: World):
        window = subordinates_page(OWNER)

        window.send(NewUnionState.begin, union_id=town.places["street"].id)
        first = [field.key for section in window.look(NewUnionState).sections for field in section.fields]
        window.send(NewUnionState.choose_category, category="single_base")

        form = window.look(NewUnionState)
        keys = [field.key for section in form.sections for field in section.fields]
        assert first == ["category"]
        assert {"name", "uscc", "employers.1.name"} <= set(keys)
        assert (form.superior, form.levels, form.may_add_employer) == (town.places["street"].name, [], False)

    def test_shows_it_in_its_place_at_once(self, subordinates_page, town: World):
        window, number = subordinates_page(OWNER), next(_numbers)
        window.send(NewUnionState.begin, union_id=town.places["street"].id)
        window.send(NewUnionState.choose_category, category="single_base")
        window.send(NewUnionState.choose_division, key="division_code", code="440606101")
        form = {
            "name": f"第{number}厂工会委员会",
            "employers.1.name": f"第{number}厂",
            "employers.1.uscc": make_uscc(number),
        }

        window.send(NewUnionState.submit, form_data=form)

        screen = window.look(SubordinatesState)
        assert window.look(NewUnionState).is_open is False
        assert (screen.name, screen.path[-1].name) == (f"第{number}厂工会委员会", town.places["street"].name)
        assert screen.selected in {node["id"] for branch in screen.answer["branches"] for node in branch["nodes"]}
        assert told(window) == [f"已新建「第{number}厂工会委员会」。"]
        window.send(NewUnionState.submit, form_data=form)
        assert told(window) == [f"已新建「第{number}厂工会委员会」。"]

    def test_says_what_is_missing_and_keeps_the_form(self, subordinates_page, town: World):
        window = subordinates_page(OWNER)
        window.send(NewUnionState.begin, union_id=town.places["city"].id)

        window.send(NewUnionState.submit, form_data={})
        first = set(window.look(NewUnionState).problems)
        window.send(NewUnionState.choose_category, category="industry")
        window.send(NewUnionState.submit, form_data={"name": "x"})
        second = set(window.look(NewUnionState).problems)
        window.send(NewUnionState.choose, key="level", code="city")
        window.send(NewUnionState.submit, form_data={"name": "x"})

        form = window.look(NewUnionState)
        assert (first, second, set(form.problems)) == ({"category"}, {"level"}, {"name", "division_code"})
        assert form.levels == ["city", "county", "town"]
        assert form.is_open

    def test_of_a_joint_union_takes_several_employers(self, subordinates_page, town: World):
        window = subordinates_page(OWNER)
        window.send(NewUnionState.begin, union_id=town.places["street"].id)
        window.send(NewUnionState.choose_category, category="joint_base")

        for _ in range(2):
            window.send(NewUnionState.add_employer)
        window.send(NewUnionState.drop_employer, number=2)

        assert [section.number for section in window.look(NewUnionState).sections] == [0, 1, 3]
        window.send(NewUnionState.choose_category, category="single_base")
        assert [section.number for section in window.look(NewUnionState).sections] == [0, 1]

    @pytest.mark.parametrize("key", ["province", "other_city", None])
    def test_out_of_reach_is_not_found(self, subordinates_page, town: World, key: str | None):
        window = subordinates_page(OWNER)

        window.send(NewUnionState.begin, union_id=town.places[key].id if key else 7_499_999)

        assert (window.look(NewUnionState).is_open, told(window)) == (False, [NOT_FOUND])

    def test_judges_a_field_as_it_is_left(self, subordinates_page, town: World):
        window = subordinates_page(OWNER)
        window.send(NewUnionState.begin, union_id=town.places["city"].id)
        window.send(NewUnionState.choose_category, category="county")

        window.send(NewUnionState.check, key="name", typed=town.places["district"].name)

        assert list(window.look(NewUnionState).problems) == ["name"]


class TestMoving:
    def test_shows_what_moves_before_it_does(self, subordinates_page, town: World, spare: int):
        window, path = subordinates_page(OWNER), union_of(town, spare).path
        window.send(UnionMoveState.begin, union_id=spare)
        window.send(UnionMoveState.search, keyword="云山")

        window.send(UnionMoveState.choose, superior_id=town.places["city"].id)

        dialog = window.look(UnionMoveState)
        assert [hit.name for hit in dialog.hits] == [town.places["city"].name]
        assert (dialog.before, dialog.after) == (town.places["district"].name, town.places["city"].name)
        assert (dialog.unions, dialog.members, dialog.waits) == ("1", "0", False)
        assert union_of(town, spare).path == path

    def test_moves_once_and_shows_it_in_its_new_place(self, subordinates_page, town: World, spare: int):
        window, city = subordinates_page(OWNER), town.places["city"]
        window.send(UnionMoveState.begin, union_id=spare)
        window.send(UnionMoveState.choose, superior_id=city.id)

        window.send(UnionMoveState.move)
        window.send(UnionMoveState.move)

        screen = window.look(SubordinatesState)
        assert union_of(town, spare).superior_id == city.id
        assert (screen.selected, screen.path[-1].id) == (spare, city.id)
        assert window.look(UnionMoveState).union_id == 0
        parents = [branch["parent"] for branch in screen.answer["branches"]]
        assert {city.id, town.places["district"].id} <= set(parents)
        assert told(window) == [f"「{name_of(town, spare)}」已移到「{city.name}」之下。"]

    def test_says_in_the_dialog_why_a_superior_is_not_possible(self, subordinates_page, town: World, spare: int):
        window = subordinates_page(OWNER)
        window.send(UnionMoveState.begin, union_id=spare)

        told_of = {}
        for key in ("district", "factory"):
            window.send(UnionMoveState.choose, superior_id=town.places[key].id)
            told_of[key] = window.look(UnionMoveState).problem["zh-CN"]
            window.send(UnionMoveState.move)
        window.send(UnionMoveState.choose, superior_id=spare)

        assert told_of == {
            "district": "所选工会已是当前的上级工会，请选择其他工会。",
            "factory": "基层工会不能作为上级工会，请重新选择。",
        }
        assert window.look(UnionMoveState).problem["zh-CN"] == "不能把工会移动到它自己或它的下级工会之下。"
        assert told(window) == []
        assert union_of(town, spare).superior_id == town.places["district"].id

    def test_offers_no_base_unions_nor_itself(self, subordinates_page, town: World, spare: int):
        window = subordinates_page(OWNER)
        window.send(UnionMoveState.begin, union_id=spare)

        window.send(UnionMoveState.search, keyword="街道")

        names = [hit.name for hit in window.look(UnionMoveState).hits]
        assert town.places["street"].name in names
        assert name_of(town, spare) not in names
        window.send(UnionMoveState.search, keyword="榕江")
        assert window.look(UnionMoveState).hits == []

    @pytest.mark.parametrize("key", ["province", "other_city", "other_factory", "city"])
    def test_of_what_is_not_below_is_not_found(self, subordinates_page, town: World, key: str, spare: int):
        window = subordinates_page(OWNER)

        window.send(UnionMoveState.begin, union_id=town.places[key].id)
        window.send(DissolutionState.begin, union_id=town.places[key].id)
        window.send(UnionMoveState.begin, union_id=spare)
        window.send(UnionMoveState.choose, superior_id=town.places["other_city"].id)

        assert (window.look(UnionMoveState).superior_id, window.look(DissolutionState).union_id) == (0, 0)
        assert told(window) == [NOT_FOUND] * 3


class TestDissolving:
    def test_needs_the_name_typed(self, subordinates_page, town: World, spare: int):
        window, name = subordinates_page(OWNER), name_of(town, spare)
        window.send(DissolutionState.begin, union_id=spare)

        window.send(DissolutionState.type_name, typed_name=name[:-1])
        nearly = window.look(DissolutionState).is_typed
        window.send(DissolutionState.dissolve, typed_name=name[:-1])
        problem = window.look(DissolutionState).problem["zh-CN"]
        window.send(DissolutionState.type_name, typed_name=name)

        assert (nearly, problem) == (False, "与工会名称不一致，请逐字核对。")
        assert window.look(DissolutionState).is_typed
        assert union_of(town, spare).status == "active"

    def test_ends_it_and_marks_it_in_the_list(self, subordinates_page, town: World, spare: int):
        window, name = subordinates_page(OWNER), name_of(town, spare)
        window.send(SubordinatesState.go_to, union_id=town.places["district"].id)
        window.send(DissolutionState.begin, union_id=spare)

        window.send(DissolutionState.dissolve, typed_name=name)
        window.send(DissolutionState.dissolve, typed_name=name)

        assert union_of(town, spare).status == "dissolved"
        assert {row.name: row.status for row in window.look(SubordinatesState).rows}[name] == "dissolved"
        assert told(window) == [f"「{name}」已撤销。"]

    def test_is_told_to_its_administrator_in_the_open_window_and_at_the_next_sign_in(
        self, subordinates_page, visit: Callable[[str], Window], town: World, spare: int
    ):
        with town.open() as session:
            account = make_account(session)
            make_administrator(session, account, session.get_one(Union, spare))
            cookie = begin(session, account, cookie=None, address="127.0.0.1", user_agent="tests")
        window, later, name = visit(cookie), visit(cookie), name_of(town, spare)
        window.send(UnionChooserState.load, at="/unions/")

        owner = subordinates_page(OWNER)
        owner.send(DissolutionState.begin, union_id=spare)
        owner.send(DissolutionState.dissolve, typed_name=name)
        window.send(BellState.look)
        later.send(UnionChooserState.load, at="/unions/")

        union, chooser = window.look(CurrentUnion), later.look(UnionChooserState)
        assert (union.name, union.has_ended, union.is_dissolved) == (name, True, True)
        assert (chooser.is_loaded, chooser.managed) == (True, 0)
        assert [ending.texts["zh-CN"] for ending in chooser.endings] == [
            f"「{name}」已撤销，你在该工会的管理员身份随之结束。"
        ]

    def test_says_what_stands_in_the_way(self, subordinates_page, town: World):
        window = subordinates_page(OWNER)

        window.send(DissolutionState.begin, union_id=town.places["factory"].id)

        dialog = window.look(DissolutionState)
        assert (dialog.is_possible, dialog.members) == (False, 1)
        window.send(DissolutionState.dissolve, typed_name=town.places["factory"].name)
        assert union_of(town, town.places["factory"].id).status == "active"
        assert window.look(DissolutionState).problem["zh-CN"].startswith("该工会还有会员")


def test_only_those_who_edit_are_offered_any_of_it(subordinates_page, town: World):
    owner, reviewer = subordinates_page(OWNER), subordinates_page("reviewer of the city")

    reviewer.send(NewUnionState.begin, union_id=town.places["city"].id)
    reviewer.send(UnionMoveState.begin, union_id=town.places["street"].id)
    reviewer.send(DissolutionState.begin, union_id=town.places["street"].id)

    assert (owner.look(SubordinatesState).may_care, reviewer.look(SubordinatesState).may_care) == (True, False)
    assert told(reviewer) == ["当前账号没有这项权限。"] * 3


def test_opening_the_page_anew_closes_what_was_open(subordinates_page, town: World, spare: int):
    window = subordinates_page(OWNER)
    window.send(NewUnionState.begin, union_id=town.places["city"].id)
    window.send(UnionMoveState.begin, union_id=spare)
    window.send(DissolutionState.begin, union_id=spare)

    window.send(NewUnionState.load)

    assert not window.look(NewUnionState).is_open
    assert (window.look(UnionMoveState).union_id, window.look(DissolutionState).union_id) == (0, 0)


def test_the_history_of_a_subordinate_opens_and_closes(subordinates_page, town: World, spare: int):
    window = subordinates_page(OWNER)
    window.send(UnionMoveState.begin, union_id=spare)
    window.send(UnionMoveState.choose, superior_id=town.places["city"].id)
    window.send(UnionMoveState.move)

    window.send(SubordinateHistoryState.toggle, union_id=spare)
    [entry] = window.look(SubordinateHistoryState).entries
    window.send(SubordinateHistoryState.toggle, union_id=town.places["other_city"].id)
    after = window.look(SubordinateHistoryState).union_id
    window.send(SubordinateHistoryState.toggle, union_id=spare)

    assert entry.verb["zh-CN"] == "调整上级工会"
    assert [change.after["zh-CN"] for change in entry.changes] == [town.places["city"].name]
    assert (after, window.look(SubordinateHistoryState).union_id) == (spare, 0)
    assert told(window)[-1] == NOT_FOUND

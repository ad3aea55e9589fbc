"""Members on screen, through the whole pipeline: addresses, filters, pages, numbers, records, removals."""

from urllib.parse import quote

import pytest
from sqlmodel import Session

from gdftu_app.models.identifiers import complete_resident_id
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.unions import Union
from gdftu_app.services.member_removals import HAS_LEFT
from gdftu_app.services.memberships import admit
from gdftu_app.services.people import PersonDraft, enrol
from gdftu_app.state.member_details import MemberState
from gdftu_app.state.member_removals import MemberRemovalsState
from gdftu_app.state.members import MembersState
from tests.factories import id_of, make_member
from tests.state.conftest import NOT_FOUND, Enter, told
from tests.state.windows import Window
from tests.web.world import World

PAGE, REMOVAL = "/members/", "/members/removal/"
PHONE, DOCUMENT = "17800001234", complete_resident_id("44019919900101122")
NONSENSE = [
    *("union=x", "union=99999999999", "own=2", "status=x", "sex=1", "education=99", "from=2025-13-01", "to=x"),
    *("after=x", "after=2025-01-01", "page=-1", "size=7", "sort=id", "q=%00", "q=1380013", "member=x", "unknown=1"),
]


@pytest.fixture(scope="module")
def staff(town: World) -> list[int]:
    """Forty more members of the factory; the first has a phone and a document."""
    with town.open() as session:
        factory = session.get_one(Union, town.places["factory"].id)
        draft = PersonDraft(name="欧阳甲", document_number=DOCUMENT, phone=PHONE)
        first = admit(session, enrol(session, draft), factory)
        members = [first, *(_member(session, factory, number) for number in range(39))]
        return [id_of(member) for member in members]


def _member(session: Session, factory: Union, number: int) -> Membership:
    return make_member(session, factory, name=f"陈{'甲乙丙丁'[number % 4]}", verified=number % 2 == 0)


def names(window: Window) -> list[str]:
    return [row.name for row in window.look(MembersState).rows]


class TestAnAddress:
    def test_opens_own_members_and_those_below_with_a_tree(self, enter: Enter, town: World, staff: list[int]):
        window = enter("owner of the city")

        window.send(MembersState.load, at=PAGE)

        screen = window.look(MembersState)
        assert (screen.union_name, screen.has_tree, screen.total) == (town.places["city"].name, True, 41)
        assert len(screen.rows) == 20
        assert screen.root["name"] == town.places["city"].name

    def test_opens_a_base_union_without_a_tree(self, enter: Enter, town: World, staff: list[int]):
        window = enter("owner of the factory")

        window.send(MembersState.load, at=PAGE)

        screen = window.look(MembersState)
        assert (screen.has_tree, screen.total, screen.query) == (False, 41, "")

    def test_shows_what_another_window_shows(self, enter: Enter, town: World, staff: list[int]):
        one, other = enter("owner of the city"), enter("owner of the city")
        one.send(MembersState.load, at=PAGE)
        one.send(MembersState.filter_by, name="verified", value="yes")
        one.send(MembersState.sort_by, column="name")
        one.send(MembersState.turn, to="after")

        other.send(MembersState.load, at=f"{PAGE}?{one.look(MembersState).query}")

        assert names(one) == names(other)
        seen, shown = one.look(MembersState), other.look(MembersState)
        assert (seen.page, seen.total, seen.pages, seen.has_after) == (2, 21, 2, False)
        assert (shown.page, shown.total, shown.query) == (seen.page, seen.total, seen.query)

    @pytest.mark.parametrize("query", NONSENSE)
    def test_that_makes_no_sense_opens_the_first_page(self, query: str, enter: Enter, town: World, staff: list[int]):
        window = enter("owner of the city")

        window.send(MembersState.load, at=f"{PAGE}?{query}")

        screen = window.look(MembersState)
        assert (screen.total, screen.page, screen.page_size, screen.is_missing) == (41, 1, 20, False)

    def test_out_of_reach_is_not_found(self, enter: Enter, town: World):
        window = enter("owner of the city")

        window.send(MembersState.load, at=f"{PAGE}?union={town.places['other_city'].id}")

        screen = window.look(MembersState)
        assert (screen.is_missing, screen.rows, screen.union_name) == (True, [], "")


class TestPages:
    @pytest.mark.parametrize("column", ["joined_on", "name"])
    def test_turned_on_and_back_are_the_same(self, column: str, enter: Enter, staff: list[int]):
        window = enter("owner of the city")
        window.send(MembersState.load, at=PAGE)
        window.send(MembersState.sort_by, column=column)
        first = [row.id for row in window.look(MembersState).rows]

        window.send(MembersState.turn, to="after")
        second = [row.id for row in window.look(MembersState).rows]
        window.send(MembersState.turn, to="after")
        window.send(MembersState.turn, to="before")
        assert [row.id for row in window.look(MembersState).rows] == second
        middle = window.look(MembersState).query
        window.send(MembersState.turn, to="before")

        assert [row.id for row in window.look(MembersState).rows] == first
        assert (window.look(MembersState).page, window.look(MembersState).has_before) == (1, False)
        window.send(MembersState.load, at=f"{PAGE}?{middle}")
        assert [row.id for row in window.look(MembersState).rows] == second

    def test_beyond_the_end_nothing_happens(self, enter: Enter, staff: list[int]):
        window = enter("owner of the city")
        window.send(MembersState.load, at=PAGE)

        window.send(MembersState.turn, to="before")

        assert window.look(MembersState).page == 1


class TestSearch:
    def test_a_name_stands_in_the_address_and_orders_by_name(self, enter: Enter, staff: list[int]):
        window = enter("owner of the city")
        window.send(MembersState.load, at=PAGE)

        window.send(MembersState.search, keyword="欧阳")

        assert names(window) == ["欧阳甲"]
        assert window.look(MembersState).query == f"q={quote('欧阳')}"

    @pytest.mark.parametrize(
        ("number", "masked"), [(PHONE, "178****1234"), (DOCUMENT, f"4401{'*' * 12}{DOCUMENT[-2:]}")]
    )
    def test_a_whole_number_finds_its_member_and_is_kept_nowhere(
        self, number: str, masked: str, enter: Enter, staff: list[int]
    ):
        window = enter("owner of the city")
        window.send(MembersState.load, at=PAGE)

        window.send(MembersState.search, keyword=number)

        screen = window.look(MembersState)
        assert (names(window), screen.number) == (["欧阳甲"], masked)
        assert number not in str(screen.dict()) + screen.query

    def test_part_of_a_number_waits_for_the_rest(self, enter: Enter, staff: list[int]):
        window = enter("owner of the city")
        window.send(MembersState.load, at=PAGE)

        window.send(MembersState.search, keyword="17800")

        assert window.look(MembersState).is_number_incomplete
        assert len(names(window)) == 20
        assert told(window) == []

    def test_a_number_leaves_the_search_with_what_it_found(self, enter: Enter, staff: list[int]):
        window = enter("owner of the city")
        window.send(MembersState.load, at=PAGE)
        window.send(MembersState.search, keyword=PHONE)
        before = window.look(MembersState).filter_round

        window.send(MembersState.filter_by, name="verified", value="yes")

        screen = window.look(MembersState)
        assert (screen.number, screen.total, screen.filter_round) == ("", 21, before + 1)


class TestARecord:
    @pytest.fixture
    def window(self, enter: Enter, staff: list[int]) -> Window:
        window = enter("owner of the factory")
        window.send(MemberState.open, member=staff[0])
        return window

    def test_is_masked_until_there_is_a_reason(self, window: Window):
        window.send(MemberState.ask, what="phone")
        window.send(MemberState.reveal_number, reason=" ")
        assert (window.look(MemberState).plain, window.look(MemberState).problem_field) == ("", "reason")

        window.send(MemberState.reveal_number, reason="核对")
        assert window.look(MemberState).plain == PHONE

        window.send(MemberState.close_dialog, is_open=False)
        assert PHONE not in str(window.look(MemberState).dict())

    def test_is_corrected(self, window: Window):
        window.send(MemberState.ask, what="correct")
        window.send(MemberState.type_field, key="workplace", value="榕江电器二厂")
        window.send(MemberState.type_field, key="education", value="21")
        window.send(MemberState.correct, reason="更正", phone="")

        screen = window.look(MemberState)
        assert (screen.values["workplace"], screen.values["education"], screen.asked) == ("榕江电器二厂", "21", "")
        assert told(window) == ["已更正 欧阳甲 的信息。"]

    def test_tells_what_is_wrong_beside_its_field(self, window: Window):
        window.send(MemberState.ask, what="correct")
        window.send(MemberState.correct, reason="更正", phone="123")

        screen = window.look(MemberState)
        assert (screen.problem_field, screen.asked) == ("phone", "correct")

    def test_is_retained_and_restored(self, window: Window):
        for what, status in (("retain", "retained"), ("restore", "current")):
            window.send(MemberState.ask, what=what)
            window.send(MemberState.change_standing, reason="外出务工")
            assert window.look(MemberState).status == status

    @pytest.mark.parametrize("query", ["member=7499999", "member=999999999999999999"])
    def test_that_is_not_there_is_not_found(self, query: str, enter: Enter):
        window = enter("owner of the city")

        window.send(MemberState.load, at=f"{PAGE}?{query}")

        assert window.look(MemberState).is_missing

    def test_of_a_neighbour_is_not_found(self, enter: Enter, staff: list[int]):
        window = enter("owner of the other city")

        window.send(MemberState.open, member=staff[0])

        assert told(window) == [NOT_FOUND]
        assert window.look(MemberState).name == ""


class TestRemovals:
    def test_takes_a_reason_and_the_word_and_answers_for_each(self, enter: Enter, town: World, staff: list[int]):
        window = enter("owner of the factory")
        window.send(MemberRemovalsState.load, at=REMOVAL)
        rows = window.look(MemberRemovalsState).rows[:3]
        for row in rows:
            window.send(MemberRemovalsState.tick, member=row.id)
        with town.open() as session:
            left = session.get_one(Membership, rows[0].id)
            left.status, left.ended_on = MembershipStatus.ENDED, left.joined_on

        window.send(MemberRemovalsState.ask)
        window.send(MemberRemovalsState.remove, typed="移出", day="")
        assert told(window)[-1] == "请选择移出原因，并输入「移出」。"
        window.send(MemberRemovalsState.choose_reason, reason="withdrawn")
        window.send(MemberRemovalsState.type_word, typed=" 移出 ")
        assert window.look(MemberRemovalsState).is_typed
        window.send(MemberRemovalsState.remove, typed="移出", day="")

        screen = window.look(MemberRemovalsState)
        assert told(window)[-1] == "已移出 2 名会员。"
        assert [(each.name, each.why["zh-CN"]) for each in screen.not_removed] == [(rows[0].name, HAS_LEFT)]
        assert (screen.ticked, screen.is_asked) == ([], False)
        assert not {row.id for row in rows} & {row.id for row in screen.rows}

    def test_shows_own_members_only(self, enter: Enter, staff: list[int]):
        window = enter("owner of the city")

        window.send(MemberRemovalsState.load, at=f"{REMOVAL}?union=1")

        assert window.look(MemberRemovalsState).rows == []

    def test_is_not_for_an_analyst(self, enter: Enter, staff: list[int]):
        window = enter("analyst of the city")

        window.send(MemberRemovalsState.ask)

        assert told(window) == ["当前账号没有这项权限。"]

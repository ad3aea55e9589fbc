"""本级工会管理 on screen, through the whole pipeline."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.unions import Union
from gdftu_app.security.actors import get_actor
from gdftu_app.services.change_reviews import CHANGES
from gdftu_app.services.reviews import reject
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.own_union import OwnUnionState
from gdftu_app.state.union_changes import UnionChangeState
from gdftu_app.state.union_history import OwnHistoryState
from tests.factories import id_of, make_account, make_administrator, make_uscc
from tests.state.conftest import NOT_FOUND, Enter, told
from tests.state.windows import Window
from tests.web.world import World

OWNER = "owner of the factory"


@pytest.fixture
def union_page(enter: Enter, town: World) -> Callable[[str], Window]:
    """The page as somebody sees it on opening it; requests of other tests are out of the way."""
    with town.open() as session:
        for request in session.exec(select(ChangeRequest).where(ChangeRequest.status == "pending")).all():
            _close(session, request)

    def opened(name: str) -> Window:
        window = enter(name)
        for load in (OwnUnionState.load, UnionChangeState.load):
            window.send(load, at="/union/")
        return window

    return opened


def _close(session: Session, request: ChangeRequest) -> None:
    request.status, request.closed_at, request.closed_by_id = "withdrawn", request.submitted_at, request.submitted_by_id
    session.add(request)


def filled(window: Window, **typed: str) -> dict[str, str]:
    """All texts of the form, as a browser hands them in: as they were shown, but for those typed over."""
    form = window.look(UnionChangeState)
    shown = {field.key: field.value for section in form.sections for field in section.fields}
    return shown | {"purpose": "换届"} | typed


def wrong(window: Window) -> dict[str, str]:
    return {key: texts["zh-CN"] for key, texts in window.look(UnionChangeState).problems.items()}


def latest(town: World) -> ChangeRequest:
    with town.open() as session:
        return session.exec(select(ChangeRequest).order_by(col(ChangeRequest.id).desc()).limit(1)).one()


class TestThePage:
    def test_names_all_superiors_and_shows_what_is_recorded(self, union_page, town: World):
        page = union_page(OWNER).look(OwnUnionState)

        assert page.superiors == [town.places[key].name for key in ("province", "city", "district", "street")]
        assert (page.may_edit, page.request_id, page.is_loaded) == (True, 0, True)
        assert any(field.value["zh-CN"] == "戊负责人" for field in page.details)

    def test_is_read_only_for_those_who_do_not_edit(self, union_page):
        window = union_page("analyst of the city")

        window.send(UnionChangeState.edit)

        assert window.look(OwnUnionState).may_edit is False
        assert window.look(UnionChangeState).is_open is False
        assert told(window) == ["当前账号没有这项权限。"]


class TestTheForm:
    def test_is_filled_with_the_union_and_its_employer(self, union_page, town: World):
        window = union_page(OWNER)

        window.send(UnionChangeState.edit)

        form = window.look(UnionChangeState)
        assert form.is_open
        assert [section.number == 0 for section in form.sections] == [True, False]
        assert filled(window)["name"] == town.places["factory"].name
        assert form.chosen["category"] == "single_base"
        assert form.categories == ["single_base", "joint_base"]

    def test_judges_a_field_as_it_is_left(self, union_page):
        window = union_page(OWNER)
        window.send(UnionChangeState.edit)

        window.send(UnionChangeState.check, key="postcode", typed="52831")
        first = wrong(window)
        window.send(UnionChangeState.check, key="postcode", typed="528311")

        assert first == {"postcode": "邮编为 6 位数字，请核对。"}
        assert wrong(window) == {}
        assert told(window) == []

    def test_tells_what_is_unusual_without_refusing_it(self, union_page):
        window = union_page(OWNER)
        window.send(UnionChangeState.edit)

        window.send(UnionChangeState.check, key="uscc", typed="91440199MA00000015")
        problem = wrong(window)
        window.send(UnionChangeState.check, key="uscc", typed=make_uscc(91))

        assert list(problem) == ["uscc"]
        assert wrong(window) == {}
        assert "81" in window.look(UnionChangeState).warnings["uscc"]["zh-CN"]

    def test_chooses_a_division_step_by_step(self, union_page):
        window = union_page(OWNER)
        window.send(UnionChangeState.edit)

        for code in ("4406", "440606", "440606101"):
            window.send(UnionChangeState.choose_division, key="division_code", code=code)
        window.send(UnionChangeState.choose_division, key="division_code", code="99")

        form = window.look(UnionChangeState)
        assert form.chosen["division_code"] == "440606101"
        assert [step.chosen for step in form.divisions["division_code"]] == ["4406", "440606", "440606101"]

    def test_never_holds_a_typed_phone(self, union_page, town: World):
        window = union_page(OWNER)
        window.send(UnionChangeState.edit)

        window.send(UnionChangeState.check, key="phone", typed="13912349999")
        window.send(UnionChangeState.submit, form_data=filled(window, phone="13912349999", postcode="1"))

        assert list(wrong(window)) == ["postcode"]
        assert "13912349999" not in str(window.look(UnionChangeState).dict())
        assert "13912349999" not in str(vars(window.look(UnionChangeState)))

    def test_keeps_everything_and_counts_what_is_wrong(self, union_page, town: World):
        window = union_page(OWNER)
        window.send(UnionChangeState.edit)
        before = window.look(UnionChangeState).form_round

        window.send(UnionChangeState.submit, form_data=filled(window, name="", postcode="1", purpose=""))

        form = window.look(UnionChangeState)
        assert set(wrong(window)) == {"name", "postcode", "purpose"}
        assert (form.problem_count, form.is_open, form.form_round) == (3, True, before)
        assert form.turns == 2
        assert told(window) == []

    @pytest.mark.parametrize("key", ["path", "employers.999999.name", "__class__", ""])
    def test_takes_no_other_fields(self, union_page, town: World, key: str):
        window = union_page(OWNER)
        window.send(UnionChangeState.edit)

        window.send(UnionChangeState.check, key=key, typed="x")
        window.send(UnionChangeState.choose, key=key, code="x")
        window.send(UnionChangeState.submit, form_data=filled(window) | {key: "x"})

        assert wrong(window) == {"form": "没有改动任何一项，请修改后再提交。"}
        assert key not in window.look(UnionChangeState).chosen


class TestAskingForAChange:
    def test_shows_what_was_asked_for_and_where_it_stands(self, union_page, town: World):
        window = union_page(OWNER)
        window.send(UnionChangeState.edit)

        window.send(UnionChangeState.submit, form_data=filled(window, principal_name="何伟杰"))

        page = window.look(OwnUnionState)
        assert window.look(UnionChangeState).is_open is False
        assert (page.status, page.reviewer) == ("pending", town.places["street"].name)
        [field] = page.fields
        assert [field.label["zh-CN"], field.before["zh-CN"], field.after["zh-CN"]] == ["负责人", "戊负责人", "何伟杰"]
        assert any(field.value["zh-CN"] == "戊负责人" for field in page.details)

    def test_twice_hands_in_one(self, union_page, town: World):
        window = union_page(OWNER)
        window.send(UnionChangeState.edit)
        form = filled(window, contact_name="陈明")

        window.send(UnionChangeState.submit, form_data=form)
        first = latest(town).id
        window.send(UnionChangeState.submit, form_data=form)

        second = latest(town).id
        assert first == second

    def test_while_another_is_open_says_so_and_keeps_the_form(self, union_page, town: World):
        one, other = union_page(OWNER), union_page("owner of both factories")
        other.send(CurrentUnion.enter_union, union_id=town.places["factory"].id)
        for window, name in ((one, "何一"), (other, "何二")):
            window.send(UnionChangeState.edit)
            window.send(UnionChangeState.submit, form_data=filled(window, contact_name=name))

        assert wrong(other) == {"form": "本级工会已有一件变更申请在审核中，审核结束或撤回后才能再次提交。"}
        assert other.look(UnionChangeState).is_open

    def test_is_taken_back(self, union_page, town: World):
        window = union_page(OWNER)
        window.send(UnionChangeState.edit)
        window.send(UnionChangeState.submit, form_data=filled(window, contact_name="陈明"))
        number = window.look(OwnUnionState).request_id

        window.send(OwnUnionState.withdraw, request_id=number)

        assert (window.look(OwnUnionState).status, window.look(OwnUnionState).request_id) == ("", 0)
        assert latest(town).status == "withdrawn"
        window.send(OwnUnionState.withdraw, request_id=number)
        assert told(window)[-1] == "这件申请已审核或已撤回，不能再撤回。"

    def test_of_another_union_is_not_found(self, union_page, town: World):
        window = union_page(OWNER)
        window.send(UnionChangeState.edit)
        window.send(UnionChangeState.submit, form_data=filled(window, contact_name="陈明"))
        number, stranger = window.look(OwnUnionState).request_id, union_page("owner of the city")

        stranger.send(OwnUnionState.withdraw, request_id=number)
        stranger.send(UnionChangeState.edit_again, request_id=number)

        assert told(stranger) == [NOT_FOUND, NOT_FOUND]

    def test_is_handed_in_again_after_a_rejection(self, union_page, town: World):
        window = union_page(OWNER)
        window.send(UnionChangeState.edit)
        window.send(UnionChangeState.submit, form_data=filled(window, contact_name="陈明"))
        _reject(town, window.look(OwnUnionState).request_id)

        window.send(OwnUnionState.load)
        page = window.look(OwnUnionState)
        window.send(UnionChangeState.edit_again, request_id=page.request_id)

        assert (page.status, page.reason) == ("rejected", "请补充材料")
        assert filled(window)["contact_name"] == "陈明"
        assert window.look(UnionChangeState).purpose == "换届"
        window.send(UnionChangeState.submit, form_data=filled(window))
        assert window.look(OwnUnionState).status == "pending"


def test_the_history_is_read_page_by_page(union_page, town: World):
    window = union_page(OWNER)

    window.send(OwnUnionState.show_tab, tab="history")
    window.send(OwnHistoryState.read_on)

    assert window.look(OwnUnionState).tab == "history"
    assert window.look(OwnHistoryState).is_read


def _reject(town: World, number: int) -> None:
    with town.open() as session:
        street = session.get_one(Union, town.places["street"].id)
        account = make_account(session)
        make_administrator(session, account, street)
        actor = get_actor(session, account_id=id_of(account), union_id=id_of(street))
        reject(session, actor, queue=CHANGES, ids=[number], reason="请补充材料")

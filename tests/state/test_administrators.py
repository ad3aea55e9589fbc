"""The pages of permissions, through the whole pipeline: the form, what was refused, and the moment a right ends."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.unions import Union
from gdftu_app.security.limits import forget_limits
from gdftu_app.security.permissions import ABOVE_BASE_ONLY, ROLE_PERMISSIONS, Permission, Role
from gdftu_app.services.sessions import begin
from gdftu_app.state.administrators import AdministratorsState
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.subordinate_administrators import SubordinateAdministratorsState
from tests.factories import id_of, make_account, make_administrator
from tests.state.conftest import NOT_FOUND, Enter, grants_to, told
from tests.state.windows import Window
from tests.web.world import World

Own, Below = AdministratorsState, SubordinateAdministratorsState
NOT_ALLOWED = "当前账号没有这项权限。"
_phones = count(19_933_300_000)


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    forget_limits()
    yield
    forget_limits()


@pytest.fixture
def newcomer(town: World, visit: Callable[[str], Window]) -> Callable[..., tuple[Window, int]]:
    """A new administrator of a place, whose grant the test may end: the window, and the id of the grant."""

    def made(place: str = "district", role: Role = Role.OWNER, name: str = "黄管理") -> tuple[Window, int]:
        with town.open() as session:
            account = make_account(session, phone=f"+86{next(_phones)}", name=name)
            grant = make_administrator(session, account, session.get_one(Union, town.places[place].id), role=role)
            cookie = begin(session, account, cookie=None, address="127.0.0.1", user_agent="tests")
        window = visit(cookie)
        window.send(CurrentUnion.arrive)
        return window, id_of(grant)

    return made


Newcomer = Callable[..., tuple[Window, int]]


def opened(window: Window) -> AdministratorsState:
    window.send(Own.load, at="/administrators/")
    return window.look(Own)


def problem(screen: Any) -> tuple[str, str]:
    return screen.problem_field, screen.problem.get("zh-CN", "")


class TestTheForm:
    def test_has_nothing_ticked_until_something_is_chosen(self, newcomer: Newcomer):
        window, _ = newcomer()
        opened(window)
        window.send(Own.open_appointment)

        window.send(Own.appoint, phone=str(next(_phones)), name="陈依")

        screen = window.look(Own)
        assert (screen.ticked, screen.role, screen.dialog) == ([], "", "appoint")
        assert problem(screen) == ("permissions", "请至少选择一项权限。")

    @pytest.mark.parametrize("place", ["district", "factory"])
    @pytest.mark.parametrize("role", Role)
    def test_ticks_the_permissions_of_a_role_that_exist(self, place: str, role: Role, newcomer: Newcomer):
        window, _ = newcomer(place)
        screen = opened(window)
        window.send(Own.open_appointment)

        window.send(Own.choose_role, role=role)

        screen = window.look(Own)
        absent = ABOVE_BASE_ONLY if place == "factory" else set()
        assert set(screen.ticked) == ROLE_PERMISSIONS[role] - absent
        assert (screen.role, set(screen.grantable_roles)) == (role, set(Role))
        assert not absent & set(screen.offered)

    def test_ticks_what_is_needed_and_unticks_what_needs_it(self, newcomer: Newcomer):
        window, _ = newcomer()
        opened(window)
        window.send(Own.open_appointment)

        window.send(Own.tick, permission=Permission.MEMBERS_EXPORT, is_on=True)
        ticked = window.look(Own).ticked
        window.send(Own.tick, permission=Permission.MEMBERS_VIEW, is_on=False)

        assert ticked == ["members:view", "members:export"]
        assert (window.look(Own).ticked, window.look(Own).role) == ([], "")

    def test_calls_a_set_of_no_role_custom(self, newcomer: Newcomer):
        window, _ = newcomer()
        opened(window)
        window.send(Own.open_appointment)
        window.send(Own.choose_role, role=Role.ANALYST)

        window.send(Own.tick, permission=Permission.AUDIT_VIEW, is_on=True)

        assert window.look(Own).role == "custom"

    def test_offers_a_lesser_granter_only_what_is_theirs(self, newcomer: Newcomer, town: World):
        window, grant_id = newcomer(role=Role.ANALYST)
        with town.open() as session:
            grant = session.get_one(Administrator, grant_id)
            grant.permissions = [Permission.ADMINISTRATORS_MANAGE, *ROLE_PERMISSIONS[Role.ANALYST]]
        opened(window)
        window.send(Own.open_appointment)

        window.send(Own.tick, permission=Permission.MEMBERS_REVEAL, is_on=True)
        window.send(Own.choose_role, role=Role.OWNER)

        screen = window.look(Own)
        assert (set(screen.offered), screen.grantable_roles) == (set(Permission), ["analyst"])
        assert set(screen.ticked) <= set(screen.grantable)
        assert Permission.MEMBERS_REVEAL not in screen.ticked


class TestAppointing:
    def test_a_stranger_invites_them_and_tells_the_masked_phone(self, newcomer: Newcomer, town: World):
        window, _ = newcomer()
        phone = str(next(_phones))
        opened(window)
        window.send(Own.open_appointment)
        window.send(Own.choose_role, role=Role.MEMBERS)

        window.send(Own.appoint, phone=phone, name="陈依")

        screen = window.look(Own)
        masked = f"{phone[:3]}****{phone[-4:]}"
        assert told(window) == [f"已邀请 {masked}，短信已发出。对方登录并完成实名认证后即可使用。"]
        row = next(row for row in screen.rows if row.phone == masked)
        assert (row.name, row.role, row.state, screen.dialog) == ("陈依", "members", "invited", "")
        assert [grant.role for grant in grants_to(town, phone)] == ["members"]

    def test_a_second_click_makes_no_second_one(self, newcomer: Newcomer, town: World):
        window, _ = newcomer()
        phone = str(next(_phones))
        opened(window)
        window.send(Own.open_appointment)
        window.send(Own.choose_role, role=Role.ANALYST)

        for _ in range(3):
            window.send(Own.appoint, phone=phone, name="陈依")

        assert len(grants_to(town, phone)) == 1
        assert len(told(window)) == 1

    def test_without_the_form_does_nothing(self, newcomer: Newcomer, town: World):
        window, _ = newcomer()
        phone = str(next(_phones))
        opened(window)

        window.send(Own.appoint, phone=phone, name="陈依")

        assert grants_to(town, phone) == []

    @pytest.mark.parametrize(
        ("phone", "name", "field"), [("123", "陈依", "phone"), ("", "陈依", "phone"), ("19933399999", "", "name")]
    )
    def test_tells_what_is_wrong_beside_its_field_and_keeps_the_form(
        self, phone: str, name: str, field: str, newcomer: Newcomer
    ):
        window, _ = newcomer()
        opened(window)
        window.send(Own.open_appointment)
        window.send(Own.choose_role, role=Role.ANALYST)

        window.send(Own.appoint, phone=phone, name=name)

        screen = window.look(Own)
        assert (screen.problem_field, screen.dialog, screen.role) == (field, "appoint", "analyst")
        assert told(window) == []

    def test_tells_no_strangers_name(self, newcomer: Newcomer, town: World):
        window, _ = newcomer()
        phone = str(next(_phones))
        with town.open() as session:
            make_account(session, phone=f"+86{phone}", name="欧阳秘密")
        opened(window)
        window.send(Own.open_appointment)
        window.send(Own.choose_role, role=Role.ANALYST)

        window.send(Own.appoint, phone=phone, name="陈依")

        assert problem(window.look(Own)) == (
            "name",
            "该手机号的账号姓名是「欧***」，与填写的不一致。请向本人核对手机号和姓名。",
        )
        assert "欧阳秘密" not in str(window.look(Own).dict())
        assert phone not in str(window.look(Own).dict())

    def test_somebody_twice_is_told_in_the_form(self, newcomer: Newcomer, town: World):
        window, _ = newcomer()
        phone = str(next(_phones))
        with town.open() as session:
            account = make_account(session, phone=f"+86{phone}", name="陈依")
            make_administrator(session, account, session.get_one(Union, town.places["district"].id))
        opened(window)
        window.send(Own.open_appointment)
        window.send(Own.choose_role, role=Role.ANALYST)

        window.send(Own.appoint, phone=phone, name="陈依")

        assert problem(window.look(Own)) == ("form", "该账号已是这个工会的管理员，可在列表中调整权限。")


class TestChanging:
    def test_saves_and_shows_what_is_ticked(self, newcomer: Newcomer):
        (window, _), (_, grant_id) = newcomer(), newcomer(role=Role.ANALYST)
        opened(window)
        window.send(Own.open_change, administrator_id=grant_id)
        window.send(Own.choose_role, role=Role.EDITOR)

        window.send(Own.save, administrator_id=grant_id)

        screen = window.look(Own)
        row = next(row for row in screen.rows if row.id == grant_id)
        assert (row.role, row.version, screen.dialog) == ("editor", 2, "")
        assert told(window) == ["权限已保存，立即生效。"]

    def test_of_what_somebody_else_changed_is_told_and_shown_afresh(self, newcomer: Newcomer):
        (one, _), (two, _), (_, grant_id) = newcomer(), newcomer(), newcomer(role=Role.ANALYST)
        for window in (one, two):
            opened(window)
            window.send(Own.open_change, administrator_id=grant_id)
        one.send(Own.choose_role, role=Role.EDITOR)
        one.send(Own.save, administrator_id=grant_id)
        two.send(Own.tick, permission=Permission.MEMBERS_EXPORT, is_on=True)

        two.send(Own.save, administrator_id=grant_id)

        screen = two.look(Own)
        assert problem(screen) == ("form", "权限刚刚被其他管理员调整过。已显示最新内容，请核对后再保存。")
        assert (screen.dialog, screen.role, set(screen.ticked)) == (
            "change",
            "editor",
            ROLE_PERMISSIONS[Role.EDITOR],
        )
        two.send(Own.choose_role, role=Role.REVIEWER)
        two.send(Own.save, administrator_id=grant_id)
        assert next(row.role for row in two.look(Own).rows if row.id == grant_id) == "reviewer"

    def test_of_somebody_dismissed_meanwhile_closes_and_says_so(self, newcomer: Newcomer):
        (one, _), (two, _), (_, grant_id) = newcomer(), newcomer(), newcomer(role=Role.ANALYST)
        opened(two)
        two.send(Own.open_change, administrator_id=grant_id)
        opened(one)
        one.send(Own.dismiss, administrator_id=grant_id)

        two.send(Own.save, administrator_id=grant_id)

        screen = two.look(Own)
        assert (told(two), screen.dialog) == ([NOT_FOUND], "")
        assert grant_id not in [row.id for row in screen.rows]

    def test_oneself_is_not_offered(self, newcomer: Newcomer):
        window, own = newcomer()
        screen = opened(window)

        window.send(Own.open_change, administrator_id=own)
        window.send(Own.open_dismissal, administrator_id=own)

        assert next(row.may_change for row in screen.rows if row.id == own) is False
        assert window.look(Own).dialog == ""

    def test_the_only_owner_to_something_else_is_refused_in_the_form(self, newcomer: Newcomer, town: World):
        [only] = grants_to(town, town.residents["owner of the other city"].phone)
        window, _ = newcomer("province")
        window.send(Below.load, at=f"/subordinates/administrators/?union={only.union_id}")
        window.send(Below.open_change, administrator_id=id_of(only))
        window.send(Below.choose_role, role=Role.ANALYST)

        window.send(Below.save, administrator_id=id_of(only))

        screen = window.look(Below)
        assert screen.problem_field == "form"
        assert screen.problem["zh-CN"].startswith("这是该工会唯一可用的负责人")


class TestDismissing:
    def test_moves_the_row_to_the_removed_and_ends_the_open_page(self, newcomer: Newcomer, town: World):
        (window, _), (colleague, grant_id) = newcomer(name="陈除"), newcomer(role=Role.OWNER)
        opened(colleague)
        opened(window)
        window.send(Own.open_dismissal, administrator_id=grant_id)

        window.send(Own.dismiss, administrator_id=grant_id)
        colleague.send(Own.open_appointment)

        assert grant_id not in [row.id for row in window.look(Own).rows]
        window.send(Own.choose_tab, tab="removed")
        row = next(row for row in window.look(Own).rows if row.id == grant_id)
        assert row.dismissed_by["zh-CN"] == "陈除"
        assert window.look(Own).query == "tab=removed"
        assert colleague.look(CurrentUnion).has_ended is True
        assert colleague.look(Own).dialog == ""

    def test_leads_nobody_into_another_union_unawares(self, newcomer: Newcomer, town: World):
        (window, _), (colleague, grant_id) = newcomer(), newcomer()
        with town.open() as session:
            account = session.get_one(Account, session.get_one(Administrator, grant_id).account_id)
            make_administrator(session, account, session.get_one(Union, town.places["factory"].id))
        opened(window)
        window.send(Own.dismiss, administrator_id=grant_id)

        colleague.send(CurrentUnion.arrive)

        union = colleague.look(CurrentUnion)
        assert (union.name, union.has_ended) == (town.places["district"].name, True)

    def test_the_only_owner_is_refused(self, newcomer: Newcomer, town: World):
        window, _ = newcomer("province")
        [only] = grants_to(town, town.residents["owner of the other city"].phone)
        window.send(Below.load, at=f"/subordinates/administrators/?union={only.union_id}")
        window.send(Below.open_dismissal, administrator_id=id_of(only))

        window.send(Below.dismiss, administrator_id=id_of(only))

        assert told(window)[-1].startswith("这是该工会唯一可用的负责人")
        assert id_of(only) in [row.id for row in window.look(Below).rows]

    def test_oneself_is_resigning(self, newcomer: Newcomer):
        newcomer()
        window, own = newcomer()
        opened(window)
        window.send(Own.open_resignation, administrator_id=own)
        assert window.look(Own).dialog == "resign"

        window.send(Own.resign, administrator_id=own)

        assert window.look(CurrentUnion).has_ended is True


class TestWhoMayNot:
    @pytest.mark.parametrize(
        "name", ["analyst of the city", "members' administrator of the city", "auditor of the city"]
    )
    def test_is_shown_no_list_and_does_nothing(self, name: str, enter: Enter, town: World):
        window, phone = enter(name), str(next(_phones))

        window.send(Own.load, at="/administrators/")
        window.send(Own.open_appointment)
        window.send(Own.choose_role, role=Role.OWNER)
        window.send(Own.appoint, phone=phone, name="陈依")
        window.send(Below.load, at="/subordinates/administrators/")

        assert (window.look(Own).rows, window.look(Own).is_loaded) == ([], False)
        assert window.look(Below).is_loaded is False
        assert grants_to(town, phone) == []

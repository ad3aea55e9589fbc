"""我的账号 and 设置密码, through the whole pipeline: everything by the session's own account."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import col, select

from gdftu_app.clock import now
from gdftu_app.errors import InvalidInput
from gdftu_app.models.accounts import Account, SignInCode, SignInSession
from gdftu_app.queries.accounts import own_sessions
from gdftu_app.queries.outbox import list_messages
from gdftu_app.security.sessions import find_session
from gdftu_app.services.sessions import Form, keep_refused_form
from gdftu_app.state.account import AccountState
from gdftu_app.state.current import CurrentUnion, CurrentUser
from gdftu_app.state.overview import OverviewState
from gdftu_app.state.own_forms import NewPhoneState, OwnPasswordState, OwnPhoneState
from gdftu_app.state.password import PasswordState
from tests.state.conftest import NOT_FOUND, Enter, told
from tests.state.windows import Window
from tests.web.world import World

Visit = Callable[[str], Window]


@pytest.fixture(autouse=True)
def no_codes_before(town: World) -> None:
    """The people of the town are shared; what one test has sent must not keep another waiting."""
    with town.open() as session:
        for code in session.exec(select(SignInCode)).all():
            session.delete(code)


def opened(visit: Visit, cookie: str, at: str = "/account/") -> Window:
    window = visit(cookie)
    window.send(AccountState.load, at=at)
    return window


def age_password(town: World, name: str, days: int | None) -> None:
    with town.open() as session:
        account = session.get_one(Account, town.residents[name].account_id)
        account.password_changed_at = None if days is None else now() - timedelta(days=days)
        session.add(account)


class TestThePage:
    def test_stands_within_the_union_where_one_may_be_entered(self, visit: Visit, town: World):
        window = opened(visit, town.sign_in("owner of the city"))

        assert window.look(CurrentUnion).name == town.places["city"].name
        assert [union.name for union in window.look(AccountState).unions] == [town.places["city"].name]

    @pytest.mark.parametrize("name", ["account without a union", "account not verified", "dismissed owner of the city"])
    def test_stands_by_itself_for_everybody_else(self, name: str, visit: Visit, town: World):
        window = opened(visit, town.sign_in(name))

        account = window.look(AccountState)
        assert window.look(CurrentUnion).name == ""
        assert window.look(CurrentUser).name == town.residents[name].name
        assert (account.is_loaded, account.unions) == (True, [])
        assert told(window) == []

    def test_shows_the_phone_masked_and_holds_it_nowhere(self, visit: Visit, town: World):
        window = opened(visit, town.sign_in("owner of the city"))

        phone = town.residents["owner of the city"].phone
        assert window.look(AccountState).phone == f"{phone[:3]}****{phone[-4:]}"
        assert phone not in json.dumps(window.look(AccountState).dict(), ensure_ascii=False, default=str)

    def test_lists_the_own_browsers_and_says_which_is_this(self, visit: Visit, town: World):
        town.sign_in("owner of the other city")
        window = opened(visit, town.sign_in("owner of the other city"))

        rows = window.look(AccountState).sessions
        assert len(rows) >= 2
        assert [row.is_this for row in rows].count(True) == 1
        assert rows[0].device["zh-CN"] == "未知设备"

    @pytest.mark.parametrize(("query", "words"), [("done=password", "密码已修改"), ("done=phone", "手机号已更换")])
    def test_says_what_was_done(self, query: str, words: str, visit: Visit, town: World):
        window = opened(visit, town.sign_in("owner of the city"), at=f"/account/?{query}")

        assert window.look(AccountState).done["zh-CN"].startswith(words)

    def test_says_nothing_that_its_address_makes_up(self, visit: Visit, town: World):
        window = opened(visit, town.sign_in("owner of the city"), at="/account/?done=%3Cb%3E")

        assert window.look(AccountState).done == {}

    @pytest.mark.parametrize(
        ("form", "screen", "other"),
        [(Form.OWN_PASSWORD, OwnPasswordState, OwnPhoneState), (Form.OWN_PHONE, OwnPhoneState, OwnPasswordState)],
    )
    def test_tells_a_refusal_on_its_own_form_once(
        self, form: Form, screen: type, other: type, visit: Visit, town: World
    ):
        cookie = town.sign_in("owner of the city")
        with town.open() as session:
            keep_refused_form(session, cookie, InvalidInput("不行", field="code"), phone="", form=form)
        window = opened(visit, cookie)
        first = (window.look(screen).problem_field, window.look(other).problem_field)

        window.send(AccountState.load, at="/account/")

        assert (first, window.look(screen).problem_field) == (("code", ""), "")

    def test_a_message_of_the_sign_in_form_is_not_told_here(self, visit: Visit, town: World):
        cookie = town.sign_in("owner of the city")
        with town.open() as session:
            keep_refused_form(session, cookie, InvalidInput("不行"), phone="")

        window = opened(visit, cookie)

        assert (window.look(OwnPasswordState).problem, window.look(OwnPhoneState).problem) == ({}, {})


class TestAge:
    @pytest.mark.parametrize(
        ("days", "is_due", "left"), [(10, False, 80), (75, False, 15), (76, True, 14), (89, True, 1), (95, True, 0)]
    )
    def test_is_told_from_fourteen_days_before(
        self, days: int, is_due: bool, left: int, enter: Enter, visit: Visit, town: World
    ):
        age_password(town, "reviewer of the city", days)
        overview = enter("reviewer of the city")

        overview.send(OverviewState.load, at="/overview/")
        page = opened(visit, town.sign_in("reviewer of the city"))

        for screen in (overview.look(OverviewState), page.look(AccountState)):
            assert (screen.password_is_due, screen.password_days) == (is_due, left)

    def test_without_a_date_is_never_told(self, enter: Enter, town: World):
        age_password(town, "reviewer of the city", None)
        window = enter("reviewer of the city")

        window.send(OverviewState.load, at="/overview/")

        assert not window.look(OverviewState).password_is_due


class TestOwnBrowsers:
    def test_are_ended_one_by_one(self, visit: Visit, town: World):
        there = town.sign_in("owner of the factory")
        window = opened(visit, town.sign_in("owner of the factory"))
        with town.open() as session:
            rows = own_sessions(session, account_id=town.residents["owner of the factory"].account_id, cookie=there)
        [key] = [row.key for row in rows if row.is_this]

        window.send(AccountState.end_session, key=key, at="/account/")

        with town.open() as session:
            assert find_session(session, there) is None
        assert key not in [row.key for row in window.look(AccountState).sessions]
        assert told(window) == ["该设备已退出登录。"]

    def test_of_somebody_else_are_not_found(self, visit: Visit, town: World):
        theirs = town.sign_in("owner of the province")
        window = opened(visit, town.sign_in("owner of the factory"))
        with town.open() as session:
            rows = own_sessions(session, account_id=town.residents["owner of the province"].account_id, cookie=theirs)
        [key] = [row.key for row in rows if row.is_this]

        window.send(AccountState.end_session, key=key, at="/account/")

        with town.open() as session:
            assert find_session(session, theirs) is not None
        assert told(window) == [NOT_FOUND]

    def test_all_but_this_are_ended_at_once_and_an_open_window_knows_at_its_next_event(self, visit: Visit, town: World):
        name = "owner of both factories"
        there = opened(visit, town.sign_in(name))
        here = opened(visit, town.sign_in(name))

        here.send(AccountState.end_others, at="/account/")
        there.send(AccountState.turn_history, page=1, at="/account/")
        here.send(AccountState.turn_history, page=1, at="/account/")

        assert (there.look(CurrentUser).signed_out, here.look(CurrentUser).signed_out) == (True, False)
        assert len(here.look(AccountState).sessions) == 1
        with town.open() as session:
            live = select(SignInSession).where(
                SignInSession.account_id == town.residents[name].account_id, col(SignInSession.ended_at).is_(None)
            )
            assert len(session.exec(live).all()) == 1


class TestCodes:
    @pytest.mark.parametrize(
        ("screen", "purpose"), [(OwnPasswordState, "set_password"), (OwnPhoneState, "leave_phone")]
    )
    def test_go_to_the_own_phone(self, screen: type, purpose: str, visit: Visit, town: World):
        window = opened(visit, town.sign_in("analyst of the city"))

        window.send(screen.send_code, at="/account/")

        with town.open() as session:
            newest = list_messages(session, phone=town.residents["analyst of the city"].phone)[0]
        assert newest.purpose == purpose
        assert window.look(screen).wait_seconds == 60

    def test_to_the_new_phone_are_answered_alike_whether_another_account_has_it(self, visit: Visit, town: World):
        answers = []
        for phone in (town.residents["owner of the province"].phone, "19887654321"):
            window = opened(visit, town.sign_in("editor of the city"))
            window.send(NewPhoneState.send_code, phone=phone, at="/account/")
            screen = window.look(NewPhoneState).dict()[NewPhoneState.get_full_name()]
            answers.append({name: value for name, value in screen.items() if "waits" not in name})

        assert answers[0] == answers[1]

    def test_too_soon_again_are_refused_beside_their_own_field(self, visit: Visit, town: World):
        window = opened(visit, town.sign_in("analyst of the city"))

        for _ in range(2):
            window.send(OwnPhoneState.send_code, at="/account/")
            window.send(NewPhoneState.send_code, phone="19887654321", at="/account/")

        assert (window.look(OwnPhoneState).problem_field, window.look(NewPhoneState).problem_field) == ("code", "phone")


class TestSettingAPassword:
    def test_says_why_the_password_opens_nothing_any_more(self, visit: Visit, town: World):
        window = visit(town.visit())

        window.send(PasswordState.load, at="/password/?reason=aged")

        assert window.look(PasswordState).reason["zh-CN"].startswith("密码已使用超过 90 天")

    def test_gives_known_reasons_only(self, visit: Visit, town: World):
        window = visit(town.visit())

        window.send(PasswordState.load, at="/password/?reason=%3Cb%3E")

        assert window.look(PasswordState).reason == {}

    def test_a_code_is_answered_alike_whether_the_phone_is_known(self, visit: Visit, town: World):
        answers = []
        for phone in (town.residents["owner of the city"].phone, "19887654322"):
            window = visit(town.visit())
            window.send(PasswordState.send_code, phone=phone, at="/password/")
            screen = window.look(PasswordState).dict()[PasswordState.get_full_name()]
            answers.append({name: value for name, value in screen.items() if "waits" not in name})

        assert answers[0] == answers[1]

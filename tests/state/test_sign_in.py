"""The sign-in page and what visitors prefer, through the whole pipeline."""

from collections.abc import Callable
from urllib.parse import quote

import pytest

from gdftu_app.errors import InvalidInput
from gdftu_app.services.sessions import keep_refused_form
from gdftu_app.state.preferences import PreferencesState
from gdftu_app.state.sign_in import SignInState
from tests.state.conftest import Enter
from tests.state.windows import Window
from tests.web.world import World


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

    def test_keeps_the_tab_that_was_chosen_while_it_was_loading(self, visit: Callable[[str], Window], town: World):
        window, sent_back = visit(town.visit()), visit(town.visit())

        for opened, address in ((window, "/login/"), (sent_back, "/login/?tab=code")):
            opened.send(SignInState.choose_tab, tab="password", at=address)
            opened.send(SignInState.load, at=address)

        assert (window.look(SignInState).tab, sent_back.look(SignInState).tab) == ("password", "code")

    def test_answers_alike_whether_a_phone_is_known_or_not(self, visit: Callable[[str], Window], town: World):
        answers = []
        for phone in (town.residents["owner of the city"].phone, "19887654321"):
            window = visit(town.visit())
            window.send(SignInState.send_code, phone=phone, at="/login/")
            screen = window.look(SignInState).dict()[SignInState.get_full_name()]
            answers.append({name: value for name, value in screen.items() if "waits" not in name})

        assert answers[0] == answers[1]


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

"""The moment something ends: a grant, a session, an account. What is open knows it at its next event."""

import json
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from gdftu_app.clock import now
from gdftu_app.models.accounts import Account, Administrator, SignInSession
from gdftu_app.security.tokens import token_hash
from gdftu_app.services.sessions import sign_out, sign_out_everywhere
from gdftu_app.state.current import CurrentUnion, CurrentUser
from gdftu_app.state.subordinates import SubordinatesState
from tests.serving import Served
from tests.state.attacking import attack, merged
from tests.state.conftest import Colleague
from tests.web.world import World

UNION, USER, ROWS = (state.get_full_name() for state in (CurrentUnion, CurrentUser, SubordinatesState))


class TestTheMomentSomethingEnds:
    def test_a_dismissed_administrator_is_out_at_the_next_event(
        self, served: Served, world: World, colleague: Colleague
    ):
        with attack(served, colleague.cookie) as attacker:
            attacker.ask(f"{UNION}.arrive")
            before = merged(attacker.ask(f"{ROWS}.load"))

            with world.open() as session:
                _end(session, "dismissed", colleague)
            answers = attacker.ask(f"{ROWS}.select", {"union_id": world.places["district"].id})

        assert before[ROWS]["name"] == world.places["city"].name
        assert merged(answers) == {UNION: {"has_ended": True}}

    @pytest.mark.parametrize("how", ["signed out", "signed out everywhere", "disabled", "idle for 31 minutes"])
    def test_an_open_page_is_told_that_its_session_is_over(
        self, how: str, served: Served, world: World, colleague: Colleague
    ):
        with attack(served, colleague.cookie) as attacker:
            attacker.ask(f"{UNION}.arrive")
            attacker.ask(f"{ROWS}.load")

            with world.open() as session:
                _end(session, how, colleague)
            answers = attacker.ask(f"{ROWS}.select", {"union_id": world.places["district"].id})

        assert merged(answers) == {USER: {"signed_out": True}}

    @pytest.mark.parametrize("how", ["signed out", "disabled", "dismissed"])
    def test_what_the_window_held_is_not_sent_again(self, how: str, served: Served, world: World, colleague: Colleague):
        with attack(served, colleague.cookie) as attacker:
            attacker.ask(f"{UNION}.arrive")
            attacker.ask(f"{ROWS}.load")

            with world.open() as session:
                _end(session, how, colleague)

            assert world.places["district"].name not in json.dumps(attacker.state(), ensure_ascii=False)


def _end(session: Session, how: str, colleague: Colleague) -> None:
    if how == "signed out":
        sign_out(session, colleague.cookie)
    elif how == "signed out everywhere":
        sign_out_everywhere(session, account_id=colleague.account_id)
    elif how == "dismissed":
        session.get_one(Administrator, colleague.administrator_id).dismissed_at = now()
    elif how == "disabled":
        session.get_one(Account, colleague.account_id).disabled_at = now()
    else:
        row = select(SignInSession).where(SignInSession.token_hash == token_hash(colleague.cookie))
        session.exec(row).one().last_seen_at = now() - timedelta(minutes=31)

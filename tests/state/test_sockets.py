"""Sockets: who gets one, how many, how much may be sent over it, and to whom its state belongs."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import socketio
from sqlmodel import Session, select

from gdftu_app.clock import frozen_at, now
from gdftu_app.models.accounts import Account, Administrator, SignInCode, SignInSession
from gdftu_app.models.unions import Union
from gdftu_app.security.tokens import bound_token, new_session_cookie, new_visitor_cookie, token_hash
from gdftu_app.services.sessions import begin, sign_out, sign_out_everywhere
from gdftu_app.state.current import CurrentUnion, CurrentUser
from gdftu_app.state.preferences import PreferencesState
from gdftu_app.state.sign_in import SignInState
from gdftu_app.state.subordinates import SubordinatesState
from tests import factories
from tests.serving import Served, serve
from tests.state.attacking import NAMESPACE, ROOT, Attacker, SocketRefused, attack, merged, notices_in, touched
from tests.state.handlers import REFUSAL_VARS
from tests.web.world import World

UNION, USER, ROWS = (state.get_full_name() for state in (CurrentUnion, CurrentUser, SubordinatesState))
ZOOM, SEND_CODE = f"{PreferencesState.get_full_name()}.reset_zoom", f"{SignInState.get_full_name()}.send_code"
OWNER = "owner of the city"


def stale_visitor() -> str:
    with frozen_at(now() - timedelta(days=8)):
        return new_visitor_cookie()


def ended(world: World) -> str:
    cookie = world.sign_in(OWNER)
    with world.open() as session:
        sign_out(session, cookie)
    return cookie


def idle(world: World) -> str:
    cookie = world.sign_in(OWNER)
    with world.open() as session:
        _row_of(session, cookie).last_seen_at = now() - timedelta(minutes=31)
    return cookie


def too_old(world: World) -> str:
    cookie = world.sign_in(OWNER)
    with world.open() as session:
        _row_of(session, cookie).expires_at = now() - timedelta(seconds=1)
    return cookie


COOKIES = {
    "none": lambda world: None,
    "empty": lambda world: "",
    "nonsense": lambda world: "%00%0d%0a; DROP TABLE",
    "unknown session": lambda world: new_session_cookie(),
    "tampered session": lambda world: world.sign_in(OWNER)[:-1] + "_",
    "session with something after it": lambda world: world.sign_in(OWNER) + "x",
    "session in capitals": lambda world: world.sign_in(OWNER).upper(),
    "tampered visitor": lambda world: new_visitor_cookie()[:-1] + "_",
    "visitor of another secret": lambda world: f"v.{'a' * 43}.{int(time.time()):010d}.{'b' * 43}",
    "visitor eight days old": lambda world: stale_visitor(),
    "signed out": ended,
    "idle for 31 minutes": idle,
    "older than 12 hours": too_old,
    "hash of a session": lambda world: f"s.{token_hash(world.sign_in(OWNER))}",
}


class TestWhoGetsOne:
    @pytest.mark.parametrize("kind", COOKIES)
    def test_a_cookie_that_is_not_genuine_opens_none(self, kind: str, served: Served, world: World):
        cookie, known = COOKIES[kind](world), served.log_size()

        with pytest.raises(SocketRefused):
            Attacker(served, cookie).connect()

        assert "socket refused" in served.log(since=known)
        assert not cookie or len(cookie) < 20 or cookie not in served.log(since=known)

    @pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://127.0.0.1:1", "http://127.0.0.1.evil.example"])
    def test_a_page_of_another_origin_gets_none(self, origin: str | None, served: Served, world: World):
        with pytest.raises(SocketRefused):
            Attacker(served, world.sign_in(OWNER), origin=origin).connect()

    @pytest.mark.parametrize("token", ["x" * 201, "x" * 20_000])
    def test_a_token_of_any_length_is_not_kept(self, token: str, served: Served, world: World):
        with pytest.raises(SocketRefused):
            Attacker(served, world.visit(), token=token).connect()

    @pytest.mark.parametrize("path", ["/_event/other", "/socket.io", "/overview", "/", "/_EVENT"])
    def test_there_is_none_elsewhere(self, path: str, served: Served, world: World):
        client = socketio.SimpleClient()
        headers = {"Cookie": f"gdftu_session={world.visit()}"}

        with pytest.raises(socketio.exceptions.ConnectionError):
            client.connect(f"{served.url}/?token=x", headers=headers, transports=["websocket"], namespace=NAMESPACE, socketio_path=path)

    def test_the_polling_way_in_is_closed(self, served: Served, world: World):
        client = socketio.SimpleClient()
        headers = {"Cookie": f"gdftu_session={world.visit()}"}

        with pytest.raises(socketio.exceptions.ConnectionError):
            client.connect(f"{served.url}/?token=x", headers=headers, transports=["polling"], namespace=NAMESPACE, socketio_path=NAMESPACE)

    def test_a_session_has_so_many_and_no_more(self, served: Served, world: World):
        cookie = world.sign_in(OWNER)
        held = [Attacker(served, cookie) for _ in range(5)]
        for attacker in held:
            attacker.connect()

        with pytest.raises(SocketRefused):
            Attacker(served, cookie).connect()

        held.pop().close()
        _soon(lambda: held.append(_connected(served, cookie)))
        for attacker in held:
            attacker.close()


class TestWhoseStateItIs:
    def test_the_same_token_under_another_cookie_gets_nothing_of_the_first(self, served: Served, world: World):
        victims, thiefs = world.sign_in(OWNER), world.sign_in("owner of the other city")
        with attack(served, victims) as victim, attack(served, thiefs, token=victim.token) as thief:
            victim.ask(f"{UNION}.arrive")
            victim.ask(f"{ROWS}.load")

            stolen = thief.state()

        assert stolen[ROWS]["rows"] == []
        assert stolen[UNION]["name"] == ""

    def test_a_visitor_with_the_token_of_a_signed_in_page_gets_nothing(self, served: Served, world: World):
        cookie = world.sign_in(OWNER)
        with attack(served, cookie) as victim:
            victim.ask(f"{UNION}.arrive")

            for token in (victim.token, bound_token(cookie, victim.token)):
                with attack(served, world.visit(), token=token) as thief:
                    assert thief.state()[UNION]["name"] == ""

    def test_nobody_makes_up_a_handshake_of_their_own(self, served: Served, world: World):
        cookie = world.sign_in(OWNER)
        with attack(served, cookie) as victim, attack(served, world.visit()) as thief:
            victim.ask(f"{UNION}.arrive")
            made_up = {
                "QUERY_STRING": f"token={bound_token(cookie, victim.token)}",
                "asgi.scope": {"client": ["9.9.9.9", 1], "headers": [[b"cookie", f"gdftu_session={cookie}".encode()]]},
            }

            thief.emit_raw(made_up, kind="connect")

            assert thief.state()[UNION]["name"] == ""
            assert "9.9.9.9" not in json.dumps(thief.ask(f"{ROOT}.hydrate"))

    def test_a_page_left_open_comes_back_to_its_own(self, served: Served, world: World):
        cookie = world.sign_in(OWNER)
        with attack(served, cookie) as first:
            first.ask(f"{UNION}.arrive")

        with attack(served, cookie, token=first.token) as again:
            assert again.state()[UNION]["name"] == world.places["city"].name

    def test_two_windows_act_for_two_unions(self, served: Served, world: World):
        cookie = world.sign_in("owner of both factories")
        own, other = world.places["factory"], world.places["other_factory"]
        with attack(served, cookie) as one, attack(served, cookie) as two:
            one.ask(f"{UNION}.enter_union", {"union_id": own.id})
            two.ask(f"{UNION}.enter_union", {"union_id": other.id})

            one.ask(f"{UNION}.arrive")
            two.ask(f"{UNION}.arrive")

            assert one.state()[UNION]["name"] == own.name
            assert two.state()[UNION]["name"] == other.name


class TestTheMomentSomethingEnds:
    def test_a_dismissed_administrator_is_out_at_the_next_event(
        self, served: Served, world: World, colleague: Colleague
    ):
        with attack(served, colleague.cookie) as attacker:
            attacker.ask(f"{UNION}.arrive")
            before = merged(attacker.ask(f"{ROWS}.load"))

            with world.open() as session:
                session.get_one(Administrator, colleague.administrator_id).dismissed_at = now()
            answers = attacker.ask(f"{ROWS}.select", {"union_id": world.places["district"].id})

        assert before[ROWS]["name"] == world.places["city"].name
        assert touched(answers) <= REFUSAL_VARS
        assert notices_in(answers) == ["没有找到。可能已被移动，或不在当前工会的管理范围内。"]

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

    @pytest.mark.parametrize("how", ["signed out", "disabled"])
    def test_what_the_page_showed_is_not_sent_again(
        self, how: str, served: Served, world: World, colleague: Colleague
    ):
        with attack(served, colleague.cookie) as attacker:
            attacker.ask(f"{UNION}.arrive")
            attacker.ask(f"{ROWS}.load")

            with world.open() as session:
                _end(session, how, colleague)

            assert world.places["district"].name not in json.dumps(attacker.state(), ensure_ascii=False)


class TestHowMuch:
    def test_a_frame_beyond_all_measure_ends_the_socket_and_not_the_server(self, served: Served, world: World):
        with attack(served, world.visit()) as attacker, attack(served, world.visit()) as other:
            attacker.emit(ZOOM, {"x": "y" * 5_000_000})

            assert notices_in(other.ask(ZOOM)) == []

    def test_deep_nesting_is_dropped(self, served: Served, world: World):
        nested: list[object] = []
        for _ in range(500):
            nested = [nested]
        with attack(served, world.visit()) as attacker:
            attacker.emit(ZOOM, {"x": nested})

            assert touched(attacker.settle()) <= REFUSAL_VARS


class TestLimits:
    @pytest.fixture(scope="class")
    def strict(self, world: World) -> Iterator[Served]:
        address = world.engine.url.render_as_string(hide_password=False)
        with serve(address, env={"GDFTU_EVENTS_PER_SECOND": "3"}) as running:
            yield running

    def test_a_burst_is_refused_beyond_the_limit_and_the_others_are_served(self, strict: Served, world: World):
        with attack(strict, world.visit()) as attacker, attack(strict, world.visit()) as other:
            for _ in range(200):
                attacker.emit(ZOOM)

            assert notices_in(other.ask(ZOOM)) == []
            answers = attacker.settle()
            assert notices_in(answers).count("操作太频繁，请稍后再试。") >= 170
            assert attacker.is_connected

    def test_a_second_socket_of_the_session_is_counted_with_the_first(self, strict: Served, world: World):
        cookie = world.visit()
        with attack(strict, cookie) as first, attack(strict, cookie) as second:
            first.ask_all(ZOOM, [{}] * 40)

            assert notices_in(second.ask(ZOOM)) == ["操作太频繁，请稍后再试。"]

    def test_a_text_message_is_asked_for_from_the_address_of_the_connection(self, strict: Served, world: World):
        with attack(strict, world.visit()) as attacker:
            attacker.ask(SEND_CODE, {"phone": "19977770000"}, ip="10.0.0.1", headers={"x-forwarded-for": "10.0.0.1"})

        with world.open() as session:
            addresses = session.exec(select(SignInCode.address)).all()
        assert set(addresses) == {"127.0.0.1"}


@dataclass(frozen=True)
class Colleague:
    """Another owner of the city, with a session of their own, for a test that ends something."""

    account_id: int
    administrator_id: int
    cookie: str


@pytest.fixture
def colleague(world: World) -> Colleague:
    with world.open() as session:
        account = factories.make_account(session)
        city = session.get_one(Union, world.places["city"].id)
        held = factories.make_administrator(session, account, city)
        cookie = begin(session, account, cookie=None, address="127.0.0.1", user_agent="tests")
    return Colleague(factories.id_of(account), factories.id_of(held), cookie)


def _end(session: Session, how: str, colleague: Colleague) -> None:
    if how == "signed out":
        sign_out(session, colleague.cookie)
    elif how == "signed out everywhere":
        sign_out_everywhere(session, account_id=colleague.account_id)
    elif how == "disabled":
        session.get_one(Account, colleague.account_id).disabled_at = now()
    else:
        _row_of(session, colleague.cookie).last_seen_at = now() - timedelta(minutes=31)


def _row_of(session: Session, cookie: str) -> SignInSession:
    return session.exec(select(SignInSession).where(SignInSession.token_hash == token_hash(cookie))).one()


def _connected(served: Served, cookie: str) -> Attacker:
    attacker = Attacker(served, cookie)
    attacker.connect()
    return attacker


def _soon(attempt: Callable[[], object]) -> None:
    """Try until it works: the server learns a moment later that a socket was closed."""
    for _ in range(50):
        try:
            attempt()
            return
        except SocketRefused:
            time.sleep(0.02)
    attempt()

"""Sockets: who gets one, how many, how much may be sent over it, and to whom its state belongs."""

import json
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import socketio
from socketio.exceptions import ConnectionError as NoConnection
from sqlmodel import Session, select

from gdftu_app.clock import frozen_at, now
from gdftu_app.models.accounts import SignInSession
from gdftu_app.security.tokens import bound_token, new_session_cookie, new_visitor_cookie, token_hash
from gdftu_app.services.sessions import sign_out
from gdftu_app.state.current import CurrentUnion, CurrentUser
from gdftu_app.state.preferences import PreferencesState
from gdftu_app.state.sign_in import SignInState
from gdftu_app.state.subordinates import SubordinatesState
from tests.serving import Served
from tests.state.attacking import NAMESPACE, ROOT, VAR_ENDING, Attacker, SocketRefused, attack
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

    @pytest.mark.parametrize(
        "origin", [None, "null", "https://evil.example", "http://127.0.0.1:1", "http://127.0.0.1.evil.example"]
    )
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

        with pytest.raises(NoConnection):
            client.connect(
                f"{served.url}/?token=x",
                headers=headers,
                transports=["websocket"],
                namespace=NAMESPACE,
                socketio_path=path,
            )

    def test_the_polling_way_in_is_closed(self, served: Served, world: World):
        client = socketio.SimpleClient()
        headers = {"Cookie": f"gdftu_session={world.visit()}"}

        with pytest.raises(NoConnection):
            client.connect(
                f"{served.url}/?token=x",
                headers=headers,
                transports=["polling"],
                namespace=NAMESPACE,
                socketio_path=NAMESPACE,
            )

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
    def test_the_same_token_under_another_cookie_is_another_state(self, served: Served, world: World):
        victims, thiefs, strangers = world.sign_in(OWNER), world.sign_in("owner of the other city"), world.visit()
        with attack(served, victims) as victim:
            victim.ask(f"{UNION}.arrive")
            victim.ask(f"{ROWS}.load")

        for cookie in (thiefs, strangers):
            for token in (victim.token, bound_token(victims, victim.token)):
                with attack(served, cookie, token=token) as thief:
                    assert _token_inside(thief) == bound_token(cookie, token)
                    assert thief.state()[ROWS]["rows"] == []
                    assert thief.state()[UNION]["name"] == ""

    def test_the_same_token_at_the_same_time_takes_nothing_over(self, served: Served, world: World):
        with attack(served, world.sign_in(OWNER)) as victim:
            victim.ask(f"{UNION}.arrive")

            with attack(served, world.visit(), token=victim.token) as thief:
                assert thief.state()[UNION]["name"] == ""

            assert victim.state()[UNION]["name"] == world.places["city"].name

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


def _row_of(session: Session, cookie: str) -> SignInSession:
    return session.exec(select(SignInSession).where(SignInSession.token_hash == token_hash(cookie))).one()


def _token_inside(attacker: Attacker) -> str:
    """The client token under which the server keeps this socket's state."""
    [told] = [
        session
        for update in attacker.ask(f"{ROOT}.hydrate")
        if (session := update["delta"].get(ROOT, {}).get(f"rx_router_session{VAR_ENDING}"))
    ]
    return told["client_token"]


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

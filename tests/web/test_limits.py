"""How much one browser may send: beyond it everything is refused, and everybody else is served."""

from sqlmodel import select

from gdftu_app.models.accounts import SignInCode
from gdftu_app.security.keys import blind_index
from gdftu_app.state.preferences import PreferencesState
from gdftu_app.state.sign_in import SignInState
from tests.serving import Served
from tests.state.attacking import attack, notices_in, touched
from tests.state.handlers import REFUSAL_VARS
from tests.web.conftest import EVENTS_PER_SECOND
from tests.web.world import World

ZOOM, SEND_CODE = f"{PreferencesState.get_full_name()}.reset_zoom", f"{SignInState.get_full_name()}.send_code"
PHONE = "19977770000"
TOO_MANY = "操作太频繁，请稍后再试。"
WINDOW_SECONDS = 10


class TestEvents:
    def test_a_burst_is_refused_beyond_the_limit_and_the_others_are_served(self, served: Served, world: World):
        with attack(served, world.visit()) as attacker, attack(served, world.visit()) as other:
            for _ in range(200):
                attacker.emit(ZOOM)

            assert notices_in(other.ask(ZOOM)) == []
            refused = notices_in(attacker.settle()).count(TOO_MANY)
            assert refused >= 200 - EVENTS_PER_SECOND * WINDOW_SECONDS
            assert attacker.is_connected

    def test_a_second_socket_of_the_session_is_counted_with_the_first(self, served: Served, world: World):
        cookie = world.visit()
        with attack(served, cookie) as first, attack(served, cookie) as second:
            first.ask_all(ZOOM, [{}] * EVENTS_PER_SECOND * WINDOW_SECONDS)

            assert notices_in(second.ask(ZOOM)) == [TOO_MANY]

    def test_events_of_no_name_are_not_kept(self, served: Served, world: World):
        known = served.log_size()
        with attack(served, world.visit()) as attacker:
            for number in range(200):
                attacker.emit(f"nothing.of.this.name.{number}", {"x": "y" * 1000})
            attacker.settle()

        assert len(served.log(since=known)) < 10_000


class TestFrames:
    def test_one_beyond_all_measure_ends_the_socket_and_not_the_server(self, served: Served, world: World):
        with attack(served, world.visit()) as attacker, attack(served, world.visit()) as other:
            attacker.emit(ZOOM, {"x": "y" * 5_000_000})

            assert notices_in(other.ask(ZOOM)) == []

    def test_deep_nesting_is_dropped(self, served: Served, world: World):
        with attack(served, world.visit()) as attacker:
            nested = "[" * 50_000 + "]" * 50_000
            attacker.send_text(f'2/_event,["event",{{"name":"{ZOOM}","payload":{{"x":{nested}}}}}]')

            assert touched(attacker.settle()) <= REFUSAL_VARS

    def test_what_is_no_frame_is_dropped(self, served: Served, world: World):
        with attack(served, world.visit()) as attacker:
            for frame in (
                "",
                "x",
                "2",
                "9",
                '2/_event,["event"',
                '2/_event,["event",',
                "2/_event,[]",
                "2/_event,{}",
                '2["event",{}]',
                "3/_event,7[]",
                "51-/_event,[]",
                "2/other,[]",
            ):
                attacker.send_text(frame)

            assert touched(attacker.settle()) <= REFUSAL_VARS
            assert attacker.is_connected


class TestTextMessages:
    def test_one_is_asked_for_from_the_address_of_the_connection(self, served: Served, world: World):
        with attack(served, world.visit()) as attacker:
            attacker.ask(SEND_CODE, {"phone": PHONE}, ip="10.0.0.1", headers={"x-forwarded-for": "10.0.0.1"})

        with world.open() as session:
            sent = select(SignInCode.address).where(SignInCode.phone_bidx == blind_index("phone", f"+86{PHONE}"))
            addresses = session.exec(sent).all()
        assert addresses == ["127.0.0.1"]

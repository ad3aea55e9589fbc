"""What a page never sends: setters, private names, unknown events, forged addresses, and no event at all."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.subordinates import SubordinatesState
from tests.serving import Served
from tests.state.attacking import ROOT, VAR_ENDING, merged, notices_in, touched
from tests.state.conftest import Become
from tests.state.handlers import DECLARED, HANDLERS, REFUSAL_VARS, STATES, short
from tests.web.world import World

# What Reflex itself needs to load and follow a page. Everything else that is not declared must be refused.
OF_THE_FRAMEWORK = {
    f"{ROOT}.hydrate",
    f"{ROOT}.hydrate_and_load",
    f"{ROOT}.set_is_hydrated",
    f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal",
    f"{ROOT}.reflex___state____on_load_internal_state.set_is_hydrated",
    f"{ROOT}.reflex___state____update_vars_internal_state.update_vars_internal",
    f"{ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception",
}
UNION, ROWS = CurrentUnion.get_full_name(), SubordinatesState.get_full_name()
OWNER = "owner of the city"
AT_ONCE = 2_000


@pytest.fixture(autouse=True)
def nothing_fails(served: Served) -> Iterator[None]:
    """Whatever is sent is refused calmly: no stack is unrolled, and the next caller is answered."""
    known = served.log_size()

    yield

    assert "Traceback" not in served.log(since=known)


@pytest.mark.parametrize(
    "handler",
    [pytest.param(name, id=short(name)) for name in sorted(HANDLERS.keys() - DECLARED.keys() - OF_THE_FRAMEWORK)],
)
def test_a_registered_handler_without_a_declaration_is_refused(handler: str, become: Become):
    attacker = become(OWNER)
    before = attacker.state()

    answers = attacker.ask_all(
        handler, [{}, {"var_name": "name", "value": "x"}, {"var_name": "_acting_id", "value": 1}]
    )

    assert touched(answers) <= REFUSAL_VARS
    assert notices_in(answers) == ["当前账号没有这项权限。"] * 3
    assert _without_notices(attacker.state()) == _without_notices(before)


@pytest.mark.parametrize("state", [pytest.param(name, id=name.rpartition("____")[2]) for name in STATES])
def test_no_other_name_of_a_state_can_be_called(state: str, become: Become):
    attacker = become(OWNER)
    before = attacker.state()
    members = [name for name in dir(STATES[state]) if f"{state}.{name}" not in HANDLERS]
    setters = [f"set_{name}" for name in STATES[state].vars]

    for name in (*members, *setters):
        attacker.emit(f"{state}.{name}", {"value": 1})
    answers = attacker.settle()

    assert touched(answers) <= REFUSAL_VARS
    assert _without_notices(attacker.state()) == _without_notices(before)


@pytest.mark.parametrize(
    "event",
    [
        None,
        7,
        "x",
        "{}",
        json.dumps({"name": f"{UNION}.arrive"}),
        [],
        {},
        {"name": None},
        {"name": 7},
        {"name": {"a": 1}},
        {"name": ["x"]},
        {"name": ""},
        {"name": "."},
        {"name": "nothing.of.this.name"},
        {"name": "_redirect", "payload": {"path": "https://elsewhere.example/"}},
        {"name": f"{UNION}.arrive", "payload": None},
        {"name": f"{UNION}.arrive", "payload": [1]},
        {"name": f"{UNION}.arrive", "router_data": None},
        {"name": f"{UNION}.arrive", "router_data": [1]},
        {"name": f"{UNION}.arrive", "router_data": {"query": 7}},
        {"name": f"{UNION}.arrive", "router_data": {"pathname": 7}},
        {"name": f"{UNION}.arrive", "router_data": {"asPath": {"a": 1}}},
        {"name": f"{UNION}.arrive", "router_data": {"query": {"union": {"a": [1]}}, "asPath": "//[::1"}},
    ],
    ids=lambda event: json.dumps(event)[:80],
)
def test_what_is_no_event_is_dropped_and_the_next_one_answered(event: Any, become: Become):
    attacker = become(OWNER)

    attacker.emit_raw(event)
    attacker.settle()

    assert attacker.is_connected
    assert merged(attacker.ask(f"{ROWS}.collapse_all"))[ROWS].keys() == {"collapse_seq"}


@pytest.mark.parametrize("kind", ["event", "client_error", "ping", "connect", "disconnect", "no_such_kind"])
def test_messages_of_other_kinds_do_no_harm(kind: str, become: Become):
    attacker = become(OWNER)

    for content in (None, 7, "x" * 10_000, {"error_type": "x", "message": "m" * 10_000}, {"substate": [1]}):
        attacker.emit_raw(content, kind=kind)

    assert merged(attacker.ask(f"{ROWS}.collapse_all"))[ROWS].keys() == {"collapse_seq"}


class TestFrameworkHandlers:
    @pytest.mark.parametrize("name", [None, OWNER])
    @pytest.mark.parametrize(
        "handler", ["hydrate_and_load", "reflex___state____update_vars_internal_state.update_vars_internal"]
    )
    def test_values_said_to_be_the_browsers_own_reach_no_var(self, handler: str, name: str | None, become: Become):
        attacker = become(name)
        before = attacker.state()
        names = [f"{state}.{var}" for state, found in STATES.items() for var in (*found.vars, *dir(found))]

        # In pieces, for a socket takes no message of a million bytes.
        for first in range(0, len(names), AT_ONCE):
            forged = {f"{name}{ending}": 1 for name in names[first : first + AT_ONCE] for ending in ("", VAR_ENDING)}
            attacker.ask(f"{ROOT}.{handler}", {"vars": forged}, address="/nowhere/")

        assert _without_notices(attacker.state()) == _without_notices(before)

    @pytest.mark.parametrize(
        "payload",
        [
            {"vars": 7},
            {"vars": None},
            {"vars": {"x": 1}},
            {"vars": {"": 1}},
            {"vars": {"a.b.c": 1}},
            {"surplus": 1},
            {"self": 1},
        ],
    )
    @pytest.mark.parametrize("handler", [pytest.param(name, id=short(name)) for name in sorted(OF_THE_FRAMEWORK)])
    def test_arguments_they_do_not_know_are_refused_calmly(self, handler: str, payload: dict[str, Any], become: Become):
        attacker = become(None)

        answers = attacker.ask(handler, payload)

        assert attacker.is_connected
        assert not any(place in json.dumps(answers) for place in ("总工会", "委员会"))

    def test_a_visitor_may_load_any_page_and_is_told_nothing(self, become: Become, world: World):
        attacker = become(None)

        for address in ("/overview/", "/unions/", "/subordinates/?union=7400005", "/login/", "/nowhere/"):
            attacker.emit(f"{ROOT}.hydrate_and_load", {}, address=address)
        answers = attacker.settle()

        told = json.dumps(answers, ensure_ascii=False)
        assert not [text for place in world.places.values() for text in place.texts if text in told]

    def test_a_page_is_loaded_by_those_who_may(self, become: Become, world: World):
        attacker = become(OWNER)

        answers = attacker.ask(f"{ROOT}.hydrate_and_load", {}, address="/subordinates/")

        assert merged(answers)[ROWS]["name"] == world.places["city"].name


def _without_notices(state: dict[str, dict[str, Any]]) -> dict[tuple[str, str], Any]:
    held = {(name, var): value for name, changes in state.items() for var, value in changes.items()}
    return {key: value for key, value in held.items() if key not in REFUSAL_VARS}

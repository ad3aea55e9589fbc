"""Every event handler there is, attacked over a real socket by everybody it is not for; a new one needs no new test."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from reflex_base.registry import RegistrationContext

import gdftu_app.gdftu_app  # noqa: F401  (registers every page and state)
from gdftu_app.security.permissions import ABOVE_BASE_ONLY, ROLE_PERMISSIONS
from gdftu_app.state.actions import Audience, Rule, rule_of
from gdftu_app.state.current import CurrentUnion, CurrentUser
from gdftu_app.state.notices import Notices
from gdftu_app.state.preferences import PreferencesState
from gdftu_app.state.sign_in import SignInState
from gdftu_app.state.union_chooser import UnionChooserState
from tests.serving import Served
from tests.state.arguments import NOBODYS_ID, malformed, shapes, well_formed
from tests.state.attacking import Attacker, Update, merged, notices_in
from tests.web.world import PEOPLE, World

VISITOR = None
EVERYBODY = (VISITOR, *PEOPLE)
HANDLERS: dict[str, Callable[..., Any]] = {
    name: found.handler.fn for name, found in RegistrationContext.get().event_handlers.items()
}
DECLARED: dict[str, Rule] = {name: rule for name, function in HANDLERS.items() if (rule := rule_of(function))}
UNDECLARED = sorted(HANDLERS.keys() - DECLARED.keys())
NOTICES, USER, CHOOSER = (state.get_full_name() for state in (Notices, CurrentUser, UnionChooserState))
# Where a refusal may show itself.
REFUSAL_VARS = {(NOTICES, "shown"), (USER, "signed_out")}
# A form tells beside its field what is wrong with it.
PROBLEM_VARS = {(SignInState.get_full_name(), var) for var in ("problem", "problem_field")}

Become = Callable[[str | None], Attacker]


def is_for(rule: Rule, name: str | None) -> bool:
    """Whether a handler is for somebody, by what they are in the world."""
    position = PEOPLE[name] if name else None
    if rule.audience is Audience.VISITORS:
        return True
    if position is None or rule.audience is Audience.ACCOUNTS:
        return position is not None
    if rule.permission is None or not position.counts:
        return position.counts
    stands_above_base = not any("factory" in union for union in position.unions)
    exists = stands_above_base or rule.permission not in ABOVE_BASE_ONLY
    return exists and rule.permission in ROLE_PERMISSIONS[position.role]


def cases(*, admitted: bool) -> list[Any]:
    return [
        pytest.param(handler, name, id=f"{handler.rpartition('.')[0].rpartition('_')[2]}-{handler.rpartition('.')[2]}-{name}")
        for handler, rule in DECLARED.items()
        for name in EVERYBODY
        if is_for(rule, name) is admitted
    ]


def touched(updates: list[Update]) -> set[tuple[str, str]]:
    return {(state, var) for state, changes in merged(updates).items() for var in changes}


def leaks(updates: list[Update], world: World, name: str | None, *, ids: bool) -> list[str]:
    """What of the unions out of somebody's reach stands in an answer. The chooser names the superiors of a choice."""
    told = merged(updates)
    superiors = world.superiors_of(name) if name else set[int]()
    return [
        secret
        for state, changes in told.items()
        for place in world.hidden_from(name)
        for secret in (*place.texts, *([str(place.id)] if ids else []))
        if re.search(rf"(?<!\d){re.escape(secret)}(?!\d)", json.dumps(changes, ensure_ascii=False))
        and not (state == CHOOSER and place.id in superiors and secret == place.name)
    ]


@pytest.fixture(autouse=True)
def nothing_fails(served: Served) -> Iterator[None]:
    """Whatever is sent is refused calmly: nothing that escapes a handler, nothing that stops the server."""
    known = len(served.log())

    yield

    failures = [line for line in served.log()[known:].splitlines() if '"event failed"' in line or "Traceback" in line]
    assert not failures, failures[0]


@pytest.mark.parametrize(("handler", "name"), cases(admitted=False))
class TestWhomItIsNotFor:
    def test_is_refused_and_nothing_is_done(self, handler: str, name: str | None, become: Become, world: World):
        attacker, before = become(name), world.fingerprint()
        payloads = well_formed(HANDLERS[handler], ids=[place.id for place in world.places.values()], texts=[])

        for payload in payloads:
            attacker.emit(handler, payload)
        answers = attacker.settle()

        assert touched(answers) <= REFUSAL_VARS
        assert touched(answers), "a refusal is told"
        assert not leaks(answers, world, name, ids=True)
        assert world.fingerprint() == before


@pytest.mark.parametrize(("handler", "name"), cases(admitted=True))
class TestWhomItIsFor:
    def test_is_told_nothing_of_unions_out_of_reach(self, handler: str, name: str | None, become: Become, world: World):
        attacker = become(name)
        hidden = world.hidden_from(name)
        own = [place.id for place in world.places.values() if place not in hidden] or [NOBODYS_ID]
        phones = [resident.phone for resident in world.residents.values()]
        texts = [text[:-1] for place in hidden for text in place.texts] + phones[:2]

        for payload in well_formed(HANDLERS[handler], ids=own, texts=texts):
            attacker.emit(handler, payload)
        answers_to_own = attacker.settle()
        for payload in well_formed(HANDLERS[handler], ids=[place.id for place in hidden], texts=[]) if hidden else []:
            attacker.emit(handler, payload)
        answers_to_hidden = attacker.settle()

        assert not leaks(answers_to_own, world, name, ids=True)
        assert not leaks(answers_to_hidden, world, name, ids=False)
        assert not any(phone in json.dumps([answers_to_own, answers_to_hidden]) for phone in phones)


@pytest.mark.parametrize("handler", DECLARED)
class TestArguments:
    def test_of_other_shapes_change_nothing(self, handler: str, become: Become, world: World):
        attacker = become("owner of the city")
        rows, state = world.fingerprint(), attacker.state()

        for payload in malformed(HANDLERS[handler]):
            attacker.emit(handler, payload)
        answers = attacker.settle()

        assert touched(answers) <= REFUSAL_VARS | PROBLEM_VARS
        after = attacker.state()
        assert {key: after[key[0]].get(key[1]) for key in _vars(after)} == {
            key: state[key[0]].get(key[1]) for key in _vars(after)
        }
        assert world.fingerprint() == rows


def _vars(state: dict[str, dict[str, Any]]) -> set[tuple[str, str]]:
    return {(name, var) for name, held in state.items() for var in held} - REFUSAL_VARS - PROBLEM_VARS


@pytest.mark.parametrize("handler", [name for name, function in HANDLERS.items() if int in map(_bare, shapes(function).values())] if False else list(DECLARED))
def test_nothing(handler):
    pass

"""Every event handler there is, attacked over a real socket by everybody it is not for; a new one needs no new test."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gdftu_app.security.permissions import ABOVE_BASE_ONLY, ROLE_PERMISSIONS
from gdftu_app.state.actions import Audience, Rule
from gdftu_app.state.union_chooser import UnionChooserState
from tests.serving import Served
from tests.state.arguments import NOBODYS_ID, id_parameters, malformed, well_formed
from tests.state.attacking import Attacker, Update, merged, notices_in, touched
from tests.state.handlers import DECLARED, HANDLERS, PROBLEM_VARS, REFUSAL_VARS, short
from tests.web.world import PEOPLE, World

# None is a visitor.
EVERYBODY = (None, *PEOPLE)
CHOOSER = UnionChooserState.get_full_name()

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
        pytest.param(handler, name, id=f"{short(handler)}-{name or 'visitor'}")
        for handler, rule in DECLARED.items()
        for name in EVERYBODY
        if is_for(rule, name) is admitted
    ]


def leaks(updates: list[Update], world: World, name: str | None, *, ids: bool) -> list[str]:
    """What of the unions out of somebody's reach stands in an answer. The chooser names the superiors of a choice."""
    superiors = world.superiors_of(name) if name else set[int]()
    return [
        secret
        for state, changes in merged(updates).items()
        for place in world.hidden_from(name)
        for secret in (*place.texts, *([str(place.id)] if ids else []))
        if re.search(rf"(?<!\d){re.escape(secret)}(?!\d)", json.dumps(changes, ensure_ascii=False))
        and not (state == CHOOSER and place.id in superiors and secret == place.name)
    ]


@pytest.fixture(autouse=True)
def nothing_fails(served: Served) -> Iterator[None]:
    """Whatever is sent is refused calmly: nothing escapes a handler."""
    known = len(served.log())

    yield

    assert "Traceback" not in served.log()[known:]


@pytest.mark.parametrize(("handler", "name"), cases(admitted=False))
class TestWhomItIsNotFor:
    def test_is_refused_and_nothing_is_done(self, handler: str, name: str | None, become: Become, world: World):
        attacker, before = become(name), world.fingerprint()

        for payload in well_formed(HANDLERS[handler], ids=[place.id for place in world.places.values()], texts=[]):
            attacker.emit(handler, payload)
        answers = attacker.settle()

        assert touched(answers) <= REFUSAL_VARS
        assert touched(answers), "a refusal is told"
        assert not leaks(answers, world, name, ids=True)
        assert world.fingerprint() == before


@pytest.mark.parametrize(("handler", "name"), cases(admitted=True))
class TestWhomItIsFor:
    def test_is_told_nothing_of_unions_out_of_reach(self, handler: str, name: str | None, become: Become, world: World):
        attacker, hidden = become(name), world.hidden_from(name)
        own = [place.id for place in world.places.values() if place not in hidden] or [NOBODYS_ID]
        phones = [resident.phone for resident in world.residents.values()]
        parts_of_texts = [text[:-1] for place in hidden for text in place.texts]

        for payload in well_formed(HANDLERS[handler], ids=own, texts=[*parts_of_texts, *phones]):
            attacker.emit(handler, payload)
        answers_to_own = attacker.settle()
        for payload in well_formed(HANDLERS[handler], ids=[place.id for place in hidden] or own, texts=[]):
            attacker.emit(handler, payload)
        answers_to_hidden = attacker.settle()

        assert not leaks(answers_to_own, world, name, ids=True)
        assert not leaks(answers_to_hidden, world, name, ids=False)
        assert not any(phone in json.dumps(answers_to_own) for phone in phones if DECLARED[handler].audience)


@pytest.mark.parametrize(("handler", "parameter"), [(h, p) for h in DECLARED for p in id_parameters(HANDLERS[h])])
def test_an_id_out_of_reach_is_answered_like_one_that_nothing_has(
    handler: str, parameter: str, become: Become, world: World
):
    attacker = become("owner of the city")
    usual = well_formed(HANDLERS[handler], ids=[NOBODYS_ID], texts=[])[0]

    def answer_to(number: int) -> tuple[list[str], str]:
        answers = attacker.ask(handler, usual | {parameter: number})
        told = {name: changes for name, changes in merged(answers).items() if ("shown" not in changes)}
        counted_out = re.sub(r'"seq": \d+', '"seq"', json.dumps(told, sort_keys=True, ensure_ascii=False))
        return notices_in(answers)[-1:], counted_out.replace(str(number), "it")

    answer_to(NOBODYS_ID)
    nothing = answer_to(NOBODYS_ID)

    assert [answer_to(place.id) for place in world.hidden_from("owner of the city")] == [nothing] * 4


@pytest.mark.parametrize("handler", DECLARED)
class TestArguments:
    def test_that_are_not_as_declared_change_nothing(self, handler: str, become: Become, world: World):
        attacker = become("owner of the city")
        rows, state = world.fingerprint(), _lasting(attacker)

        for payload in malformed(HANDLERS[handler]):
            attacker.emit(handler, payload)
        answers = attacker.settle()

        assert touched(answers) <= REFUSAL_VARS | PROBLEM_VARS
        assert _lasting(attacker) == state
        assert world.fingerprint() == rows


def _lasting(attacker: Attacker) -> dict[tuple[str, str], Any]:
    held = {(name, var): value for name, changes in attacker.state().items() for var, value in changes.items()}
    return {key: value for key, value in held.items() if key not in REFUSAL_VARS | PROBLEM_VARS}

"""Every event handler there is, attacked over a real socket by everybody it is not for; a new one needs no new test."""

import json
import re
from collections.abc import Callable, Container, Iterator, Sequence
from typing import Any

import pytest

from gdftu_app.security.permissions import ABOVE_BASE_ONLY, ROLE_PERMISSIONS
from gdftu_app.state.actions import Audience, Rule
from gdftu_app.state.overview import OverviewState
from gdftu_app.state.own_union import OwnUnionState
from gdftu_app.state.register import RegisterState
from gdftu_app.state.union_access import UnionAccessState
from gdftu_app.state.union_chooser import UnionChooserState
from tests.serving import Served
from tests.state.arguments import NOBODYS_ID, ODD_NUMBERS, ODD_TEXTS, id_parameters, malformed, well_formed
from tests.state.attacking import Attacker, Update, attack, merged, touched
from tests.state.conftest import ARRIVE, Become
from tests.state.handlers import DECLARED, HANDLERS, PROBLEM_VARS, REFUSAL_VARS, short
from tests.web.world import PEOPLE, World

# A page that is not for somebody says so itself.
PAGE_OPENING = ".load"
# None is a visitor.
EVERYBODY = (None, *PEOPLE)
OF_DIFFERENT_REACH = (
    None,
    "owner of the city",
    "auditor of the city",
    "owner of the district",
    "owner of the factory",
    "owner of the other city",
    "owner of both factories",
    "account without a union",
    "account not verified",
    "dismissed owner of the city",
)
CHOOSER, OVERVIEW = UnionChooserState.get_full_name(), OverviewState.get_full_name()
REGISTER = RegisterState.get_full_name()
ACCESS = UnionAccessState.get_full_name()
OWN_UNION = OwnUnionState.get_full_name()


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


def reaching(rule: Rule) -> Sequence[str | None]:
    """Callers whose reach differs; what is for everybody does not depend on it."""
    return OF_DIFFERENT_REACH[:2] if rule.audience is Audience.VISITORS else OF_DIFFERENT_REACH


def cases(callers: Callable[[Rule], Sequence[str | None]], *, admitted: bool, naming_unions: bool = False) -> list[Any]:
    return [
        pytest.param(handler, name, id=f"{short(handler)}-{name or 'visitor'}")
        for handler, rule in DECLARED.items()
        for name in callers(rule)
        if is_for(rule, name) is admitted and (id_parameters(HANDLERS[handler]) or not naming_unions)
    ]


def leaks(updates: list[Update], world: World, name: str | None, *, sent: Container[int] = ()) -> list[str]:
    """What of the unions out of somebody's reach stands in an answer, apart from ids that were sent.

    Some screens name superiors on purpose: the chooser, so that unions of the same name are told apart, the own
    union's information and page, which say what it belongs to, and the page that tells who sees the own union's data.
    Who registers a union is offered every union above the base, by name and id.
    """
    named = {
        CHOOSER: world.superiors_of(name),
        OVERVIEW: world.superiors_of(name, nearest=True),
        ACCESS: world.superiors_of(name),
        OWN_UNION: world.superiors_of(name),
    }
    offered = {REGISTER: {place.id for key, place in world.places.items() if "factory" not in key}}
    told = {state: json.dumps(changes, ensure_ascii=False) for state, changes in merged(updates).items()}
    secrets = [
        (place, secret)
        for place in world.hidden_from(name)
        for secret in (*place.texts, *([] if place.id in sent else [str(place.id)]))
    ]
    return [
        secret
        for state, text in told.items()
        for place, secret in secrets
        if secret in text
        and re.search(rf"(?<!\d){re.escape(secret)}(?!\d)", text)
        and not (secret == place.name and place.id in named.get(state, ()))
        and not (secret in (place.name, str(place.id)) and place.id in offered.get(state, ()))
    ]


NAMING_UNIONS = [
    pytest.param(handler, parameter, id=f"{short(handler)}-{parameter}")
    for handler in DECLARED
    for parameter in id_parameters(HANDLERS[handler])
]


@pytest.fixture(autouse=True)
def nothing_fails(served: Served) -> Iterator[None]:
    """Whatever is sent is refused calmly: nothing escapes a handler."""
    known = served.log_size()

    yield

    assert "Traceback" not in served.log(since=known)


@pytest.mark.parametrize(("handler", "name"), cases(lambda _rule: EVERYBODY, admitted=False))
class TestWhomItIsNotFor:
    def test_is_refused_and_nothing_is_done(self, handler: str, name: str | None, become: Become, world: World):
        attacker, before = become(name), world.fingerprint()
        hidden = world.hidden_from(name)[-1:] or [world.places["city"]]

        answers = attacker.ask_all(handler, well_formed(HANDLERS[handler], ids=[place.id for place in hidden]))

        assert touched(answers) <= REFUSAL_VARS
        assert touched(answers) or handler.endswith(PAGE_OPENING), "a refusal is told"
        assert not leaks(answers, world, name)
        assert world.fingerprint() == before


class TestWhomItIsFor:
    @pytest.mark.parametrize(("handler", "name"), cases(reaching, admitted=True))
    def test_is_told_nothing_of_unions_out_of_reach(self, handler: str, name: str | None, become: Become, world: World):
        attacker, hidden = become(name), world.hidden_from(name)
        own = [place.id for place in world.places.values() if place not in hidden]
        parts_of_texts = [place.texts[-1][:-1] for place in hidden]

        answers = attacker.ask_all(handler, well_formed(HANDLERS[handler], ids=own[-2:], texts=parts_of_texts))

        assert not leaks(answers, world, name)

    @pytest.mark.parametrize(("handler", "name"), cases(reaching, admitted=True, naming_unions=True))
    def test_gains_nothing_by_naming_them(self, handler: str, name: str | None, become: Become, world: World):
        attacker, hidden = become(name), world.hidden_from(name)
        ids = [place.id for place in hidden] or [NOBODYS_ID]

        answers = attacker.ask_all(handler, well_formed(HANDLERS[handler], ids=ids[:1] + ids[-3:]))

        assert not leaks(answers, world, name, sent=ids)
        assert not any(resident.phone in json.dumps(answers) for resident in world.residents.values())


@pytest.mark.parametrize(("handler", "parameter"), NAMING_UNIONS)
def test_an_id_out_of_reach_is_answered_like_one_that_nothing_has(
    handler: str, parameter: str, served: Served, world: World
):
    cookie = world.sign_in("owner of the city")
    usual = well_formed(HANDLERS[handler])[0]

    def answer_to(number: int) -> str:
        with attack(served, cookie) as attacker:
            attacker.ask(ARRIVE)
            told = merged(attacker.ask(handler, usual | {parameter: number}))
        return json.dumps(told, sort_keys=True, ensure_ascii=False).replace(str(number), "it")

    hidden = [place.id for place in world.hidden_from("owner of the city")]
    assert {answer_to(number) for number in hidden} == {answer_to(NOBODYS_ID)}


@pytest.mark.parametrize("handler", [pytest.param(handler, id=short(handler)) for handler in DECLARED])
class TestArguments:
    def test_that_are_not_as_declared_change_nothing(self, handler: str, become: Become, world: World):
        attacker = become("owner of the city")
        rows, state = world.fingerprint(), _lasting(attacker)

        answers = attacker.ask_all(handler, malformed(HANDLERS[handler]))

        assert touched(answers) <= REFUSAL_VARS | PROBLEM_VARS
        assert _lasting(attacker) == state
        assert world.fingerprint() == rows

    def test_of_odd_values_are_answered_calmly(self, handler: str, become: Become, world: World):
        attacker = become("owner of the city")
        payloads = well_formed(HANDLERS[handler], ids=ODD_NUMBERS, texts=ODD_TEXTS)

        answers = attacker.ask_all(handler, payloads)

        assert not leaks(answers, world, "owner of the city")


def _lasting(attacker: Attacker) -> dict[tuple[str, str], Any]:
    held = {(name, var): value for name, changes in attacker.state().items() for var, value in changes.items()}
    return {key: value for key, value in held.items() if key not in REFUSAL_VARS | PROBLEM_VARS}

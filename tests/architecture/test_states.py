"""States: every public method is a remote procedure, so each is declared, and none does what a browser would run."""

import ast
import inspect
from typing import Any

import pytest
from reflex.state import BaseState, State
from reflex_base.registry import RegistrationContext

import gdftu_app.gdftu_app  # noqa: F401  (registers every page and state)
from gdftu_app.security.actors import OPERATIONS
from gdftu_app.state.actions import Audience, rule_of
from tests.architecture.sources import modules, of_layers

OWN_STATES: dict[str, type[BaseState]] = {
    name: state
    for name, state in RegistrationContext.get().base_states.items()
    if state.__module__.startswith("gdftu_app.")
}
# Events that anybody may send. A further one needs a reason why a stranger may have it run.
FOR_VISITORS = {
    "CurrentUser.stay",  # closes a panel
    "Notices.close",
    "Notices.report_failure",
    "PasswordState.load",
    "PasswordState.send_code",
    "PreferencesState.choose_language",
    "PreferencesState.load",
    "PreferencesState.reset_zoom",
    "PreferencesState.zoom",
    "SignInState.choose_tab",
    "SignInState.load",
    "SignInState.send_code",
}
# What the shell asks for whoever acts: it answers with what each permission of theirs lets them see.
ASKED_BY_EVERY_ADMINISTRATOR = {"bell_of"}
# Events of every account, whichever union it may act in.
FOR_ACCOUNTS = {
    "AccountState.end_others",
    "AccountState.end_session",
    "AccountState.load",
    "AccountState.turn_history",
    "CurrentUnion.arrive",
    "CurrentUnion.enter_union",
    "JobsState.cancel",
    "JobsState.load",
    "JobsState.look_again",
    "JobsState.retry",
    "MemberImportState.cancel",
    "MemberImportState.look_again",
    "NewPhoneState.send_code",
    "OwnPasswordState.send_code",
    "OwnPhoneState.send_code",
    "RegisterState.choose_superior",
    "RegisterState.discard",
    "RegisterState.explain",
    "RegisterState.fill",
    "RegisterState.go_to",
    "RegisterState.load",
    "RegisterState.say_independent",
    "RegisterState.search",
    "RegisterState.submit",
    "RegistrationsState.load",
    "RegistrationsState.look_again",
    "RegistrationsState.revise",
    "RegistrationsState.withdraw",
    "UnionChooserState.load",
    "UnionChooserState.search",
    "VerifyState.load",
    "VerifyState.look",
    "VerifyState.look_again",
}
# What runs in a browser with `eval`, keeps state where scripts read it, or lets files in past our own route.
FORBIDDEN = {
    "call_function",
    "call_script",
    "Cookie",
    "html",
    "LocalStorage",
    "markdown",
    "run_script",
    "script",
    "SessionStorage",
    "set_clipboard",
    "toast",
    "upload",
    "upload_files",
    "window_alert",
}


def test_every_state_is_one_of_ours_or_reflexs_own():
    others = {name for name, state in RegistrationContext.get().base_states.items() if name not in OWN_STATES}

    assert {RegistrationContext.get().base_states[name].__module__.split(".")[0] for name in others} == {"reflex"}
    assert len(OWN_STATES) >= 8


@pytest.mark.parametrize("name", OWN_STATES)
class TestEveryState:
    def test_has_no_public_method_that_is_not_a_declared_action(self, name: str):
        state = OWN_STATES[name]
        framework = set(dir(State)) | {"setvar"}

        undeclared = [
            member
            for member, value in inspect.getmembers_static(state)
            if not member.startswith("_")
            and member not in framework
            and _is_code(value)
            and rule_of(_bare(value)) is None
        ]

        assert undeclared == []

    def test_computes_no_var(self, name: str):
        own = {var for var in OWN_STATES[name].computed_vars if var not in State.computed_vars}

        assert own == set()

    def test_keeps_nothing_in_the_browser(self, name: str):
        state = OWN_STATES[name]

        assert [var for var in state.vars if state._is_client_storage(var)] == []

    def test_stands_beside_the_others(self, name: str):
        assert OWN_STATES[name].get_parent_state() is State


def test_the_root_state_holds_nothing_of_ours():
    assert [base for base in State.__mro__ if base.__module__.startswith("gdftu_app.")] == []


def test_events_for_everybody_are_the_known_ones():
    declared = {
        (f"{name.rpartition('.')[0].rpartition('____')[2]}.{name.rpartition('.')[2]}", rule.audience)
        for name, found in RegistrationContext.get().event_handlers.items()
        if (rule := rule_of(found.handler.fn))
    }

    def of(audience: Audience) -> set[str]:
        return {name.replace("_", "").lower() for name, for_whom in declared if for_whom is audience}

    assert of(Audience.VISITORS) == {name.replace("_", "").lower() for name in FOR_VISITORS}
    assert of(Audience.ACCOUNTS) == {name.replace("_", "").lower() for name in FOR_ACCOUNTS}


def test_screens_ask_the_core_for_actors_through_guarded_functions_only():
    guarded = {name.rpartition(".")[2] for name in OPERATIONS}

    asked = {
        ast.unparse(call.args[0])
        for module in of_layers("state")
        for called, call in module.calls()
        if called.endswith("._ask") and call.args
    }

    assert asked - guarded == ASKED_BY_EVERY_ADMINISTRATOR
    assert asked


def test_pages_and_screens_use_nothing_that_a_script_policy_forbids():
    used = [
        f"{module.name}:{node.lineno} rx.{node.attr}"
        for module in of_layers("state", "components", "pages")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "rx" and node.attr in FORBIDDEN
    ]

    assert used == []


def test_nothing_but_screens_knows_of_screens():
    assert [
        module.name
        for module in modules()
        if module.layer not in _MAY_IMPORT_STATE and "gdftu_app.state" in module.text
    ] == []


_MAY_IMPORT_STATE = {"state", "components", "pages", "web", "cli", "gdftu_app"}


def _is_code(value: Any) -> bool:
    return callable(getattr(value, "fn", value)) and not inspect.isclass(value)


def _bare(value: Any) -> Any:
    return getattr(value, "fn", value)

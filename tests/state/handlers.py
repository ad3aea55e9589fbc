"""All event handlers of the application, as Reflex itself has registered them."""

from collections.abc import Callable
from typing import Any

from reflex_base.registry import RegistrationContext

import gdftu_app.gdftu_app  # noqa: F401  (registers every page and state)
from gdftu_app.state.actions import Rule, rule_of
from gdftu_app.state.current import CurrentUser
from gdftu_app.state.member_merges import MemberMergeState
from gdftu_app.state.notices import Notices
from gdftu_app.state.own_forms import NewPhoneState, OwnPasswordState, OwnPhoneState
from gdftu_app.state.password import PasswordState
from gdftu_app.state.sign_in import SignInState

HANDLERS: dict[str, Callable[..., Any]] = {
    name: found.handler.fn for name, found in RegistrationContext.get().event_handlers.items()
}
DECLARED: dict[str, Rule] = {name: rule for name, function in HANDLERS.items() if (rule := rule_of(function))}
STATES = dict(RegistrationContext.get().base_states)
# Where a refusal may show itself,
REFUSAL_VARS = {(Notices.get_full_name(), "shown"), (CurrentUser.get_full_name(), "signed_out")}
# and where forms and dialogs tell what is wrong with them.
FORMS = (SignInState, PasswordState, OwnPasswordState, OwnPhoneState, NewPhoneState, MemberMergeState)
PROBLEM_VARS = {(form.get_full_name(), var) for form in FORMS for var in ("problem", "problem_field")}


def short(handler: str) -> str:
    """The last state's and the handler's name: `union_tree.select`."""
    state, _, name = handler.rpartition(".")
    return f"{state.rpartition('____')[2]}.{name}"

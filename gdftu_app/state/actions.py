"""Actions: how an event handler says who may call it, and how what the browser sends is checked before it runs.

Every public method of a state can be called by any browser with any arguments. The guard lets an event run only if
its handler is declared here, and a declared handler sees only arguments of the declared types.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from gdftu_app.errors import InvalidInput, Refusal
from gdftu_app.security.permissions import Permission
from gdftu_app.state.asking import unattended

RULE = "gdftu_rule"
LONGEST_TEXT = 2_000


class Audience(Enum):
    """Whom an action is for."""

    VISITORS, ACCOUNTS, ACTORS = "visitors", "accounts", "actors"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may call a handler: anybody with a cookie, a signed-in account, or an actor, perhaps with a permission.

    What is unattended, the page calls by itself: that is nobody's use of the session.
    """

    audience: Audience
    permission: Permission | None = None
    is_unattended: bool = False


def action(permission: Permission | Callable[..., Any]) -> Any:
    """Declare an event for the administrators of the acting union; with a permission, for those who have it."""
    if isinstance(permission, Permission):
        return lambda handler: _declared(handler, Rule(Audience.ACTORS, permission))
    return _declared(permission, Rule(Audience.ACTORS))


def unattended_action(handler: Callable[..., Any]) -> Any:
    """Declare an event that the page repeats by itself, for the administrators of the acting union."""
    return _declared(handler, Rule(Audience.ACTORS, is_unattended=True))


def account_action(handler: Callable[..., Any]) -> Any:
    """Declare an event for any signed-in account, whichever union it may act in."""
    return _declared(handler, Rule(Audience.ACCOUNTS))


def unattended_account_action(handler: Callable[..., Any]) -> Any:
    """The same for an event that the page repeats by itself."""
    return _declared(handler, Rule(Audience.ACCOUNTS, is_unattended=True))


def public_action(handler: Callable[..., Any]) -> Any:
    """Declare an event for everybody, visitors included."""
    return _declared(handler, Rule(Audience.VISITORS))


def rule_of(handler: Callable[..., Any]) -> Rule | None:
    """The rule a handler was declared with; None for one that was not declared."""
    return getattr(handler, RULE, None)


def _declared(handler: Any, rule: Rule) -> Any:
    check = argument_check(handler)
    if inspect.isasyncgenfunction(handler):
        if rule.is_unattended:
            raise TypeError("an unattended event is answered at once")

        @wraps(handler)
        async def steps(self: Any, /, **arguments: Any) -> Any:
            try:
                async for event in handler(self, **check(arguments)):
                    yield event
            except Refusal as refusal:
                yield await self._refuse(refusal)

        setattr(steps, RULE, rule)
        return steps

    @wraps(handler)
    async def run(self: Any, /, **arguments: Any) -> Any:
        token = unattended.set(rule.is_unattended)
        try:
            return await handler(self, **check(arguments))
        except Refusal as refusal:
            return await self._refuse(refusal)
        finally:
            unattended.reset(token)

    setattr(run, RULE, rule)
    return run


def argument_check(
    handler: Callable[..., Any], *, longest: int = LONGEST_TEXT
) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A function that gives a handler's arguments back, checked against its type hints; it raises `InvalidInput`."""
    parameters = list(inspect.signature(handler).parameters.values())[1:]
    hints = get_type_hints(handler, include_extras=True)
    adapters = {
        parameter.name: TypeAdapter(hints[parameter.name], config=ConfigDict(strict=True, str_max_length=longest))
        for parameter in parameters
    }
    required = {parameter.name for parameter in parameters if parameter.default is inspect.Parameter.empty}

    def check(arguments: dict[str, Any]) -> dict[str, Any]:
        if arguments.keys() - adapters.keys() or required - arguments.keys():
            raise InvalidInput
        try:
            return {name: adapters[name].validate_python(value) for name, value in arguments.items()}
        except ValidationError as reason:
            raise InvalidInput from reason

    return check

"""The guard: no event runs unless its handler was declared an action and the caller is one it is for."""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import reflex as rx
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext

from gdftu_app.config import settings
from gdftu_app.errors import NotAllowed, NotFound, Refusal, SignedOut
from gdftu_app.security.limits import hit
from gdftu_app.security.requests import Caller
from gdftu_app.security.tokens import is_session_cookie
from gdftu_app.services.asking import account_of, actor_of
from gdftu_app.state.actions import Audience, Rule, argument_check, rule_of
from gdftu_app.state.asking import caller_of
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.notices import Notices

log = logging.getLogger(__name__)
RATE_WINDOW_SECONDS = 10
LONGEST_STACK = 20_000
PAGE_OPENING = ".load"
HYDRATIONS = (".hydrate", ".hydrate_and_load")

# What Reflex itself needs. None of these reads or changes anything of ours.
FRAMEWORK_HANDLERS = frozenset(
    {
        "hydrate",
        "hydrate_and_load",
        "set_is_hydrated",
        "on_load_internal",
        "update_vars_internal",
        "handle_frontend_exception",
    }
)


@cache
def _rules() -> dict[str, Rule | None]:
    """Handler name → rule, for all that is callable; None stands for the framework's own."""
    found: dict[str, Rule | None] = {}
    for name, registered in RegistrationContext.get().event_handlers.items():
        function = registered.handler.fn
        rule = rule_of(function)
        if rule is not None:
            found[name] = rule
        elif (function.__module__ or "").startswith("reflex.") and function.__name__ in FRAMEWORK_HANDLERS:
            found[name] = None
    return found


@cache
def _framework_checks() -> dict[str, Callable[[dict[str, Any]], Any]]:
    handlers = RegistrationContext.get().event_handlers
    return {
        name: argument_check(handlers[name].handler.fn, longest=LONGEST_STACK)
        for name, rule in _rules().items()
        if rule is None
    }


def _check_framework_arguments(event: Event) -> None:
    """Reflex does not check them itself. No var of ours is kept by the browser, so it has none to bring along."""
    if event.payload.get("vars"):
        raise NotAllowed
    _framework_checks()[event.name](event.payload)


class Guard(Middleware):
    """Denies by default; counts the events of each session."""

    async def preprocess(self, app: Any, state: BaseState, event: Event) -> StateUpdate | None:
        """Let the event through (None), or answer in its place."""
        rules = _rules()
        root = state._get_root_state()
        screen = await root.get_state(Notices)
        try:
            if event.name not in rules:
                log.warning("event refused: not declared", extra={"event": event.name})
                raise NotAllowed
            caller = caller_of(screen)
            limit = settings().events_per_second * RATE_WINDOW_SECONDS
            hit("events", caller.cookie, limit=limit, seconds=RATE_WINDOW_SECONDS)
            if rules[event.name] is None:
                _check_framework_arguments(event)
                if event.name.endswith(HYDRATIONS):
                    await self._forget_what_ended(root, caller)
            await self._admit(root, caller, rules[event.name])
        except Refusal as refusal:
            union = await root.get_state(CurrentUnion)
            if isinstance(refusal, NotFound) and union._acting_id is not None:
                return await _ended(root, union)
            return await _answer(root, screen, refusal, is_opening=event.name.endswith(PAGE_OPENING))
        return None

    async def _forget_what_ended(self, root: BaseState, caller: Caller) -> None:
        """Before a page is sent all that its window holds: nothing of it is left once the right to it has ended."""
        union = await root.get_state(CurrentUnion)
        acting_id = union._acting_id
        if acting_id is None and not is_session_cookie(caller.cookie):
            return
        try:
            if acting_id is None:
                await rx.run_in_thread(lambda: account_of(caller))
            else:
                await rx.run_in_thread(lambda: actor_of(caller, acting_id))
        except (SignedOut, NotFound):
            root.reset()

    async def _admit(self, root: BaseState, caller: Caller, rule: Rule | None) -> None:
        if rule is None or rule.audience is Audience.VISITORS:
            return
        caller = replace(caller, is_unattended=rule.is_unattended)
        union = await root.get_state(CurrentUnion)
        if rule.audience is Audience.ACCOUNTS:
            await rx.run_in_thread(lambda: account_of(caller))
            return
        acting_id = union._acting_id
        if acting_id is None:
            await rx.run_in_thread(lambda: account_of(caller))
            raise NotFound
        actor = await rx.run_in_thread(lambda: actor_of(caller, acting_id))
        if rule.permission is not None:
            actor.require(rule.permission)


async def _ended(root: BaseState, union: CurrentUnion) -> StateUpdate:
    """Nobody acts for this union any more in this window: said calmly, over what is still on screen."""
    await union._end()
    delta = await root._get_resolved_delta()
    root._clean()
    return StateUpdate(delta=delta)


async def _answer(root: BaseState, screen: Notices, refusal: Refusal, *, is_opening: bool) -> StateUpdate:
    # A page that is not for this actor says so itself.
    if not (is_opening and isinstance(refusal, NotAllowed)):
        await screen._refuse(refusal)
    delta = await root._get_resolved_delta()
    root._clean()
    return StateUpdate(delta=delta)

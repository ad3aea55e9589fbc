"""Asking the core from a screen: in a worker thread, as whoever the socket's cookie says."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

import reflex as rx

from gdftu_app.errors import NotFound, Refusal, SignedOut
from gdftu_app.security.requests import Caller, device_cookie, session_cookie
from gdftu_app.services.asking import ask_as_account, ask_as_actor, ask_as_visitor

Answer = TypeVar("Answer")
# Whether the event at hand was sent by the page itself (`actions.Rule.is_unattended`).
unattended: ContextVar[bool] = ContextVar("unattended", default=False)


def caller_of(state: rx.State) -> Caller:
    """Who is behind a state's socket. Cookie and address were set by the server, never by an event."""
    headers = state.router.headers
    return Caller(
        cookie=session_cookie(headers.cookie),
        address=state.router.session.client_ip,
        user_agent=headers.user_agent,
        request_id=uuid4().hex[:12],
        device=device_cookie(headers.cookie),
        is_unattended=unattended.get(),
    )


class Asking(rx.State, mixin=True):
    """What every screen can do: ask the core, and show a refusal."""

    def _caller(self) -> Caller:
        return caller_of(self)

    async def _ask(self, function: Callable[..., Answer], **asked: Any) -> Answer:
        """Call `function(session, actor, …)` of the core as the actor in the acting union."""
        from gdftu_app.state.current import CurrentUnion

        union = await self.get_state(CurrentUnion)
        if union._acting_id is None:
            raise NotFound
        return await rx.run_in_thread(partial(ask_as_actor, self._caller(), union._acting_id, function, **asked))

    async def _ask_as_account(self, function: Callable[..., Answer], **asked: Any) -> Answer:
        """Call `function(session, account_id=…, …)` of the core for the signed-in account."""
        return await rx.run_in_thread(partial(ask_as_account, self._caller(), function, **asked))

    async def _ask_as_visitor(self, function: Callable[..., Answer], **asked: Any) -> Answer:
        """Call `function(session, …)` of the core for anybody."""
        return await rx.run_in_thread(partial(ask_as_visitor, self._caller(), function, **asked))

    async def _refuse(self, refusal: Refusal) -> Any:
        """Show a refusal: a notice, or the calm panel when the session is over. Screens may place it better."""
        from gdftu_app.state.current import CurrentUser
        from gdftu_app.state.notices import Notices

        if isinstance(refusal, SignedOut):
            user = await self.get_state(CurrentUser)
            user.signed_out = True
            return None
        notices = await self.get_state(Notices)
        notices._add("bad", refusal.message, **refusal.values)
        return None

    async def _notify(self, text: str, **values: object) -> None:
        """Say what was done, in the corner, for a few seconds."""
        from gdftu_app.state.notices import Notices

        notices = await self.get_state(Notices)
        notices._add("ok", text, **values)

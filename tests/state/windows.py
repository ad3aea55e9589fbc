"""Windows without sockets: events through Reflex's own pipeline, guard included, in this process."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import uuid4

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import State
from reflex_base.event import Event
from reflex_base.event.processor.base_state_processor import BaseStateEventProcessor
from reflex_base.utils.format import format_event_handler

from gdftu_app.gdftu_app import app
from gdftu_app.security.requests import SESSION_COOKIE

Screen = TypeVar("Screen", bound=rx.State)


class Window:
    """One window of a browser with a cookie."""

    def __init__(self, runner: asyncio.Runner, processor: BaseStateEventProcessor, states: Any, cookie: str) -> None:
        self._runner, self._processor, self._states = runner, processor, states
        self._headers = {"cookie": f"{SESSION_COOKIE}={cookie}", "origin": "http://localhost:3000"}
        self._token = str(uuid4())

    def send(self, handler: Any, *, at: str = "/subordinates/", **payload: Any) -> None:
        """Send the event of a handler, from a page's address, and wait for all that it leads to."""
        self._runner.run(self._send(handler, at, payload))

    def look(self, screen: type[Screen]) -> Screen:
        """A screen's state as it is now."""
        return self._runner.run(self._look(screen))

    async def _send(self, handler: Any, at: str, payload: dict[str, Any]) -> None:
        router_data = {
            "pathname": at.partition("?")[0],
            "asPath": at,
            "query": {},
            "headers": self._headers,
            "ip": "127.0.0.1",
            "token": self._token,
        }
        event = Event(name=format_event_handler(handler), payload=payload, router_data=router_data)
        future = await self._processor.enqueue(self._token, event)
        await future.wait_all()

    async def _look(self, screen: type[Screen]) -> Screen:
        async with self._states.modify_state(BaseStateToken(ident=self._token, cls=State)) as root:
            return await root.get_state(screen)


@contextmanager
def windows() -> Iterator[Callable[[str], Window]]:
    """A function that opens a window for a cookie; they are all closed at the end of the block."""
    states = StateManagerMemory()
    processor = BaseStateEventProcessor(middleware=app).configure(state_manager=states, event_namespace=None)
    with asyncio.Runner() as runner:
        runner.run(processor.start())
        try:
            yield lambda cookie: Window(runner, processor, states, cookie)
        finally:
            runner.run(processor.stop())

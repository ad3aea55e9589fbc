"""A browser that is none: it holds a socket and sends whatever it likes."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from uuid import uuid4

import engineio
import socketio
from reflex.state import State
from socketio.exceptions import ConnectionError as NoConnection

from gdftu_app.security.requests import SESSION_COOKIE
from tests.serving import Served

NAMESPACE = "/_event"
PATIENCE_SECONDS = 20
ROOT = State.get_full_name()
VAR_ENDING = "_rx_state_"
_marks = count(1)

Update = dict[str, Any]


class SocketRefused(Exception):
    """The server did not take the socket."""


class _OneByOne(engineio.Client):
    """Takes what arrives in its order; the library gives each message a thread, where a small one overtakes a large."""

    def start_background_task(self, target: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if target != self.handlers.get("message"):
            return super().start_background_task(target, *args, **kwargs)
        return target(*args, **kwargs)


class _Client(socketio.Client):
    def _engineio_client_class(self) -> type[engineio.Client]:
        return _OneByOne


class Attacker:
    """One socket under one cookie. Every update that arrives is kept, none is believed."""

    def __init__(self, served: Served, cookie: str | None, *, token: str = "", origin: str | None = "") -> None:
        """`origin` is the server's own unless named; None sends none."""
        self.token = token or str(uuid4())
        self._url = f"{served.url}/?token={self.token}"
        self._headers = {} if cookie is None else {"Cookie": f"{SESSION_COOKIE}={cookie}"}
        self._updates: list[Update] = []
        self._arrived = threading.Condition()
        sent_origin = served.url if origin == "" else origin
        options = {"suppress_origin": True} if sent_origin is None else {"origin": sent_origin}
        self._client = _Client(reconnection=False, handle_sigint=False, websocket_extra_options=options)
        self._client.on("event", self._keep, namespace=NAMESPACE)

    def connect(self, *, headers: dict[str, str] | None = None, auth: Any = None) -> None:
        """Open the socket; `auth` is what Reflex reads a first event from. Raises `SocketRefused`."""
        try:
            self._client.connect(
                self._url,
                headers=self._headers | (headers or {}),
                auth=auth,
                transports=["websocket"],
                namespaces=[NAMESPACE],
                socketio_path=NAMESPACE,
                wait_timeout=5,
            )
        except NoConnection as reason:
            raise SocketRefused(str(reason)) from reason

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()

    @property
    def is_connected(self) -> bool:
        """Whether the server has not thrown this socket out."""
        return self._client.connected

    def emit(self, name: Any, payload: Any = None, *, address: str = "/subordinates/", **router_data: Any) -> None:
        """Send one event from a page's address, and wait for nothing."""
        path = address.partition("?")[0]
        sent = {"pathname": path, "query": {}, "asPath": address} | router_data
        self.emit_raw({"name": name, "payload": {} if payload is None else payload, "router_data": sent})

    def emit_raw(self, event: Any, *, kind: str = "event") -> None:
        """Send anything at all."""
        self._client.emit(kind, event, namespace=NAMESPACE)

    def send_text(self, frame: str) -> None:
        """Send a frame as it is, whatever the protocol says of it."""
        self._client.eio.send(frame)

    def settle(self) -> list[Update]:
        """Wait until everything sent, and all it set off, is done; what arrived since the last time."""
        taken: list[Update] = []
        quiet = 0
        # What an event sets off is queued behind what was sent meanwhile: quiet twice is quiet.
        while quiet < 2:
            before = self._until_marked(f"mark-{next(_marks)}-")
            quiet = 0 if before else quiet + 1
            taken += before
        return taken

    def ask(self, name: Any, payload: Any = None, **how: Any) -> list[Update]:
        """Send one event; all that it led to."""
        self.emit(name, payload, **how)
        return self.settle()

    def ask_all(self, name: str, payloads: list[Any]) -> list[Update]:
        """Send one event after another without waiting; all that they led to."""
        for payload in payloads:
            self.emit(name, payload)
        return self.settle()

    def state(self) -> dict[str, dict[str, Any]]:
        """Everything the server would send a page that loads now: the whole state under this token."""
        return merged(self.ask(f"{ROOT}.hydrate"))

    def _keep(self, update: Update) -> None:
        with self._arrived:
            self._updates.append(update)
            self._arrived.notify_all()

    def _until_marked(self, mark: str) -> list[Update]:
        """Send an event that shows where it is in the stream; what came before it."""
        self.emit(f"{ROOT}.set_is_hydrated", {"value": True}, address=f"/{mark}/")
        deadline = time.monotonic() + PATIENCE_SECONDS
        seen = 0
        with self._arrived:
            while True:
                for place in range(seen, len(self._updates)):
                    if mark in json.dumps(self._updates[place]):
                        before, self._updates = self._updates[:place], self._updates[place + 1 :]
                        return before
                seen = len(self._updates)
                if not self._arrived.wait(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError("the server did not answer")


@contextmanager
def attack(
    served: Served, cookie: str | None, *, headers: dict[str, str] | None = None, **how: Any
) -> Iterator[Attacker]:
    """An attacker with an open socket, for the length of the block."""
    attacker = Attacker(served, cookie, **how)
    attacker.connect(headers=headers)
    try:
        yield attacker
    finally:
        attacker.close()


def merged(updates: list[Update]) -> dict[str, dict[str, Any]]:
    """State name → var → its last value in some updates; what Reflex itself tells of the address left out."""
    found: dict[str, dict[str, Any]] = {}
    for update in updates:
        for name, changes in (update.get("delta") or {}).items():
            for var, value in changes.items():
                if name != ROOT:
                    found.setdefault(name, {})[var.removesuffix(VAR_ENDING)] = value
    return found


def notices_in(updates: list[Update]) -> list[str]:
    """The newest notice of each update that shows any, in Chinese."""
    return [
        shown[-1]["texts"]["zh-CN"]
        for update in updates
        for changes in (update.get("delta") or {}).values()
        if (shown := changes.get(f"shown{VAR_ENDING}"))
    ]


def touched(updates: list[Update]) -> set[tuple[str, str]]:
    """The vars that some updates changed, by state."""
    return {(state, var) for state, changes in merged(updates).items() for var in changes}

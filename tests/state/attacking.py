"""A browser that is none: it holds a socket and sends whatever it likes."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from uuid import uuid4

import socketio

from gdftu_app.security.requests import SESSION_COOKIE
from gdftu_app.state.notices import Notices
from tests.serving import Served

NAMESPACE = "/_event"
PATIENCE_SECONDS = 20
ROOT = "reflex___state____state"
_MARK = f"{Notices.get_full_name()}.report_failure"
_marks = count(0xA0000001)

Update = dict[str, Any]


class Refused(Exception):
    """The server did not take the socket."""


class Attacker:
    """One socket under one cookie. Every update that arrives is kept, none is believed."""

    def __init__(self, served: Served, cookie: str | None, *, token: str = "", origin: str | None = "") -> None:
        """`origin` is the server's own unless named; None sends none."""
        self._served = served
        self._cookie = cookie
        self._origin = served.url if origin == "" else origin
        self.token = token or str(uuid4())
        self.updates: list[Update] = []
        self._arrived = threading.Condition()
        options = {"suppress_origin": True} if self._origin is None else {"origin": self._origin}
        self._client = socketio.Client(reconnection=False, websocket_extra_options=options, handle_sigint=False)
        self._client.on("event", self._keep, namespace=NAMESPACE)

    def connect(self, *, headers: dict[str, str] | None = None, auth: Any = None) -> None:
        """Open the socket; raises `Refused`."""
        sent = dict(headers or {})
        if self._cookie is not None:
            sent["Cookie"] = f"{SESSION_COOKIE}={self._cookie}"
        try:
            self._client.connect(
                f"{self._served.url}/?token={self.token}",
                headers=sent,
                auth=auth,
                transports=["websocket"],
                namespaces=[NAMESPACE],
                socketio_path=NAMESPACE,
                wait_timeout=5,
            )
        except socketio.exceptions.ConnectionError as reason:
            raise Refused(str(reason)) from reason

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()

    @property
    def is_connected(self) -> bool:
        """Whether the server has not thrown this socket out."""
        return self._client.connected

    def emit(self, name: Any, payload: Any = None, *, path: str = "/subordinates/", **router_data: Any) -> None:
        """Send one event and wait for nothing."""
        event = {"name": name, "payload": {} if payload is None else payload}
        self.emit_raw(event | {"router_data": {"pathname": path, "query": {}, "asPath": path} | router_data})

    def emit_raw(self, event: Any) -> None:
        """Send anything at all as an event."""
        self._client.emit("event", event, namespace=NAMESPACE)

    def settle(self) -> list[Update]:
        """Wait until everything sent, and all it set off, is done; the updates since the last time."""
        while True:
            mark = f"{next(_marks):X}"
            before = len(self.updates)
            self.emit(_MARK, {"number": mark})
            self._wait_for(mark)
            if len(self.updates) <= before + 1:
                return self._take()

    def ask(self, name: str, payload: Any = None, **router_data: Any) -> list[Update]:
        """Send one event; all updates it led to."""
        self.emit(name, payload, **router_data)
        return self.settle()

    def state(self) -> dict[str, dict[str, Any]]:
        """Everything the server would send a page that loads now: its whole state under this token."""
        found: dict[str, dict[str, Any]] = {}
        for update in self.ask(f"{ROOT}.hydrate"):
            for name, changes in (update.get("delta") or {}).items():
                found.setdefault(name, {}).update(changes)
        return found

    def _keep(self, update: Update) -> None:
        with self._arrived:
            self.updates.append(update)
            self._arrived.notify_all()

    def _wait_for(self, mark: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        seen = 0
        with self._arrived:
            while True:
                fresh, seen = self.updates[seen:], len(self.updates)
                if any(mark in json.dumps(update) for update in fresh):
                    return
                if not self._arrived.wait(deadline - time.monotonic()) and time.monotonic() >= deadline:
                    raise TimeoutError("the server did not answer")

    def _take(self) -> list[Update]:
        with self._arrived:
            taken, self.updates = self.updates, []
        return taken


@contextmanager
def attack(served: Served, cookie: str | None, **how: Any) -> Iterator[Attacker]:
    """An attacker with an open socket, for the length of the block."""
    attacker = Attacker(served, cookie, **how)
    attacker.connect()
    try:
        yield attacker
    finally:
        attacker.close()

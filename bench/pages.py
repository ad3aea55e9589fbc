"""A page that is none: it signs in over HTTP, opens a socket as a browser does, and times what the server answers."""

import json
import threading
import time
from typing import Any
from uuid import uuid4

import httpx
import socketio
from reflex.state import State

from gdftu_app.security.requests import SESSION_COOKIE
from tests.serving import Served

NAMESPACE = "/_event"
PATIENCE_SECONDS = 20


class Page:
    """One window of a signed-in browser."""

    def __init__(self, served: Served, *, phone: str, password: str) -> None:
        with httpx.Client(base_url=served.url, headers={"Origin": served.url}) as client:
            answer = client.post("/session", data={"phone": phone, "password": password})
        self._served = served
        self._cookie = answer.cookies[SESSION_COOKIE]
        self._arrived = threading.Condition()
        self._updates: list[str] = []
        self._client = socketio.Client(
            reconnection=False, handle_sigint=False, websocket_extra_options={"origin": served.url}
        )
        self._client.on("event", self._keep, namespace=NAMESPACE)

    def open(self, address: str) -> None:
        """Connect with the first event of a page that loads."""
        self._client.connect(
            f"{self._served.url}/?token={uuid4()}",
            headers={"Cookie": f"{SESSION_COOKIE}={self._cookie}"},
            auth={"event": self._event(f"{State.get_full_name()}.hydrate_and_load", {}, address)},
            transports=["websocket"],
            namespaces=[NAMESPACE],
            socketio_path=NAMESPACE,
        )

    def ask(self, name: str, payload: dict[str, Any], *, until: str, address: str = "/subordinates/") -> int:
        """Send an event and wait for the update that mentions something; the bytes of it."""
        with self._arrived:
            self._updates.clear()
        self._client.emit("event", self._event(name, payload, address), namespace=NAMESPACE)
        return self.wait(until)

    def wait(self, until: str) -> int:
        """Wait for an update that mentions something; the bytes of it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        with self._arrived:
            while True:
                for update in self._updates:
                    if until in update:
                        return len(update.encode())
                if not self._arrived.wait(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError(until)

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()

    def _keep(self, update: Any) -> None:
        with self._arrived:
            self._updates.append(json.dumps(update, ensure_ascii=False))
            self._arrived.notify_all()

    def _event(self, name: str, payload: dict[str, Any], address: str) -> dict[str, Any]:
        return {"name": name, "payload": payload, "router_data": {"pathname": address, "query": {}, "asPath": address}}

"""The other side of a gateway: a real HTTP server on this machine that answers as it is told and notes what it got."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Seen:
    """One request as it came over the wire; header names are in lower case."""

    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True, strict_parsing=False))


@dataclass(frozen=True)
class Answer:
    """What to send back; `media_type` is the content type."""

    content: bytes
    status: int = 200
    media_type: str = "application/json;charset=utf-8"


class Silence:
    """No answer at all until the server ends: the request was taken, and the connection stays open."""


class HangUp:
    """The connection is closed once the request was read."""


Behaviour = Callable[[Seen], Answer | Silence | HangUp]


@dataclass
class OtherSide:
    """A running server; `behaviour` may be changed at any time."""

    behaviour: Behaviour
    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def wait_for_requests(self, count: int, *, seconds: float = 20) -> None:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.seen) >= count, seconds)


@contextmanager
def other_side(behaviour: Behaviour) -> Iterator[OtherSide]:
    """Serve until the block ends."""
    side = OtherSide(behaviour)
    server = _Server(("127.0.0.1", 0), _handler_of(side))
    side.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield side
    finally:
        side.over.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


def _handler_of(side: OtherSide) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen = Seen(self.path, headers, self.rfile.read(length))
            with side.arrived:
                side.seen.append(seen)
                side.arrived.notify_all()
            answer = side.behaviour(seen)
            self.close_connection = True
            if isinstance(answer, Silence):
                side.over.wait(60)
            elif isinstance(answer, Answer):
                self._send(answer)

        do_GET = do_POST  # noqa: N815  (http.server's name)

        def _send(self, answer: Answer) -> None:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.media_type)
            self.send_header("Content-Length", str(len(answer.content)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name is http.server's)
            """Nothing."""

    return Handler

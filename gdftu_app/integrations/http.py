"""HTTP as gateways need it: told apart whether a request was taken, and nothing of it in any log."""

import json
import logging
import re
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from ssl import SSLContext
from typing import Any, cast

import httpx

# Both tell of every request with its address, which holds phones, document numbers and tokens.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

LONGEST_CODE = 100
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class GatewayTrouble(Exception):
    """No answer that can be used; `code` says in one word what happened, and nothing about whom it was for."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unreached(GatewayTrouble):
    """The request was certainly not taken: no connection came about, or the gateway turned it away unread."""


class Unanswered(GatewayTrouble):
    """The request may have been taken: the answer is late, lost, a fault of the other side, or makes no sense."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, with any status below 500."""

    status: int
    media_type: str
    content: bytes

    def fields(self) -> dict[str, Any]:
        """The JSON object it holds; raises `Unanswered` when it holds none."""
        try:
            found = json.loads(self.content)
        except ValueError:
            raise Unanswered("Malformed") from None
        if not isinstance(found, dict):
            raise Unanswered("Malformed")
        return cast(dict[str, Any], found)


def post(url: str, *, headers: dict[str, str], patience: float, content: bytes = b"") -> Reply:
    """Post to a gateway over a connection of its own; `patience` is in seconds, for each step.

    A connection kept from before may turn out closed only after the request was written, which could not be told from
    a lost answer.

    Raises:
        Unreached: no connection, or 429.
        Unanswered: anything after that, and every status from 500 on.
    """
    return _send("POST", url, headers, patience, content)


def get(url: str, *, patience: float) -> Reply:
    """The same for a service that wants to be read, with everything in its address."""
    return _send("GET", url, {}, patience, b"")


def _send(method: str, url: str, headers: dict[str, str], patience: float, content: bytes) -> Reply:
    try:
        with httpx.Client(timeout=patience, verify=_trust()) as client:
            response = client.request(method, url, headers=headers, content=content)
    except _NEVER_LEFT as reason:
        raise Unreached(type(reason).__name__) from None
    except (httpx.HTTPError, httpx.InvalidURL) as reason:
        raise Unanswered(type(reason).__name__) from None
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        raise Unreached("HTTP429")
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unanswered(f"HTTP{response.status_code}")
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Reply(response.status_code, media_type, response.content)


def tidy_code(found: object) -> str:
    """A code or request id of a gateway, cut down to what may be stored and logged."""
    return re.sub(r"[^\w.:-]", "", str(found or ""), flags=re.ASCII)[:LONGEST_CODE]


@cache
def _trust() -> SSLContext:
    return httpx.create_ssl_context()

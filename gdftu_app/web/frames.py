"""What a socket may carry: the frames that Reflex's own pages send, and nothing else the protocol would allow.

Without this a client could send an event of the protocol's own kind `connect` and so make up its headers and address
and take over the state of any token; names that no handler has would be kept in the queue's memory for good.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from reflex_base.registry import RegistrationContext

SPACE = "/_event,"
# Engine.IO: 2 ping, 3 pong, 4 message; within a message Socket.IO: 0 connect, 1 disconnect, 2 event.
_CONNECT, _EVENT = f"40{SPACE}", f'42{SPACE}["event",'
_PLAIN = ("2", "3", f"41{SPACE}")
_REPORT = f'42{SPACE}["client_error",'
LONGEST_REPORT, LONGEST_ADDRESS = 4_000, 8_000


def is_of_a_page(message: Mapping[str, Any]) -> bool:
    """Whether a page of ours could have sent this frame; binary frames it sends none."""
    frame = message.get("text")
    if not isinstance(frame, str):
        return False
    if frame.startswith(_EVENT):
        return frame.endswith("]") and _is_event(_read(frame[len(_EVENT) : -1]))
    if frame.startswith(_CONNECT):
        first = _read(frame[len(_CONNECT) :] or "{}")
        return isinstance(first, dict) and (first.get("event") is None or _is_event(first["event"]))
    if frame.startswith(_REPORT):
        return len(frame) <= LONGEST_REPORT
    return frame in _PLAIN


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_event(event: Any) -> bool:
    if not isinstance(event, dict):
        return False
    name, payload, router = event.get("name"), event.get("payload", {}), event.get("router_data", {})
    return (
        isinstance(name, str)
        and name in _names()
        and isinstance(payload, dict)
        and isinstance(router, dict)
        and isinstance(router.get("query", {}), dict)
        and all(_is_address(router.get(part, "")) for part in ("pathname", "asPath"))
    )


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_ADDRESS


@cache
def _names() -> frozenset[str]:
    return frozenset(RegistrationContext.get().event_handlers)

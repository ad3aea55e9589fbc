"""Asking with a token: the door from the API to the core. One request, one transaction, the token read afresh."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlmodel import Session

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.db import unit_of_work
from gdftu_app.errors import SignedOut
from gdftu_app.security.api_tokens import SEEN_EVERY, TokenInfo, find_token, touch_token
from gdftu_app.security.limits import hit
from gdftu_app.security.requests import Caller, current_caller
from gdftu_app.services.api_answers import Kept, Sent, answer_once
from gdftu_app.services.asking import only_reads

Answer = TypeVar("Answer")
MINUTE_SECONDS = 60


def require_token(caller: Caller, token: str) -> None:
    """Raise `SignedOut` for what is no live token, before anything else of a request is looked at."""
    with _calling(caller), unit_of_work(reading=True) as session:
        if find_token(session, token) is None:
            raise SignedOut


def ask_as_bearer(caller: Caller, token: str, function: Callable[..., Answer], **asked: Any) -> Answer:
    """Call `function(session, account_id=…, …)` of the core for the account of a token.

    Raises `SignedOut`, TooManyRequests (over `api_requests_per_minute`), and what the function raises.
    """
    with _calling(caller):
        with unit_of_work(reading=only_reads(function)) as session:
            info = _admitted(session, token)
            given = function(session, account_id=info.account_id, **asked)
        _note_use(info)
        return given


def write_as_bearer(
    caller: Caller,
    token: str,
    sent: Sent,
    told: Callable[[Any], Kept],
    function: Callable[..., Any],
    **asked: Any,
) -> Kept:
    """The same for a write that may be sent again; `told` makes the answer of what the function gives."""
    with _calling(caller):
        with unit_of_work() as session:
            info = _admitted(session, token)

            def act() -> Kept:
                return told(function(session, account_id=info.account_id, **asked))

            kept = answer_once(session, f"account {info.account_id}", sent, act)
        _note_use(info)
        return kept


def _admitted(session: Session, token: str) -> TokenInfo:
    info = find_token(session, token)
    if info is None:
        raise SignedOut
    limit = settings().api_requests_per_minute
    hit("api", str(info.account_id), limit=limit, seconds=MINUTE_SECONDS)
    return info


def _note_use(info: TokenInfo) -> None:
    if now() - info.last_seen_at > SEEN_EVERY:
        with unit_of_work() as session:
            touch_token(session, info.id)


@contextmanager
def _calling(caller: Caller) -> Generator[None]:
    set_here = current_caller.set(caller)
    try:
        yield
    finally:
        current_caller.reset(set_here)

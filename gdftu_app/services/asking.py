"""Asking: the one door from the screens to the core. One question, one transaction, one actor read afresh."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from sqlmodel import Session

from gdftu_app.clock import now
from gdftu_app.db import unit_of_work
from gdftu_app.errors import SignedOut
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.requests import Caller, current_caller
from gdftu_app.security.sessions import SessionInfo, find_session, touch

Answer = TypeVar("Answer")
SEEN_EVERY = timedelta(minutes=1)


def only_reads(function: Callable[..., Any]) -> bool:
    """Whether a core function promises not to write: those of the `queries` layer do."""
    return function.__module__.startswith("gdftu_app.queries")


def ask_as_actor(caller: Caller, union_id: int, function: Callable[..., Answer], **asked: Any) -> Answer:
    """Call `function(session, actor, …)` as the caller's account in a union; `SignedOut` or `NotFound` otherwise."""

    def answer(session: Session, info: SessionInfo) -> Answer:
        return function(session, get_actor(session, account_id=_account_of(info), union_id=union_id), **asked)

    return _ask(caller, only_reads(function), answer)


def ask_as_account(caller: Caller, function: Callable[..., Answer], **asked: Any) -> Answer:
    """Call `function(session, account_id=…, …)` for the caller's account; `SignedOut` without one."""
    return _ask(
        caller, only_reads(function), lambda session, info: function(session, account_id=_account_of(info), **asked)
    )


def ask_as_visitor(caller: Caller, function: Callable[..., Answer], **asked: Any) -> Answer:
    """Call `function(session, …)` for anybody."""
    token = current_caller.set(caller)
    try:
        with unit_of_work(reading=only_reads(function)) as session:
            return function(session, **asked)
    finally:
        current_caller.reset(token)


def actor_of(caller: Caller, union_id: int) -> Actor:
    """The caller as an actor in a union, for a check before anything else happens."""
    return ask_as_actor(caller, union_id, _itself)


def account_of(caller: Caller) -> int:
    """The id of the caller's account."""
    return _ask(caller, True, lambda _session, info: _account_of(info))


def _itself(_session: Session, actor: Actor) -> Actor:
    return actor


def _account_of(info: SessionInfo) -> int:
    if info.account_id is None:
        raise SignedOut
    return info.account_id


def _ask(caller: Caller, reading: bool, answer: Callable[[Session, SessionInfo], Answer]) -> Answer:
    token = current_caller.set(caller)
    try:
        with unit_of_work(reading=reading) as session:
            info = find_session(session, caller.cookie)
            if info is None:
                raise SignedOut
            given = answer(session, info)
        if not caller.is_unattended and now() - info.last_seen_at > SEEN_EVERY:
            with unit_of_work() as session:
                touch(session, info.id)
        return given
    finally:
        current_caller.reset(token)

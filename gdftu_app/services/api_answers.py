"""Answers kept for writes that are sent again (`Idempotency-Key`): one effect, however often and however fast."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from gdftu_app.clock import now
from gdftu_app.errors import Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.api_tokens import ApiAnswer
from gdftu_app.security.keys import keyed_digest
from gdftu_app.services.turns import take_turns

KEPT_FOR = timedelta(hours=24)


class KeyReused(Refusal):
    """The key came with another request before."""

    code = "idempotency_key_reused"
    default = msg("这个 Idempotency-Key 已经用于另一个请求，请换一个。")


@dataclass(frozen=True, slots=True)
class Sent:
    """A write as it was sent: its key, empty without one, and everything that makes it this request and no other."""

    key: str
    content: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What it was answered; `is_replay` when it had been answered before."""

    status: int
    body: dict[str, Any]
    is_replay: bool = False


def answer_once(session: Session, whose: str, sent: Sent, act: Callable[[], Kept]) -> Kept:
    """The answer that the sender got under this key within `KEPT_FOR`, or else that of `act`, which is kept.

    `whose` keeps senders apart. Refusals are not kept: what was refused is tried anew. Raises KeyReused.
    """
    if not sent.key:
        return act()
    key = keyed_digest("api answer", f"{whose}|{sent.key}")
    asked = keyed_digest("api request", sent.content)
    take_turns(session, "api answers", key)
    earlier = session.get(ApiAnswer, key, populate_existing=True)
    if earlier is not None and earlier.created_at > now() - KEPT_FOR:
        if earlier.asked != asked:
            raise KeyReused
        return Kept(earlier.status, earlier.body, is_replay=True)
    if earlier is not None:
        session.delete(earlier)
        session.flush()
    kept = act()
    session.add(ApiAnswer(key=key, asked=asked, status=kept.status, body=kept.body))
    session.flush()
    return kept

"""A text message, what became of it at a gateway, and what a gateway is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A message to a phone (E.164): the whole text, and the values by name that a gateway puts into its template."""

    phone: str = field(repr=False)
    purpose: str
    text: str = field(repr=False)
    values: Mapping[str, str] = field(default_factory=dict, repr=False)


class DeliveryStatus(StrEnum):
    """What became of a message: sending is not idempotent, so an `uncertain` one must never be offered again."""

    ACCEPTED, LATER, REFUSED, UNCERTAIN = "accepted", "later", "refused", "uncertain"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A gateway's answer: its own code and the number under which it knows the request; no personal data."""

    status: DeliveryStatus
    code: str = ""
    request: str = ""


class SmsGateway(Protocol):
    """A way for messages to reach phones."""

    @property
    def name(self) -> str:
        """What the settings call it."""
        ...

    @property
    def keeps_messages_here(self) -> bool:
        """Whether messages stay in the outbox, where the operator may read them."""
        ...

    @property
    def at_once(self) -> int:
        """How many messages it may be given at the same time."""
        ...

    def send(self, message: TextMessage) -> Delivery:
        """Offer a message once, without any repetition; trouble on the way is an answer, not an error."""
        ...

"""Text messages (短信): what a gateway must do, and the local one that needs no account."""

from typing import Protocol


class DeliveryFailed(Exception):
    """The gateway did not take the message; it may be offered again."""


class SmsGateway(Protocol):
    """A way for messages to reach phones."""

    keeps_messages_here: bool

    def send(self, phone: str, text: str) -> None:
        """Hand a message to a phone (E.164) over; raises `DeliveryFailed`."""
        ...


class LocalGateway:
    """Delivers nothing outside: a message is delivered once `gdftu outbox` may show it."""

    keeps_messages_here = True

    def send(self, phone: str, text: str) -> None:
        """Nothing is left to do."""


GATEWAYS: dict[str, type[SmsGateway]] = {"local": LocalGateway}


def gateway_named(name: str) -> SmsGateway:
    """The gateway that `GDFTU_SMS_GATEWAY` names."""
    return GATEWAYS[name]()

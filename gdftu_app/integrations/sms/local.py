"""The local gateway, which needs no account."""

from gdftu_app.integrations.sms.messages import Delivery, DeliveryStatus, TextMessage


class LocalSms:
    """Delivers nothing outside: a message is delivered once `gdftu outbox` may show it."""

    name = "local"
    keeps_messages_here = True
    at_once = 1

    def send(self, message: TextMessage) -> Delivery:
        """Nothing is left to do."""
        return Delivery(DeliveryStatus.ACCEPTED)

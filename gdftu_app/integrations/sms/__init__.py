"""Text messages (短信): what a gateway must do, the local one that needs no account, and the real ones."""

from gdftu_app.integrations.sms.gateways import (
    GATEWAYS,
    TEST_PURPOSE,
    purposes_without_template,
    require_templates,
    sms_gateway,
)
from gdftu_app.integrations.sms.messages import Delivery, DeliveryStatus, SmsGateway, TextMessage

__all__ = [
    "GATEWAYS",
    "TEST_PURPOSE",
    "Delivery",
    "DeliveryStatus",
    "SmsGateway",
    "TextMessage",
    "purposes_without_template",
    "require_templates",
    "sms_gateway",
]

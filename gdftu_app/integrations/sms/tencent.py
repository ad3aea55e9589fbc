"""Texts through Tencent 短信: `SendSms` of sms 2021-01-11."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from gdftu_app.config import Settings
from gdftu_app.integrations.http import Unanswered, Unreached, tidy_code
from gdftu_app.integrations.requirements import require
from gdftu_app.integrations.sms.messages import Delivery, DeliveryStatus, TextMessage
from gdftu_app.integrations.sms.templates import Template, templates_of
from gdftu_app.integrations.tencent import TencentApi, tencent_api

CHOSEN = "GDFTU_SMS_GATEWAY=tencent"
_LIMITS = ("LimitExceeded", "RequestLimitExceeded")
# Faults of the other side, after which nobody knows (InternalError.Timeout: it gave the message on and heard nothing).
_FAULTS = ("InternalError", "ServiceUnavailable", "ResourceUnavailable")


@dataclass(frozen=True, slots=True)
class TencentSms:
    """Sends through an application, an approved signature and the approved template of each purpose."""

    api: TencentApi
    app_id: str
    sign_name: str
    templates: Mapping[str, Template]
    name: str = "tencent"
    keeps_messages_here: bool = False
    at_once: int = 8

    def send(self, message: TextMessage) -> Delivery:
        """Offer a message once; the variables of the template are numbered in the order of the values."""
        template = self.templates.get(message.purpose)
        values = template.filled_from(message) if template else None
        if template is None or values is None:
            return Delivery(DeliveryStatus.REFUSED, "NoTemplate")
        parameters = {
            "PhoneNumberSet": [message.phone],
            "SmsSdkAppId": self.app_id,
            "SignName": self.sign_name,
            "TemplateId": template.id,
            "TemplateParamSet": list(values.values()),
        }
        try:
            answer = self.api.call("SendSms", parameters)
            code = answer.code or _code_of_message(answer.fields)
        except Unreached as trouble:
            return Delivery(DeliveryStatus.LATER, trouble.code)
        except Unanswered as trouble:
            return Delivery(DeliveryStatus.UNCERTAIN, trouble.code)
        return Delivery(_status(code), code, answer.request)


def tencent_sms(configured: Settings) -> TencentSms:
    """The gateway as configured, or `Misconfigured` with what the settings lack."""
    require(configured, CHOSEN, ("tencent_sms_app_id", "sms_sign_name", "sms_templates"))
    api = tencent_api(configured, chosen_by=CHOSEN, url="tencent_sms_url", service="sms", version="2021-01-11")
    return TencentSms(api, configured.tencent_sms_app_id, configured.sms_sign_name, templates_of(configured))


def _code_of_message(fields: dict[str, Any]) -> str:
    """The code of the one phone asked for: a call may succeed and the message fail."""
    match fields.get("SendStatusSet"):
        case [{"Code": str(code)}] if tidy_code(code):
            return tidy_code(cast(str, code))
        case _:
            raise Unanswered("Malformed")


def _status(code: str) -> DeliveryStatus:
    if code == "Ok":
        return DeliveryStatus.ACCEPTED
    if code.startswith(_LIMITS):
        return DeliveryStatus.LATER
    return DeliveryStatus.UNCERTAIN if code.startswith(_FAULTS) else DeliveryStatus.REFUSED

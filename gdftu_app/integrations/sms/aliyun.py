"""Texts through Aliyun 短信服务: `SendSms` of dysmsapi 2017-05-25."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from gdftu_app.config import Settings
from gdftu_app.integrations.aliyun import AliyunApi, aliyun_api
from gdftu_app.integrations.http import Unanswered, Unreached
from gdftu_app.integrations.requirements import require
from gdftu_app.integrations.sms.messages import Delivery, DeliveryStatus, TextMessage
from gdftu_app.integrations.sms.templates import Template, templates_of

CHOSEN = "GDFTU_SMS_GATEWAY=aliyun"
_LIMITS = ("isv.BUSINESS_LIMIT", "isv.DAY_LIMIT", "isv.MONTH_LIMIT", "Throttling")
# Faults of the other side, after which nobody knows; all other codes say that the message was turned away.
_FAULTS = ("isp.", "InternalError", "ServiceUnavailable", "SystemError")
_REFUSED_ALL_THE_SAME = ("isp.RAM_PERMISSION_DENY",)


@dataclass(frozen=True, slots=True)
class AliyunSms:
    """Sends through an approved signature and the approved template of each purpose."""

    api: AliyunApi
    sign_name: str
    templates: Mapping[str, Template]
    name: str = "aliyun"
    keeps_messages_here: bool = False
    at_once: int = 8

    def send(self, message: TextMessage) -> Delivery:
        """Offer a message once; the variables of the template bear the names of the values."""
        template = self.templates.get(message.purpose)
        values = template.filled_from(message) if template else None
        if template is None or values is None:
            return Delivery(DeliveryStatus.REFUSED, "NoTemplate")
        parameters = {
            "PhoneNumbers": message.phone.removeprefix("+86"),
            "SignName": self.sign_name,
            "TemplateCode": template.id,
            "TemplateParam": json.dumps(values, ensure_ascii=False),
        }
        try:
            answer = self.api.call("SendSms", parameters)
        except Unreached as trouble:
            return Delivery(DeliveryStatus.LATER, trouble.code)
        except Unanswered as trouble:
            return Delivery(DeliveryStatus.UNCERTAIN, trouble.code)
        return Delivery(_status(answer.code), answer.code, answer.request)


def aliyun_sms(configured: Settings) -> AliyunSms:
    """The gateway as configured, or `Misconfigured` with what the settings lack."""
    require(configured, CHOSEN, ("sms_sign_name", "sms_templates"))
    api = aliyun_api(configured, chosen_by=CHOSEN, url="aliyun_sms_url", version="2017-05-25")
    return AliyunSms(api, configured.sms_sign_name, templates_of(configured))


def _status(code: str) -> DeliveryStatus:
    if code == "OK":
        return DeliveryStatus.ACCEPTED
    if code.startswith(_LIMITS):
        return DeliveryStatus.LATER
    if code.startswith(_FAULTS) and code not in _REFUSED_ALL_THE_SAME:
        return DeliveryStatus.UNCERTAIN
    return DeliveryStatus.REFUSED

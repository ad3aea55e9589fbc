"""Which gateway takes the messages of this installation."""

from collections.abc import Callable, Sequence

from gdftu_app.config import Settings
from gdftu_app.errors import Misconfigured
from gdftu_app.integrations.sms.aliyun import aliyun_sms
from gdftu_app.integrations.sms.local import LocalSms
from gdftu_app.integrations.sms.messages import SmsGateway
from gdftu_app.integrations.sms.templates import TEST_PURPOSE, purposes_without, templates_of
from gdftu_app.integrations.sms.tencent import tencent_sms

__all__ = ["GATEWAYS", "TEST_PURPOSE", "purposes_without_template", "require_templates", "sms_gateway"]

GATEWAYS: dict[str, Callable[[Settings], SmsGateway]] = {
    "local": lambda _: LocalSms(),
    "aliyun": aliyun_sms,
    "tencent": tencent_sms,
}


def sms_gateway(configured: Settings) -> SmsGateway:
    """The gateway that `GDFTU_SMS_GATEWAY` names; raises `Misconfigured` with what the settings lack for it."""
    return GATEWAYS[configured.sms_gateway](configured)


def purposes_without_template(configured: Settings, purposes: Sequence[str]) -> list[str]:
    """Purposes whose messages the configured gateway could not send; the local one needs no templates."""
    if sms_gateway(configured).keeps_messages_here:
        return []
    return purposes_without(templates_of(configured), purposes)


def require_templates(configured: Settings, purposes: Sequence[str]) -> None:
    """Raise `Misconfigured` with the purposes of these that have no template."""
    missing = purposes_without_template(configured, purposes)
    if missing:
        raise Misconfigured(f"GDFTU_SMS_TEMPLATES 缺少以下用途的短信模板：{'、'.join(missing)}。")

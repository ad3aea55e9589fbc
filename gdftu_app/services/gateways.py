"""The gateways of this installation: whether they can work as configured, and which are only local."""

from gdftu_app.config import settings
from gdftu_app.integrations.identity import identity_gateway
from gdftu_app.integrations.sms import purposes_without_template, require_templates
from gdftu_app.integrations.wechat import is_configured, wechat
from gdftu_app.models.accounts import CodePurpose
from gdftu_app.services.dissolved_applications import CLOSED_PURPOSE as APPLICATION_CLOSED
from gdftu_app.services.gateway_tokens import DatabaseTokens
from gdftu_app.services.invitations import APPOINTED_PURPOSE, INVITED_PURPOSE
from gdftu_app.services.join_reviews import APPROVED_PURPOSE as JOIN_APPROVED
from gdftu_app.services.join_reviews import REJECTED_PURPOSE as JOIN_REJECTED
from gdftu_app.services.own_phones import CHANGED_PURPOSE as PHONE_CHANGED
from gdftu_app.services.passwords import CHANGED_PURPOSE as PASSWORD_CHANGED
from gdftu_app.services.personal_request_reviews import ANSWERED_PURPOSE, CLOSED_PURPOSE, DECLINED_PURPOSE
from gdftu_app.services.personal_requests import CLOSURE_PURPOSE
from gdftu_app.services.transfer_offers import OFFERED_PURPOSE as TRANSFER_OFFERED
from gdftu_app.services.transfer_reviews import APPROVED_PURPOSE as TRANSFER_APPROVED
from gdftu_app.services.transfer_reviews import REJECTED_PURPOSE as TRANSFER_REJECTED

NOTICES = (
    *(PASSWORD_CHANGED, PHONE_CHANGED, APPOINTED_PURPOSE, INVITED_PURPOSE),
    *(JOIN_APPROVED, JOIN_REJECTED, TRANSFER_APPROVED, TRANSFER_REJECTED, TRANSFER_OFFERED, APPLICATION_CLOSED),
    *(ANSWERED_PURPOSE, DECLINED_PURPOSE, CLOSURE_PURPOSE, CLOSED_PURPOSE),
)


def check_gateways() -> None:
    """Refuse a chosen gateway that lacks settings; raises `Misconfigured`, naming them all. Asks no gateway."""
    check_sms()
    check_identity()
    check_wechat()


def check_sms() -> None:
    """The SMS gateway has its keys, its signature and a template for every kind of code."""
    require_templates(settings(), [purpose.value for purpose in CodePurpose])


def notices_without_template() -> list[str]:
    """Purposes of notices that the chosen SMS gateway cannot send, because they have no template."""
    return purposes_without_template(settings(), NOTICES)


def check_identity() -> None:
    """The identity gateway has its keys."""
    identity_gateway(settings())


def check_wechat() -> None:
    """With an app id there is a secret, and a sound address."""
    if is_configured(settings()):
        wechat(settings(), DatabaseTokens(""))

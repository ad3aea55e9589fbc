"""Which gateway checks the identities of this installation."""

from collections.abc import Callable

from gdftu_app.config import Settings
from gdftu_app.integrations.identity.aliyun import aliyun_identity
from gdftu_app.integrations.identity.answers import IdentityGateway
from gdftu_app.integrations.identity.local import LocalIdentity
from gdftu_app.integrations.identity.tencent import tencent_identity

IDENTITY_GATEWAYS: dict[str, Callable[[Settings], IdentityGateway]] = {
    "local": lambda configured: LocalIdentity(is_demo=not configured.is_production),
    "aliyun": aliyun_identity,
    "tencent": tencent_identity,
}


def identity_gateway(configured: Settings) -> IdentityGateway:
    """The gateway that `GDFTU_IDENTITY_GATEWAY` names; raises `Misconfigured` with what the settings lack for it."""
    return IDENTITY_GATEWAYS[configured.identity_gateway](configured)

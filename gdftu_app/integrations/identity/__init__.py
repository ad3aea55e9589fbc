"""Identity checks (实名核验): whether a name and a resident ID belong together, asked of those who know."""

from gdftu_app.integrations.identity.answers import IdentityAnswer, IdentityGateway, IdentityOutcome
from gdftu_app.integrations.identity.gateways import IDENTITY_GATEWAYS, identity_gateway

__all__ = ["IDENTITY_GATEWAYS", "IdentityAnswer", "IdentityGateway", "IdentityOutcome", "identity_gateway"]

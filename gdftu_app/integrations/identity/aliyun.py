"""Identity checks through Aliyun 实人认证: `Id2MetaVerify` (身份二要素核验) of cloudauth 2019-03-07."""

from dataclasses import dataclass
from typing import Any, cast

from gdftu_app.config import Settings
from gdftu_app.integrations.aliyun import AliyunApi, aliyun_api
from gdftu_app.integrations.http import Unanswered, Unreached
from gdftu_app.integrations.identity.answers import IdentityAnswer, IdentityOutcome

CHOSEN = "GDFTU_IDENTITY_GATEWAY=aliyun"
_BY_RESULT = {"1": IdentityOutcome.MATCH, "2": IdentityOutcome.MISMATCH, "3": IdentityOutcome.UNKNOWN}
# 401: name or number break the rules of such; 402: the authority does not answer; 403: asked too often.
_BY_CODE = {"401": IdentityOutcome.MISMATCH, "402": IdentityOutcome.LATER, "403": IdentityOutcome.LATER}
_FAULTS = ("5", "InternalError", "ServiceUnavailable", "SystemError")


@dataclass(frozen=True, slots=True)
class AliyunIdentity:
    """Asks the authority's records; 核验不一致 and 核验一致 are charged."""

    api: AliyunApi
    name: str = "aliyun"

    def check(self, name: str, document_number: str) -> IdentityAnswer:
        """Whether a name belongs to a resident ID."""
        parameters = {"ParamType": "normal", "IdentifyNum": document_number, "UserName": name}
        try:
            answer = self.api.call("Id2MetaVerify", parameters)
            outcome, code = _understood(answer.code, answer.fields)
        except Unreached as trouble:
            return IdentityAnswer(IdentityOutcome.LATER, self.name, trouble.code)
        except Unanswered as trouble:
            return IdentityAnswer(IdentityOutcome.UNCERTAIN, self.name, trouble.code)
        return IdentityAnswer(outcome, self.name, code, answer.request)


def aliyun_identity(configured: Settings) -> AliyunIdentity:
    """The gateway as configured, or `Misconfigured` with what the settings lack."""
    return AliyunIdentity(aliyun_api(configured, chosen_by=CHOSEN, url="aliyun_identity_url", version="2019-03-07"))


def _understood(code: str, fields: dict[str, Any]) -> tuple[IdentityOutcome, str]:
    if code == "200":
        found = fields.get("ResultObject")
        result = str(cast(dict[str, Any], found).get("BizCode")) if isinstance(found, dict) else ""
        if result not in _BY_RESULT:
            raise Unanswered("Malformed")
        return _BY_RESULT[result], f"200:{result}"
    if code.startswith("Throttling"):
        return IdentityOutcome.LATER, code
    if code.startswith(_FAULTS):
        return IdentityOutcome.UNCERTAIN, code
    return _BY_CODE.get(code, IdentityOutcome.REFUSED), code

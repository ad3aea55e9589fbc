"""Identity checks through Tencent 人脸核身: `IdCardVerification` (身份信息认证) of faceid 2018-03-01."""

from dataclasses import dataclass

from gdftu_app.config import Settings
from gdftu_app.integrations.http import Unanswered, Unreached, tidy_code
from gdftu_app.integrations.identity.answers import IdentityAnswer, IdentityOutcome
from gdftu_app.integrations.tencent import TencentAnswer, TencentApi, tencent_api

CHOSEN = "GDFTU_IDENTITY_GATEWAY=tencent"
_BY_RESULT = {
    "0": IdentityOutcome.MATCH,
    "-1": IdentityOutcome.MISMATCH,
    "-2": IdentityOutcome.MISMATCH,  # no number of anybody's
    "-3": IdentityOutcome.MISMATCH,  # no name of anybody's
    "-4": IdentityOutcome.LATER,  # the authority is out of order
    "-5": IdentityOutcome.UNKNOWN,
    "-6": IdentityOutcome.LATER,  # the authority is being renewed
    "-7": IdentityOutcome.LATER,  # asked too often today
}
_LIMITS = ("LimitExceeded", "RequestLimitExceeded", "FailedOperation.RequestLimitExceeded")
_FAULTS = ("InternalError", "ServiceUnavailable", "ResourceUnavailable", "FailedOperation.UnKnown")


@dataclass(frozen=True, slots=True)
class TencentIdentity:
    """Asks the authority's records; results 0 and -1 are charged."""

    api: TencentApi
    name: str = "tencent"

    def check(self, name: str, document_number: str) -> IdentityAnswer:
        """Whether a name belongs to a resident ID."""
        try:
            answer = self.api.call("IdCardVerification", {"IdCard": document_number, "Name": name})
            outcome, code = _understood(answer)
        except Unreached as trouble:
            return IdentityAnswer(IdentityOutcome.LATER, self.name, trouble.code)
        except Unanswered as trouble:
            return IdentityAnswer(IdentityOutcome.UNCERTAIN, self.name, trouble.code)
        return IdentityAnswer(outcome, self.name, code, answer.request)


def tencent_identity(configured: Settings) -> TencentIdentity:
    """The gateway as configured, or `Misconfigured` with what the settings lack."""
    return TencentIdentity(
        tencent_api(configured, chosen_by=CHOSEN, url="tencent_identity_url", service="faceid", version="2018-03-01")
    )


def _understood(answer: TencentAnswer) -> tuple[IdentityOutcome, str]:
    if not answer.code:
        result = tidy_code(answer.fields.get("Result", ""))
        if result not in _BY_RESULT:
            raise Unanswered("Malformed")
        return _BY_RESULT[result], result
    if answer.code.startswith(_LIMITS):
        return IdentityOutcome.LATER, answer.code
    if answer.code.startswith(_FAULTS):
        return IdentityOutcome.UNCERTAIN, answer.code
    return IdentityOutcome.REFUSED, answer.code

"""What an identity gateway is asked and may answer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class IdentityOutcome(StrEnum):
    """What is known after a check.

    `match`, `mismatch` (also a name or number that can be nobody's) and `unknown` (no record of the number) are final.
    `manual`: no gateway can tell, an administrator confirms. `later` (a limit, no connection) and `uncertain` (answer
    lost) say nothing about the person: the check may be repeated, each answered one costs money. `refused`: the gateway
    turned the installation away (key, permission, arrears), which only its operator can change.
    """

    MATCH, MISMATCH, UNKNOWN, MANUAL = "match", "mismatch", "unknown", "manual"
    LATER, UNCERTAIN, REFUSED = "later", "uncertain", "refused"


@dataclass(frozen=True, slots=True)
class IdentityAnswer:
    """An outcome, the gateway's own code for it and its number of the request; no personal data."""

    outcome: IdentityOutcome
    gateway: str
    code: str = ""
    request: str = ""


class IdentityGateway(Protocol):
    """Somebody who knows which name belongs to which number."""

    @property
    def name(self) -> str:
        """What the settings call it."""
        ...

    def check(self, name: str, document_number: str) -> IdentityAnswer:
        """Whether a name belongs to a resident ID in normal form (居民身份证 alone: all other documents are confirmed
        by hand). Trouble on the way is an answer, not an error. May take some seconds; call it in no transaction.
        """
        ...

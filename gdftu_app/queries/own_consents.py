"""Own consents (我的同意记录): what an account agreed to, and what it took back."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from gdftu_app.models.identity_checks import Consent

SHOWN_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class OwnConsent:
    """A consent of one's own; purpose, version and channel are words of `services.consents`."""

    purpose: str
    version: str
    channel: str
    given_at: datetime
    withdrawn_at: datetime | None


def own_consents(session: Session, *, account_id: int) -> list[OwnConsent]:
    """The consents of an account, the newest first."""
    own = select(Consent).where(Consent.account_id == account_id).order_by(col(Consent.id).desc())
    return [
        OwnConsent(row.purpose, row.version, row.channel, row.given_at, row.withdrawn_at)
        for row in session.exec(own.limit(SHOWN_AT_MOST))
    ]

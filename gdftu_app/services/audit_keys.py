"""Keys of the audit chain that have served their time: told in the chain itself, when their secret is given up.

A key that is no longer secret can still be checked with: every link holds the one before, so what it sealed stands as
long as the links after it do, and those need a key that nobody knows. That is why a told key counts only where a
key that counts has sealed the telling.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping

from sqlalchemy import exists
from sqlmodel import Session, col, select

from gdftu_app.config import settings
from gdftu_app.models.records import AuditEntry, AuditSeal
from gdftu_app.security.keys import key_for, master_secret
from gdftu_app.services.audit import record

RETIRE, _KEY = "keys:retire", "audit chain"


def configured_keys() -> list[bytes]:
    """The keys that the installation knows, that of the present secret first."""
    return [key_for(_KEY, secret=secret) for secret in (master_secret(), *settings().earlier_secrets())]


def told_keys(session: Session) -> list[bytes]:
    """The keys that entries tell, whether they may be believed or not; reads all entries once."""
    told = session.exec(select(AuditEntry).where(AuditEntry.verb == RETIRE)).all()
    return list(dict.fromkeys(key for entry in told if (key := told_by(entry))))


def told_by(entry: AuditEntry) -> bytes:
    """The key that an entry tells; empty when it tells none."""
    if entry.verb != RETIRE:
        return b""
    try:
        return urlsafe_b64decode(str(entry.detail.get("key", "")))
    except ValueError:
        return b""


def believed(sealers: Mapping[bytes, Iterable[bytes]]) -> set[bytes]:
    """The keys that count: the configured ones and what they vouch for; `sealers` have sealed the telling of each."""
    counting = set(configured_keys())
    waiting = dict(sealers)
    while found := [told for told, keys in waiting.items() if counting.intersection(keys)]:
        counting.update(found)
        for told in found:
            del waiting[told]
    return counting


def retire_keys(session: Session) -> int:
    """Tell the keys of all earlier secrets, those told before excepted; how many there were."""
    told = set(told_keys(session))
    retiring = [key for key in configured_keys()[1:] if key not in told]
    for key in retiring:
        record(session, RETIRE, subject="audit_seals", detail={"key": urlsafe_b64encode(key).decode()})
    session.flush()
    return len(retiring)


def are_retired(session: Session) -> bool:
    """Whether the keys of all earlier secrets are told, and the telling sealed: the secrets may be given up then."""
    sealed = exists().where(col(AuditSeal.entry_id) == AuditEntry.id)
    entries = session.exec(select(AuditEntry).where(AuditEntry.verb == RETIRE, sealed)).all()
    return {told_by(entry) for entry in entries}.issuperset(configured_keys()[1:])

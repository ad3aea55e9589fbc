"""The hash chain (审计链): the worker seals audit entries in order, so that a later change shows (design §4, §6).

Each seal is an HMAC over the seal before it, its own number and the entry; without the installation's key nobody can
build the chain again. Cutting off its end leaves a shorter chain that is sound in itself: that shows only against a
head noted elsewhere (`gdftu audit verify --head`).
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, insert
from sqlmodel import Session, col, select

from gdftu_app.db import dialect
from gdftu_app.models.records import AuditEntry, AuditSeal
from gdftu_app.services.audit_keys import believed, configured_keys, told_by, told_keys

_SEALING = 7_301_004
# Entries may be committed later than ones with a higher id. Each round looks back this far, a sweep over everything.
LOOK_BACK = 2_000
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The state of the chain: its head, how many entries wait to be sealed, and the first number that is not sound."""

    head_seq: int
    head_hash: str
    sealed: int
    unsealed: int
    first_broken: int | None

    @property
    def is_sound(self) -> bool:
        """Whether every sealed entry is as it was sealed, and none is missing."""
        return self.first_broken is None


def seal_entries(session: Session, *, limit: int = 1000, sweep: bool = False) -> int:
    """Seal the entries that are not yet, the oldest ids first; how many, 0 also while another worker is at it.

    Looks back over the latest entries for those committed late; a `sweep`, now and then, over all. Some seven thousand
    entries a second; five milliseconds when there is nothing to do, however long the trail.
    """
    if dialect(session) == "postgresql" and not session.exec(select(func.pg_try_advisory_xact_lock(_SEALING))).one():
        return 0
    head_seq, head_hash = _head(session)
    found = _unsealed(session, limit, since=0 if sweep else _newest_sealed(session) - LOOK_BACK)
    key = configured_keys()[0]
    seals: list[dict[str, object]] = []
    for entry in found:
        head_seq, head_hash = head_seq + 1, _link(key, head_hash, head_seq + 1, entry)
        seals.append({"seq": head_seq, "entry_id": entry.id, "hash": head_hash})
    if seals:
        session.exec(insert(AuditSeal), params=seals)
    return len(seals)


def verify(session: Session, *, head: tuple[int, str] | None = None) -> AuditReport:
    """Compute the whole chain again and compare; `head` is a number and hash noted earlier, which must still be there.

    Reads everything once, some ten thousand entries a second.
    """
    keys = [*configured_keys(), *told_keys(session)]
    broken: int | None = None
    first_use: dict[bytes, int] = {}
    sealers: dict[bytes, set[bytes]] = {}
    seq, last = 0, ""
    for seq, (seal, entry) in enumerate(_chain(session), start=1):
        if broken is not None:
            continue
        matching = [key for key in keys if entry and _link(key, last, seq, entry) == seal.hash]
        forgotten = head is not None and head[0] == seq and head[1] != seal.hash
        if seal.seq != seq or not matching or forgotten:
            broken = seq
        elif matching[0] is keys[0]:
            keys = keys[:1]  # An earlier key may not return after the present one.
        if matching and entry:
            first_use.setdefault(matching[0], seq)
            sealers.setdefault(told_by(entry), set()).add(matching[0])
        last = seal.hash
    counting = believed(sealers)
    broken = min((start for key, start in first_use.items() if key not in counting), default=broken)
    if broken is None and head is not None and head[0] > seq:
        broken = seq + 1
    head_seq, head_hash = _head(session)
    return AuditReport(head_seq, head_hash, seq, _count_unsealed(session), broken)


def _chain(session: Session) -> Iterator[tuple[AuditSeal, AuditEntry | None]]:
    after = 0
    while True:
        page = session.exec(
            select(AuditSeal, AuditEntry)
            .join(AuditEntry, col(AuditEntry.id) == AuditSeal.entry_id, isouter=True)
            .where(AuditSeal.seq > after)
            .order_by(col(AuditSeal.seq))
            .limit(BATCH)
            .execution_options(populate_existing=True)
        ).all()
        yield from page
        if len(page) < BATCH:
            return
        after = page[-1][0].seq
        for row in page:
            for read in filter(None, row):
                session.expunge(read)


def _link(key: bytes, previous: str, seq: int, entry: AuditEntry) -> str:
    message = f"{previous}\n{seq}\n{_canonical(entry)}".encode()
    return urlsafe_b64encode(hmac.digest(key, message, hashlib.sha256)).rstrip(b"=").decode()


def _canonical(entry: AuditEntry) -> str:
    facts = {
        "id": entry.id,
        "at": entry.at.isoformat(timespec="microseconds"),
        "verb": entry.verb,
        "account_id": entry.account_id,
        "union_id": entry.union_id,
        "subject": entry.subject,
        "detail": entry.detail,
        "request_id": entry.request_id,
        "address": entry.address,
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _head(session: Session) -> tuple[int, str]:
    newest = select(AuditSeal.seq, AuditSeal.hash).order_by(col(AuditSeal.seq).desc()).limit(1)
    return session.exec(newest).first() or (0, "")


def _newest_sealed(session: Session) -> int:
    return session.exec(select(func.coalesce(func.max(AuditSeal.entry_id), 0))).one()


def _unsealed(session: Session, limit: int, *, since: int) -> Sequence[AuditEntry]:
    waiting = select(AuditEntry).where(col(AuditEntry.id) > since, ~_is_sealed(since=since))
    oldest = waiting.order_by(col(AuditEntry.id)).limit(limit)
    return session.exec(oldest.execution_options(populate_existing=True)).all()


def _count_unsealed(session: Session) -> int:
    return session.exec(select(func.count()).select_from(AuditEntry).where(~_is_sealed())).one()


def _is_sealed(*, since: int = 0) -> ColumnElement[bool]:
    # The bound says nothing new, but lets the database read both tables from there on.
    return exists().where(col(AuditSeal.entry_id) == AuditEntry.id, col(AuditSeal.entry_id) > since)

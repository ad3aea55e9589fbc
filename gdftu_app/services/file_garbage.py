"""Garbage of the file store (清理附件): files nobody handed in, and bytes that no row knows (decision 0016)."""

import logging
from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.db import unit_of_work
from gdftu_app.integrations.file_store import SHARDS, Stored, file_store, thumbnail_of
from gdftu_app.models.files import StoredFile

log = logging.getLogger(__name__)
# The clocks of several servers differ.
SURELY_OVER = timedelta(hours=1)
KEPT_WITHOUT_A_ROW = timedelta(days=1)
# Every shard has its turn once a day.
SHARD_SECONDS = 86_400 // len(SHARDS)
# More strays than this, and than files that are known, mean another database's store rather than broken-off uploads.
ORDINARY_STRAYS = 5
KEYS_AT_ONCE = 500
KEY_LENGTH = 43


def collect_abandoned(*, limit: int = 200) -> int:
    """Remove files that were not handed in before their time was over; how many.

    Nothing brings a file back whose time is over, so bytes go first, in no transaction, and the rows after them: what
    the store did not remove is tried again at the next round. Several workers may do so at once.
    """
    before = now() - SURELY_OVER
    with unit_of_work(reading=True) as session:
        over = select(StoredFile.id, StoredFile.key, StoredFile.has_thumbnail).where(
            col(StoredFile.kept_until) <= before
        )
        doomed = session.exec(over.order_by(col(StoredFile.kept_until)).limit(limit)).all()
    if not doomed:
        return 0
    for _, key, has_thumbnail in doomed:
        file_store().delete(key)
        if has_thumbnail:
            file_store().delete(thumbnail_of(key))
    with unit_of_work() as session:
        gone = delete(StoredFile).where(
            col(StoredFile.id).in_([number for number, _, _ in doomed]), col(StoredFile.kept_until) <= before
        )
        return session.exec(gone).rowcount


def sweep_strays(*, shard: str = "") -> int:
    """Remove bytes of one shard that are older than a day and that no row knows; how many.

    Without a shard it is the one whose turn it is now. Bytes are written before their row: those of an upload under
    way are younger. Nothing is removed, and it is logged, when there are more strays than uploads can have left.
    """
    shard = shard or SHARDS[int(now().timestamp() // SHARD_SECONDS) % len(SHARDS)]
    old = [stored for stored in file_store().list_shard(shard) if now() - stored.written_at > KEPT_WITHOUT_A_ROW]
    if not old:
        return 0
    with unit_of_work(reading=True) as session:
        known = _known_keys(session, sorted({stored.name[:KEY_LENGTH] for stored in old}))
        is_ours = bool(known) or session.exec(select(StoredFile.id).limit(1)).first() is not None
    strays = [stored for stored in old if not _is_known(stored, known)]
    if strays and (not is_ours or len(strays) > max(ORDINARY_STRAYS, len(known))):
        log.error("the file store holds %s files that no row knows, and may be another database's", len(strays))
        return 0
    for stray in strays:
        file_store().delete_stray(stray)
    return len(strays)


def _is_known(stored: Stored, known: set[str]) -> bool:
    key, ending = stored.name[:KEY_LENGTH], stored.name[KEY_LENGTH:]
    return key in known and ending in ("", thumbnail_of(""))


def _known_keys(session: Session, keys: list[str]) -> set[str]:
    known: set[str] = set()
    for first in range(0, len(keys), KEYS_AT_ONCE):
        asked = keys[first : first + KEYS_AT_ONCE]
        known |= set(session.exec(select(StoredFile.key).where(col(StoredFile.key).in_(asked))))
    return known

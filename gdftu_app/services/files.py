"""Private files (附件) taken in, handed in with a request, and let go (design §3, decision 0016)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, insert, or_, update
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.integrations.file_store import Missing, file_store, new_key, thumbnail_of
from gdftu_app.models.accounts import Account
from gdftu_app.models.files import StoredFile
from gdftu_app.models.tables import run, table_of
from gdftu_app.queries.files import waiting_bytes
from gdftu_app.services.audit import record
from gdftu_app.services.file_examination import ExaminedFile, examine

# From uploading to the first step that mentions the file, and from each such step to the next.
KEPT_AT_FIRST, KEPT_FOR_DRAFTS = timedelta(days=1), timedelta(days=30)


class TooMuchWaiting(InvalidInput):
    """The account has uploaded as much as it may without handing it in."""

    code = "too_much_waiting"
    default = msg("上传后没有提交的文件已达 {limit} MB。请先提交申请，或删除不用的文件后再上传。")


class FileLost(InvalidInput):
    """The file is not there for this account, or belongs to something else; one message for all."""

    code = "file_lost"
    default = msg("附件已失效，请重新上传。")


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it was kept, which is not quite as it came; `size` is in bytes."""

    key: str
    name: str
    content_type: str
    size: int
    has_thumbnail: bool


def keep_upload(session: Session, *, account_id: int, name: str, content: bytes) -> KeptFile:
    """Examine a file, keep its bytes and enter it; nobody but its uploader sees it until it is handed in.

    Examining takes up to some seconds: a server takes the steps one by one, the first two in no transaction.

    Raises:
        InvalidInput: as `examine` says, or `TooMuchWaiting`; its field is `file`.
        StoreTrouble: the store did not take the bytes.
    """
    examined = examine(name, content)
    return enter(session, account_id=account_id, key=keep_bytes(examined), examined=examined)


def keep_bytes(examined: ExaminedFile) -> str:
    """Write the bytes of a file, before there is a row of it; the key they are found by."""
    key = new_key()
    if examined.thumbnail is not None:
        file_store().write(thumbnail_of(key), examined.thumbnail)
    file_store().write(key, examined.content)
    return key


def enter(session: Session, *, account_id: int, key: str, examined: ExaminedFile) -> KeptFile:
    """Enter a file whose bytes were written, as its uploader's; it goes after a day unless it is handed in.

    Raises `TooMuchWaiting` beyond what an account may keep so; the bytes are then collected as garbage.
    """
    # The uploads of one account are entered one by one, so that all of them are counted.
    session.exec(select(Account.id).where(Account.id == account_id).with_for_update()).one()
    check_room(session, account_id=account_id, size=len(examined.content))
    file = StoredFile(
        key=key,
        account_id=account_id,
        content_type=examined.file_type,
        name=examined.name,
        size=len(examined.content),
        width=examined.width,
        height=examined.height,
        has_thumbnail=examined.thumbnail is not None,
        kept_until=now() + KEPT_AT_FIRST,
    )
    session.add(file)
    session.flush()
    record(
        session,
        "files:upload",
        account_id=account_id,
        subject=f"files:{file.id}",
        detail={"content_type": file.content_type, "size": file.size},
    )
    return KeptFile(key, file.name, file.content_type, file.size, file.has_thumbnail)


def check_room(session: Session, *, account_id: int, size: int = 0) -> None:
    """Raise `TooMuchWaiting` when so many more bytes are too many for the account."""
    limit = settings().uploads_waiting_mb
    if waiting_bytes(session, account_id=account_id) + size > limit * 1024**2:
        raise TooMuchWaiting(field="file", limit=limit)


def attach(session: Session, *, account_id: int, key: str, subject: str, field: str) -> int:
    """Hand a file in with what it belongs to (`table:id`); the id of the file.

    From then on `queries.files.READERS` say who sees it, and it stays. Doing so twice changes nothing more.
    Raises `FileLost` beside `field` unless the file is the account's own, and free or already there.
    """
    file_id = _attached(session, account_id=account_id, key=key, subject=subject)
    if file_id is None:
        raise FileLost(field=field)
    return file_id


def attach_again(session: Session, *, account_id: int, key: str, subject: str, field: str, earlier: str = "") -> int:
    """The same for a request that takes up an earlier one: a file that belongs to that is copied, under a new key.

    Where colleagues may take up each other's requests, `earlier` is what that file belongs to (`table:id`), whoever
    uploaded it; the copy is the account's.
    """
    file_id = _attached(session, account_id=account_id, key=key, subject=subject)
    if file_id is None:
        file_id = take(session, account_id=account_id, key=key, field=field, earlier=earlier)
        hand_in(session, file_ids=[file_id], subject=subject)
    return file_id


def take(session: Session, *, account_id: int, key: str, field: str, earlier: str = "") -> int:
    """The id of a file for a row that is not written yet and has no id to attach it to; `hand_in` follows.

    It stays what it is until the transaction is over. A file that belongs to something already is copied, under a new
    key. Raises `FileLost` beside `field` unless the file is the account's own, or belongs to `earlier`.
    """
    is_theirs = col(StoredFile.account_id) == account_id
    if earlier:
        is_theirs = or_(is_theirs, col(StoredFile.subject) == earlier)
    file = session.exec(select(StoredFile).where(StoredFile.key == key, is_theirs).with_for_update()).first()
    if file is None or file.id is None or (file.kept_until is not None and file.kept_until <= now()):
        raise FileLost(field=field)
    return file.id if file.kept_until is not None else _copied(session, file, field, account_id)


def hand_in(session: Session, *, file_ids: Collection[int], subject: str) -> None:
    """Hand files in that were taken in this transaction; `subject` is what they belong to from now on (`table:id`)."""
    session.exec(
        update(StoredFile)
        .where(col(StoredFile.id).in_(file_ids), col(StoredFile.subject) == "")
        .values(subject=subject, kept_until=None)
    )


def prolong(session: Session, *, account_id: int, keys: Collection[str]) -> None:
    """Keep the files that a draft mentions for thirty days from now; keys of others change nothing."""
    session.exec(
        update(StoredFile)
        .where(
            col(StoredFile.key).in_(keys),
            col(StoredFile.account_id) == account_id,
            col(StoredFile.kept_until) > now(),
        )
        .values(kept_until=now() + KEPT_FOR_DRAFTS)
    )


def discard(session: Session, *, account_id: int, key: str) -> None:
    """Let go of a file that was not handed in: nobody sees it any more, and it is soon collected."""
    let_go = update(StoredFile).where(
        col(StoredFile.key) == key, col(StoredFile.account_id) == account_id, col(StoredFile.kept_until) > now()
    )
    file_id = session.exec(let_go.values(kept_until=now()).returning(col(StoredFile.id))).scalar()
    if file_id is not None:
        record(session, "files:discard", account_id=account_id, subject=f"files:{file_id}")


def _attached(session: Session, *, account_id: int, key: str, subject: str) -> int | None:
    is_free = and_(col(StoredFile.subject) == "", col(StoredFile.kept_until) > now())
    taken = update(StoredFile).where(
        col(StoredFile.key) == key,
        col(StoredFile.account_id) == account_id,
        or_(is_free, col(StoredFile.subject) == subject),
    )
    return session.exec(taken.values(subject=subject, kept_until=None).returning(col(StoredFile.id))).scalar()


def _copied(session: Session, file: StoredFile, field: str, account_id: int) -> int:
    key, files = new_key(), table_of(StoredFile)
    try:
        if file.has_thumbnail:
            file_store().copy(thumbnail_of(file.key), thumbnail_of(key))
        file_store().copy(file.key, key)
    except Missing:
        raise FileLost(field=field) from None
    moment = now()
    copied = {"key": key, "account_id": account_id, "subject": "", "created_at": moment}
    row = insert(files).values(file.model_dump(exclude={"id"}) | copied | {"kept_until": moment + KEPT_AT_FIRST})
    return int(run(session, row.returning(files.c.id)).scalar_one())

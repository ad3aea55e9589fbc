"""Private files (附件) found again: by whom, is asked at each download (design §3)."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from gdftu_app.clock import now
from gdftu_app.errors import NotFound
from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.files import StoredFile
from gdftu_app.models.registrations import Registration
from gdftu_app.security.actors import get_actor
from gdftu_app.security.permissions import Permission

_KEY = re.compile(r"[\w-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class FileInfo:
    """What is known of a file; `name` ends as its type does, `size` is in bytes."""

    key: str
    name: str
    content_type: str
    size: int
    has_thumbnail: bool


def find_file(session: Session, *, account_id: int, key: str) -> FileInfo | None:
    """The file of a key, if this account may see it; None for any other reason as well.

    A file that was not handed in yet is its uploader's alone, and only until its time is over.
    """
    if not _KEY.fullmatch(key):
        return None
    file = session.exec(select(StoredFile).where(StoredFile.key == key)).first()
    return _info(file) if file is not None and _may_see(session, account_id, file) else None


def files_by_id(session: Session, ids: Collection[int]) -> dict[int, FileInfo]:
    """The files of rows that their reader was already let see; whoever downloads one is asked again."""
    if not ids:
        return {}
    found = session.exec(select(StoredFile).where(col(StoredFile.id).in_(ids)))
    return {file.id: _info(file) for file in found if file.id is not None}


def waiting_bytes(session: Session, *, account_id: int) -> int:
    """How much an account has uploaded and not handed in, in bytes."""
    waiting = select(func.coalesce(func.sum(StoredFile.size), 0)).where(
        StoredFile.account_id == account_id, col(StoredFile.kept_until) > now()
    )
    return int(session.exec(waiting).one())


def _info(file: StoredFile) -> FileInfo:
    return FileInfo(file.key, file.name, file.content_type, file.size, file.has_thumbnail)


def _may_see(session: Session, account_id: int, file: StoredFile) -> bool:
    if file.kept_until is not None:
        return file.account_id == account_id and file.kept_until > now()
    table, _, number = file.subject.partition(":")
    reader = READERS.get(table)
    return reader is not None and reader(session, account_id, int(number))


def _reads_registration(session: Session, account_id: int, registration_id: int) -> bool:
    """The applicant, and the reviewers of the very union that is asked."""
    asked = select(Registration.submitted_by_id, Registration.reviewing_union_id).where(
        Registration.id == registration_id
    )
    row = session.exec(asked).first()
    if row is None:
        return False
    submitted_by, reviewing = row
    return submitted_by == account_id or _may(session, account_id, reviewing, Permission.REGISTRATIONS_REVIEW)


def _reads_change_request(session: Session, account_id: int, request_id: int) -> bool:
    """Who submitted it, who edits the union itself, and the reviewers of the very union that is asked."""
    asked = select(ChangeRequest.submitted_by_id, ChangeRequest.union_id, ChangeRequest.reviewing_union_id).where(
        ChangeRequest.id == request_id
    )
    row = session.exec(asked).first()
    if row is None:
        return False
    submitted_by, union_id, reviewing = row
    return (
        submitted_by == account_id
        or _may(session, account_id, union_id, Permission.UNIONS_EDIT)
        or _may(session, account_id, reviewing, Permission.CHANGES_REVIEW)
    )


def _may(session: Session, account_id: int, union_id: int, permission: Permission) -> bool:
    try:
        return get_actor(session, account_id=account_id, union_id=union_id).may(permission)
    except NotFound:
        return False


READERS: dict[str, Callable[[Session, int, int], bool]] = {
    "registrations": _reads_registration,
    "change_requests": _reads_change_request,
}
"""By the table that files are handed in to: whether an account sees those of one of its rows."""

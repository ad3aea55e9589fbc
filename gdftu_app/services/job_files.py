"""Files of jobs (任务文件): uploaded workbooks and results, sealed in the file store, let go when their time is over.

They stand in the table of files, so that the sweep of strays knows them, but are nobody's to read by their key: only
the job's own address gives them out.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import update
from sqlmodel import Session, col

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.integrations.file_store import Missing, file_store, new_key
from gdftu_app.models.files import StoredFile
from gdftu_app.security.keys import key_for, master_secret

PURPOSE, NONCE_BYTES, CONTENT_TYPE = "job files", 12, "xlsx"


def write_sealed(content: bytes) -> str:
    """Write bytes into the store, readable with the installation's key only; the key they are found by.

    Raises `StoreTrouble`. Until `enter_file` they are a stray, which is swept away after a day.
    """
    key = new_key()
    file_store().write(key, _sealed(key, content))
    return key


def read_sealed(key: str) -> bytes:
    """The bytes as they were written; raises `Missing`, also for what cannot be opened, and `StoreTrouble`."""
    return _opened(key, file_store().read(key))[0]


def renew_seal(key: str) -> bool:
    """Seal the bytes anew when an earlier key of the installation sealed them; whether it did.

    Raises `Missing`, also for what cannot be opened, and `StoreTrouble`.
    """
    content, secret = _opened(key, file_store().read(key))
    if secret == master_secret():
        return False
    file_store().write(key, _sealed(key, content))
    return True


def _sealed(key: str, content: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key_for(PURPOSE, secret=master_secret())).encrypt(nonce, content, key.encode())


def _opened(key: str, kept: bytes) -> tuple[bytes, bytes]:
    """The bytes, and the secret under which they were sealed."""
    for secret in (master_secret(), *settings().earlier_secrets()):
        try:
            opener = AESGCM(key_for(PURPOSE, secret=secret))
            return opener.decrypt(kept[:NONCE_BYTES], kept[NONCE_BYTES:], key.encode()), secret
        except (InvalidTag, ValueError):
            continue
    raise Missing


def enter_file(session: Session, key: str, *, account_id: int, job_id: int, name: str, size: int) -> None:
    """Enter a file that was written as the job's, so that it stays."""
    subject = f"jobs:{job_id}"
    session.add(
        StoredFile(
            key=key, account_id=account_id, content_type=CONTENT_TYPE, name=name[:200], size=size, subject=subject
        )
    )
    session.flush()


def let_go(session: Session, *, job_id: int, key: str = "") -> None:
    """Give the files of a job, or one of them, over to the collection of garbage."""
    mine = update(StoredFile).where(col(StoredFile.subject) == f"jobs:{job_id}")
    if key:
        mine = mine.where(col(StoredFile.key) == key)
    session.exec(mine.values(subject="", kept_until=now()))

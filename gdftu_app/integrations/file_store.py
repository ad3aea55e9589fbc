"""The file store (附件存储): bytes under random names, in a private folder or in a bucket (decision 0016)."""

import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fsspec import AbstractFileSystem
from fsspec.implementations.local import LocalFileSystem

from gdftu_app.config import PROJECT_FOLDER, Settings, settings
from gdftu_app.errors import Misconfigured
from gdftu_app.integrations.buckets import bucket_files

# A shard holds the names that begin with its letter: the alphabet of `secrets.token_urlsafe`.
SHARDS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_NAME = re.compile(r"[\w-]{43}(?:\.thumbnail)?", re.ASCII)
_BUCKET = re.compile(r"s3://[^/]+(?:/.*)?")


class StoreTrouble(Exception):
    """The store did not do what was asked; the text says in one word why, and names no file."""


class Missing(Exception):
    """There are no bytes of that name."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What a shard holds: a name and when its bytes were written."""

    name: str
    written_at: datetime


def new_key() -> str:
    """A name nobody can guess: 256 bits, 43 characters."""
    return secrets.token_urlsafe(32)


def thumbnail_of(key: str) -> str:
    """The name of the thumbnail that belongs to a file."""
    return f"{key}.thumbnail"


class FileStore:
    """Bytes by name; a name is a key of `new_key`, or its thumbnail's. Every method may take a while, and may raise
    `StoreTrouble`.
    """

    def __init__(self, files: AbstractFileSystem, root: str) -> None:
        self._files, self._root = files, root

    def __str__(self) -> str:
        return f"s3://{self._root}"

    def write(self, name: str, content: bytes) -> None:
        """Keep the bytes; from then on they are there whole, before that not at all."""
        try:
            self._try(self._put, self._path(name), content)
        except Missing:
            raise StoreTrouble("NowhereToWrite") from None

    def read(self, name: str) -> bytes:
        """The bytes; raises `Missing` when there are none."""
        return self._try(self._files.cat_file, self._path(name))

    def copy(self, name: str, new_name: str) -> None:
        """Keep the same bytes under another name as well; raises `Missing` when there are none."""
        self._try(self._files.cp_file, self._path(name), self._path(new_name))

    def delete(self, name: str) -> None:
        """Remove the bytes, if there are any."""
        with suppress(Missing):
            self._try(self._files.rm_file, self._path(name))

    def list_shard(self, shard: str) -> list[Stored]:
        """Everything in one of the `SHARDS`, also what a broken-off write left behind."""
        try:
            found: list[dict[str, Any]] = self._try(self._files.ls, f"{self._root}/{shard}", detail=True, refresh=True)
        except Missing:
            return []
        return [_stored(entry) for entry in found if entry["type"] == "file" and _base(entry).startswith(shard)]

    def delete_stray(self, stray: Stored) -> None:
        """Remove what `list_shard` has found, whatever its name."""
        with suppress(Missing):
            self._try(self._files.rm_file, f"{self._root}/{stray.name[0]}/{stray.name}")

    def probe(self) -> None:
        """Write, read and remove a few bytes; raises `StoreTrouble` when they do not come back as they went."""
        name, content = new_key(), secrets.token_bytes(64)
        self.write(name, content)
        try:
            if self.read(name) != content:
                raise StoreTrouble("Altered")
        except Missing:
            raise StoreTrouble("Lost") from None
        finally:
            self.delete(name)

    def _put(self, path: str, content: bytes) -> None:
        self._files.pipe_file(path, content)

    def _path(self, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise ValueError("not a name of the file store")
        return f"{self._root}/{name[0]}/{name}"

    def _try(self, action: Any, *arguments: Any, **options: Any) -> Any:
        try:
            return action(*arguments, **options)
        except FileNotFoundError:
            raise Missing from None
        except Exception as reason:  # of the client, its HTTP library or the machine, without a common base
            raise StoreTrouble(type(reason).__name__) from reason


class Folder(FileStore):
    """The store as a folder that nobody else on the machine may look into."""

    def __init__(self, root: Path) -> None:
        super().__init__(LocalFileSystem(skip_instance_cache=True), str(root))

    def __str__(self) -> str:
        return self._root

    def copy(self, name: str, new_name: str) -> None:
        """Keep the same bytes under another name as well, as if written now."""
        self.write(new_name, self.read(name))

    def _put(self, path: str, content: bytes) -> None:
        folder, name = Path(path).parent, Path(path).name
        for missing in (Path(self._root), folder):
            missing.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = folder / f"{name}.{secrets.token_hex(4)}.part"
        opened = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(opened, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(folder / name)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    """Let the name outlive a power cut as the bytes do."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


_made: tuple[int, Settings, FileStore] | None = None


def file_store() -> FileStore:
    """The store of this process for the configured address, made at first use (workers are forked).

    Raises `Misconfigured` for an address that is neither a folder nor a bucket, or half a pair of keys.
    """
    global _made
    if _made is None or _made[0] != os.getpid() or _made[1] is not settings():
        _made = (os.getpid(), settings(), _store(settings()))
    return _made[2]


def _store(configured: Settings) -> FileStore:
    url = configured.files_url
    if _BUCKET.fullmatch(url):
        return FileStore(bucket_files(configured), url.removeprefix("s3://").rstrip("/"))
    if "://" in url.removeprefix("file://"):
        raise Misconfigured("GDFTU_FILES_URL 应为文件夹，或 s3://存储桶/前缀。")
    folder = Path(url.removeprefix("file://")) if url else configured.data_dir / "files"
    return Folder(folder if folder.is_absolute() else PROJECT_FOLDER / folder)


def _base(entry: dict[str, Any]) -> str:
    return str(entry["name"]).rpartition("/")[2]


def _stored(entry: dict[str, Any]) -> Stored:
    written: Any = entry.get("LastModified")
    return Stored(_base(entry), written or datetime.fromtimestamp(entry["mtime"], UTC))

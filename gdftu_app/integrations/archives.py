"""Archives (备份文件): named pieces one after the other, compressed, written and read in one go with little memory."""

import gzip
import io
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

COMPRESSION = 1


class Damaged(Exception):
    """The file is no archive, or part of it is missing or changed."""


class ArchiveWriter:
    """Writes a new file that only its owner may read; it is there under its name once it is whole.

    Raises `FileExistsError` when there is a file of that name.
    """

    def __init__(self, path: Path) -> None:
        if path.exists():
            raise FileExistsError(path)
        self._path, self._partial = path, path.with_name(f"{path.name}.part")

    def __enter__(self) -> Self:
        opened = os.open(self._partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._closing = ExitStack()
        self._file = self._closing.enter_context(os.fdopen(opened, "wb"))
        packed = self._closing.enter_context(gzip.GzipFile(fileobj=self._file, mode="wb", compresslevel=COMPRESSION))
        self._tar: Any = self._closing.enter_context(tarfile.open(fileobj=packed, mode="w|"))
        return self

    def add(self, name: str, content: bytes) -> None:
        """Append a piece."""
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(content), 0o600
        self._tar.addfile(entry, io.BytesIO(content))
        # The list of all pieces would grow with the files of an installation.
        self._tar.members = []

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()
        if error is not None:
            self._partial.unlink(missing_ok=True)
            return
        with self._partial.open("rb") as written:
            os.fsync(written.fileno())
        self._partial.replace(self._path)


def read_archive(path: Path) -> Iterator[tuple[str, bytes]]:
    """The pieces in their order, each whole in memory; raises `Damaged` where the file ends or is not as written."""
    try:
        with gzip.open(path, "rb") as packed, tarfile.open(fileobj=cast("BinaryIO", packed), mode="r|") as opened:
            tar: Any = opened
            while (entry := tar.next()) is not None:
                piece = tar.extractfile(entry)
                if piece is None:
                    raise Damaged(path)
                yield entry.name, piece.read()
                tar.members = []
            # The checksum stands at the very end.
            while packed.read(io.DEFAULT_BUFFER_SIZE):
                pass
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error) as reason:
        raise Damaged(path) from reason

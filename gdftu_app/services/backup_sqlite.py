"""SQLite in a backup: the file as it was at one moment, copied while others read and write."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection, DatabaseError
from tempfile import TemporaryDirectory
from typing import Any, cast

from gdftu_app.db import engine, make_engine
from gdftu_app.integrations.archives import Damaged
from gdftu_app.services.backup_pieces import PIECE_BYTES, VERSIONS, KnownFile, Piece, in_pieces

PREFIX = "database"


class SqliteCopy:
    """A copy of the database beside the archive, until it is left."""

    def __init__(self, folder: Path) -> None:
        self._beside = folder

    def __enter__(self) -> "SqliteCopy":
        self._folder = TemporaryDirectory(prefix=".gdftu-", dir=self._beside)
        self._path = Path(self._folder.name) / "copy.sqlite3"
        with opened(str(engine().url)) as source, opened(f"sqlite:///{self._path}") as target:
            source.backup(target)
        return self

    def __exit__(self, *_error: object) -> None:
        self._folder.cleanup()

    @property
    def revision(self) -> str:
        """The revision of the schema."""
        return str(self._rows(f"SELECT version_num FROM {VERSIONS}")[0][0])  # noqa: S608  (a name of ours)

    def pieces(self) -> Iterator[Piece]:
        """The file, in pieces."""
        with self._path.open("rb") as file:
            yield from in_pieces(PREFIX, iter(lambda: file.read(PIECE_BYTES), b""))

    def files(self) -> list[KnownFile]:
        """The files that the copy knows of."""
        return [KnownFile(key, bool(small)) for key, small in self._rows("SELECT key, has_thumbnail FROM files")]

    def _rows(self, question: str) -> list[Any]:
        with opened(f"sqlite:///{self._path}") as copy:
            return copy.execute(question).fetchall()


class SqliteLoading:
    """Pieces gathered beside the database, which takes them over at once when they are whole."""

    def __enter__(self) -> "SqliteLoading":
        place = Path(str(engine().url.database)).parent
        self._folder = TemporaryDirectory(prefix=".gdftu-", dir=place)
        self._path = Path(self._folder.name) / "copy.sqlite3"
        return self

    def __exit__(self, *_error: object) -> None:
        self._folder.cleanup()

    def take(self, name: str, content: bytes) -> None:
        """Take the next piece."""
        with self._path.open("ab") as file:
            file.write(content)

    def finish(self) -> None:
        """Put the copy in the place of the empty database; raises `Damaged`."""
        try:
            with opened(f"sqlite:///{self._path}") as copy, opened(str(engine().url)) as live:
                if copy.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,):
                    raise Damaged(PREFIX)
                copy.backup(live)
        except DatabaseError as reason:
            raise Damaged(PREFIX) from reason


@contextmanager
def opened(url: str) -> Generator[Connection]:
    """The driver's connection to a file, which is closed again, so that nothing is left beside the file."""
    made = make_engine(url)
    try:
        connection = made.raw_connection()
        yield cast("Connection", connection.dbapi_connection)
        connection.close()
    finally:
        made.dispose()

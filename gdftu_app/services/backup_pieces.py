"""What a copy of either database is made of (备份): pieces with names, and the files that the database knows of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PIECE_BYTES = 8 * 1024 * 1024
VERSIONS = "alembic_version"
Piece = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file of the store: the key of its bytes, and whether there is a thumbnail."""

    key: str
    has_thumbnail: bool


def in_pieces(name: str, chunks: Iterable[bytes]) -> Iterator[Piece]:
    """A stream as pieces `name/0`, `name/1` … of some eight megabytes."""
    number, kept, size = 0, list[bytes](), 0
    for chunk in chunks:
        kept.append(chunk)
        size += len(chunk)
        if size >= PIECE_BYTES:
            yield f"{name}/{number}", b"".join(kept)
            number, kept, size = number + 1, [], 0
    if kept:
        yield f"{name}/{number}", b"".join(kept)

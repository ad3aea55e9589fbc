"""Backups (备份与恢复): database and files in one archive, and an empty installation made the same from it.

The archive holds what is sealed, and no key: without the installation's secret it opens nowhere (decision 0032).
"""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import inspect, text
from sqlmodel import Session

from gdftu_app.clock import now
from gdftu_app.db import engine, unit_of_work
from gdftu_app.integrations.archives import ArchiveWriter, Damaged, read_archive
from gdftu_app.integrations.file_store import SHARDS, Missing, file_store, thumbnail_of
from gdftu_app.security.keys import keyed_digest
from gdftu_app.security.personal_data import known_keys, present_key
from gdftu_app.services.backup_pieces import VERSIONS, Piece
from gdftu_app.services.backup_postgres import PostgresCopy, PostgresLoading
from gdftu_app.services.backup_sqlite import SqliteCopy, SqliteLoading
from gdftu_app.services.migrations import is_known, revision, upgrade

FORMAT = 1
MANIFEST, FILES, END = "manifest.json", "files", "end.json"
Report = Callable[[str, int], None]


class Unrestorable(Exception):
    """The archive cannot be brought back here; the text says why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself: `key` and `lookup` tell the secrets it needs, and nothing about them."""

    format: int
    made_at: str
    program: str
    database: str
    revision: str
    key: str
    lookup: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What an archive holds: files, and files of which the store had no bytes any more when their turn came."""

    files: int = 0
    missing: int = 0


def back_up(path: Path, report: Report = lambda _part, _count: None) -> Kept:
    """Write database and files into a new archive, while the platform runs; `report` hears of parts and counts.

    All is as it was when the database was copied: bytes are older than the rows that know of them. Raises
    `FileExistsError`, `OSError` and `StoreTrouble`; there is no archive then.
    """
    with _copy(path.parent) as copy, ArchiveWriter(path) as archive:
        archive.add(MANIFEST, _json(_manifest(copy.revision)))
        for number, (name, content) in enumerate(copy.pieces(), start=1):
            archive.add(name, content)
            report("database", number)
        files = missing = 0
        for file in copy.files():
            for name in (file.key, *([thumbnail_of(file.key)] if file.has_thumbnail else [])):
                try:
                    archive.add(f"{FILES}/{name}", file_store().read(name))
                    files += 1
                except Missing:
                    missing += 1
            report(FILES, files)
        kept = Kept(files, missing)
        archive.add(END, _json(kept))
    return kept


def bring_back(path: Path, report: Report = lambda _part, _count: None) -> tuple[Manifest, Kept]:
    """Make an empty installation what an archive holds; nothing else may run meanwhile.

    Raises `Unrestorable`, `Damaged`, `OSError` and `StoreTrouble`; database and files are empty still then.
    """
    pieces = read_archive(path)
    manifest = _read_manifest(next(pieces, None))
    _require_matching(manifest)
    _require_empty()
    upgrade(to=manifest.revision)
    _require_revision(manifest)
    written: list[str] = []
    try:
        kept = _load(pieces, written, report)
    except BaseException:
        for name in written:
            with suppress(Exception):
                file_store().delete(name)
        raise
    return manifest, kept


def _load(pieces: Iterator[Piece], written: list[str], report: Report) -> Kept:
    kept: Kept | None = None
    with SqliteLoading() if engine().dialect.name == "sqlite" else PostgresLoading() as loading:
        for number, (name, content) in enumerate(pieces, start=1):
            if name == END:
                kept = Kept(**json.loads(content))
            elif name.startswith(f"{FILES}/"):
                key = name.removeprefix(f"{FILES}/")
                written.append(key)
                file_store().write(key, content)
                report(FILES, len(written))
            else:
                loading.take(name, content)
                report("database", number)
        if kept is None or kept.files != len(written):
            raise Damaged(END)
        loading.finish()
    return kept


def _copy(folder: Path) -> SqliteCopy | PostgresCopy:
    return SqliteCopy(folder) if engine().dialect.name == "sqlite" else PostgresCopy()


def _manifest(present_revision: str) -> Manifest:
    return Manifest(
        format=FORMAT,
        made_at=now().isoformat(timespec="seconds"),
        program=version("gdftu-app"),
        database=engine().dialect.name,
        revision=present_revision,
        key=present_key().id,
        lookup=_lookup(),
    )


def _lookup() -> str:
    return keyed_digest("backup", "lookup secret")[:8]


def _json(told: Manifest | Kept) -> bytes:
    return json.dumps(asdict(told)).encode()


def _read_manifest(piece: Piece | None) -> Manifest:
    if piece is None or piece[0] != MANIFEST:
        raise Damaged(MANIFEST)
    told = json.loads(piece[1])
    if told.get("format") != FORMAT:
        raise Unrestorable("备份的格式与本程序不符，请使用制作备份时的程序版本。")
    return Manifest(**told)


def _require_matching(manifest: Manifest) -> None:
    here = engine().dialect.name
    if manifest.database != here:
        raise Unrestorable(f"备份来自 {manifest.database} 数据库，不能恢复到 {here}。")
    if not is_known(manifest.revision):
        raise Unrestorable(f"备份来自更新的程序版本（{manifest.program}，结构 {manifest.revision}），请先升级程序。")
    if manifest.key not in {key.id for key in known_keys()} or manifest.lookup != _lookup():
        raise Unrestorable(
            "备份是用另外的密钥加密的。请把 GDFTU_SECRET_KEY（和 GDFTU_LOOKUP_SECRET_KEY，如有）设为制作备份时的值；"
            "演示环境请把原数据目录中的 secret.key 复制过来。"
        )


def _require_empty() -> None:
    with unit_of_work(reading=True) as session:
        filled = _filled_table(session)
    if filled:
        raise Unrestorable(f"数据库不是空的（{filled} 中有数据），只能恢复到新的空数据库。")
    if any(file_store().list_shard(shard) for shard in SHARDS):
        raise Unrestorable(f"文件存储 {file_store()} 不是空的，只能恢复到空的文件夹或前缀。")


def _require_revision(manifest: Manifest) -> None:
    with unit_of_work(reading=True) as session:
        present = revision(session)
    if present != manifest.revision:
        raise Unrestorable(f"数据库结构（{present}）比备份（{manifest.revision}）新，请换一个全新的空数据库。")


def _filled_table(session: Session) -> str:
    """A table with rows; empty when there is none."""
    connection = session.connection()
    quote = connection.dialect.identifier_preparer.quote
    for table in inspect(connection).get_table_names():
        if table != VERSIONS and connection.execute(text(f"SELECT 1 FROM {quote(table)} LIMIT 1")).first():  # noqa: S608  (names of the schema)
            return table
    return ""

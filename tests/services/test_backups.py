"""Backups: what is brought back is what was there, and nothing is brought back by halves."""

import gzip
import stat
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text
from sqlmodel import col, select

from gdftu_app.config import settings
from gdftu_app.db import engine, unit_of_work
from gdftu_app.integrations.archives import ArchiveWriter, Damaged, read_archive
from gdftu_app.integrations.file_store import file_store, new_key, thumbnail_of
from gdftu_app.models.accounts import Account
from gdftu_app.models.files import StoredFile
from gdftu_app.models.unions import Union
from gdftu_app.queries.accounts import phone_of
from gdftu_app.services import backup_pieces, backups
from gdftu_app.services.accounts import open_account
from gdftu_app.services.audit import record
from gdftu_app.services.audit_chain import seal_entries
from gdftu_app.services.audit_chain import verify as verify_audit
from gdftu_app.services.backups import Unrestorable, back_up, bring_back
from gdftu_app.services.figure_checks import verify as verify_figures
from gdftu_app.services.outbox import post
from tests.factories import id_of, make_account, make_federation, make_file, make_member

PHONE = "+8619912345678"


@pytest.fixture
def installation(own_database, new_database, tmp_path, monkeypatch) -> Callable[[str], None]:
    """Become another installation, with files and database of its own; the first one has data."""
    kind = "sqlite" if own_database.startswith("sqlite") else "postgresql"
    databases = {"first": own_database}

    def become(name: str) -> None:
        engine().dispose()
        databases.setdefault(name, new_database(kind))
        monkeypatch.setenv("GDFTU_DATA_DIR", str(tmp_path / name))
        monkeypatch.setenv("GDFTU_DATABASE_URL", databases[name])
        settings.cache_clear()

    become("first")
    with unit_of_work() as session:
        world = make_federation(session)
        for number in range(3):
            make_member(session, world.factory, name=f"陈\\{number}\t一")
        account, _ = open_account(session, PHONE)
        file = make_file(session, id_of(account))
        file.has_thumbnail = True
        post(session, PHONE, "sign_in", "验证码\n123456")
        record(session, "articles:edit", subject="articles:1", detail={"标题": "通知"})
        session.flush()
        seal_entries(session)
        file_store().write(file.key, b"a certificate")
        file_store().write(thumbnail_of(file.key), b"a small one")
    return become


def contents() -> dict[str, list[str]]:
    """Every row of every table."""
    with unit_of_work(reading=True) as session:
        connection = session.connection()
        tables = inspect(connection).get_table_names()
        return {
            table: sorted(str(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{table}"')))
            for table in tables
        }


def test_what_is_brought_back_is_what_was_there(installation, tmp_path, monkeypatch):
    monkeypatch.setattr(backup_pieces, "PIECE_BYTES", 50)
    before = contents()

    kept = back_up(tmp_path / "backup")
    installation("second")
    manifest, brought = bring_back(tmp_path / "backup")

    assert contents() == before
    assert (kept.files, kept.missing, brought) == (2, 0, kept)
    assert manifest.database == engine().dialect.name
    with unit_of_work() as session:
        key = session.exec(select(StoredFile.key)).one()
        assert (file_store().read(key), file_store().read(thumbnail_of(key))) == (b"a certificate", b"a small one")
        assert phone_of(session.exec(select(Account).where(Account.person_id == None)).one()) == PHONE  # noqa: E711  (SQL)
        assert verify_figures(session) == []
        assert verify_audit(session).is_sound


def test_rows_are_numbered_on_where_they_were(installation, tmp_path):
    with unit_of_work() as session:
        last = id_of(make_account(session))
    with unit_of_work() as session:
        session.delete(session.get_one(Account, last))
    back_up(tmp_path / "backup")

    installation("second")
    bring_back(tmp_path / "backup")

    with unit_of_work() as session:
        added = id_of(make_account(session))
        assert added > max(number or 0 for number in session.exec(select(Account.id).where(col(Account.id) != added)))


def test_the_archive_is_its_owners_alone_and_shows_no_number(installation, tmp_path):
    back_up(tmp_path / "backup")

    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600
    assert b"19912345678" not in gzip.decompress((tmp_path / "backup").read_bytes())
    assert settings().secret_key.get_secret_value().encode() not in gzip.decompress((tmp_path / "backup").read_bytes())


def test_an_archive_takes_nobodys_place(installation, tmp_path):
    (tmp_path / "backup").write_text("something else")

    with pytest.raises(FileExistsError):
        back_up(tmp_path / "backup")

    assert (tmp_path / "backup").read_text() == "something else"


def test_others_work_while_a_backup_is_written_and_are_not_in_it(installation, tmp_path):
    written = threading.Event()

    def elsewhere() -> None:
        with unit_of_work() as session:
            open_account(session, "+8619912345679")
        written.set()

    def report(part: str, number: int) -> None:
        if not written.is_set():
            threading.Thread(target=elsewhere).start()
            assert written.wait(30)

    before = contents()["accounts"]
    back_up(tmp_path / "backup", report)
    assert len(contents()["accounts"]) == len(before) + 1
    installation("second")
    bring_back(tmp_path / "backup")

    assert contents()["accounts"] == before


def test_files_that_are_gone_are_counted(installation, tmp_path):
    with unit_of_work(reading=True) as session:
        file_store().delete(session.exec(select(StoredFile.key)).one())

    kept = back_up(tmp_path / "backup")

    assert (kept.files, kept.missing) == (1, 1)


class TestRefusals:
    def test_an_installation_with_data_is_left_as_it_is(self, installation, tmp_path):
        back_up(tmp_path / "backup")
        before = contents()

        with pytest.raises(Unrestorable, match="数据库不是空的"):
            bring_back(tmp_path / "backup")

        assert contents() == before

    def test_a_store_with_files_is_left_as_it_is(self, installation, tmp_path):
        back_up(tmp_path / "backup")
        installation("second")
        file_store().write(new_key(), b"somebody's")

        with pytest.raises(Unrestorable, match="不是空的"):
            bring_back(tmp_path / "backup")

        assert _is_empty()

    def test_another_installations_secret_is_told(self, installation, tmp_path, monkeypatch):
        back_up(tmp_path / "backup")
        installation("second")
        monkeypatch.setenv("GDFTU_SECRET_KEY", "another-secret-that-is-long-enough-as-well")
        settings.cache_clear()

        with pytest.raises(Unrestorable, match="GDFTU_SECRET_KEY"):
            bring_back(tmp_path / "backup")

        assert _is_empty()

    def test_an_archive_of_something_else_is_told(self, installation, tmp_path, monkeypatch):
        kept = backups._manifest
        others = [({"format": 2}, "格式"), ({"revision": "9999"}, "升级程序"), ({"database": "oracle"}, "oracle")]
        for changed, told in others:
            of_others = partial(_of_something_else, kept, changed)
            monkeypatch.setattr(backups, "_manifest", of_others)
            back_up(tmp_path / told)
        installation("second")

        for _, told in others:
            with pytest.raises(Unrestorable, match=told):
                bring_back(tmp_path / told)

        assert _is_empty()

    def test_half_an_archive_leaves_nothing(self, installation, tmp_path):
        damages = ("cut", "changed", "nothing", "no end")
        for damage in damages:
            back_up(tmp_path / damage)
            _damage(tmp_path / damage, damage)
        installation("second")

        for damage in damages:
            with pytest.raises(Damaged):
                bring_back(tmp_path / damage)

        assert _is_empty()
        assert list((tmp_path / "second" / "files").glob("*/*")) == []


def _of_something_else(
    make: Callable[[str], backups.Manifest], changed: dict[str, Any], revision: str
) -> backups.Manifest:
    return replace(make(revision), **changed)


def _damage(path: Path, how: str) -> None:
    content = path.read_bytes()
    if how == "cut":
        path.write_bytes(content[: -len(content) // 4])
    elif how == "changed":
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :])
    elif how == "nothing":
        path.write_bytes(b"")
    else:
        pieces = [piece for piece in read_archive(path) if piece[0] != backups.END]
        path.unlink()
        with ArchiveWriter(path) as archive:
            for name, piece in pieces:
                archive.add(name, piece)


def _is_empty() -> bool:
    with unit_of_work(reading=True) as session:
        return session.exec(select(Union.id)).first() is None

"""`gdftu backup` and `gdftu restore`."""

import pytest
from typer.testing import CliRunner

from gdftu_app.cli import app
from gdftu_app.config import settings
from gdftu_app.db import engine, unit_of_work
from gdftu_app.models.unions import Union
from tests.factories import id_of, make_federation


@pytest.fixture
def installation(tmp_path, monkeypatch):
    """Become another installation, all of it in its data folder."""

    def become(name):
        engine().dispose()
        monkeypatch.setenv("GDFTU_DATA_DIR", str(tmp_path / name))
        monkeypatch.setenv("GDFTU_DATABASE_URL", "")
        settings.cache_clear()

    yield become
    engine().dispose()
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def filled(installation):
    """A union in an installation."""
    installation("first")
    assert run("db", "upgrade").exit_code == 0
    with unit_of_work() as session:
        return id_of(make_federation(session).city)


def run(*arguments):
    return CliRunner().invoke(app, arguments)


def test_an_installation_moves_to_an_empty_folder(installation, filled, tmp_path):
    written = run("backup", str(tmp_path / "backup"))
    installation("second")
    brought = run("restore", str(tmp_path / "backup"))

    assert (written.exit_code, brought.exit_code) == (0, 0)
    assert "数据库和 0 个文件" in written.stdout
    assert "密钥不在备份中" in written.stdout
    assert "已恢复" in brought.stdout
    with unit_of_work(reading=True) as session:
        assert session.get_one(Union, filled).id == filled


def test_what_stands_in_the_way_is_said(installation, filled, tmp_path):
    archive, half = tmp_path / "backup", tmp_path / "half"
    assert run("backup", str(archive)).exit_code == 0
    half.write_bytes(archive.read_bytes()[:1000])

    again, over = run("backup", str(archive)), run("restore", str(archive))
    missing = run("restore", str(tmp_path / "nowhere"))
    installation("second")
    broken = run("restore", str(half))

    assert [result.exit_code for result in (again, over, missing, broken)] == [1, 1, 1, 1]
    assert "已经存在" in again.stderr
    assert "数据库不是空的" in over.stderr
    assert "恢复没有完成" in missing.stderr
    assert "不完整或已损坏" in broken.stderr

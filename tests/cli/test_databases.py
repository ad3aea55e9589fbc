"""`gdftu db` and `gdftu doctor`."""

import pytest
from typer.testing import CliRunner

from gdftu_app.config import settings

runner = CliRunner()


@pytest.fixture
def app():
    from gdftu_app.cli import app

    return app


def test_a_database_that_is_behind_is_told_apart_from_one_that_is_not(app, monkeypatch, tmp_path):
    monkeypatch.setenv("GDFTU_DATABASE_URL", f"sqlite:///{tmp_path}/new.sqlite3")
    settings.cache_clear()

    behind = runner.invoke(app, ["db", "check"])
    upgraded = runner.invoke(app, ["db", "upgrade"])
    current = runner.invoke(app, ["db", "check"])

    monkeypatch.undo()
    settings.cache_clear()
    assert (behind.exit_code, upgraded.exit_code, current.exit_code) == (1, 0, 0)
    assert "gdftu db upgrade" in behind.stderr


def test_the_doctor_finds_nothing_wrong_with_a_good_installation(app, own_database):
    examined = runner.invoke(app, ["doctor"])

    assert examined.exit_code == 0, examined.output
    assert "✗" not in examined.output


def test_the_doctor_names_what_is_wrong(app, own_database, monkeypatch):
    monkeypatch.setenv("GDFTU_WORKERS", "3")
    settings.cache_clear()

    examined = runner.invoke(app, ["doctor"])

    monkeypatch.undo()
    settings.cache_clear()
    assert examined.exit_code == 1
    assert "GDFTU_REDIS_URL" in examined.stderr

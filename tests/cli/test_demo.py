"""`gdftu demo`."""

import pytest
from typer.testing import CliRunner

from gdftu_app.cli.demo import app
from gdftu_app.config import settings
from gdftu_app.db import unit_of_work
from tests.factories import make_union


def test_a_database_with_data_is_left_alone(own_database):
    with unit_of_work() as session:
        make_union(session)

    result = CliRunner().invoke(app, ["load"])

    assert result.exit_code == 1
    assert "数据库中已有数据" in result.stderr


def test_production_gets_no_invented_people(own_database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GDFTU_ENV", "production")
    settings.cache_clear()

    result = CliRunner().invoke(app, ["load"])

    assert result.exit_code == 1
    assert "不能加载演示数据" in result.stderr
    monkeypatch.undo()
    settings.cache_clear()


def test_numbers_are_for_the_bulk_scales(own_database):
    assert CliRunner().invoke(app, ["load", "--members", "50000"]).exit_code == 2

"""`gdftu figures`."""

import pytest
from sqlmodel import update
from typer.testing import CliRunner

from gdftu_app.cli.figures import app
from gdftu_app.db import unit_of_work
from gdftu_app.models.figures import UnionFigures
from tests.factories import make_federation, make_member


@pytest.fixture
def federation(own_database):
    with unit_of_work() as session:
        world = make_federation(session)
        make_member(session, world.factory)


@pytest.fixture
def spoilt(federation):
    with unit_of_work() as session:
        session.exec(update(UnionFigures).values(members_sub=UnionFigures.members_sub + 1))


def test_verifying_sound_figures_exits_0(federation):
    result = CliRunner().invoke(app, ["verify"])

    assert result.exit_code == 0
    assert result.stdout == "统计数与清点结果一致。\n"


def test_verifying_spoilt_figures_exits_1_and_names_them(spoilt):
    result = CliRunner().invoke(app, ["verify"])

    assert result.exit_code == 1
    assert "有 7 个统计数与清点结果不一致" in result.stderr
    assert "members_sub：应加 -1" in result.stderr
    assert "gdftu figures rebuild" in result.stderr


def test_rebuilding_mends_them(spoilt):
    assert CliRunner().invoke(app, ["rebuild"]).exit_code == 0

    assert CliRunner().invoke(app, ["verify"]).exit_code == 0

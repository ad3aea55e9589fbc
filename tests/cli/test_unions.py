"""`gdftu unions`: from an empty database to the first administrator."""

from sqlmodel import func, select
from typer.testing import CliRunner

from gdftu_app.cli import app
from gdftu_app.db import unit_of_work
from gdftu_app.models.unions import Union, UnionLevel
from gdftu_app.services.figure_checks import verify

runner = CliRunner()


def test_an_empty_database_gets_the_unions_of_all_divisions(own_database):
    told = runner.invoke(app, ["unions", "establish-divisions"])

    assert told.exit_code == 0, told.output
    with unit_of_work(reading=True) as session:
        levels = dict(session.exec(select(Union.level, func.count()).group_by(Union.level)).all())
        assert verify(session) == []
    assert levels[UnionLevel.PROVINCE] == 1
    assert levels[UnionLevel.CITY] == 21
    assert levels[UnionLevel.COUNTY] > 100
    assert levels[UnionLevel.TOWN] > 1_700


def test_a_second_time_changes_nothing(own_database):
    runner.invoke(app, ["unions", "establish-divisions"])

    again = runner.invoke(app, ["unions", "establish-divisions"])

    assert again.exit_code == 1
    assert "已有工会" in again.stderr


def test_the_first_administrator_can_be_created_then(own_database):
    runner.invoke(app, ["unions", "establish-divisions"])

    created = runner.invoke(
        app, ["admin", "create", "--phone", "19912345678", "--name", "黄一", "--union", "1", "--role", "owner"]
    )

    assert created.exit_code == 0, created.output
    assert "广东省总工会" in created.output

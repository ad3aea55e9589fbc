import pytest
from typer.testing import CliRunner

from gdftu_app.cli.admin import app
from gdftu_app.db import unit_of_work
from gdftu_app.queries.accounts import managed_unions
from tests.factories import id_of, make_union


@pytest.fixture
def union_id(own_database):
    with unit_of_work() as session:
        return id_of(make_union(session, name="南岭省总工会"))


def run(union_id: int, *more: str, phone="19900000001", name="陈一"):
    given = ["create", "--phone", phone, "--name", name, "--union", str(union_id), *more]
    return CliRunner().invoke(app, given)


class TestCreate:
    def test_the_administrator_may_choose_the_union_at_once(self, union_id):
        result = run(union_id, "--role", "owner")

        assert result.exit_code == 0
        assert "陈一 已成为「南岭省总工会」的负责人。" in result.stdout
        assert "下一步：打开登录页" in result.stdout
        with unit_of_work(reading=True) as session:
            assert [union.name for union in managed_unions(session, account_id=1)] == ["南岭省总工会"]

    def test_again_it_says_that_nothing_changed(self, union_id):
        run(union_id)

        result = run(union_id)

        assert result.exit_code == 0
        assert result.stdout == "该账号已是「南岭省总工会」的负责人，没有改动。\n"

    def test_a_union_that_is_missing_exits_1(self, union_id):
        result = run(union_id + 1)

        assert result.exit_code == 1
        assert "没有找到该工会" in result.stderr

    def test_a_wrong_phone_exits_1_and_leaves_nothing(self, union_id):
        assert run(union_id, phone="123").exit_code == 1
        assert run(union_id).exit_code == 0

    def test_an_unknown_role_exits_2(self, union_id):
        assert run(union_id, "--role", "king").exit_code == 2

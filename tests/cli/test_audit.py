import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from gdftu_app.cli.audit import app
from gdftu_app.db import engine, unit_of_work
from gdftu_app.services.audit import record
from gdftu_app.services.audit_chain import seal_entries, verify


def run(*arguments: str):
    return CliRunner().invoke(app, ["verify", *arguments])


@pytest.fixture
def three_entries(own_database):
    with unit_of_work() as session:
        for number in range(3):
            record(session, "articles:edit", subject=f"articles:{number}")
        session.flush()
        seal_entries(session, limit=2)


class TestVerify:
    def test_a_sound_chain_exits_0_and_prints_its_head(self, three_entries):
        with unit_of_work(reading=True) as session:
            head = verify(session)

        result = run()

        assert result.exit_code == 0
        assert result.stdout.splitlines() == [
            f"链头：2:{head.head_hash}",
            "已封存 2 条，待封存 1 条。",
            "审计链完整。",
        ]

    def test_a_changed_entry_exits_1_and_names_the_place(self, three_entries):
        on = " ON audit_entries" if engine().dialect.name == "postgresql" else ""
        trigger = "refuse_audit_entries_change" if on else "refuse_audit_entries_update"
        with unit_of_work() as session:
            session.connection().execute(text(f"DROP TRIGGER {trigger}{on}"))
            session.connection().execute(text("UPDATE audit_entries SET subject = 'articles:9' WHERE id = 2"))

        result = run()

        assert result.exit_code == 1
        assert "审计链从第 2 条起不完整" in result.stderr

    def test_a_head_that_is_gone_exits_1(self, three_entries):
        assert run("--head", "3:abc").exit_code == 1

    @pytest.mark.parametrize("head", ["3", "x:abc", ":", "3:"])
    def test_a_head_that_cannot_be_read_exits_2(self, three_entries, head):
        assert run("--head", head).exit_code == 2

    def test_an_empty_trail_is_sound(self, own_database):
        assert run().exit_code == 0

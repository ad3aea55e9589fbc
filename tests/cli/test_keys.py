"""`gdftu keys`."""

import pytest
from typer.testing import CliRunner

from gdftu_app.cli.keys import app
from gdftu_app.config import MINIMUM_SECRET_LENGTH, settings
from gdftu_app.db import engine, unit_of_work
from gdftu_app.services.accounts import open_account
from gdftu_app.services.audit_chain import seal_entries, verify

OLD = "a-secret-for-tests-only-of-sufficient-length"
NEW = "the-secret-that-comes-after-it-is-long-enough-too"


def run(*arguments: str):
    return CliRunner().invoke(app, arguments)


@pytest.fixture
def configure(own_database, monkeypatch):
    def use(secret, *, previous="", lookup=""):
        monkeypatch.setenv("GDFTU_SECRET_KEY", secret)
        monkeypatch.setenv("GDFTU_PREVIOUS_SECRET_KEYS", previous)
        monkeypatch.setenv("GDFTU_LOOKUP_SECRET_KEY", lookup)
        settings.cache_clear()

    use(OLD)
    with unit_of_work() as session:
        open_account(session, "+8619912345678")
    return use


def test_a_new_secret_is_long_enough_and_another_each_time():
    first, second = run("new").stdout.strip(), run("new").stdout.strip()

    assert len(first) >= MINIMUM_SECRET_LENGTH
    assert first != second


def test_an_installation_that_never_changed_keys_is_in_order(configure):
    result = run("status")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["accounts.phone_enc：1 条，现在的密钥，AES", "全部数据用的是现在的密钥。"]


def test_a_change_of_the_secret_goes_from_status_to_status(configure):
    configure(NEW, previous=OLD, lookup=OLD)
    before = run("status")

    rotated = run("rotate")
    told = run("status")
    with unit_of_work() as session:
        seal_entries(session)
    after = run("status")

    assert (before.exit_code, rotated.exit_code, told.exit_code, after.exit_code) == (1, 0, 1, 0)
    assert "accounts.phone_enc：1 条，旧密钥，AES" in before.stdout
    assert "还有 1 条不是用现在的密钥加密的" in before.stderr
    assert "等待后台任务封存" in told.stderr
    assert "可以从 GDFTU_PREVIOUS_SECRET_KEYS 中删去" in after.stdout
    configure(NEW, lookup=OLD)
    assert run("status").exit_code == 0
    with unit_of_work(reading=True) as session:
        assert verify(session).is_sound


def test_numbers_found_otherwise_are_told_and_put_right_by_reindexing(configure):
    configure(NEW, previous=OLD)
    status, running = run("status"), run("reindex")

    engine().dispose()
    stopped = run("reindex", "--stopped")

    assert (status.exit_code, running.exit_code, stopped.exit_code) == (1, 1, 0)
    assert "GDFTU_LOOKUP_SECRET_KEY" in status.stderr
    assert "--stopped" in running.stderr
    assert "重新登录" in stopped.stdout


def test_values_of_an_unknown_key_are_told(configure):
    configure(NEW, lookup=OLD)

    status, rotated = run("status"), run("rotate")

    assert (status.exit_code, rotated.exit_code) == (1, 1)
    assert "未知密钥" in status.stdout
    assert "accounts.phone_enc：有数据无法打开" in rotated.stderr

"""What must not be served is refused before anything listens."""

import pytest

from gdftu_app.config import settings
from gdftu_app.db import unit_of_work
from gdftu_app.errors import Misconfigured
from gdftu_app.services.migrations import pending
from gdftu_app.services.starting import prepare
from tests.factories import make_account


@pytest.fixture
def configure(monkeypatch):
    def configure(**values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()

    yield configure
    monkeypatch.undo()
    settings.cache_clear()


PRODUCTION = {"GDFTU_ENV": "production", "GDFTU_PUBLIC_URL": "https://console.example.org"}


def test_an_empty_database_is_migrated(configure, tmp_path):
    configure(GDFTU_DATABASE_URL=f"sqlite:///{tmp_path}/new.sqlite3")

    prepare()

    assert pending() == []


def test_migrations_are_left_to_the_operator_when_told_so(configure, tmp_path):
    configure(GDFTU_DATABASE_URL=f"sqlite:///{tmp_path}/new.sqlite3", GDFTU_MIGRATE_ON_START="false")

    with pytest.raises(Misconfigured, match="gdftu db upgrade"):
        prepare()


def test_production_refuses_a_database_with_demo_accounts(own_database, configure):
    with unit_of_work() as session:
        make_account(session).is_demo = True
    configure(**PRODUCTION)

    with pytest.raises(Misconfigured, match="演示账号"):
        prepare()


def test_production_serves_a_database_without_them(own_database, configure):
    with unit_of_work() as session:
        make_account(session)
    configure(**PRODUCTION)

    prepare()


def test_several_workers_need_redis(configure):
    configure(GDFTU_WORKERS="2", GDFTU_REDIS_URL="")

    with pytest.raises(Misconfigured, match="GDFTU_REDIS_URL"):
        prepare()


def test_numbers_that_would_not_be_found_are_not_served(own_database, configure):
    with unit_of_work() as session:
        make_account(session)
    former = settings().secret_key.get_secret_value()
    changed = {"GDFTU_SECRET_KEY": "another-secret-that-is-long-enough-as-well", "GDFTU_PREVIOUS_SECRET_KEYS": former}
    configure(**changed)

    with pytest.raises(Misconfigured, match="GDFTU_LOOKUP_SECRET_KEY"):
        prepare()

    configure(GDFTU_LOOKUP_SECRET_KEY=former)
    prepare()

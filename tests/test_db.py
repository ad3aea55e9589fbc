"""Connections: what became of them while nobody used them."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from gdftu_app import db
from gdftu_app.db import make_engine, unit_of_work
from gdftu_app.models.tables import run
from tests.own_database import own_database

__all__ = ["own_database"]


@pytest.mark.postgres
def test_a_connection_that_died_at_rest_is_replaced(
    new_database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
):
    engine = make_engine(new_database("postgresql"))
    with engine.connect() as connection:
        backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    other = make_engine(engine.url.render_as_string(hide_password=False))
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:backend, 5000)"), {"backend": backend})
    monkeypatch.setattr(db, "REST_SECONDS", 0.0)

    with engine.connect() as connection:
        again = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()

    assert again != backend
    engine.dispose()
    other.dispose()


@pytest.mark.usefixtures("own_database")
def test_all_that_is_read_together_is_of_one_moment():
    counted = text("SELECT count(*) FROM alembic_version")
    with unit_of_work(reading=True) as session:
        before = run(session, counted).scalar_one()
        with unit_of_work() as other:
            run(other, text("DELETE FROM alembic_version"))

        assert run(session, counted).scalar_one() == before > 0

    with unit_of_work(reading=True) as session:
        assert run(session, counted).scalar_one() == 0

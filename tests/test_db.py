"""Connections: what became of them while nobody used them."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from gdftu_app import db
from gdftu_app.db import make_engine


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

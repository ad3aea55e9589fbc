"""Migrations: there and back, and nothing forgotten."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import Session, SQLModel

from gdftu_app.db import make_engine
from gdftu_app.services.migrations import _config, pending, upgrade
from tests.copies import out_of_step
from tests.factories import make_federation, make_member


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def own_url(request, new_database):
    return new_database(request.param)


def test_the_migrations_make_exactly_the_models(own_url):
    with make_engine(own_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, SQLModel.metadata) == []


def test_they_can_be_taken_back_and_applied_again(own_url):
    with make_engine(own_url).connect() as connection:
        command.downgrade(_config(connection), "base")
        connection.commit()
        left = set(inspect(connection).get_table_names()) - {"alembic_version"}
    assert left == set()
    assert pending(own_url)

    upgrade(own_url)

    assert pending(own_url) == []


def test_applying_them_twice_changes_nothing(own_url):
    upgrade(own_url)

    assert pending(own_url) == []


def test_memberships_get_what_they_keep_of_people_and_unions(own_url):
    engine = make_engine(own_url)
    with Session(engine) as session:
        world = make_federation(session)
        for union in (world.factory, world.other_factory):
            make_member(session, union, occupation="courier", education="11")
        session.commit()
    with engine.connect() as connection:
        command.downgrade(_config(connection), "0012")
        connection.commit()

    upgrade(own_url)

    with Session(engine) as session:
        assert out_of_step(session) == []
    engine.dispose()

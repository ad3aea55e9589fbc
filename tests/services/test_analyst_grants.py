"""Analysts appointed before they saw totals alone: the migration takes the rest from their grants."""

import pytest
from alembic import command
from sqlmodel import Session, col, select

from gdftu_app.db import make_engine
from gdftu_app.models.accounts import Administrator
from gdftu_app.security.permissions import Role
from gdftu_app.services.migrations import _config, upgrade
from tests.factories import make_account, make_administrator, make_federation


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def own_url(request, new_database):
    return new_database(request.param)


def test_they_keep_statistics_and_others_everything(own_url):
    engine = make_engine(own_url)
    with Session(engine) as session:
        city = make_federation(session).city
        for role in (Role.ANALYST, Role.AUDITOR):
            make_administrator(session, make_account(session), city, role=role)
        session.commit()
    with engine.connect() as connection:
        command.downgrade(_config(connection), "0018")
        connection.commit()
    before = held(engine)

    upgrade(own_url)

    assert before == {
        "analyst": ["members:view", "statistics:view", "subordinates:view", "unions:view"],
        "auditor": ["audit:view"],
    }
    assert held(engine) == {"analyst": ["statistics:view"], "auditor": ["audit:view"]}


def held(engine) -> dict[str, list[str]]:
    with Session(engine) as session:
        grants = session.exec(select(Administrator).order_by(col(Administrator.id)))
        return {grant.role: grant.permissions for grant in grants}

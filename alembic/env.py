"""Migrations: run with a connection handed over by the application (`gdftu db upgrade`), or against its database."""

from alembic import context
from sqlmodel import SQLModel

import gdftu_app.models  # noqa: F401  (registers the tables)
from gdftu_app.db import engine
from gdftu_app.models.types import Moment


def plain_types(kind, item, _context):
    """Write our column types as what they are in the database, so that migrations outlive the code."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and type(item).__name__ == "AutoString":
        return "sa.String()"
    return False


def run(connection) -> None:
    """Migrate within one transaction per run."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        compare_type=True,
        render_item=plain_types,
        compare_server_default=False,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with engine().connect() as own:
        run(own)

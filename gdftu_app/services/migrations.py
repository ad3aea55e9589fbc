"""Migrations: bring a database to the present schema, or say how far it is behind."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlmodel import Session

from gdftu_app.config import PROJECT_FOLDER, settings
from gdftu_app.db import make_engine

_MIGRATION_LOCK = 7_301_001


def _config(connection: Connection | None = None) -> Config:
    config = Config(PROJECT_FOLDER / "alembic.ini")
    config.attributes["connection"] = connection
    return config


def upgrade(url: str = "", *, to: str = "head") -> None:
    """Bring the database (the configured one by default) to a revision, the newest one; two starters take turns."""
    migrating = make_engine(url or settings().database)
    try:
        with migrating.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATION_LOCK})
                connection.commit()
            command.upgrade(_config(connection), to)
            connection.commit()
    finally:
        migrating.dispose()


def revision(session: Session) -> str:
    """The revision that the database of a session is at; empty before the first migration."""
    return MigrationContext.configure(session.connection()).get_current_revision() or ""


def is_known(revision: str) -> bool:
    """Whether the program knows a revision: one of a newer program it does not."""
    return any(script.revision == revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def pending(url: str = "") -> list[str]:
    """Revisions the database still lacks, oldest first; empty when it is up to date."""
    looking = make_engine(url or settings().database)
    try:
        with looking.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    finally:
        looking.dispose()
    newer = ScriptDirectory.from_config(_config()).iterate_revisions("head", current or "base")
    return [script.revision for script in newer][::-1]

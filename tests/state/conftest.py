"""The served application and its attackers, shared by the tests of this folder."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count

import pytest

from gdftu_app.models.unions import Union
from gdftu_app.services.sessions import begin
from gdftu_app.state.current import CurrentUnion
from tests import factories
from tests.serving import Served, serve
from tests.state.attacking import Attacker, attack
from tests.web.world import World, settle

ARRIVE, ENTER = (f"{CurrentUnion.get_full_name()}.{name}" for name in ("arrive", "enter_union"))

_numbers = count(900_000)


@dataclass(frozen=True)
class Colleague:
    """Another owner of the city, signed in, for a test that ends something."""

    account_id: int
    administrator_id: int
    cookie: str


@pytest.fixture(scope="session")
def world(new_database: Callable[[str], str]) -> World:
    """The peopled world in the served database."""
    return settle(new_database("sqlite"))


@pytest.fixture(scope="session")
def served(world: World) -> Iterator[Served]:
    """The real application on that database; so many events at once are not its limits' to stop here."""
    with serve(
        world.database_url, env={"GDFTU_EVENTS_PER_SECOND": "100000", "GDFTU_SOCKETS_PER_SESSION": "5"}
    ) as running:
        yield running


@pytest.fixture(scope="session")
def become(served: Served, world: World) -> Iterator[Callable[[str | None], Attacker]]:
    """A socket of somebody in the world who has arrived in the console, or of a visitor (None); kept for all tests."""
    open_sockets: dict[str | None, Attacker] = {}
    with ExitStack() as stack:

        def connected(name: str | None) -> Attacker:
            if name not in open_sockets:
                cookie = world.visit() if name is None else world.sign_in(name)
                open_sockets[name] = stack.enter_context(attack(served, cookie))
                own = world.residents[name].unions if name else ()
                open_sockets[name].ask(*((ENTER, {"union_id": own[0]}) if own else (ARRIVE,)))
            return open_sockets[name]

        yield connected


@pytest.fixture
def colleague(world: World) -> Colleague:
    """Somebody new in the world, whose grant, session or account the test may end."""
    with world.open() as session:
        account = factories.make_account(session, phone=f"+8619900{next(_numbers):06d}")
        grant = factories.make_administrator(session, account, session.get_one(Union, world.places["city"].id))
        cookie = begin(session, account, cookie=None, address="127.0.0.1", user_agent="tests")
    return Colleague(factories.id_of(account), factories.id_of(grant), cookie)

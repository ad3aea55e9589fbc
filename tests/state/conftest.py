"""The served application and its attackers, shared by the tests of this folder."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count

import pytest
from sqlmodel import col, select

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.db import engine
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.unions import Union
from gdftu_app.security.keys import blind_index
from gdftu_app.services.sessions import begin
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.notices import Notices
from tests import factories
from tests.serving import Served, serve
from tests.state.attacking import Attacker, attack
from tests.state.windows import Window, windows
from tests.web.world import World, settle

ARRIVE, ENTER = (f"{CurrentUnion.get_full_name()}.{name}" for name in ("arrive", "enter_union"))

NOT_FOUND = "没有找到。可能已被移动，或不在当前工会的管理范围内。"
Become = Callable[[str | None], Attacker]
Enter = Callable[[str], Window]
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
        world.database_url,
        env={
            "GDFTU_EVENTS_PER_SECOND": "100000",
            "GDFTU_SOCKETS_PER_SESSION": "5",
            "GDFTU_IDENTITY_CONFIRMATIONS_PER_HOUR": "100000",
            "GDFTU_APPOINTMENTS_PER_HOUR": "100000",
        },
    ) as running:
        yield running


@pytest.fixture(scope="session")
def become(served: Served, world: World) -> Iterator[Become]:
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
def colleague(world: World) -> Iterator[Colleague]:
    """Somebody new in the world, whose grant, session or account the test may end; afterwards the city's owner is its
    only one again, and so cannot resign."""
    with world.open() as session:
        account = factories.make_account(session, phone=f"+8619900{next(_numbers):06d}")
        grant = factories.make_administrator(session, account, session.get_one(Union, world.places["city"].id))
        cookie = begin(session, account, cookie=None, address="127.0.0.1", user_agent="tests")
    yield Colleague(factories.id_of(account), factories.id_of(grant), cookie)
    with world.open() as session:
        session.get_one(Administrator, factories.id_of(grant)).dismissed_at = now()


@pytest.fixture(scope="module")
def town(new_database: Callable[[str], str]) -> Iterator[World]:
    """A peopled world in the database that this process itself is configured for."""
    url = new_database("sqlite")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GDFTU_DATABASE_URL", url)
        patch.setenv("GDFTU_EVENTS_PER_SECOND", "100000")
        settings.cache_clear()
        yield settle(url)
        engine().dispose()
    settings.cache_clear()


@pytest.fixture
def enter(town: World) -> Iterator[Enter]:
    """A window in which somebody has arrived, as on opening any page of the console."""
    with windows() as opened:

        def arrive(name: str) -> Window:
            window = opened(town.sign_in(name))
            window.send(CurrentUnion.arrive)
            return window

        yield arrive


@pytest.fixture
def visit(town: World) -> Iterator[Callable[[str], Window]]:
    """A window under any cookie."""
    with windows() as opened:
        yield opened


def told(window: Window) -> list[str]:
    """The notices in a window, in Chinese."""
    return [notice.texts["zh-CN"] for notice in window.look(Notices).shown]


def grants_to(town: World, phone: str) -> list[Administrator]:
    """The grants that the account of a phone ever had."""
    with town.open() as session:
        index = blind_index("phone", f"+86{phone}")
        whose = (
            select(Administrator)
            .join(Account, col(Account.id) == Administrator.account_id)
            .where(Account.phone_bidx == index)
        )
        return list(session.exec(whose).all())

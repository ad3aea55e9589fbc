"""The served application and a peopled world, shared by the tests of this folder."""

from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from itertools import count

import httpx
import pytest
from sqlmodel import select

from gdftu_app.models.accounts import Account
from tests import factories
from tests.serving import Served, serve
from tests.web.world import World, settle

EVENTS_PER_SECOND = 5
SESSION, CLOSE = "/session", "/session/close"
Post = Callable[..., httpx.Response]
Send = Callable[..., httpx.Response]
APPLICANT = "account without a union"
_phones = count(1)


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


@pytest.fixture
def phone(world: World) -> str:
    """The phone of somebody nobody else's tests sign in as; the password is everybody's."""
    number = f"1990100{next(_phones):04d}"
    with world.open() as session:
        password_hash = session.exec(select(Account.password_hash)).first()
        factories.make_account(session, phone=f"+86{number}").password_hash = password_hash
    return number


@pytest.fixture
def post(served: Served, client: httpx.Client) -> Post:
    """Send a form as a page of our own would, with the browser's cookie if there is one."""

    def sent(path: str, cookie: str | None = None, origin: str | None = "", **fields: str) -> httpx.Response:
        headers = {"Cookie": f"gdftu_session={cookie}"} if cookie is not None else {}
        if origin is not None:
            headers["Origin"] = origin or served.url
        client.cookies.clear()
        return client.post(f"{served.url}{path}", data=fields, headers=headers)

    return sent


def cookie_set_by(answer: httpx.Response) -> str:
    """The value of the session cookie that an answer sets; empty when it sets none."""
    jar = SimpleCookie(answer.headers.get("set-cookie", ""))
    return jar["gdftu_session"].value if jar else ""


@pytest.fixture
def send(served: Served, world: World, client: httpx.Client) -> Send:
    """Send a file as one of our pages would, as somebody of the world."""

    def sent(
        content: bytes, name: str = "营业执照.jpg", *, by: str | None = APPLICANT, to: Served = served, **headers: str
    ) -> httpx.Response:
        given = {"Origin": to.url} | headers
        if by is not None:
            given["Cookie"] = f"gdftu_session={world.sign_in(by)}"
        client.cookies.clear()
        return client.post(f"{to.url}/files", files={"file": (name, content, "image/jpeg")}, headers=given)

    return sent


@pytest.fixture
def fetch(served: Served, world: World, client: httpx.Client) -> Send:
    """Ask for a file as somebody of the world."""

    def fetched(key: str, *, by: str | None = APPLICANT, to: Served = served, query: str = "") -> httpx.Response:
        given = {"Cookie": f"gdftu_session={world.sign_in(by)}"} if by is not None else {}
        client.cookies.clear()
        return client.get(f"{to.url}/files/{key}{query}", headers=given)

    return fetched

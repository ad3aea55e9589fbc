"""Fixtures of this folder: the served application, and a phone that visits it."""

from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import SimpleCookie

import httpx
import pytest

from gdftu_app.models.accounts import Account
from gdftu_app.models.unions import Union
from gdftu_app.services.sessions import begin
from tests.serving import Served
from tests.verifying import make_stranger
from tests.web.conftest import client, connections, phone, served, world
from tests.web.world import World

__all__ = ["client", "connections", "phone", "served", "world"]
Newcomer = Callable[[], "Applicant"]


@dataclass(slots=True)
class Phone:
    """A browser on a phone: it keeps the cookies it is given, and follows no redirect by itself."""

    served: Served
    client: httpx.Client
    session: str = ""
    device: str = ""

    def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return self._keep(self.client.get(f"{self.served.url}{path}", headers=self._headers()))

    def post(self, path: str, *, origin: str | None = "", **fields: str) -> httpx.Response:
        """Send a form from one of the pages, unless another origin is named, or none (None)."""
        named = {} if origin is None else {"Origin": origin or self.served.url}
        return self._keep(self.client.post(f"{self.served.url}{path}", data=fields, headers=self._headers() | named))

    def _headers(self) -> dict[str, str]:
        self.client.cookies.clear()
        cookies = {"gdftu_session": self.session, "gdftu_device": self.device}
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items() if value)}

    def _keep(self, answer: httpx.Response) -> httpx.Response:
        for header in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(header).items():
                setattr(self, name.removeprefix("gdftu_"), morsel.value)
        return answer


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody not verified yet, signed in on a phone."""

    account: Account
    phone: Phone


@pytest.fixture
def browser(served: Served, client: httpx.Client) -> Phone:
    """A phone that nobody has used."""
    return Phone(served, client)


@pytest.fixture
def newcomer(served: Served, client: httpx.Client, world: World) -> Newcomer:
    """A new administrator of the district who is not verified yet, signed in."""

    def made() -> Applicant:
        with world.open() as session:
            account = make_stranger(session, session.get_one(Union, world.places["district"].id))
            cookie = begin(session, account, cookie=None, address="127.0.0.1", user_agent="tests")
        return Applicant(account, Phone(served, client, session=cookie))

    return made

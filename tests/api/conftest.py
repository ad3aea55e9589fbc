"""Fixtures of this folder: the served application, and clients with a token of somebody."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select

from gdftu_app.models.accounts import Account
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.people import Person
from gdftu_app.models.personal_requests import PersonalRequest
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.transfer_applications import TransferApplication
from gdftu_app.models.unions import Union
from gdftu_app.queries.accounts import phone_of
from gdftu_app.services.api_tokens import open_token_with_wechat
from gdftu_app.services.memberships import admit
from tests.factories import make_account
from tests.serving import Served
from tests.verifying import make_stranger
from tests.web.conftest import client, connections, phone, served, world
from tests.web.world import World

__all__ = ["client", "connections", "phone", "served", "world"]
Somebody = Callable[..., "Client"]


@dataclass(slots=True)
class Client:
    """A client of the API on a served application; without a token it is a stranger's."""

    served: Served
    http: httpx.Client
    token: str = ""
    account: Account = field(default_factory=lambda: Account(name="", phone_enc="", phone_bidx=""))

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request; `body` goes as JSON unless it is bytes. Nothing is ever answered with a failure."""
        self.http.cookies.clear()
        given = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        kind = {"Content-Type": "application/json"} if body is not None and not isinstance(body, bytes) else {}
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        url, named = f"{self.served.url}/api/v1/{path}", given | kind | _as_headers(headers)
        answer = self.http.request(method, url, headers=named, content=content)
        assert answer.status_code < 500 or answer.status_code == 503
        return answer

    def get(self, path: str, **headers: str) -> httpx.Response:
        """`GET`."""
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """`POST`."""
        return self.ask("POST", path, body, **headers)

    def delete(self, path: str, **headers: str) -> httpx.Response:
        """`DELETE`."""
        return self.ask("DELETE", path, **headers)


@pytest.fixture
def stranger(served: Served, client: httpx.Client) -> Client:
    """A client without a token."""
    return Client(served, client)


@pytest.fixture
def somebody(served: Served, client: httpx.Client, world: World) -> Iterator[Somebody]:
    """A client of somebody new: verified unless told otherwise, a member of a union of the world if it is named."""

    def made(union: str = "", *, name: str = "符海", verified: bool = True) -> Client:
        with world.open() as session:
            account = make_account(session, name=name) if verified else make_stranger(session, name="")
            if union:
                place = session.get_one(Union, world.places[union].id)
                admit(session, session.get_one(Person, account.person_id), place)
            return Client(served, client, token_for(session, account), account)

    yield made
    # Nothing is left that waits: other tests count what does.
    with world.open() as session:
        for model in (JoinApplication, TransferApplication, PersonalRequest):
            for row in session.exec(select(model).where(model.status == ReviewStatus.PENDING)):
                row.status, row.closed_at, row.closed_by_id = "withdrawn", row.submitted_at, row.submitted_by_id


def token_for(session: Session, account: Account) -> str:
    """A token of an account, as a sign-in would have given it."""
    outcome = open_token_with_wechat(session, phone=phone_of(account))
    assert outcome.token
    return outcome.token


def problem_of(answer: httpx.Response) -> tuple[int, str, dict[str, str]]:
    """Status, code and fields of an error, which has the one shape of all errors."""
    told = answer.json()
    assert told.keys() == {"error"}
    assert told["error"].keys() == {"code", "message", "fields"}
    assert told["error"]["message"]
    return answer.status_code, told["error"]["code"], told["error"]["fields"]


def _as_headers(named: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in named.items()}

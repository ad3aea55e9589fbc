"""`tokens` with WeChat's codes: the phone that WeChat tells opens its account, and nothing else does."""

from collections.abc import Iterator

import anyio
import httpx
import pytest
from sqlmodel import select
from starlette.applications import Starlette

from gdftu_app.api.application import PREFIX, routes
from gdftu_app.clock import now
from gdftu_app.db import unit_of_work
from gdftu_app.models.accounts import Account
from gdftu_app.models.records import AuditEntry
from gdftu_app.security.keys import blind_index
from gdftu_app.security.limits import forget_limits
from tests.api.conftest import problem_of
from tests.clouds import WeChatSide, installed
from tests.factories import make_account
from tests.other_side import Answer, other_side
from tests.own_database import own_database

__all__ = ["own_database"]
PHONE = "19911113333"
TOLD = {"phoneNumber": PHONE, "purePhoneNumber": PHONE, "countryCode": "86"}
CODES = {"wechat_code": "login-code", "phone_code": "phone-code"}


class Api:
    """The API in this very process."""

    def __init__(self) -> None:
        self._app = Starlette(routes=routes)

    def ask(self, method: str, path: str, body: object = None, token: str = "") -> httpx.Response:
        """One request."""

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
                headers = {"Authorization": f"Bearer {token}"} if token else {}
                return await client.request(method, f"{PREFIX}/{path}", json=body, headers=headers)

        return anyio.run(asked)


@pytest.fixture
def side() -> WeChatSide:
    """WeChat, where one user has just logged in and let it tell the phone."""
    return WeChatSide(users={"login-code": "oUser-1"}, phones={("phone-code", "oUser-1"): TOLD})


@pytest.fixture
def api(own_database: str, side: WeChatSide) -> Iterator[Api]:
    """The API of an installation with a mini-program."""
    with other_side(side) as wechat:
        known = {"wechat_app_id": side.app_id, "wechat_app_secret": side.secret, "database_url": own_database}
        with installed(wechat_base_url=wechat.url, **known):
            forget_limits()
            yield Api()


def sign_in(api: Api, **changed: str) -> httpx.Response:
    return api.ask("POST", "tokens", CODES | changed)


def test_the_first_sign_in_opens_an_account_and_the_next_finds_it(api: Api, side: WeChatSide):
    first = sign_in(api)
    side.users["login-code"], side.phones["phone-code", "oUser-1"] = "oUser-1", TOLD
    second = sign_in(api)

    people = [api.ask("GET", "me", token=answer.json()["token"]).json() for answer in (first, second)]
    assert (first.status_code, second.status_code) == (201, 201)
    assert people[0] == people[1]
    assert people[0]["phone"] == "199****3333"
    with unit_of_work(reading=True) as session:
        entry = select(AuditEntry.detail).where(AuditEntry.verb == "sessions:sign_in")
        assert session.exec(entry).all() == [{"method": "wechat"}] * 2


@pytest.mark.parametrize(
    ("changed", "field"), [({"wechat_code": "spent"}, "wechat_code"), ({"phone_code": "another"}, "phone_code")]
)
def test_a_code_that_is_not_good_is_told_by_its_field(changed: dict[str, str], field: str, api: Api):
    status, code, fields = problem_of(sign_in(api, **changed))

    assert (status, code, list(fields)) == (422, "invalid", [field])


def test_a_foreign_phone_is_refused(api: Api, side: WeChatSide):
    side.phones["phone-code", "oUser-1"] = {"purePhoneNumber": "51234567", "countryCode": "852"}

    assert problem_of(sign_in(api))[2].keys() == {"phone"}


def test_a_disabled_account_stays_closed(api: Api):
    with unit_of_work() as session:
        make_account(session, phone=f"+86{PHONE}").disabled_at = now()

    assert problem_of(sign_in(api))[:2] == (401, "wrong_credentials")


def test_a_phone_that_strangers_locked_is_still_its_owners(api: Api):
    guesses = [api.ask("POST", "tokens", {"phone": PHONE, "code": "000000"}) for _ in range(6)]
    assert guesses[-1].status_code == 429

    assert sign_in(api).status_code == 201


def test_while_wechat_is_silent_nobody_is_let_in(api: Api, side: WeChatSide):
    side.instead = Answer(b"", status=500)

    assert problem_of(sign_in(api))[:2] == (503, "wechat_unavailable")
    with unit_of_work(reading=True) as session:
        opened = select(Account).where(Account.phone_bidx == blind_index("phone", f"+86{PHONE}"))
        assert session.exec(opened).all() == []

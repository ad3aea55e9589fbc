"""A production installation behind one proxy: what is forwarded counts, what a client adds to it does not."""

import json
from collections.abc import Callable, Iterator

import httpx
import pytest
from sqlmodel import col, select

from gdftu_app.models.accounts import SignInCode, SignInSession
from gdftu_app.state.sign_in import SignInState
from tests.serving import Served, serve
from tests.state.attacking import SocketRefused, attack
from tests.web.conftest import SESSION
from tests.web.world import PASSWORD, World, settle

PUBLIC = "https://console.example"
TOKEN = "a token for the operator's own tools"
ATTEMPTS = 4
HTTPS = {"Origin": PUBLIC, "X-Forwarded-Proto": "https"}


@pytest.fixture(scope="module")
def town(new_database: Callable[[str], str]) -> World:
    """A world of its own: sign-ins are counted here."""
    return settle(new_database("sqlite"))


@pytest.fixture(scope="module")
def production(town: World) -> Iterator[Served]:
    """The application as it runs in production, with one proxy in front of it."""
    configured = {
        "GDFTU_ENV": "production",
        "GDFTU_PUBLIC_URL": PUBLIC,
        "GDFTU_TRUSTED_PROXIES": "1",
        "GDFTU_METRICS_TOKEN": TOKEN,
        "GDFTU_LOGIN_ATTEMPTS_PER_ADDRESS_MINUTE": str(ATTEMPTS),
    }
    with serve(town.database_url, env=configured) as running:
        yield running


class TestHttps:
    def test_keeps_cookies_from_plain_connections_for_good(self, production: Served, client: httpx.Client):
        headers = client.get(f"{production.url}/login/", headers=HTTPS).headers

        assert "; Secure" in headers["set-cookie"]
        assert headers["strict-transport-security"] == "max-age=31536000"

    def test_is_not_claimed_where_it_is_not(self, production: Served, client: httpx.Client):
        headers = client.get(f"{production.url}/login/", headers={"X-Forwarded-Proto": "http"}).headers

        assert "secure" not in headers["set-cookie"].lower()
        assert "strict-transport-security" not in headers

    def test_is_what_the_last_proxy_says(self, production: Served, client: httpx.Client):
        headers = client.get(f"{production.url}/login/", headers={"X-Forwarded-Proto": "https, http"}).headers

        assert "strict-transport-security" not in headers


class TestOrigins:
    def test_only_the_public_one_may_post_and_open_sockets(self, production: Served, client: httpx.Client, town: World):
        for origin in (production.url, "http://localhost:3000", "http://console.example", f"{PUBLIC}.evil.example"):
            assert client.post(f"{production.url}/session/close", headers={"Origin": origin}).status_code == 403
            with pytest.raises(SocketRefused), attack(production, town.visit(), origin=origin):
                pass

        assert client.post(f"{production.url}/session/close", headers={"Origin": PUBLIC}).status_code == 303
        with attack(production, town.visit(), origin=PUBLIC) as page:
            assert page.is_connected

    def test_no_other_may_read(self, production: Served, client: httpx.Client):
        for origin in (production.url, "https://evil.example", "null"):
            headers = client.get(f"{production.url}/session/form", headers={"Origin": origin}).headers

            assert "access-control-allow-origin" not in headers


class TestAddresses:
    def test_are_what_the_proxy_saw_last(self, production: Served, client: httpx.Client, town: World):
        phone = town.residents["owner of the district"].phone

        client.post(
            f"{production.url}{SESSION}",
            data={"phone": phone, "password": PASSWORD},
            headers=HTTPS | {"X-Forwarded-For": "6.6.6.6, 10.9.8.7"},
        )

        assert _last_session(town).address == "10.9.8.7"

    def test_are_those_of_the_connection_when_nothing_was_forwarded(
        self, production: Served, client: httpx.Client, town: World
    ):
        phone = town.residents["owner of the factory"].phone

        client.post(f"{production.url}{SESSION}", data={"phone": phone, "password": PASSWORD}, headers=HTTPS)

        assert _last_session(town).address == "127.0.0.1"

    def test_made_up_ones_do_not_help_who_guesses(self, production: Served, client: httpx.Client):
        def guess(number: int, forwarded: str) -> str:
            client.cookies.clear()
            client.post(
                f"{production.url}{SESSION}",
                data={"phone": f"1985555{number:04d}", "password": "wrong"},
                headers=HTTPS | {"X-Forwarded-For": forwarded},
            )
            return _message_of(production, client)

        tried = [guess(number, f"6.6.6.{number}, 10.1.1.1") for number in range(ATTEMPTS + 1)]
        from_elsewhere = guess(99, "10.1.1.2")

        assert ["太频繁" in message for message in tried] == [False] * ATTEMPTS + [True]
        assert "太频繁" not in from_elsewhere

    def test_every_form_by_which_somebody_proves_who_he_is_counts_together(
        self, production: Served, client: httpx.Client
    ):
        client.cookies.clear()
        headers = HTTPS | {"X-Forwarded-For": "10.1.1.3"}
        fields = {"phone": "19855559999", "code": "000000", "password": "short", "again": "short"}
        for path in ("/session/password", SESSION) * ATTEMPTS:
            client.post(f"{production.url}{path}", data=fields, headers=headers)

        assert "太频繁" in _message_of(production, client)

    def test_are_the_same_for_sockets(self, production: Served, town: World):
        with attack(production, town.visit(), origin=PUBLIC, headers={"X-Forwarded-For": "6.6.6.6, 10.4.4.4"}) as page:
            page.ask(f"{SignInState.get_full_name()}.send_code", {"phone": "19866660000"})

        with town.open() as session:
            assert session.exec(select(SignInCode.address)).all() == ["10.4.4.4"]


class TestMetrics:
    def test_are_hidden_even_from_this_machine_for_that_is_the_proxy(self, production: Served, client: httpx.Client):
        for headers in (
            {},
            {"X-Forwarded-For": "127.0.0.1"},
            {"Authorization": "Bearer"},
            {"Authorization": "Bearer x"},
        ):
            answer = client.get(f"{production.url}/metrics", headers=headers)

            assert (answer.status_code, answer.text) == (404, "Not Found")

    def test_are_read_with_the_operators_token(self, production: Served, client: httpx.Client):
        answer = client.get(f"{production.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

        assert answer.status_code == 200
        assert "gdftu_uptime_seconds" in answer.text
        assert TOKEN not in production.log()


class TestWithoutProxies:
    def test_nothing_forwarded_is_believed(self, served: Served, client: httpx.Client, world: World, phone: str):
        forged = {"X-Forwarded-For": "10.9.8.7", "X-Forwarded-Proto": "https", "Forwarded": "for=10.9.8.7;proto=https"}
        answer = client.post(
            f"{served.url}{SESSION}",
            data={"phone": phone, "password": PASSWORD},
            headers=forged | {"Origin": served.url, "X-Real-IP": "10.9.8.7"},
        )

        assert "secure" not in answer.headers["set-cookie"].lower()
        assert "strict-transport-security" not in answer.headers
        assert _last_session(world).address == "127.0.0.1"


def _last_session(world: World) -> SignInSession:
    with world.open() as session:
        newest = select(SignInSession).where(col(SignInSession.account_id).is_not(None))
        return session.exec(newest.order_by(col(SignInSession.id).desc()).limit(1)).one()


def _message_of(served: Served, client: httpx.Client) -> str:
    """What the sign-in page shows this visitor after a refused form."""
    cookie = next(cookie.value or "" for cookie in client.cookies.jar)
    with attack(served, cookie, origin=PUBLIC) as page:
        return json.dumps(page.ask(f"{SignInState.get_full_name()}.load", address="/login/"), ensure_ascii=False)

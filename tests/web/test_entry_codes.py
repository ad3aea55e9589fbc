"""The code on the console that leads a phone to the member page."""

from collections.abc import Callable

import httpx
import pytest

from tests.pictures import address_in_drawing
from tests.serving import Served
from tests.web.world import World

Ask = Callable[..., httpx.Response]
CODE = "/session/verify-code"


@pytest.fixture
def ask(served: Served, client: httpx.Client) -> Ask:
    def asked(cookie: str, **headers: str) -> httpx.Response:
        return client.get(f"{served.url}{CODE}", headers={"Cookie": f"gdftu_session={cookie}", **headers})

    return asked


@pytest.mark.parametrize("name", ["owner of the city", "account not verified", "account without a union"])
def test_leads_whoever_is_signed_in_to_the_member_page(name: str, ask: Ask, served: Served, world: World):
    answer = ask(world.sign_in(name))

    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert address_in_drawing(answer.content) == f"{served.url}/m/verify"


def test_is_the_same_for_everybody_and_names_nobody(ask: Ask, world: World):
    first, second = (ask(world.sign_in(name)).content for name in ("owner of the city", "account not verified"))

    assert first == second


@pytest.mark.parametrize("cookie", ["", "v.1.2.3", f"s.{'e' * 43}"])
def test_is_not_there_for_strangers(cookie: str, ask: Ask):
    answer = ask(cookie)

    assert (answer.status_code, answer.text) == (404, "Not Found")


def test_is_kept_by_nobody(ask: Ask, world: World):
    assert ask(world.sign_in("owner of the city")).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "", "localhost@evil.example"])
def test_leads_nowhere_else_whatever_host_was_named(host: str, ask: Ask, served: Served, world: World):
    answer = ask(world.sign_in("owner of the city"), Host=host)

    if answer.status_code == 200:
        address = address_in_drawing(answer.content)
        assert address in {f"http://{name}:{served.port}/m/verify" for name in ("localhost", "127.0.0.1")}


def test_leads_to_the_name_by_which_the_browser_came(ask: Ask, served: Served, world: World):
    answer = ask(world.sign_in("owner of the city"), Host=f"localhost:{served.port}")

    assert address_in_drawing(answer.content) == f"http://localhost:{served.port}/m/verify"

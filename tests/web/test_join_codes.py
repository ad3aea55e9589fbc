"""入会码: the picture by which a union's administrators lead people to its page for joining."""

from collections.abc import Callable

import httpx
import pytest

from tests.pictures import address_in_drawing
from tests.serving import Served
from tests.web.world import World

Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(served: Served, client: httpx.Client, world: World) -> Ask:
    def asked(resident: str, union: object, also: str = "") -> httpx.Response:
        cookie = world.sign_in(resident)
        address = f"{served.url}/session/join-code?union={union}{also}"
        return client.get(address, headers={"Cookie": f"gdftu_session={cookie}"})

    return asked


def test_leads_to_the_page_for_joining_the_union(ask: Ask, served: Served, world: World):
    factory = world.places["factory"].id

    answer = ask("owner of the factory", factory)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert address_in_drawing(answer.content) == f"{served.url}/m/join?union={factory}"
    assert "content-disposition" not in answer.headers


def test_may_be_kept_as_a_file(ask: Ask, world: World):
    factory = world.places["factory"].id

    answer = ask("owner of the factory", factory, "&download=1")

    assert answer.headers["content-disposition"] == f'attachment; filename="join-{factory}.svg"'


@pytest.mark.parametrize(
    ("resident", "union"),
    [
        ("owner of the city", "factory"),
        ("owner of the factory", "other_factory"),
        ("account without a union", "factory"),
        ("account not verified", "city"),
        ("owner of the city", "city"),
    ],
)
def test_is_for_administrators_of_unions_that_have_members(resident: str, union: str, ask: Ask, world: World):
    answer = ask(resident, world.places[union].id)

    assert (answer.status_code, answer.text) == (404, "Not Found")


@pytest.mark.parametrize("union", ["", "x", "0", "-1", "2147483648", "99999999999999999999"])
def test_names_a_union(union: str, ask: Ask):
    assert ask("owner of the factory", union).status_code == 404

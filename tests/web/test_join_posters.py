"""入会码海报: the sheet that a union's administrators print."""

from collections.abc import Callable

import httpx
import pytest

from tests.serving import Served
from tests.web.world import World

Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(served: Served, client: httpx.Client, world: World) -> Ask:
    def asked(resident: str, union: object, also: str = "") -> httpx.Response:
        address = f"{served.url}/session/join-poster?union={union}{also}"
        return client.get(address, headers={"Cookie": f"gdftu_session={world.sign_in(resident)}"})

    return asked


def test_shows_the_union_its_code_and_what_to_do(ask: Ask, served: Served, world: World):
    factory = world.places["factory"]

    answer = ask("owner of the factory", factory.id)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    for words in (
        factory.name,
        f'src="/session/join-code?union={factory.id}"',
        f"{served.url}/m/join?union={factory.id}",
        "扫码加入工会",
        "用微信或手机相机扫描二维码",
        'class="a4"',
    ):
        assert words in answer.text


@pytest.mark.parametrize(("also", "size"), [("&size=a5", "a5"), ("&size=a3", "a4"), ('&size="><b>', "a4")])
def test_is_for_one_of_two_papers(also: str, size: str, ask: Ask, world: World):
    answer = ask("owner of the factory", world.places["factory"].id, also)

    assert f'<body class="{size}">' in answer.text


@pytest.mark.parametrize(
    ("resident", "union"),
    [
        ("owner of the city", "factory"),
        ("owner of the factory", "other_factory"),
        ("account without a union", "factory"),
        ("owner of the city", "city"),
    ],
)
def test_is_for_administrators_of_unions_that_have_members(resident: str, union: str, ask: Ask, world: World):
    answer = ask(resident, world.places[union].id)

    assert (answer.status_code, answer.text) == (404, "Not Found")

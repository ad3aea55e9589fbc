"""The workbook of 统计 over HTTP: the numbers of the page as numbers, for whoever may see that page."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from openpyxl import load_workbook

from gdftu_app.clock import today
from gdftu_app.queries.figures import figures_of
from tests.serving import Served
from tests.web.world import World

Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(served: Served, world: World, client: httpx.Client) -> Ask:
    """Ask for the workbook of a union of the world, acting for another, as somebody."""

    def asked(by: str | None, acting: str, union: str = "", /, **changes: str) -> httpx.Response:
        headers = {"Cookie": f"gdftu_session={world.sign_in(by)}"} if by else {}
        usual = {
            "acting": str(world.places[acting].id),
            "union": str(world.places[union or acting].id),
            "from": f"{today().year - 1}-01-01",
            "to": today().isoformat(),
            "by": "month",
        }
        client.cookies.clear()
        return client.get(f"{served.url}/statistics-workbook?{urlencode(usual | changes)}", headers=headers)

    return asked


def test_it_holds_the_numbers_of_the_page_as_numbers(ask: Ask, world: World):
    answer = ask("owner of the city", "city")

    book = load_workbook(BytesIO(answer.content))
    development, comparison, composition = (
        [*sheet.iter_rows(min_row=2, values_only=True)] for sheet in book.worksheets
    )
    with world.open() as session:
        now = figures_of(session, world.places["city"].id)
    *_, last, whole = development
    assert last[0] == world.places["city"].name
    assert last[3:5] == whole[3:5] == (now.members_sub, now.verified_sub)
    assert str(whole[1]).startswith(f"{today().year - 1}-01-01")
    assert sum(row[1] for row in comparison if isinstance(row[1], int)) == now.members_sub
    assert composition[0][2] == now.women_sub
    ages: list[Any] = [row[2:5] for row in composition if row[0] == "年龄"]
    assert sum(count for count, _, _ in ages) == now.members_sub
    assert sum(share for _, _, share in ages) == pytest.approx(1)
    assert sum(int(str(row[3])) for row in composition if row[0] == "工会级别" and row[3]) == now.unions_sub
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E7%BB%9F%E8%AE%A1_")


@pytest.mark.parametrize(
    ("by", "acting", "union"),
    [
        (None, "city", "city"),
        ("reviewer of the city", "city", "city"),
        ("auditor of the city", "city", "city"),
        ("dismissed owner of the city", "city", "city"),
        ("owner of the other city", "city", "city"),
        ("owner of the city", "city", "other_city"),
        ("owner of the city", "city", "province"),
    ],
)
def test_it_is_missing_for_everybody_else(by: str | None, acting: str, union: str, ask: Ask):
    assert ask(by, acting, union).status_code == 404


@pytest.mark.parametrize("asked", [{"from": "x"}, {"to": ""}, {"by": "hour"}, {"union": "x"}, {"acting": "0"}])
def test_an_address_that_says_nothing_is_missing(asked: dict[str, str], ask: Ask):
    assert ask("owner of the city", "city", **asked).status_code == 404

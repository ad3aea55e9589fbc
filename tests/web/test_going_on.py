"""Where signing in leads: to the page that was asked for, and never away from here."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.serving import Served
from tests.web.conftest import SESSION, Post, cookie_set_by
from tests.web.world import PASSWORD

AWAY = [
    *("https://evil.example/", "https:evil.example", "https:/evil.example", "evil.example"),
    *("javascript:alert(1)", "data:text/html,x", "http://[::1", "//[::1"),
    *("//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example"),
    *("/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "\u3000//evil.example"),
    *("/\u2028/evil.example", "/\u200b/evil.example", "/\r\nSet-Cookie: gdftu_session=x", "/%0d%0aX: y\n"),
    *("/ok\0", "/" + "x" * 600),
]


class TestWhereItLeads:
    @pytest.mark.parametrize(
        "address",
        ["/overview/", "/subordinates/?union=7&q=%E5%B7%A5", "/subordinates/?q=a//b", "/a?b=https://c.example"],
    )
    def test_to_the_page_that_was_asked_for(self, address: str, post: Post, phone: str, served: Served):
        answer = post(SESSION, phone=phone, password=PASSWORD, next=address)

        assert urlsplit(answer.headers["location"])._replace(query="") == urlsplit(address)._replace(query="")
        assert parse_qs(urlsplit(answer.headers["location"]).query) == parse_qs(urlsplit(address).query)

    @pytest.mark.parametrize("address", AWAY)
    def test_never_away_from_here(self, address: str, post: Post, phone: str, served: Served, client: httpx.Client):
        signed_in = post(SESSION, phone=phone, password=PASSWORD, next=address)
        refused = post(SESSION, phone=phone, code="000000", next=address)
        client.cookies.clear()
        headers = {"Cookie": f"gdftu_session={cookie_set_by(signed_in)}"}
        already_there = client.get(f"{served.url}/login/", params={"next": address}, headers=headers)

        assert signed_in.headers["location"] == "/unions/"
        assert refused.headers["location"] == "/login/?tab=code"
        assert already_there.headers["location"] == "/unions/"

    @pytest.mark.parametrize(
        "address",
        [
            "/%2Fevil.example",
            "/%5Cevil.example",
            "/.//evil.example",
            "/..//evil.example",
            "/@evil.example",
            "/;@evil.example",
        ],
    )
    def test_what_looks_like_away_stays_here(self, address: str, post: Post, phone: str, served: Served):
        location = post(SESSION, phone=phone, password=PASSWORD, next=address).headers["location"]

        assert httpx.URL(f"{served.url}/session").join(location).netloc == httpx.URL(served.url).netloc
        assert not location.startswith(("//", "/\\"))

    def test_a_strangers_address_is_kept_whole_and_harmless(self, served: Served, client: httpx.Client):
        answer = client.get(f"{served.url}/subordinates/?q=%0d%0aX-Evil:%201&next=//evil.example")

        assert "x-evil" not in answer.headers
        assert parse_qs(urlsplit(answer.headers["location"]).query)["next"] == [
            "/subordinates/?q=%0d%0aX-Evil:%201&next=//evil.example"
        ]

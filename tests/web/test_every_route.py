"""Every route there is, asked by everybody with every method; a new one fails until its row says who may."""

import re
from collections.abc import Callable

import httpx
import pytest

from tests.serving import Served
from tests.web.doors import METHODS, own_routes, pages, reflex_endpoints
from tests.web.world import World

# Route → method → what a caller without any cookie is answered. Methods that are not named do not exist.
EXPECTED: dict[str, dict[str, int]] = {
    "/session": {"POST": 422},
    "/session/close": {"POST": 303},
    "/session/password": {"POST": 422},
    "/session/password/change": {"POST": 422},
    "/session/phone": {"POST": 422},
    "/session/form": {"GET": 200, "HEAD": 200},
    "/session/verify-code": {"GET": 404, "HEAD": 404},
    "/session/join-code": {"GET": 404, "HEAD": 404},
    "/session/join-poster": {"GET": 404, "HEAD": 404},
    "/files": {"POST": 401},
    "/files/{key}": {"GET": 404, "HEAD": 404},
    "/imports": {"POST": 303},
    "/imports/template": {"GET": 404, "HEAD": 404},
    "/job-files/{job}": {"GET": 404, "HEAD": 404},
    "/members/{member}": {"GET": 404, "HEAD": 404},
    "/statistics-workbook": {"GET": 404, "HEAD": 404},
    "/m/login": {"GET": 200, "HEAD": 200, "POST": 422},
    "/m/close": {"POST": 303},
    "/m/language": {"POST": 303},
    "/m/verify": {"GET": 303, "HEAD": 303, "POST": 303},
    "/m/me": {"GET": 303, "HEAD": 303, "POST": 303},
    "/m/join": {"GET": 303, "HEAD": 303, "POST": 303},
    "/m/transfer": {"GET": 303, "HEAD": 303, "POST": 303},
    "/m/requests": {"GET": 303, "HEAD": 303, "POST": 303},
    "/m/requests/data": {"GET": 303, "HEAD": 303},
    "/m/requests/data.json": {"GET": 303, "HEAD": 303},
    "/m/consents": {"GET": 303, "HEAD": 303, "POST": 303},
    "/healthz": {"GET": 200, "HEAD": 200},
    "/readyz": {"GET": 200, "HEAD": 200},
    "/metrics": {"GET": 200, "HEAD": 200},
}
# The pages for visitors, and where whoever is signed in is sent from them.
PUBLIC_PAGES = {"/login/": "/unions/", "/password/": "/account/"}
STATIC_FILES = {
    "/assets/entry-0a1b2c3d.js": "public, max-age=31536000, immutable",
    "/console.css": "public, max-age=300",
    "/favicon.svg": "public, max-age=300",
}
COOKIES: dict[str, Callable[[World], str]] = {
    "visitor": lambda world: world.visit(),
    "owner": lambda world: world.sign_in("owner of the city"),
    "dismissed": lambda world: world.sign_in("dismissed owner of the city"),
    "expired": lambda world: f"s.{'e' * 43}",
}
CALLERS = ("nobody", *COOKIES)
# Where somebody signed in, even one dismissed, is answered otherwise than a stranger.
SIGNED_IN: dict[str, dict[str, int]] = {
    "/session/verify-code": {"GET": 200, "HEAD": 200},
    "/files": {"POST": 422},
    "/imports": {"POST": 303},
    "/imports/template": {"GET": 200, "HEAD": 200},
    "/m/login": {"GET": 303, "HEAD": 303, "POST": 422},
    "/m/verify": {"GET": 200, "HEAD": 200, "POST": 422},
    "/m/me": {"GET": 200, "HEAD": 200, "POST": 422},
    "/m/join": {"GET": 200, "HEAD": 200, "POST": 422},
    "/m/transfer": {"GET": 200, "HEAD": 200, "POST": 422},
    "/m/requests": {"GET": 200, "HEAD": 200, "POST": 422},
    "/m/requests/data": {"GET": 200, "HEAD": 200},
    "/m/requests/data.json": {"GET": 200, "HEAD": 200},
    "/m/consents": {"GET": 200, "HEAD": 200, "POST": 422},
}
# What is told of oneself names the unions that one administers, and the one that answers: here the topmost.
OF_ONESELF, OWN_UNIONS = {"/m/requests", "/m/requests/data", "/m/requests/data.json"}, ("city", "province")
SIGNED_IN_AS = ("owner", "dismissed")
EVERY_ANSWER_HAS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(served: Served, world: World, client: httpx.Client) -> Ask:
    """Send a request as somebody; whatever comes back is no failure and names no union but, of oneself, one's own."""

    def asked(caller: str, method: str, path: str, **headers: str) -> httpx.Response:
        cookie = {"Cookie": f"gdftu_session={COOKIES[caller](world)}"} if caller in COOKIES else {}
        client.cookies.clear()
        answer = client.request(method, f"{served.url}{path}", headers=cookie | headers)
        told = answer.text + str(answer.headers)
        assert answer.status_code < 500
        own = {world.places[key].name for key in OWN_UNIONS} if path in OF_ONESELF and caller in SIGNED_IN_AS else set()
        texts = {text for place in world.places.values() for text in place.texts}
        assert not [text for text in texts - own if text in told]
        return answer

    return asked


def _expected(path: str, caller: str) -> dict[str, int]:
    return SIGNED_IN.get(path, EXPECTED[path]) if caller in SIGNED_IN_AS else EXPECTED[path]


def test_every_route_has_its_row():
    assert own_routes().keys() == EXPECTED.keys()
    assert {path: methods for path, methods in own_routes().items() if methods - EXPECTED[path].keys()} == {}


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("path", EXPECTED)
class TestOwnRoutes:
    def test_are_there_for_their_methods_only_and_bear_every_answers_headers(self, path: str, caller: str, ask: Ask):
        answers = {method: ask(caller, method, path) for method in METHODS}

        nothing = dict.fromkeys(METHODS, 405) | {"GET": 404, "HEAD": 404}
        assert {method: answer.status_code for method, answer in answers.items()} == nothing | _expected(path, caller)
        for headers in (answer.headers for answer in answers.values()):
            assert {name: headers.get(name) for name in EVERY_ANSWER_HAS} == EVERY_ANSWER_HAS
            assert headers["content-security-policy"].startswith("default-src 'none'; ")
            assert headers["content-security-policy"].endswith("frame-ancestors 'none'")
            assert headers["cache-control"] == "no-store"
            assert re.fullmatch(r"[0-9a-f]{12}", headers["x-request-id"])
            assert "strict-transport-security" not in headers

    def test_let_no_other_site_read_them(self, path: str, caller: str, ask: Ask):
        for method in ("GET", "OPTIONS"):
            preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
            headers = ask(caller, method, path, **preflight).headers

            assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("path", pages())
class TestPages:
    @pytest.mark.parametrize("caller", ["nobody", "visitor"])
    def test_send_strangers_to_sign_in(self, path: str, caller: str, ask: Ask):
        answer = ask(caller, "GET", f"{path}?union=7&q=工会")

        if path in PUBLIC_PAGES:
            assert answer.status_code == 200
        else:
            kept = (
                ""
                if path == "/unions/"
                else f"?next={path.replace('/', '%2F')}%3Funion%3D7%26q%3D%25E5%25B7%25A5%25E4%25BC%259A"
            )
            assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/login/")
            assert not kept or answer.headers["location"] == f"/login/{kept}"

    def test_tell_whose_session_is_over_so(self, path: str, ask: Ask):
        answer = ask("expired", "GET", path)

        if path in PUBLIC_PAGES:
            assert answer.status_code == 200
        else:
            assert answer.headers["location"].endswith("reason=expired")
        assert answer.headers["set-cookie"].startswith("gdftu_session=v.")

    @pytest.mark.parametrize("caller", ["owner", "dismissed"])
    def test_are_shown_to_who_is_signed_in(self, path: str, caller: str, ask: Ask):
        answer = ask(caller, "GET", path)

        if path in PUBLIC_PAGES:
            assert (answer.status_code, answer.headers["location"]) == (303, PUBLIC_PAGES[path])
        else:
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "set-cookie" not in answer.headers

    def test_are_only_read(self, path: str, ask: Ask):
        for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
            assert ask("owner", method, path).status_code == 405

    def test_come_whole_from_here_and_run_nothing_but_what_was_built(self, path: str, ask: Ask):
        caller = "visitor" if path in PUBLIC_PAGES else "owner"

        headers = ask(caller, "GET", path).headers

        rules = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
        assert {name: headers.get(name) for name in EVERY_ANSWER_HAS} == EVERY_ANSWER_HAS
        assert headers["cache-control"] == "no-store"
        assert rules["default-src"] == "'none'"
        assert all(re.fullmatch(r"'self'|'sha256-[\w+/=]+'", source) for source in rules["script-src"].split())
        assert rules["connect-src"] == rules["form-action"] == "'self'"
        assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"

    def test_without_the_trailing_slash_are_the_same(self, path: str, ask: Ask):
        answer = ask("nobody", "GET", path.rstrip("/"))

        assert answer.status_code == (200 if path in PUBLIC_PAGES else 303)


def test_the_front_door_leads_strangers_to_sign_in_and_others_to_their_unions(ask: Ask):
    assert ask("nobody", "GET", "/").headers["location"] == "/login/"
    assert ask("owner", "GET", "/").headers["location"] == "/unions/"


@pytest.mark.parametrize("path", reflex_endpoints())
@pytest.mark.parametrize("caller", ["nobody", "owner"])
def test_what_reflex_brings_along_is_closed(path: str, caller: str, ask: Ask):
    for address in (path, f"{path}/", f"{path}?token=x&transport=polling&EIO=4", f"{path}/x?transport=polling&EIO=4"):
        for method in METHODS:
            assert ask(caller, method, address).status_code in (404, 405)


@pytest.mark.parametrize("path", STATIC_FILES)
def test_built_files_are_anybodys_and_may_be_kept(path: str, ask: Ask):
    answer = ask("nobody", "GET", path)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == STATIC_FILES[path]
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", STATIC_FILES)
def test_a_file_that_has_not_changed_may_still_be_kept(path: str, ask: Ask):
    first = ask("nobody", "GET", path)

    again = ask("nobody", "GET", path, **{"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304
    assert again.headers["cache-control"] == STATIC_FILES[path]


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere/", "/files/x", "/api/v1/nowhere", "/api/v2/me", "/m/nowhere", "/.env",
        "/.git/config", "/data/gdftu.sqlite3",
        "/overview/index.html/", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/\\..\\..\\etc\\passwd",
        "/assets/..%2f..%2f..%2fserver.log", "/assets/%00", "//evil.example/overview/", "/OVERVIEW/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_where_nothing_is_nothing_is_told(path: str, accept: str, ask: Ask):
    answer = ask("nobody", "GET", path, Accept=accept)

    assert answer.status_code in (303, 307, 404, 400)
    assert "root:" not in answer.text
    assert "evil" not in answer.headers.get("location", "")


class TestMetrics:
    def test_are_read_on_this_machine_itself(self, ask: Ask):
        assert "gdftu_uptime_seconds" in ask("nobody", "GET", "/metrics").text

    def test_readiness_names_its_checks_and_no_addresses(self, ask: Ask):
        told = ask("nobody", "GET", "/readyz").json()

        assert told == {"status": "ok", "checks": {"database": True, "migrations": True}}

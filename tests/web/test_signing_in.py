"""Signing in and out over HTTP: what the form may say, and what becomes of the cookie."""

import re
from collections.abc import Iterator

import httpx
import pytest
from sqlmodel import select

from gdftu_app.models.accounts import SignInSession
from gdftu_app.queries.outbox import list_messages
from gdftu_app.security.tokens import bound_token, new_session_cookie, new_visitor_cookie, token_hash
from gdftu_app.services.sign_in_codes import send_code
from tests.serving import Served
from tests.state.attacking import Attacker, SocketRefused, attack
from tests.web.conftest import CLOSE, SESSION, Post, cookie_set_by
from tests.web.world import PASSWORD, World


class TestTheCookie:
    def test_is_hidden_from_scripts_and_from_other_sites(self, post: Post, phone: str):
        answer = post(SESSION, phone=phone, password=PASSWORD)

        session, device = answer.headers.get_list("set-cookie")
        assert re.fullmatch(r"gdftu_session=s\.[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=Lax", session)
        assert re.fullmatch(
            r"gdftu_device=d\.[\w-]{22}\.[\w-]{43}; HttpOnly; Max-Age=15552000; Path=/; SameSite=Lax", device
        )

    def test_of_a_visitor_comes_with_the_first_page(self, served: Served, client: httpx.Client):
        answer = client.get(f"{served.url}/login/")

        assert re.fullmatch(
            r"gdftu_session=v\.[\w.-]+; HttpOnly; Max-Age=604800; Path=/; SameSite=Lax", answer.headers["set-cookie"]
        )
        assert "set-cookie" not in client.get(f"{served.url}/login/").headers

    def test_of_a_visitor_comes_with_a_page_that_leads_nowhere(self, served: Served, client: httpx.Client):
        answer = client.get(f"{served.url}/nowhere/", headers={"Accept": "text/html"})

        assert cookie_set_by(answer).startswith("v.")

    def test_is_another_after_signing_in(self, post: Post, phone: str):
        visitor = new_visitor_cookie()

        answer = post(SESSION, visitor, phone=phone, password=PASSWORD)

        assert answer.headers["location"] == "/unions/"
        assert cookie_set_by(answer) not in ("", visitor)

    @pytest.mark.parametrize(
        "planted", [pytest.param(new_session_cookie(), id="unknown session"), "s." + "a" * 43, "x", "", "v.1.2.3"]
    )
    def test_that_somebody_planted_is_never_adopted(self, planted: str, post: Post, phone: str, served: Served):
        answer = post(SESSION, planted, phone=phone, password=PASSWORD)

        assert cookie_set_by(answer) not in ("", planted)
        with pytest.raises(SocketRefused):
            Attacker(served, planted).connect()

    def test_before_is_over_when_somebody_signs_in_again(self, post: Post, phone: str, served: Served):
        first = cookie_set_by(post(SESSION, phone=phone, password=PASSWORD))

        second = cookie_set_by(post(SESSION, first, phone=phone, password=PASSWORD))

        with pytest.raises(SocketRefused):
            Attacker(served, first).connect()
        with attack(served, second) as own:
            assert own.is_connected

    def test_is_dead_at_once_after_signing_out(self, post: Post, phone: str, served: Served, client: httpx.Client):
        cookie = cookie_set_by(post(SESSION, phone=phone, password=PASSWORD))

        answer = post(CLOSE, cookie)

        assert (answer.status_code, answer.headers["location"]) == (303, "/login/")
        assert cookie_set_by(answer).startswith("v.")
        client.cookies.clear()
        replayed = client.get(f"{served.url}/overview/", headers={"Cookie": f"gdftu_session={cookie}"})
        assert replayed.headers["location"] == "/login/?next=%2Foverview%2F&reason=expired"
        with pytest.raises(SocketRefused):
            Attacker(served, cookie).connect()

    def test_of_another_browser_stays_alive_when_one_signs_out(self, post: Post, phone: str, served: Served):
        one, other = (cookie_set_by(post(SESSION, phone=phone, password=PASSWORD)) for _ in range(2))

        post(CLOSE, one)

        with attack(served, other) as own:
            assert own.is_connected

    def test_is_stored_as_a_hash_only(self, post: Post, phone: str, world: World):
        cookie = cookie_set_by(post(SESSION, phone=phone, password=PASSWORD))

        with world.open() as session:
            rows = [str(row.model_dump()) for row in session.exec(select(SignInSession)).all()]

        assert any(token_hash(cookie) in row for row in rows)
        assert not any(cookie in row for row in rows)

    def test_is_read_among_others_and_out_of_malformed_headers(
        self, post: Post, phone: str, served: Served, client: httpx.Client
    ):
        cookie = cookie_set_by(post(SESSION, phone=phone, password=PASSWORD))
        client.cookies.clear()

        def status(header: str) -> int:
            return client.get(f"{served.url}/overview/", headers={"Cookie": header}).status_code

        assert status(f"a=1; gdftu_session={cookie}; b=2") == 200
        assert status(f'gdftu_session="{cookie}"') == 200
        assert status(f"gdftu_session={cookie}; gdftu_session=x") == 303
        assert status(f"=;;;{'a' * 3000}[]{{}}=gdftu_session={cookie}") == 303
        assert status("gdftu_session=" + "s." * 2000) == 303


class TestTheForm:
    def test_with_a_wrong_password_leads_back_and_tells_nothing_in_the_address(self, post: Post, phone: str):
        answer = post(SESSION, phone=phone, password="wrong " + PASSWORD)

        assert (answer.status_code, answer.headers["location"]) == (303, "/login/?tab=password")
        assert cookie_set_by(answer).startswith("v.")

    def test_of_an_unknown_phone_is_answered_alike(self, post: Post, phone: str):
        known, unknown = (post(SESSION, phone=number, password="wrong") for number in (phone, "19012345678"))

        assert (known.status_code, known.headers["location"]) == (unknown.status_code, unknown.headers["location"])
        assert known.headers.keys() == unknown.headers.keys()

    @pytest.mark.parametrize(
        "origin",
        [
            "https://evil.example",
            "null",
            "http://127.0.0.1:1",
            "http://127.0.0.1",
            "https://{}",
            "{}.evil.example",
            "{}, https://evil.example",
        ],
    )
    def test_from_another_site_is_refused(self, origin: str, post: Post, phone: str, served: Served):
        named = origin.format(served.url)

        answers = post(SESSION, origin=named, phone=phone, password=PASSWORD), post(CLOSE, origin=named)

        assert [(answer.status_code, cookie_set_by(answer)) for answer in answers] == [(403, ""), (403, "")]

    def test_that_names_no_origin_is_no_browsers_and_taken(self, post: Post, phone: str):
        assert post(SESSION, origin=None, phone=phone, password=PASSWORD).headers["location"] == "/unions/"

    def test_that_is_too_large_is_refused_unread(self, post: Post, phone: str):
        answer = post(SESSION, phone=phone, password="p" * 9000)

        assert (answer.status_code, answer.headers["connection"]) == (413, "close")

    def test_that_hides_its_size_is_refused_as_well(self, served: Served, client: httpx.Client, phone: str):
        def endless() -> Iterator[bytes]:
            yield f"phone={phone}&password=".encode()
            for _ in range(20):
                yield b"p" * 1000

        answer = client.post(
            f"{served.url}{SESSION}",
            content=endless(),
            headers={"Origin": served.url, "Content-Type": "application/x-www-form-urlencoded"},
        )

        assert (answer.status_code, answer.headers["connection"]) == (413, "close")

    @pytest.mark.parametrize(
        ("content", "content_type"),
        [
            (b"", "application/x-www-form-urlencoded"),
            (b"phone=19901000001", "application/x-www-form-urlencoded"),
            (b"&".join(b"a%d=1" % number for number in range(50)), "application/x-www-form-urlencoded"),
            (b'{"phone": "19901000001", "password": "x"}', "application/json"),
            (b"password=x", "text/plain"),
            (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
            (b"--x\r\nnonsense", "multipart/form-data"),
            (
                b'--x\r\nContent-Disposition: form-data; name="password"; filename="a"\r\n\r\nx\r\n--x--\r\n',
                "multipart/form-data; boundary=x",
            ),
        ],
    )
    def test_that_is_none_is_refused_with_a_reason(
        self, content: bytes, content_type: str, served: Served, client: httpx.Client
    ):
        headers = {"Origin": served.url, "Content-Type": content_type}

        answer = client.post(f"{served.url}{SESSION}", content=content, headers=headers)

        assert answer.status_code in (400, 422)
        assert "set-cookie" not in answer.headers

    @pytest.mark.parametrize("value", ["", "\0", "1" * 3000, "'; --", "１９９０１００００００１", "+86 199\r\nX: y"])
    def test_of_odd_values_leads_back(self, value: str, post: Post):
        for fields in ({"phone": value, "password": value}, {"phone": value, "code": value}):
            assert post(SESSION, **fields).headers["location"].startswith("/login/?tab=")

    def test_keeps_the_phone_for_this_visitor_only(self, post: Post, served: Served, client: httpx.Client):
        own, other = new_visitor_cookie(), new_visitor_cookie()
        post(SESSION, own, phone="19012340000", password="wrong")

        def kept_for(cookie: str) -> str:
            client.cookies.clear()
            headers = {"Cookie": f"gdftu_session={cookie}"}
            return client.get(f"{served.url}/session/form", headers=headers).json()["phone"]

        assert [kept_for(own), kept_for(other), kept_for(""), kept_for(own[:-1] + "_")] == ["19012340000", "", "", ""]

    def test_with_a_code_signs_in_once(self, post: Post, phone: str, world: World):
        with world.open() as session:
            send_code(session, phone=phone)
            [code] = re.findall(r"\d{6}", list_messages(session, phone=phone)[0].text)

        first, second = post(SESSION, phone=phone, code=code), post(SESSION, phone=phone, code=code)

        assert (first.headers["location"], second.headers["location"]) == ("/unions/", "/login/?tab=code")


class TestTheLog:
    def test_names_what_was_refused_and_holds_no_secret(
        self, post: Post, phone: str, served: Served, world: World, client: httpx.Client
    ):
        known, tampered = served.log_size(), world.sign_in("owner of the city")[:-1] + "_"

        post(SESSION, phone=phone, password="wrong " + PASSWORD)
        client.get(f"{served.url}/overview/", headers={"Cookie": f"gdftu_session={tampered}"})
        with attack(served, world.visit()) as attacker:
            attacker.ask("no.such.event", {"phone": phone, "password": PASSWORD})

        logged = served.log(since=known)
        assert "cookie refused" in logged
        secrets = (phone, PASSWORD, tampered, attacker.token, bound_token(tampered, attacker.token))
        assert not [secret for secret in secrets if secret in logged]

"""`/m/login`: signing in on a phone by code, and going on from there."""

import re
from collections.abc import Iterator

import httpx
import pytest
from sqlmodel import select

from gdftu_app.models.accounts import SignInSession
from gdftu_app.queries.outbox import list_messages
from gdftu_app.security.devices import is_known_device
from gdftu_app.security.keys import blind_index
from tests.h5.conftest import Newcomer, Phone
from tests.web.world import World

LOGIN = "/m/login"


def code_sent_to(phone: str, world: World) -> str:
    with world.open() as session:
        found = re.search(r"\d{6}", list_messages(session, phone=phone)[0].text)
    assert found is not None
    return found[0]


def value_of(name: str, html: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', html)
    return found[1] if found else ""


def told_beside(field: str, html: str) -> str:
    found = re.search(rf'id="{field}-error" role="alert">([^<]*)<', html)
    return found[1] if found else ""


class TestThePage:
    def test_is_plain_html_that_nobody_keeps(self, browser: Phone):
        answer = browser.get(LOGIN)

        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert answer.headers["cache-control"] == "no-store"
        assert "<script" not in answer.text
        assert " style=" not in answer.text
        assert {'lang="zh-CN"', 'name="phone"', 'name="code"'} <= set(re.findall(r'\w+="[\w-]+"', answer.text))

    def test_asks_for_nothing_of_another_host(self, browser: Phone):
        addresses = re.findall(r'(?:href|src|action)="([^"]*)"', browser.get(LOGIN).text)

        assert addresses
        assert all(address.startswith("/") and not address.startswith("//") for address in addresses)

    def test_signs_in_by_the_enter_key(self, browser: Phone):
        first = re.search(r"<button[^>]*>", browser.get(LOGIN).text)

        assert first is not None
        assert 'name="ask"' not in first[0]


class TestTheCode:
    def test_is_sent_and_the_phone_stays_in_its_field(self, browser: Phone, phone: str, world: World):
        answer = browser.post(LOGIN, phone=f" {phone}", ask="code", next="/m/verify")

        assert answer.status_code == 200
        assert "验证码已发送，5 分钟内有效。" in answer.text
        assert value_of("phone", answer.text) == f" {phone}"
        assert value_of("next", answer.text) == "/m/verify"
        assert code_sent_to(phone, world)

    def test_is_answered_alike_for_an_unknown_phone(self, browser: Phone, phone: str):
        known, unknown = (browser.post(LOGIN, phone=number, ask="code") for number in (phone, "19812345678"))

        assert known.text.replace(phone, "") == unknown.text.replace("19812345678", "")

    def test_of_what_is_no_phone_is_told_beside_it(self, browser: Phone):
        answer = browser.post(LOGIN, phone="12345", ask="code")

        assert answer.status_code == 422
        assert told_beside("phone", answer.text) == "手机号应为 11 位，现为 5 位，请核对。"
        assert value_of("phone", answer.text) == "12345"

    def test_twice_within_the_minute_is_too_often(self, browser: Phone, phone: str):
        browser.post(LOGIN, phone=phone, ask="code")

        answer = browser.post(LOGIN, phone=phone, ask="code")

        assert answer.status_code == 429
        assert told_beside("phone", answer.text).startswith("验证码刚刚发送过")


class TestSigningIn:
    def test_leads_on_with_new_cookies_of_session_and_device(self, browser: Phone, phone: str, world: World):
        browser.post(LOGIN, phone=phone, ask="code")

        answer = browser.post(LOGIN, phone=phone, code=code_sent_to(phone, world), next="/m/verify")

        assert (answer.status_code, answer.headers["location"]) == (303, "/m/verify")
        assert browser.session.startswith("s.")
        assert is_known_device(browser.device, blind_index("phone", f"+86{phone}"))
        for header in answer.headers.get_list("set-cookie"):
            assert re.fullmatch(r"gdftu_\w+=[\w.-]+; HttpOnly; Max-Age=\d+; Path=/; SameSite=Lax", header)

    def test_with_a_wrong_code_keeps_the_phone_and_not_the_code(self, browser: Phone, phone: str):
        browser.post(LOGIN, phone=phone, ask="code")

        answer = browser.post(LOGIN, phone=phone, code="000000x", next="/m/verify")

        assert answer.status_code == 422
        assert told_beside("code", answer.text).startswith("验证码不正确或已失效，还可以再试 4 次。")
        assert value_of("phone", answer.text) == phone
        assert "000000x" not in answer.text
        assert browser.session == ""

    def test_without_a_code_is_no_failure(self, browser: Phone, phone: str):
        answer = browser.post(LOGIN, phone=phone)

        assert told_beside("code", answer.text) == "请填写验证码。"

    def test_too_often_is_told_with_the_time_to_wait(self, browser: Phone, phone: str):
        for _ in range(4):
            browser.post(LOGIN, phone=phone, code="000000")

        answer = browser.post(LOGIN, phone=phone, code="000000")

        assert answer.status_code == 429
        assert told_beside("code", answer.text).startswith("连续登录失败次数过多，请 30 分钟后再试。")

    def test_works_on_a_known_device_while_strangers_are_locked_out(self, browser: Phone, phone: str, world: World):
        browser.post(LOGIN, phone=phone, ask="code")
        browser.post(LOGIN, phone=phone, code=code_sent_to(phone, world))
        stranger = Phone(browser.served, browser.client)
        for _ in range(5):
            stranger.post(LOGIN, phone=phone, code="000000")
        browser.post("/m/close")

        browser.post(LOGIN, phone=phone, ask="code")
        answer = browser.post(LOGIN, phone=phone, code=code_sent_to(phone, world))

        assert answer.headers["location"] == "/m/me"
        assert stranger.post(LOGIN, phone=phone, ask="code").status_code == 429

    def test_leaves_no_row_of_a_browser_without_a_cookie(self, browser: Phone, world: World):
        with world.open() as session:
            before = len(session.exec(select(SignInSession.id)).all())

        for _ in range(3):
            browser.post(LOGIN, phone="19812345679", code="000000")

        with world.open() as session:
            assert len(session.exec(select(SignInSession.id)).all()) == before

    def test_is_not_asked_of_who_is_signed_in(self, newcomer: Newcomer):
        answer = newcomer().phone.get(f"{LOGIN}?next=/m/verify")

        assert (answer.status_code, answer.headers["location"]) == (303, "/m/verify")

    @pytest.mark.parametrize(
        "going_to",
        [
            "/overview/",
            "//evil.example/m/",
            "https://evil.example/m/verify",
            "/m/../overview/",
            "/m/%2e%2e/overview/",
            "/m/..%2foverview",
            "/m/\\evil.example",
            "/m/\t/evil.example",
            "/m//evil.example/../../session/close",
            "/mm/verify",
            "/m/",
            "/m",
            "m/verify",
            "javascript:alert(1)",
            "/m/verify\r\nSet-Cookie: a=b",
            "/m/" + "v" * 500,
            "/m/ｖ",
        ],
    )
    def test_goes_on_to_member_pages_only(self, going_to: str, newcomer: Newcomer, browser: Phone):
        phone = newcomer().phone

        led = phone.client.get(
            f"{phone.served.url}{LOGIN}",
            params={"next": going_to},
            headers={"Cookie": f"gdftu_session={phone.session}"},
        )
        chosen = browser.post("/m/language", language="en", next=going_to)

        assert {led.headers["location"], chosen.headers["location"]} == {"/m/me"}

    @pytest.mark.parametrize("going_to", ["/m/verify?a=1&b=%2F", "/m/some-page/7"])
    def test_goes_on_to_where_somebody_was_going(self, going_to: str, newcomer: Newcomer):
        phone = newcomer().phone

        led = phone.client.get(
            f"{phone.served.url}{LOGIN}",
            params={"next": going_to},
            headers={"Cookie": f"gdftu_session={phone.session}"},
        )

        assert led.headers["location"] == going_to


class TestTheForms:
    @pytest.mark.parametrize("path", [LOGIN, "/m/close", "/m/language", "/m/verify"])
    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
    def test_of_another_site_are_refused(self, path: str, origin: str, newcomer: Newcomer):
        phone = newcomer().phone

        answer = phone.post(path, origin=origin, phone="19900000001", code="1", language="en", withdraw="1")

        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
        assert phone.get("/m/verify").status_code == 200

    @pytest.mark.parametrize("path", [LOGIN, "/m/close", "/m/language", "/m/verify"])
    def test_that_are_too_large_are_refused_unread(self, path: str, browser: Phone):
        assert browser.post(path, phone="1" * 9000).status_code == 413

    @pytest.mark.parametrize("path", [LOGIN, "/m/close", "/m/language", "/m/verify"])
    def test_that_hide_their_size_are_refused_as_well(self, path: str, browser: Phone):
        def endless() -> Iterator[bytes]:
            yield b"phone="
            for _ in range(20):
                yield b"1" * 1000

        headers = {"Origin": browser.served.url, "Content-Type": "application/x-www-form-urlencoded"}
        answer = httpx.post(f"{browser.served.url}{path}", content=endless(), headers=headers)

        assert answer.status_code == 413

    @pytest.mark.parametrize("value", ["", "\0", "1" * 2000, "'; --", "<b>", "{phone}", "１９９０１００００００１"])
    def test_of_odd_values_are_answered_calmly(self, value: str, browser: Phone):
        for fields in ({"phone": value, "ask": "code"}, {"phone": value, "code": value}, {"ask": value}):
            answer = browser.post(LOGIN, next=value, **fields)

            assert answer.status_code in (200, 422, 429)
            assert "<b>" not in answer.text.replace("<b>广东工会</b>", "")


class TestTheLanguage:
    def test_follows_what_a_visitor_chose_and_names_itself(self, browser: Phone):
        answer = browser.post("/m/language", language="en", next=f"{LOGIN}?next=/m/verify")

        page = browser.get(answer.headers["location"]).text
        assert answer.headers["location"] == f"{LOGIN}?next=/m/verify"
        assert '<html lang="en">' in page
        assert re.search(r'value="en" lang="en" aria-current="true"', page)
        assert "获取验证码" not in page

    def test_of_an_account_goes_with_it(self, newcomer: Newcomer, world: World):
        phone = newcomer().phone

        phone.post("/m/language", language="zh-Hant", next="/m/verify")

        assert '<html lang="zh-Hant">' in phone.get("/m/verify").text

    def test_can_be_chosen_when_the_session_is_over(self, browser: Phone):
        browser.session = f"s.{'e' * 43}"

        browser.post("/m/language", language="en", next=LOGIN)

        assert '<html lang="en">' in browser.get(LOGIN).text

    @pytest.mark.parametrize("language", ["", "xx", "../en", "<b>"])
    def test_that_there_is_not_changes_nothing(self, language: str, browser: Phone):
        browser.post("/m/language", language=language, next=LOGIN)

        assert '<html lang="zh-CN">' in browser.get(LOGIN).text


class TestLeaving:
    def test_ends_the_session_at_once_and_keeps_the_device(self, newcomer: Newcomer):
        phone = newcomer().phone
        phone.device = "d.of.mine"
        before = phone.session

        answer = phone.post("/m/close")

        assert (answer.status_code, answer.headers["location"]) == (303, LOGIN)
        assert phone.session.startswith("v.")
        assert phone.device == "d.of.mine"
        phone.session = before
        assert phone.get("/m/verify").headers["location"] == "/m/login?next=%2Fm%2Fverify"

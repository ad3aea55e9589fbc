"""Passwords and phones over HTTP: who may send which form, where it leads, and what becomes of the cookies."""

import re
from collections.abc import Callable
from http.cookies import SimpleCookie
from itertools import count

import httpx
import pytest
from sqlmodel import select

from gdftu_app.clock import now
from gdftu_app.models.accounts import Account, CodePurpose
from gdftu_app.queries.outbox import list_messages
from gdftu_app.security.keys import blind_index
from gdftu_app.security.passwords import hash_password, verify_password
from gdftu_app.security.tokens import new_session_cookie, new_visitor_cookie
from gdftu_app.services.sign_in_codes import send_code
from gdftu_app.state.password import PasswordState
from gdftu_app.state.sign_in import SignInState
from tests import factories
from tests.serving import Served
from tests.state.attacking import SocketRefused, attack, merged
from tests.web.conftest import SESSION, Post, cookie_set_by
from tests.web.world import PASSWORD, World

SET, CHANGE, PHONE = "/session/password", "/session/password/change", "/session/phone"
NEW, ANOTHER = "Lychee-Harbour-72", "Another-Lychee-73"
FORMS = {
    SET: {"phone": "19901000001", "code": "000000", "password": NEW, "again": NEW},
    CHANGE: {"current": "x", "password": NEW, "again": NEW},
    PHONE: {"code": "000000", "phone": "19901000002", "new_code": "000000"},
}
_new_phones = count(19_902_000_001)
SendCode = Callable[[str, CodePurpose], str]


@pytest.fixture
def send(world: World) -> SendCode:
    """Send a code of a purpose to a phone, and read it."""

    def sent(phone: str, purpose: CodePurpose) -> str:
        with world.open() as session:
            send_code(session, phone=phone, purpose=purpose)
            [code] = re.findall(r"验证码 (\d{6})", list_messages(session, phone=phone)[0].text)
        return code

    return sent


def signed_in(post: Post, phone: str) -> str:
    return cookie_set_by(post(SESSION, phone=phone, password=PASSWORD))


def has_password(world: World, phone: str, password: str) -> bool:
    with world.open() as session:
        bidx = blind_index("phone", f"+86{phone}")
        return verify_password(
            session.exec(select(Account.password_hash).where(Account.phone_bidx == bidx)).one(), password
        )


def is_over(served: Served, cookie: str) -> bool:
    try:
        with attack(served, cookie):
            return False
    except SocketRefused:
        return True


class TestEveryForm:
    @pytest.mark.parametrize("path", FORMS)
    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "{}.evil.example"])
    def test_from_another_site_is_refused(self, path: str, origin: str, post: Post, served: Served):
        answer = post(path, origin=origin.format(served.url), **FORMS[path])

        assert (answer.status_code, cookie_set_by(answer)) == (403, "")

    @pytest.mark.parametrize("path", FORMS)
    @pytest.mark.parametrize("is_hidden", [False, True], ids=["of a told size", "of a hidden size"])
    def test_that_is_too_large_is_refused_unread(self, path: str, is_hidden: bool, served: Served):
        headers = {"Origin": served.url, "Content-Type": "application/x-www-form-urlencoded"}
        body = b"password=" + b"p" * 20_000

        # A connection of its own: the server leaves one whose body it did not read.
        answer = httpx.post(f"{served.url}{path}", content=iter([body]) if is_hidden else body, headers=headers)

        assert answer.status_code == 413

    @pytest.mark.parametrize("path", FORMS)
    @pytest.mark.parametrize("fields", [{}, {"code": "1"}, {"x": "y"}])
    def test_that_is_none_is_refused(self, path: str, fields: dict[str, str], post: Post):
        assert post(path, **fields).status_code == 422

    @pytest.mark.parametrize("path", [CHANGE, PHONE])
    @pytest.mark.parametrize(
        "cookie",
        [
            "",
            "x",
            pytest.param(new_visitor_cookie(), id="visitor"),
            pytest.param(new_session_cookie(), id="unknown session"),
        ],
    )
    def test_of_an_account_leads_strangers_to_the_sign_in_page(self, path: str, cookie: str, post: Post):
        answer = post(path, cookie, **FORMS[path])

        assert (answer.status_code, cookie_set_by(answer)) == (303, "")
        assert answer.headers["location"] == "/login/?next=%2Faccount%2F&reason=expired"

    @pytest.mark.parametrize(
        "value", ["", "\0", "1" * 1500, "'; --", "１９９０１００００００１", "\r\nX: y", "长" * 60]
    )
    def test_of_odd_values_leads_back(self, value: str, post: Post, phone: str):
        cookie = signed_in(post, phone)

        for path, form in FORMS.items():
            answer = post(path, cookie if path != SET else None, **dict.fromkeys(form, value))
            assert answer.headers["location"] == ("/password/" if path == SET else "/account/")


class TestSettingAPassword:
    def test_leads_to_the_sign_in_page_and_ends_every_session(
        self, post: Post, phone: str, send: SendCode, served: Served, world: World
    ):
        cookie = signed_in(post, phone)

        answer = post(
            SET, new_visitor_cookie(), phone=phone, code=send(phone, CodePurpose.SET_PASSWORD), password=NEW, again=NEW
        )

        assert (answer.status_code, answer.headers["location"]) == (303, "/login/?tab=password&reason=password")
        assert is_over(served, cookie)
        assert has_password(world, phone, NEW)

    def test_by_the_same_form_twice_is_done_once(self, post: Post, phone: str, send: SendCode, world: World):
        code = send(phone, CodePurpose.SET_PASSWORD)

        answers = [
            post(SET, phone=phone, code=code, password=password, again=password).headers["location"]
            for password in (NEW, ANOTHER)
        ]

        assert answers == ["/login/?tab=password&reason=password", "/password/"]
        assert has_password(world, phone, NEW)

    def test_for_an_unknown_phone_is_answered_alike(self, post: Post, phone: str):
        known, unknown = (
            post(SET, phone=number, code="000000", password=NEW, again=NEW) for number in (phone, "19012345678")
        )

        assert (known.status_code, known.headers["location"]) == (unknown.status_code, unknown.headers["location"])
        assert known.headers.keys() == unknown.headers.keys()

    def test_that_was_refused_is_told_on_its_own_page_once(self, post: Post, phone: str, served: Served):
        cookie = new_visitor_cookie()

        def told_on(state: type, address: str) -> object:
            with attack(served, cookie) as window:
                shown = merged(window.ask(f"{state.get_full_name()}.load", address=address))
            return shown.get(state.get_full_name(), {}).get("problem_field")

        post(SET, cookie, phone=phone, code="000000", password="short", again="short")
        first, second = told_on(PasswordState, "/password/"), told_on(PasswordState, "/password/")
        post(SET, cookie, phone=phone, code="000000", password="short", again="short")
        elsewhere = told_on(SignInState, "/login/")

        assert (first, second, elsewhere) == ("password", "", "")

    def test_keeps_the_phone_for_this_visitor_only(self, post: Post, served: Served, client: httpx.Client):
        own, other = new_visitor_cookie(), new_visitor_cookie()
        post(SET, own, phone="19012340000", code="", password=NEW, again=NEW)

        def kept_for(cookie: str) -> str:
            client.cookies.clear()
            headers = {"Cookie": f"gdftu_session={cookie}"}
            return client.get(f"{served.url}/session/form", headers=headers).json()["phone"]

        assert [kept_for(own), kept_for(other)] == ["19012340000", ""]

    def test_writes_no_secret_to_the_log(self, post: Post, phone: str, send: SendCode, served: Served):
        known, code = served.log_size(), send(phone, CodePurpose.SET_PASSWORD)

        for typed in ("000000", code):
            post(SET, phone=phone, code=typed, password=NEW, again=NEW)

        assert not [secret for secret in (phone, NEW, code) if secret in served.log(since=known)]


class TestAnAgedPassword:
    def test_leads_to_where_it_is_set_anew(self, post: Post, phone: str, world: World):
        with world.open() as session:
            account = session.exec(
                select(Account).where(Account.phone_bidx == blind_index("phone", f"+86{phone}"))
            ).one()
            account.password_changed_at = now().replace(year=2020)
            session.add(account)

        right, wrong = post(SESSION, phone=phone, password=PASSWORD), post(SESSION, phone=phone, password="wrong")

        assert right.headers["location"] == "/password/?reason=aged"
        assert cookie_set_by(right).startswith("v.")
        assert wrong.headers["location"] == "/login/?tab=password"


class TestChangingThePassword:
    def test_lets_this_browser_go_on_under_a_new_cookie(self, post: Post, phone: str, served: Served, world: World):
        here, there = signed_in(post, phone), signed_in(post, phone)

        answer = post(CHANGE, here, current=PASSWORD, password=NEW, again=NEW)

        renewed = cookie_set_by(answer)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account/?done=password")
        assert (is_over(served, here), is_over(served, there), is_over(served, renewed)) == (True, True, False)
        assert has_password(world, phone, NEW)

    def test_with_a_wrong_present_one_leads_back_and_changes_nothing(
        self, post: Post, phone: str, served: Served, world: World
    ):
        cookie = signed_in(post, phone)

        answer = post(CHANGE, cookie, current="wrong", password=NEW, again=NEW)

        assert (answer.headers["location"], cookie_set_by(answer)) == ("/account/", "")
        assert not is_over(served, cookie)
        assert has_password(world, phone, PASSWORD)

    def test_by_the_same_form_twice_is_done_once(self, post: Post, phone: str, world: World):
        cookie = signed_in(post, phone)

        answers = [
            post(CHANGE, cookie, current=PASSWORD, password=password, again=password) for password in (NEW, ANOTHER)
        ]

        assert answers[1].headers["location"] == "/login/?next=%2Faccount%2F&reason=expired"
        assert has_password(world, phone, NEW)

    def test_concerns_the_account_of_the_session_whatever_phone_is_named(self, post: Post, phone: str, world: World):
        other = str(next(_new_phones))
        with world.open() as session:
            factories.make_account(session, phone=f"+86{other}").password_hash = hash_password(PASSWORD)

        post(CHANGE, signed_in(post, phone), phone=other, current=PASSWORD, password=NEW, again=NEW)

        assert has_password(world, phone, NEW)
        assert has_password(world, other, PASSWORD)


class TestChangingThePhone:
    def test_signs_in_with_the_new_one_from_now_on(self, post: Post, phone: str, send: SendCode, served: Served):
        cookie, new = signed_in(post, phone), str(next(_new_phones))
        codes = {"code": send(phone, CodePurpose.LEAVE_PHONE), "new_code": send(new, CodePurpose.TAKE_PHONE)}

        answer = post(PHONE, cookie, phone=new, **codes)

        set_cookies = SimpleCookie()
        for header in answer.headers.get_list("set-cookie"):
            set_cookies.load(header)
        assert answer.headers["location"] == "/account/?done=phone"
        assert set_cookies.keys() == {"gdftu_session", "gdftu_device"}
        assert is_over(served, cookie)
        assert not is_over(served, set_cookies["gdftu_session"].value)
        assert post(SESSION, phone=new, password=PASSWORD).headers["location"] == "/unions/"
        assert post(SESSION, phone=phone, password=PASSWORD).headers["location"] == "/login/?tab=password"

    def test_with_a_wrong_code_leads_back_and_keeps_the_typed_phone(
        self, post: Post, phone: str, served: Served, client: httpx.Client
    ):
        cookie, new = signed_in(post, phone), str(next(_new_phones))

        answer = post(PHONE, cookie, phone=new, code="000000", new_code="000000")

        client.cookies.clear()
        kept = client.get(f"{served.url}/session/form", headers={"Cookie": f"gdftu_session={cookie}"}).json()
        assert (answer.headers["location"], kept) == ("/account/", {"phone": new})

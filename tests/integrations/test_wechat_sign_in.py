"""Who uses the mini-program: `sns/jscode2session` and `wxa/business/getuserphonenumber`, over real HTTP."""

from collections.abc import Iterator

import pytest

from gdftu_app.integrations.http import Unanswered, Unreached
from gdftu_app.integrations.wechat import BAD_CODE, WeChatRefused
from tests.clouds import WeChatSide
from tests.integrations.test_wechat import Pocket, client
from tests.other_side import Answer, HangUp, OtherSide, Silence, other_side
from tests.serving import free_port

USER, LOGIN, PHONE = "oUser-1", "login-code", "phone-code"
TOLD = {"phoneNumber": "19911112222", "purePhoneNumber": "19911112222", "countryCode": "86"}


@pytest.fixture
def side() -> WeChatSide:
    """WeChat, where one user has just logged in and let it tell the phone."""
    return WeChatSide(users={LOGIN: USER}, phones={(PHONE, USER): TOLD})


@pytest.fixture
def served(side: WeChatSide) -> Iterator[OtherSide]:
    """The same over HTTP."""
    with other_side(side) as running:
        yield running


class TestOpenId:
    def test_is_told_for_a_code_once(self, served: OtherSide):
        wechat = client(served.url, Pocket())

        assert wechat.open_id(LOGIN) == USER
        with pytest.raises(WeChatRefused) as refusal:
            wechat.open_id(LOGIN)

        assert refusal.value.code in BAD_CODE

    def test_a_code_with_signs_of_an_address_stays_a_code(self, served: OtherSide):
        with pytest.raises(WeChatRefused):
            client(served.url, Pocket()).open_id("x&appid=other#?/../中")

        assert served.seen[0].query["js_code"] == "x&appid=other#?/../中"
        assert served.seen[0].query["appid"] == "wx0123456789abcdef"

    @pytest.mark.parametrize(
        "trouble",
        [Silence(), HangUp(), Answer(b"", status=500), Answer(b"<html>"), Answer(b"{}"), Answer(b'{"openid": 7}')],
        ids=["silence", "hang up", "500", "html", "empty", "number"],
    )
    def test_anything_else_makes_no_sense(self, trouble, side: WeChatSide, served: OtherSide):
        side.instead = trouble

        with pytest.raises(Unanswered):
            client(served.url, Pocket()).open_id(LOGIN)

    def test_without_a_connection_there_is_none(self):
        with pytest.raises(Unreached):
            client(f"http://127.0.0.1:{free_port()}", Pocket()).open_id(LOGIN)


class TestPhoneNumber:
    @pytest.mark.parametrize("country", ["86", 86])
    def test_is_told_to_the_very_user(self, country: object, side: WeChatSide, served: OtherSide):
        side.phones[PHONE, USER] = TOLD | {"countryCode": country}

        assert client(served.url, Pocket(side.token)).phone_number(PHONE, USER) == "+8619911112222"

    def test_anybody_elses_code_is_worth_nothing(self, side: WeChatSide, served: OtherSide):
        with pytest.raises(WeChatRefused) as refusal:
            client(served.url, Pocket(side.token)).phone_number(PHONE, "oUser-2")

        assert refusal.value.code in BAD_CODE

    def test_a_spent_token_is_renewed_once(self, side: WeChatSide, served: OtherSide):
        side.spent.add(side.token)

        assert client(served.url, Pocket(side.token)).phone_number(PHONE, USER)
        assert side.asked_for_tokens == 1

    @pytest.mark.parametrize("mark", [None, {}, {"appid": "wx-other"}, "x"])
    def test_of_another_app_makes_no_sense(self, mark: object, side: WeChatSide, served: OtherSide):
        side.phones[PHONE, USER] = TOLD | {"watermark": mark}

        with pytest.raises(Unanswered):
            client(served.url, Pocket(side.token)).phone_number(PHONE, USER)

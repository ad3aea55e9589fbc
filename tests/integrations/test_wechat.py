import pytest

from gdftu_app.clock import now
from gdftu_app.errors import Misconfigured
from gdftu_app.integrations.http import Unanswered, Unreached
from gdftu_app.integrations.wechat import WeChatRefused, wechat
from tests.clouds import JPEG, WeChatSide, configured
from tests.other_side import Answer, HangUp, Silence, other_side
from tests.serving import free_port


class Pocket:
    """Where one token is kept."""

    def __init__(self, token=None):
        self.token = token
        self.expires_at = now()

    def find(self):
        return self.token

    def keep(self, token, expires_at):
        self.token, self.expires_at = token, expires_at


def client(url, tokens, **values):
    known = {"wechat_app_id": "wx0123456789abcdef", "wechat_app_secret": "an-app-secret"}
    return wechat(configured(wechat_base_url=url, **{**known, "gateway_timeout_seconds": 0.5, **values}), tokens)


@pytest.fixture
def side():
    return WeChatSide()


@pytest.fixture
def url(side):
    with other_side(side) as served:
        yield served.url


class TestMiniProgramCode:
    def test_the_picture_comes_as_wechat_drew_it(self, side, url):
        tokens = Pocket()

        code = client(url, tokens).mini_program_code("v=a1B2", "pages/verify/index")

        assert (code.media_type, code.content, code.is_mini_program) == ("image/jpeg", JPEG, True)
        assert side.drawn == [
            {"scene": "v=a1B2", "page": "pages/verify/index", "check_path": True, "env_version": "release"}
        ]
        assert tokens.token == side.token
        assert 6000 < (tokens.expires_at - now()).total_seconds() < 7200

    def test_a_token_at_hand_is_used(self, side, url):
        client(url, Pocket(side.token)).mini_program_code("a", "p")

        assert (side.asked_for_tokens, len(side.drawn)) == (0, 1)

    def test_a_spent_token_is_renewed_once(self, side, url):
        tokens = Pocket(side.token)
        side.spent.add(side.token)

        client(url, tokens).mini_program_code("a", "p")

        assert (side.asked_for_tokens, tokens.token, len(side.drawn)) == (1, "token-number-0002", 1)

    def test_one_that_wechat_still_lends_out_although_spent_is_forced_out(self, side, url):
        tokens = Pocket(side.token)
        side.spent.add(side.token)
        side.stuck = True

        client(url, tokens).mini_program_code("a", "p")

        assert (side.asked_for_tokens, tokens.token) == (2, "token-number-0002")

    def test_no_second_renewal_follows(self, side, url):
        side.spent |= {f"token-number-{number:04d}" for number in range(10)}

        with pytest.raises(WeChatRefused) as refusal:
            client(url, Pocket(side.token)).mini_program_code("a", "p")

        assert (refusal.value.code, side.asked_for_tokens) == ("40001", 1)

    @pytest.mark.parametrize("code", [45009, 41030, -1])
    def test_an_error_in_place_of_the_picture_is_told(self, side, url, code):
        side.instead = {"errcode": code, "errmsg": "…"}

        with pytest.raises(WeChatRefused) as refusal:
            client(url, Pocket()).mini_program_code("a", "p")

        assert refusal.value.code == str(code)

    def test_a_wrong_secret_is_told(self, url):
        with pytest.raises(WeChatRefused) as refusal:
            client(url, Pocket(), wechat_app_secret="another").mini_program_code("a", "p")

        assert refusal.value.code == "40125"

    @pytest.mark.parametrize(
        "trouble", [Silence(), HangUp(), Answer(b"", status=500), Answer(b"<html>"), Answer(b"{}"), Answer(b"")]
    )
    def test_anything_else_in_its_place_makes_no_sense(self, side, url, trouble):
        side.instead = trouble

        with pytest.raises(Unanswered):
            client(url, Pocket()).mini_program_code("a", "p")

    def test_without_a_connection_there_is_none(self):
        with pytest.raises(Unreached):
            client(f"http://127.0.0.1:{free_port()}", Pocket()).mini_program_code("a", "p")

    @pytest.mark.parametrize("scene", ["", "x" * 33, "验证", "a b", "a%20b", "a\n"])
    def test_a_scene_that_wechat_does_not_take_is_a_mistake(self, side, url, scene):
        with pytest.raises(ValueError, match="scene"):
            client(url, Pocket()).mini_program_code(scene, "p")

        assert side.asked_for_tokens == 0

    def test_codes_of_a_trial_version_do_not_need_a_published_page(self, side, url):
        client(url, Pocket(), wechat_version="trial").mini_program_code("a", "p")

        assert (side.drawn[0]["env_version"], side.drawn[0]["check_path"]) == ("trial", False)

    def test_an_app_without_a_secret_is_refused(self):
        with pytest.raises(Misconfigured, match="GDFTU_WECHAT_APP_SECRET"):
            client("https://api.weixin.qq.com", Pocket(), wechat_app_secret="")

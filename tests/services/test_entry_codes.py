import threading
from datetime import timedelta

import pytest

from gdftu_app.clock import frozen_at, now
from gdftu_app.services.entry_codes import make_entry_code
from tests.clouds import JPEG, WeChatSide, installed
from tests.other_side import Answer, Silence, other_side

ADDRESS = "https://console.example.org/m/verify?k=a1"


def make():
    return make_entry_code(ADDRESS, "k=a1", "pages/verify/index")


@pytest.fixture
def side(own_database):
    side = WeChatSide()
    with (
        other_side(side) as served,
        installed(
            wechat_app_id=side.app_id,
            wechat_app_secret=side.secret,
            wechat_base_url=served.url,
            gateway_timeout_seconds=0.5,
        ),
    ):
        yield side


class TestMakeEntryCode:
    def test_without_a_mini_program_it_is_a_qr_code(self):
        code = make()

        assert (code.media_type, code.is_mini_program) == ("image/svg+xml", False)

    def test_with_one_it_is_a_mini_program_code(self, side):
        code = make()

        assert (code.media_type, code.content, code.is_mini_program) == ("image/jpeg", JPEG, True)
        assert side.drawn[0]["scene"] == "k=a1"

    def test_workers_share_one_token(self, side):
        make()
        workers = [threading.Thread(target=make) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(20)

        assert (side.asked_for_tokens, len(side.drawn)) == (1, 5)

    def test_the_token_is_renewed_when_it_comes_of_age(self, side):
        make()
        with frozen_at(now() + timedelta(seconds=7200)):
            make()

        assert side.asked_for_tokens == 2

    @pytest.mark.parametrize("trouble", [{"errcode": 45009}, Silence(), Answer(b"", status=502)])
    def test_while_wechat_gives_none_the_qr_code_stands_in(self, side, trouble, caplog):
        side.instead = trouble

        code = make()

        assert (code.media_type, code.is_mini_program) == ("image/svg+xml", False)
        assert "a QR code stands in" in caplog.text
        assert not any(secret in caplog.text for secret in (side.token, side.secret))

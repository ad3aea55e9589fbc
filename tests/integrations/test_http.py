import logging

import pytest

from gdftu_app.integrations.http import Unanswered, Unreached, post, tidy_code
from tests.other_side import Answer, HangUp, Silence, other_side
from tests.serving import free_port


def ask(url, *, patience=2.0):
    return post(f"{url}/path?phone=13800138000", headers={"x-secret": "hunter2"}, content=b"{}", patience=patience)


class TestPost:
    def test_an_answer_below_500_is_given_back(self):
        with other_side(lambda _: Answer(b'{"a": 1}', status=400)) as side:
            reply = ask(side.url)

        assert (reply.status, reply.media_type, reply.fields()) == (400, "application/json", {"a": 1})

    def test_nobody_listening_means_that_nothing_was_taken(self):
        with pytest.raises(Unreached) as trouble:
            ask(f"http://127.0.0.1:{free_port()}")

        assert trouble.value.code == "ConnectError"

    def test_too_many_requests_means_that_this_one_was_not_taken(self):
        with other_side(lambda _: Answer(b"", status=429)) as side, pytest.raises(Unreached):
            ask(side.url)

    @pytest.mark.parametrize(
        ("behaviour", "code"),
        [
            (Silence(), "ReadTimeout"),
            (HangUp(), "RemoteProtocolError"),
            (Answer(b"", status=500), "HTTP500"),
            (Answer(b"", status=503), "HTTP503"),
        ],
    )
    def test_what_happens_after_the_request_was_written_leaves_it_open(self, behaviour, code):
        with other_side(lambda _: behaviour) as side, pytest.raises(Unanswered) as trouble:
            ask(side.url, patience=0.3)

        assert trouble.value.code == code
        assert len(side.seen) == 1

    @pytest.mark.parametrize("content", [b"", b"<html>", b"[1]", b'"text"', b"\xff\xfe"])
    def test_an_answer_that_is_no_object_makes_no_sense(self, content):
        with other_side(lambda _: Answer(content)) as side, pytest.raises(Unanswered):
            ask(side.url).fields()

    def test_a_redirection_is_not_followed(self):
        with other_side(lambda _: Answer(b"", status=302)) as side:
            assert ask(side.url).status == 302

        assert len(side.seen) == 1

    def test_nothing_of_a_request_is_logged_whatever_the_level(self, caplog):
        root = logging.getLogger()
        level = root.level
        root.setLevel(logging.DEBUG)
        try:
            with other_side(lambda _: Answer(b"{}")) as side:
                ask(side.url)
        finally:
            root.setLevel(level)

        assert caplog.text == ""


class TestTidyCode:
    def test_what_could_hold_more_than_a_code_is_cut(self):
        assert tidy_code("isv.A_B:1-2") == "isv.A_B:1-2"
        assert tidy_code("手机号 13800138000\n") == "13800138000"
        assert len(tidy_code("x" * 1000)) == 100
        assert tidy_code(None) == ""

import re

import pytest
import typer
from typer.testing import CliRunner

from gdftu_app.cli.outbox import outbox
from gdftu_app.db import unit_of_work
from gdftu_app.services.sign_in_codes import send_code
from tests.clouds import installed
from tests.factories import make_account

app = typer.Typer()
app.command("outbox")(outbox)


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def two_codes(own_database):
    for phone in ("19900000001", "19900000002"):
        with unit_of_work() as session:
            make_account(session, phone=f"+86{phone}")
            send_code(session, phone=phone, address="1.2.3.4")


class TestOutbox:
    def test_the_newest_come_first_with_phones_masked(self, two_codes):
        result = run()

        first, second = result.stdout.splitlines()
        assert result.exit_code == 0
        assert "199****0002\tsign_in\tsent\t【粤工惠】验证码 " in first
        assert "199****0001" in second
        assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\t", first)

    def test_one_phone_is_shown_in_full_with_its_code(self, two_codes):
        result = run("--phone", "19900000001")

        [line] = result.stdout.splitlines()
        assert line.split("\t")[1] == "19900000001"
        assert re.search(r"验证码 \d{6}，", line)

    def test_no_more_than_asked_for(self, two_codes):
        assert len(run("--limit", "1").stdout.splitlines()) == 1

    def test_an_empty_outbox_says_so(self, own_database):
        result = run()

        assert (result.exit_code, result.stdout) == (0, "")
        assert "还没有短信" in result.stderr

    def test_a_wrong_phone_is_refused(self, own_database):
        result = run("--phone", "123")

        assert result.exit_code == 1
        assert "手机号" in result.stderr

    def test_the_messages_of_a_real_gateway_are_not_shown(self, two_codes):
        with installed(sms_gateway="aliyun"):
            result = run()

        assert (result.exit_code, result.stdout) == (1, "")
        assert "外部网关" in result.stderr

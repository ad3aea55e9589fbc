import json

import pytest
import typer
from sqlmodel import select
from typer.testing import CliRunner

from gdftu_app.cli.doctor import doctor
from gdftu_app.db import unit_of_work
from gdftu_app.models.accounts import CodePurpose
from gdftu_app.models.records import AuditEntry, OutboxMessage
from gdftu_app.queries.outbox import list_messages
from tests.attachments import bucket
from tests.clouds import REQUEST, aliyun, installed, tencent
from tests.other_side import Answer, other_side

app = typer.Typer()
app.command("doctor")(doctor)
PHONE = "13800138000"
CODES = {purpose.value: "SMS_100" for purpose in CodePurpose}
NOTICES = {
    "password_changed": {"id": "SMS_200", "values": ["time"]},
    "phone_changed": {"id": "SMS_201", "values": ["phone"]},
    "appointed": {"id": "SMS_202", "values": ["union"]},
    "invited": {"id": "SMS_203", "values": ["union"]},
    "join_approved": {"id": "SMS_204", "values": ["union"]},
    "join_rejected": {"id": "SMS_205", "values": ["union"]},
    "transfer_approved": {"id": "SMS_206", "values": ["union"]},
    "transfer_rejected": {"id": "SMS_207", "values": ["union"]},
    "transfer_offered": {"id": "SMS_210", "values": ["union"]},
    "application_closed": {"id": "SMS_211", "values": ["union"]},
    "request_answered": {"id": "SMS_212", "values": ["union", "kind"]},
    "request_declined": {"id": "SMS_213", "values": ["union", "kind"]},
    "closure_requested": {"id": "SMS_214", "values": []},
    "account_closed": {"id": "SMS_215", "values": []},
}
PRODUCTION = {"env": "production", "public_url": "https://console.example.org"}


def run(*arguments: str):
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout + result.stderr


def only_message():
    with unit_of_work(reading=True) as session:
        return session.exec(select(OutboxMessage)).one()


class TestExaminations:
    def test_a_sound_demo_has_nothing_to_complain_of(self, own_database):
        code, said = run()

        assert (code, "✗" in said, "!" in said) == (0, False, False)

    def test_local_gateways_in_production_are_doubtful_and_not_wrong(self, own_database):
        with installed(**PRODUCTION):
            code, said = run()

        assert code == 0
        assert "! 短信网关：local" in said
        assert "! 实名核验：local" in said

    def test_real_ones_are_not_doubtful(self, own_database):
        with installed(
            **PRODUCTION, sms_gateway="aliyun", identity_gateway="tencent", sms_templates=json.dumps(CODES | NOTICES)
        ):
            code, said = run()

        assert (code, "!" in said) == (0, False)

    def test_notices_without_a_template_are_doubtful_and_named(self, own_database):
        with installed(sms_gateway="aliyun", sms_templates=json.dumps(CODES)):
            code, said = run()

        assert code == 0
        assert "! 短信网关" in said
        assert "password_changed、phone_changed" in said

    def test_missing_settings_are_wrong_and_named(self, own_database):
        with installed(sms_gateway="aliyun", aliyun_access_key_id="", wechat_app_id="wx01"):
            code, said = run()

        assert code == 1
        assert "✗ 短信网关" in said
        assert "GDFTU_ALIYUN_ACCESS_KEY_ID" in said
        assert "GDFTU_WECHAT_APP_SECRET" in said


class TestSendTest:
    def test_the_gateways_answer_is_reported_and_the_phone_masked(self, own_database):
        with other_side(aliyun({"Code": "OK"})) as side, installed(sms_gateway="aliyun", aliyun_sms_url=side.url):
            code, said = run("--send-test", PHONE)

        assert code == 0
        assert "已受理" in said
        assert all(part in said for part in ("138****8000", "OK", REQUEST))
        assert PHONE not in said
        assert side.seen[0].query["PhoneNumbers"] == PHONE
        assert (only_message().status, only_message().gateway_request) == ("sent", REQUEST)

    @pytest.mark.parametrize(
        ("code", "word", "status"),
        [
            ("FailedOperation.PhoneNumberInBlacklist", "拒绝", "failed"),
            ("LimitExceeded.PhoneNumberDailyLimit", "稍后再试", "failed"),
            ("InternalError.Timeout", "可能已经发出", "uncertain"),
        ],
    )
    def test_anything_but_acceptance_fails_and_is_not_repeated(self, own_database, code, word, status):
        reply = {"SendStatusSet": [{"Code": code}]}

        with other_side(tencent("sms", reply)) as side, installed(sms_gateway="tencent", tencent_sms_url=side.url):
            exit_code, said = run("--send-test", PHONE)

        assert exit_code == 1
        assert word in said
        assert code in said
        assert (only_message().status, len(side.seen)) == (status, 1)

    def test_a_gateway_out_of_order_is_told(self, own_database):
        with (
            other_side(lambda _: Answer(b"", status=502)) as side,
            installed(sms_gateway="aliyun", aliyun_sms_url=side.url),
        ):
            code, said = run("--send-test", PHONE)

        assert code == 1
        assert "HTTP502" in said

    def test_with_the_local_gateway_the_message_is_in_the_outbox(self, own_database):
        code, _ = run("--send-test", PHONE)

        assert code == 0
        with unit_of_work(reading=True) as session:
            [row] = list_messages(session, phone=PHONE)
        assert (row.purpose, row.status) == ("test", "sent")
        assert "测试短信" in row.text

    def test_it_leaves_an_entry_in_the_audit_trail(self, own_database):
        run("--send-test", PHONE)

        with unit_of_work(reading=True) as session:
            entry = session.exec(select(AuditEntry)).one()
        assert entry.verb == "messages:try"
        assert entry.detail["phone"] == "138****8000"

    def test_a_wrong_phone_is_refused(self, own_database):
        code, said = run("--send-test", "123")

        assert code == 1
        assert "手机号" in said

    def test_missing_settings_are_named(self, own_database):
        with installed(sms_gateway="tencent", tencent_sms_app_id=""):
            code, said = run("--send-test", PHONE)

        assert code == 1
        assert "GDFTU_TENCENT_SMS_APP_ID" in said


class TestFileStore:
    def test_that_takes_nothing_is_wrong_and_says_where(self, own_database):
        with installed(files_url="/dev/null/files"):
            code, said = run()

        assert code == 1
        assert "✗ 文件存储：/dev/null/files 不能写入、读取或删除" in said

    def test_in_a_bucket_is_tried_out(self, own_database):
        with bucket() as configured, installed(**configured):
            code, said = run()

        assert code == 0
        assert f"✓ 文件存储：{configured['files_url']} 可以写入、读取和删除" in said
        assert configured["files_secret_key"] not in said

    def test_half_a_pair_of_keys_is_wrong(self, own_database):
        with installed(files_url="s3://x", files_secret_key="b"):
            code, said = run()

        assert code == 1
        assert "GDFTU_FILES_ACCESS_KEY" in said

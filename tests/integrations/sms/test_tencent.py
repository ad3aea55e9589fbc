import json

import pytest
from pydantic import SecretStr

from gdftu_app.errors import Misconfigured
from gdftu_app.integrations.sms import Delivery, DeliveryStatus, TextMessage, sms_gateway
from tests.clouds import REQUEST, configured, tencent
from tests.other_side import Answer, HangUp, Silence, other_side
from tests.serving import free_port

MESSAGE = TextMessage("+8613800138000", "sign_in", "验证码 123456", {"minutes": "5", "code": "123456"})


def status_set(code):
    status = {"SerialNo": "5000:1045710669157053657849499619", "PhoneNumber": "+8613800138000", "Fee": 1, "Code": code}
    return {"SendStatusSet": [status]}


def gateway(url, **values):
    return sms_gateway(configured(sms_gateway="tencent", tencent_sms_url=url, **values))


def send(reply, **values):
    with other_side(tencent("sms", reply)) as side:
        return gateway(side.url, **{"gateway_timeout_seconds": 0.5, **values}).send(MESSAGE), side.seen


class TestTencentSms:
    def test_a_message_goes_out_signed_with_application_template_and_values_in_order(self):
        answer, [seen] = send(status_set("Ok"))

        assert answer == Delivery(DeliveryStatus.ACCEPTED, "Ok", REQUEST)
        assert [seen.headers[f"x-tc-{name}"] for name in ("action", "version", "region")] == [
            "SendSms",
            "2021-01-11",
            "ap-guangzhou",
        ]
        assert json.loads(seen.body) == {
            "PhoneNumberSet": ["+8613800138000"],
            "SmsSdkAppId": "1400006666",
            "SignName": "粤工惠",
            "TemplateId": "SMS_100",
            "TemplateParamSet": ["123456", "5"],
        }

    def test_a_wrong_key_is_refused_for_good(self):
        answer, _ = send(status_set("Ok"), tencent_secret_key=SecretStr("another"))

        assert answer == Delivery(DeliveryStatus.REFUSED, "AuthFailure.SignatureFailure", REQUEST)

    @pytest.mark.parametrize(
        ("code", "status"),
        [
            ("LimitExceeded.PhoneNumberThirtySecondLimit", DeliveryStatus.LATER),
            ("LimitExceeded.PhoneNumberDailyLimit", DeliveryStatus.LATER),
            ("FailedOperation.SignatureIncorrectOrUnapproved", DeliveryStatus.REFUSED),
            ("FailedOperation.TemplateIncorrectOrUnapproved", DeliveryStatus.REFUSED),
            ("FailedOperation.PhoneNumberInBlacklist", DeliveryStatus.REFUSED),
            ("FailedOperation.InsufficientBalanceInSmsPackage", DeliveryStatus.REFUSED),
            ("InternalError.Timeout", DeliveryStatus.UNCERTAIN),
            ("InternalError.SendAndRecvFail", DeliveryStatus.UNCERTAIN),
        ],
    )
    def test_the_status_of_the_phone_says_what_became_of_it(self, code, status):
        answer, _ = send(status_set(code))

        assert answer == Delivery(status, code, REQUEST)

    @pytest.mark.parametrize(
        ("code", "status"),
        [
            ("RequestLimitExceeded", DeliveryStatus.LATER),
            ("LimitExceeded.DeliveryFrequencyLimit", DeliveryStatus.LATER),
            ("UnauthorizedOperation.SdkAppIdIsDisabled", DeliveryStatus.REFUSED),
            ("InternalError", DeliveryStatus.UNCERTAIN),
        ],
    )
    def test_so_does_the_error_of_a_whole_call(self, code, status):
        answer, _ = send({"Error": {"Code": code, "Message": "…"}})

        assert answer == Delivery(status, code, REQUEST)

    @pytest.mark.parametrize(
        ("trouble", "code"),
        [
            (Silence(), "ReadTimeout"),
            (HangUp(), "RemoteProtocolError"),
            (Answer(b"", status=500), "HTTP500"),
            (Answer(b"<html>"), "Malformed"),
            (Answer(b'{"Response": []}'), "Malformed"),
            (Answer(b'{"Response": {"Error": "x"}}'), "Malformed"),
            (Answer(b'{"Response": {"SendStatusSet": []}}'), "Malformed"),
            (Answer(b'{"Response": {"SendStatusSet": [{"Code": ""}]}}'), "Malformed"),
        ],
    )
    def test_without_an_answer_that_makes_sense_nobody_knows(self, trouble, code):
        answer, seen = send(trouble)

        assert answer == Delivery(DeliveryStatus.UNCERTAIN, code)
        assert len(seen) == 1

    def test_without_a_connection_it_may_go_later(self):
        answer = gateway(f"http://127.0.0.1:{free_port()}").send(MESSAGE)

        assert answer == Delivery(DeliveryStatus.LATER, "ConnectError")

    def test_all_that_is_missing_is_named_at_once(self):
        with pytest.raises(Misconfigured, match="GDFTU_TENCENT_SMS_APP_ID、GDFTU_SMS_TEMPLATES"):
            gateway("https://example.org", tencent_sms_app_id="", sms_templates="")
        with pytest.raises(Misconfigured, match="GDFTU_TENCENT_SECRET_KEY"):
            gateway("https://example.org", tencent_secret_key="")

import json

import pytest
from pydantic import SecretStr

from gdftu_app.errors import Misconfigured
from gdftu_app.integrations.sms import Delivery, DeliveryStatus, TextMessage, sms_gateway
from tests.clouds import REQUEST, aliyun, configured
from tests.other_side import Answer, HangUp, Silence, other_side
from tests.serving import free_port

MESSAGE = TextMessage("+8613800138000", "sign_in", "验证码 123456", {"code": "123456", "minutes": "5"})
TAKEN = {"Code": "OK", "Message": "OK", "BizId": "900619746936498440^0"}


def gateway(url, **values):
    return sms_gateway(configured(sms_gateway="aliyun", aliyun_sms_url=url, **values))


def send(behaviour, **values):
    with other_side(behaviour) as side:
        return gateway(side.url, **{"gateway_timeout_seconds": 0.5, **values}).send(MESSAGE), side.seen


class TestAliyunSms:
    def test_a_message_goes_out_signed_with_sign_name_template_and_values(self):
        answer, [seen] = send(aliyun(TAKEN))

        assert answer == Delivery(DeliveryStatus.ACCEPTED, "OK", REQUEST)
        assert (seen.headers["x-acs-action"], seen.headers["x-acs-version"]) == ("SendSms", "2017-05-25")
        assert seen.query["PhoneNumbers"] == "13800138000"
        assert (seen.query["SignName"], seen.query["TemplateCode"]) == ("粤工惠", "SMS_100")
        assert json.loads(seen.query["TemplateParam"]) == {"code": "123456", "minutes": "5"}

    def test_two_messages_never_bear_the_same_nonce(self):
        with other_side(aliyun(TAKEN)) as side:
            for _ in range(2):
                gateway(side.url).send(MESSAGE)

        assert len({seen.headers["x-acs-signature-nonce"] for seen in side.seen}) == 2

    def test_only_the_values_that_the_template_takes_go_out(self):
        _, [seen] = send(aliyun(TAKEN), sms_templates='{"sign_in": {"id": "SMS_7", "values": ["code"]}}')

        assert json.loads(seen.query["TemplateParam"]) == {"code": "123456"}

    def test_a_wrong_key_is_refused_for_good(self):
        answer, _ = send(aliyun(TAKEN), aliyun_access_key_secret=SecretStr("another"))

        assert answer == Delivery(DeliveryStatus.REFUSED, "SignatureDoesNotMatch", REQUEST)

    @pytest.mark.parametrize(
        ("code", "status"),
        [
            ("isv.BUSINESS_LIMIT_CONTROL", DeliveryStatus.LATER),
            ("isv.DAY_LIMIT_CONTROL", DeliveryStatus.LATER),
            ("Throttling.User", DeliveryStatus.LATER),
            ("isv.SMS_SIGNATURE_ILLEGAL", DeliveryStatus.REFUSED),
            ("isv.SMS_TEMPLATE_ILLEGAL", DeliveryStatus.REFUSED),
            ("isv.MOBILE_NUMBER_ILLEGAL", DeliveryStatus.REFUSED),
            ("isv.BLACK_KEY_CONTROL_LIMIT", DeliveryStatus.REFUSED),
            ("isv.AMOUNT_NOT_ENOUGH", DeliveryStatus.REFUSED),
            ("isp.RAM_PERMISSION_DENY", DeliveryStatus.REFUSED),
            ("isp.SYSTEM_ERROR", DeliveryStatus.UNCERTAIN),
            ("isp.GATEWAY_ERROR", DeliveryStatus.UNCERTAIN),
            ("InternalError", DeliveryStatus.UNCERTAIN),
        ],
    )
    def test_the_service_says_what_became_of_it(self, code, status):
        answer, _ = send(aliyun({"Code": code, "Message": "13800138000 …"}))

        assert answer == Delivery(status, code, REQUEST)

    @pytest.mark.parametrize(
        ("trouble", "code"),
        [
            (Silence(), "ReadTimeout"),
            (HangUp(), "RemoteProtocolError"),
            (Answer(b"<html>Bad Gateway</html>", status=502), "HTTP502"),
            (Answer(b'{"Code": "ServiceUnavailable"}', status=503), "HTTP503"),
            (Answer(b"<html>"), "Malformed"),
            (Answer(b'{"Message": "OK"}'), "Malformed"),
        ],
    )
    def test_without_an_answer_that_makes_sense_nobody_knows(self, trouble, code):
        answer, seen = send(aliyun(trouble))

        assert answer == Delivery(DeliveryStatus.UNCERTAIN, code)
        assert len(seen) == 1

    def test_without_a_connection_it_may_go_later(self):
        answer = gateway(f"http://127.0.0.1:{free_port()}").send(MESSAGE)

        assert answer == Delivery(DeliveryStatus.LATER, "ConnectError")

    @pytest.mark.parametrize("purpose", ["another", "sign_in"])
    def test_what_fits_no_template_is_not_offered(self, purpose):
        with other_side(aliyun(TAKEN)) as side:
            answer = gateway(side.url).send(TextMessage("+8613800138000", purpose, "您好"))

        assert (answer, side.seen) == (Delivery(DeliveryStatus.REFUSED, "NoTemplate"), [])

    def test_all_that_is_missing_is_named_at_once(self):
        with pytest.raises(Misconfigured, match="GDFTU_SMS_SIGN_NAME、GDFTU_SMS_TEMPLATES"):
            gateway("https://example.org", sms_sign_name="", sms_templates="")
        with pytest.raises(Misconfigured, match="GDFTU_ALIYUN_ACCESS_KEY_ID、GDFTU_ALIYUN_ACCESS_KEY_SECRET"):
            gateway("https://example.org", aliyun_access_key_id="", aliyun_access_key_secret="")

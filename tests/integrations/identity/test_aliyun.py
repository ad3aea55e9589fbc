import pytest
from pydantic import SecretStr

from gdftu_app.errors import Misconfigured
from gdftu_app.integrations.identity import IdentityAnswer, IdentityOutcome, identity_gateway
from tests.clouds import REQUEST, aliyun, configured
from tests.other_side import Answer, HangUp, Silence, other_side
from tests.serving import free_port

NAME, NUMBER = "陈一", "440199199001011234"


def found(result):
    return {"Code": "200", "Message": "success", "ResultObject": {"BizCode": result}}


def gateway(url, **values):
    return identity_gateway(configured(identity_gateway="aliyun", aliyun_identity_url=url, **values))


def check(reply, **values):
    with other_side(aliyun(reply)) as side:
        return gateway(side.url, **{"gateway_timeout_seconds": 0.5, **values}).check(NAME, NUMBER), side.seen


class TestAliyunIdentity:
    @pytest.mark.parametrize(
        ("result", "outcome"),
        [("1", IdentityOutcome.MATCH), ("2", IdentityOutcome.MISMATCH), ("3", IdentityOutcome.UNKNOWN)],
    )
    def test_the_authority_says_what_is_so(self, result, outcome):
        answer, [seen] = check(found(result))

        assert answer == IdentityAnswer(outcome, "aliyun", f"200:{result}", REQUEST)
        assert (seen.headers["x-acs-action"], seen.headers["x-acs-version"]) == ("Id2MetaVerify", "2019-03-07")
        assert seen.query == {"ParamType": "normal", "IdentifyNum": NUMBER, "UserName": NAME}

    @pytest.mark.parametrize(
        ("code", "outcome"),
        [
            ("401", IdentityOutcome.MISMATCH),
            ("402", IdentityOutcome.LATER),
            ("403", IdentityOutcome.LATER),
            ("Throttling.User", IdentityOutcome.LATER),
            ("410", IdentityOutcome.REFUSED),
            ("411", IdentityOutcome.REFUSED),
            ("412", IdentityOutcome.REFUSED),
            ("500", IdentityOutcome.UNCERTAIN),
        ],
    )
    def test_a_code_of_the_service_is_understood(self, code, outcome):
        answer, _ = check({"Code": code, "Message": f"{NAME} {NUMBER}"})

        assert answer == IdentityAnswer(outcome, "aliyun", code, REQUEST)

    def test_a_wrong_key_is_the_operators_matter(self):
        answer, _ = check(found("1"), aliyun_access_key_secret=SecretStr("another"))

        assert answer == IdentityAnswer(IdentityOutcome.REFUSED, "aliyun", "SignatureDoesNotMatch", REQUEST)

    @pytest.mark.parametrize(
        ("trouble", "code"),
        [
            (Silence(), "ReadTimeout"),
            (HangUp(), "RemoteProtocolError"),
            (Answer(b"", status=502), "HTTP502"),
            (Answer(b"<html>"), "Malformed"),
            (Answer(b'{"Code": "200"}'), "Malformed"),
            (Answer(b'{"Code": "200", "ResultObject": {"BizCode": "9"}}'), "Malformed"),
        ],
    )
    def test_without_an_answer_that_makes_sense_nothing_is_known(self, trouble, code):
        answer, _ = check(trouble)

        assert answer == IdentityAnswer(IdentityOutcome.UNCERTAIN, "aliyun", code)

    def test_without_a_connection_it_may_be_tried_later(self):
        answer = gateway(f"http://127.0.0.1:{free_port()}").check(NAME, NUMBER)

        assert answer == IdentityAnswer(IdentityOutcome.LATER, "aliyun", "ConnectError")

    def test_missing_keys_are_named(self):
        with pytest.raises(Misconfigured, match=r"GDFTU_IDENTITY_GATEWAY=aliyun .*GDFTU_ALIYUN_ACCESS_KEY_SECRET"):
            gateway("https://example.org", aliyun_access_key_secret="")

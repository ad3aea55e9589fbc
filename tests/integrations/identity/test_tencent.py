import json

import pytest
from pydantic import SecretStr

from gdftu_app.errors import Misconfigured
from gdftu_app.integrations.identity import IdentityAnswer, IdentityOutcome, identity_gateway
from tests.clouds import REQUEST, configured, tencent
from tests.other_side import Answer, HangUp, Silence, other_side
from tests.serving import free_port

NAME, NUMBER = "陈一", "440199199001011234"


def gateway(url, **values):
    return identity_gateway(configured(identity_gateway="tencent", tencent_identity_url=url, **values))


def check(reply, **values):
    with other_side(tencent("faceid", reply)) as side:
        return gateway(side.url, **{"gateway_timeout_seconds": 0.5, **values}).check(NAME, NUMBER), side.seen


class TestTencentIdentity:
    @pytest.mark.parametrize(
        ("result", "outcome"),
        [
            ("0", IdentityOutcome.MATCH),
            ("-1", IdentityOutcome.MISMATCH),
            ("-2", IdentityOutcome.MISMATCH),
            ("-3", IdentityOutcome.MISMATCH),
            ("-4", IdentityOutcome.LATER),
            ("-5", IdentityOutcome.UNKNOWN),
            ("-6", IdentityOutcome.LATER),
            ("-7", IdentityOutcome.LATER),
        ],
    )
    def test_the_authority_says_what_is_so(self, result, outcome):
        answer, [seen] = check({"Result": result, "Description": f"{NAME} {NUMBER}"})

        assert answer == IdentityAnswer(outcome, "tencent", result, REQUEST)
        assert (seen.headers["x-tc-action"], seen.headers["x-tc-version"]) == ("IdCardVerification", "2018-03-01")
        assert json.loads(seen.body) == {"IdCard": NUMBER, "Name": NAME}

    @pytest.mark.parametrize(
        ("code", "outcome"),
        [
            ("RequestLimitExceeded", IdentityOutcome.LATER),
            ("FailedOperation.RequestLimitExceeded", IdentityOutcome.LATER),
            ("InternalError.UnKnown", IdentityOutcome.UNCERTAIN),
            ("UnauthorizedOperation.Arrears", IdentityOutcome.REFUSED),
            ("UnauthorizedOperation.Nonactivated", IdentityOutcome.REFUSED),
        ],
    )
    def test_an_error_of_the_service_is_understood(self, code, outcome):
        answer, _ = check({"Error": {"Code": code, "Message": "…"}})

        assert answer == IdentityAnswer(outcome, "tencent", code, REQUEST)

    def test_a_wrong_key_is_the_operators_matter(self):
        answer, _ = check({"Result": "0"}, tencent_secret_key=SecretStr("another"))

        assert answer == IdentityAnswer(IdentityOutcome.REFUSED, "tencent", "AuthFailure.SignatureFailure", REQUEST)

    @pytest.mark.parametrize(
        ("trouble", "code"),
        [
            (Silence(), "ReadTimeout"),
            (HangUp(), "RemoteProtocolError"),
            (Answer(b"", status=503), "HTTP503"),
            (Answer(b"<html>"), "Malformed"),
            (Answer(b'{"Response": {"Result": ""}}'), "Malformed"),
            (Answer(b'{"Response": {"Result": "17"}}'), "Malformed"),
        ],
    )
    def test_without_an_answer_that_makes_sense_nothing_is_known(self, trouble, code):
        answer, _ = check(trouble)

        assert answer == IdentityAnswer(IdentityOutcome.UNCERTAIN, "tencent", code)

    def test_without_a_connection_it_may_be_tried_later(self):
        answer = gateway(f"http://127.0.0.1:{free_port()}").check(NAME, NUMBER)

        assert answer == IdentityAnswer(IdentityOutcome.LATER, "tencent", "ConnectError")

    def test_missing_keys_are_named(self):
        with pytest.raises(Misconfigured, match=r"GDFTU_IDENTITY_GATEWAY=tencent .*GDFTU_TENCENT_SECRET_ID"):
            gateway("https://example.org", tencent_secret_id="")

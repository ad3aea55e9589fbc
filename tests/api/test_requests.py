"""What arrives: bodies too large, broken or of another kind, other methods, languages, other sites."""

import json

import httpx
import pytest

from gdftu_app.i18n import render
from tests.api.conftest import Client, Somebody, problem_of

BODIES = {"sms-codes": {"phone": "12345"}, "join-applications": {"union_id": 7}}
DEEP = b"[" * 8_000 + b"]" * 8_000


@pytest.fixture(params=sorted(BODIES))
def path(request: pytest.FixtureRequest) -> str:
    """A write that anybody may ask for, and one that needs a token."""
    return request.param


class TestBodies:
    @pytest.mark.parametrize(
        "body", [b"{", b"", b"\xff\xfe", b'{"a":}', DEEP, b"NaN,", b'{"phone": "\x00"}'], ids=range(7)
    )
    def test_that_are_no_json_are_refused(self, body: bytes, path: str, somebody: Somebody):
        answer = somebody().ask("POST", path, body, Content_Type="application/json")

        assert answer.status_code in (400, 422)
        assert problem_of(answer)[1] in ("bad_json", "invalid")

    @pytest.mark.parametrize("body", ["null", "7", '"text"', "[]", "[{}]", "true", "{}"])
    def test_that_are_no_such_objects_are_refused(self, body: str, path: str, somebody: Somebody):
        answer = somebody().ask("POST", path, body.encode(), Content_Type="application/json")

        assert problem_of(answer)[:2] == (422, "invalid")

    @pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/xml"])
    def test_of_another_kind_are_refused(self, media_type: str, path: str, somebody: Somebody):
        body = json.dumps(BODIES[path]).encode()

        answer = somebody().ask("POST", path, body, Content_Type=media_type)

        assert problem_of(answer)[:2] == (415, "unsupported_media_type")

    def test_that_are_too_large_are_refused_whether_they_say_so_or_not(self, path: str, somebody: Somebody):
        client = somebody()
        large = b'{"phone": "' + b"1" * 20_000 + b'"}'

        said = client.ask("POST", path, large, Content_Type="application/json")
        client.http.cookies.clear()
        unsaid = client.http.post(
            f"{client.served.url}/api/v1/{path}",
            content=iter([large]),
            headers={"Authorization": f"Bearer {client.token}", "Content-Type": "application/json"},
        )

        assert problem_of(said)[:2] == problem_of(unsaid)[:2] == (413, "too_large")

    def test_with_unknown_fields_are_refused_by_their_names(self, path: str, somebody: Somebody):
        answer = somebody().post(path, BODIES[path] | {"is_admin": True})

        status, code, fields = problem_of(answer)
        assert (status, code, fields["is_admin"]) == (422, "invalid", "没有这个字段。")

    @pytest.mark.parametrize("value", [None, 13800138000, [], {}, True, "\ud800", "x" * 201, "{code}", "\x00"])
    def test_with_wrong_values_are_refused_by_their_fields(self, value: object, stranger: Client):
        body = json.dumps({"phone": value}).encode()

        answer = stranger.ask("POST", "sms-codes", body, Content_Type="application/json")

        assert problem_of(answer)[2].keys() == {"phone"}

    @pytest.mark.parametrize("field", ["name", "document_number", "document_type", "consent_version"])
    @pytest.mark.parametrize("value", ["\x00", "\ud800", "{name}", "%s", "'", "霍\u202e名"], ids=range(6))
    def test_hostile_texts_break_nothing(self, value: str, field: str, somebody: Somebody):
        usual = {"name": "霍未名", "document_type": "passport", "document_number": "EA1234567", "consent_version": "1"}
        body = json.dumps(usual | {field: value}).encode()

        answer = somebody(verified=False).ask("POST", "me/identity", body, Content_Type="application/json")

        assert problem_of(answer)[0] == 422


class TestAddresses:
    @pytest.mark.parametrize("path", ["", "nowhere", "me/", "me/applications/", "ME", "tokens/7"])
    def test_that_lead_nowhere_are_told_as_errors(self, path: str, somebody: Somebody):
        assert problem_of(somebody().get(path))[:2] == (404, "not_found")

    @pytest.mark.parametrize(("method", "path"), [("PUT", "me"), ("DELETE", "me"), ("GET", "tokens"), ("PATCH", "me")])
    def test_answer_their_methods_only(self, method: str, path: str, somebody: Somebody):
        assert problem_of(somebody().ask(method, path))[:2] == (405, "method_not_allowed")


class TestLanguages:
    @pytest.mark.parametrize(
        ("wanted", "language"),
        [
            ("", "zh-CN"),
            ("zh-CN,zh;q=0.9", "zh-CN"),
            ("en-GB,en;q=0.9", "en"),
            ("zh-TW", "zh-Hant"),
            ("zh-Hant-HK", "zh-Hant"),
            ("fr, en;q=0.3, zh-CN;q=0.2", "en"),
            ("fr", "zh-CN"),
            ("en;q=0", "zh-CN"),
            ("en;q=x, ;;;,", "zh-CN"),
            ("*", "zh-CN"),
            (",".join(["x"] * 500), "zh-CN"),
        ],
    )
    def test_errors_are_told_in_the_one_asked_for(self, wanted: str, language: str, stranger: Client):
        answer = stranger.post("sms-codes", {}, Accept_Language=wanted)

        assert answer.headers["content-language"] == language
        told = "填写的内容不符合要求，请修改后再试。"
        assert answer.json()["error"]["message"] == render(told, language)
        assert (render(told, language) == told) == (language == "zh-CN")


class TestOtherSites:
    def test_read_nothing_and_send_nothing(self, somebody: Somebody):
        client = somebody()
        evil = {"Origin": "https://evil.example", "Access_Control_Request_Method": "POST"}

        preflight = client.ask("OPTIONS", "sms-codes", **evil)
        answer = client.get("me", **evil)

        assert preflight.status_code in (400, 405)
        for headers in (preflight.headers, answer.headers):
            assert "access-control-allow-origin" not in headers


class TestLimits:
    def test_one_account_is_refused_beyond_its_measure_and_others_are_served(self, somebody: Somebody):
        busy, other = somebody(), somebody()

        answers = [busy.get("me") for _ in range(121)]

        assert [answer.status_code for answer in answers] == [200] * 120 + [429]
        assert problem_of(answers[-1])[1] == "too_many_requests"
        assert 0 < int(answers[-1].headers["retry-after"]) <= 60
        assert other.get("me").status_code == 200


def test_no_answer_is_kept_or_runs_anything(somebody: Somebody):
    headers: httpx.Headers = somebody().get("me").headers

    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert len(headers["x-request-id"]) == 12

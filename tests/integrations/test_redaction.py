import pytest

from gdftu_app.integrations.redaction import HIDDEN, redact, redact_field
from gdftu_app.security.tokens import bound_token, new_session_cookie, new_visitor_cookie

SESSION, VISITOR = new_session_cookie(), new_visitor_cookie()
BOUND = bound_token(SESSION, "a")


class TestRedact:
    @pytest.mark.parametrize(
        "text",
        [
            "password=canary&next=1",
            "{'password': 'can\\'ary canary'}",
            "{'password': ['canary']}",
            '{"new_password": "canary"}',
            '{"body": "{\\"password\\":\\"canary\\"}"}',
            "[(b'cookie', b'gdftu_session=canary')]",
            "Authorization: Bearer canary",
            "got bearer canary",
            "GET /_event/?EIO=4&token=canary&transport=websocket",
            "Set-Cookie: gdftu_session=canary; Path=/",
            "密码：canary",
            "session_token=>canary",
        ],
    )
    def test_named_secrets_are_hidden(self, text):
        assert "canary" not in redact(text)
        assert HIDDEN in redact(text)

    @pytest.mark.parametrize(
        "secret",
        [
            SESSION,
            VISITOR,
            BOUND,
            "0b7f3c9e-12ab-4cde-8f01-444455556666",
            "440199199001011234",
            "44019919900101123X",
        ],
        ids=["session", "visitor", "bound token", "key", "number", "number with X"],
    )
    @pytest.mark.parametrize("around", ["{}", "x {} y", "'{}'", '"{}"', "({})", "a={}, b", "值{}值", "/{}/"])
    def test_secrets_are_hidden_by_their_look(self, secret, around):
        assert secret not in redact(around.format(secret))

    @pytest.mark.parametrize(
        "phone", ["13800138000", "+8613800138000", "8613800138000", "138 0013 8000", "138-0013-8000"]
    )
    def test_phones_are_masked(self, phone):
        assert redact(f"sent to {phone}.").endswith("138****8000.")

    @pytest.mark.parametrize(
        "text", ["验证码 123456，5 分钟内有效", "code=123456", "{'code': '123456'}", '"code":"123456"', "code: 123456"]
    )
    def test_codes_are_hidden(self, text):
        assert "123456" not in redact(text)

    @pytest.mark.parametrize(
        "text",
        [
            "GET /subordinates/?union=203 200 in 12.5 ms",
            "error code: 404",
            "division_code=440106",
            "took 1732283456123456 ns since 1732283456",
            "union 300000 has 30000000 members",
            "2026-11-22T14:02:57.367041Z",
            "91440101MA5CXXXX10",
            "tokens counted: 3",
        ],
    )
    def test_everything_else_stays(self, text):
        assert redact(text) == text

    def test_twice_is_as_good_as_once(self):
        text = f"password=canary token='{SESSION}' phone: 13800138000 验证码 123456 {{'cookie': ['x']}}"

        assert redact(redact(text)) == redact(text)


class TestRedactField:
    @pytest.mark.parametrize(
        "name", ["password", "new_password", "Cookie", "set-cookie", "token", "client_token", "phone", "secret_key"]
    )
    def test_a_field_goes_by_its_name(self, name):
        assert redact_field(name, "anything") == HIDDEN

    def test_a_structure_is_searched_to_its_bottom(self):
        given = {
            "headers": [{"cookie": "canary"}, ("password", "x")],
            "to": {"13800138000"},
            "n": 13800138000,
            "b": b"x",
        }

        assert redact_field("event", given) == {
            "headers": [{"cookie": HIDDEN}, ["password", "x"]],
            "to": ["138****8000"],
            "n": "138****8000",
            "b": "x",
        }

    def test_numbers_and_nothing_stay_what_they_are(self):
        assert redact_field("counts", [1, 2.5, True, None]) == [1, 2.5, True, None]

    def test_a_code_is_hidden_and_a_status_is_not(self):
        assert redact_field("code", "123456") == HIDDEN
        assert redact_field("code", 404) == 404


def test_the_row_that_a_database_quotes_is_hidden():
    told = redact("violates check constraint\nDETAIL:  Failing row contains (1, 黄管理, 440199).")

    assert "黄管理" not in told
    assert "violates check constraint" in told

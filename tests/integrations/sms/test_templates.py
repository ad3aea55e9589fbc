import pytest

from gdftu_app.errors import Misconfigured
from gdftu_app.integrations.sms import TEST_PURPOSE, TextMessage, require_templates
from gdftu_app.integrations.sms.templates import Template, templates_of
from tests.clouds import configured

MESSAGE = TextMessage("+8613800138000", "sign_in", "…", {"code": "123456", "minutes": "5"})


class TestTemplatesOf:
    def test_an_id_alone_takes_code_and_minutes(self):
        templates = templates_of(configured(sms_templates='{"sign_in": "SMS_1", "set_password": 449739}'))

        assert templates["sign_in"] == Template("SMS_1", ("code", "minutes"))
        assert templates["set_password"] == Template("449739", ("code", "minutes"))

    def test_the_values_may_be_named_in_order(self):
        templates = templates_of(configured(sms_templates='{"sign_in": {"id": "1", "values": ["minutes", "code"]}}'))

        assert templates["sign_in"].filled_from(MESSAGE) == {"minutes": "5", "code": "123456"}
        assert list(templates["sign_in"].filled_from(MESSAGE) or ()) == ["minutes", "code"]

    def test_a_test_message_takes_the_template_of_signing_in(self):
        templates = templates_of(configured(sms_templates='{"sign_in": "SMS_1"}'))

        assert templates[TEST_PURPOSE] == templates["sign_in"]

    @pytest.mark.parametrize(
        "wrong", ["SMS_1", "[]", '{"sign_in": ""}', '{"sign_in": []}', '{"sign_in": {"id": "1", "values": "code"}}']
    )
    def test_anything_else_is_refused(self, wrong):
        with pytest.raises(Misconfigured, match="GDFTU_SMS_TEMPLATES"):
            templates_of(configured(sms_templates=wrong))


class TestRequireTemplates:
    def test_purposes_without_one_are_named(self):
        with pytest.raises(Misconfigured, match="set_password"):
            require_templates(configured(sms_gateway="aliyun"), ["sign_in", "set_password"])

    def test_the_local_gateway_needs_none(self):
        require_templates(configured(sms_templates=""), ["sign_in"])

import json

import pytest

from gdftu_app.errors import Misconfigured
from gdftu_app.models.accounts import CodePurpose
from gdftu_app.services.gateways import check_gateways
from gdftu_app.services.starting import prepare
from tests.clouds import installed

ALL = json.dumps({purpose.value: "SMS_100" for purpose in CodePurpose})


class TestCheckGateways:
    @pytest.mark.parametrize("gateway", ["local", "aliyun", "tencent"])
    def test_what_is_complete_may_serve(self, gateway):
        with installed(sms_gateway=gateway, identity_gateway=gateway, sms_templates=ALL):
            check_gateways()

    @pytest.mark.parametrize(
        ("lacking", "named"),
        [
            ({"sms_gateway": "aliyun", "aliyun_access_key_id": ""}, "GDFTU_ALIYUN_ACCESS_KEY_ID"),
            ({"sms_gateway": "tencent", "tencent_secret_key": ""}, "GDFTU_TENCENT_SECRET_KEY"),
            ({"sms_gateway": "tencent", "sms_sign_name": ""}, "GDFTU_SMS_SIGN_NAME"),
            ({"sms_gateway": "aliyun", "sms_templates": '{"sign_in": "SMS_1"}'}, "set_password"),
            ({"identity_gateway": "aliyun", "aliyun_access_key_secret": ""}, "GDFTU_ALIYUN_ACCESS_KEY_SECRET"),
            ({"identity_gateway": "tencent", "tencent_identity_url": "http://a.example"}, "GDFTU_TENCENT_IDENTITY_URL"),
            ({"wechat_app_id": "wx01"}, "GDFTU_WECHAT_APP_SECRET"),
        ],
    )
    def test_a_chosen_gateway_without_its_settings_is_refused_at_the_start(self, lacking, named):
        with installed(**{"sms_templates": ALL, **lacking}), pytest.raises(Misconfigured, match=named):
            prepare()

import pytest

from gdftu_app.errors import Misconfigured
from gdftu_app.integrations.requirements import base_url
from tests.clouds import configured


class TestBaseUrl:
    @pytest.mark.parametrize("good", ["https://proxy.example.org/sms/", "http://127.0.0.1:8080", "http://[::1]:80"])
    def test_https_and_this_machine_are_good(self, good):
        assert base_url(configured(aliyun_sms_url=good), "aliyun_sms_url") == good.rstrip("/")

    @pytest.mark.parametrize(
        "wrong",
        [
            "http://dysmsapi.aliyuncs.com",
            "dysmsapi.aliyuncs.com",
            "https://",
            "https://a:b@example.org",
            "https://example.org/?a=1",
            "https://[",
            "https://example.org:x",
        ],
    )
    def test_keys_and_personal_data_go_nowhere_else(self, wrong):
        with pytest.raises(Misconfigured, match="GDFTU_ALIYUN_SMS_URL"):
            base_url(configured(aliyun_sms_url=wrong), "aliyun_sms_url")

"""The vectors that Aliyun and Tencent publish for their signatures."""

import hashlib

from gdftu_app.integrations import aliyun, tencent


def test_the_example_of_aliyuns_signature_version_3():
    query = aliyun.canonical_query(
        {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    )
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }

    signature = aliyun.sign("YourAccessKeySecret", path="/", query=query, headers=headers)

    assert signature == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"


def test_the_example_of_tencents_signature_version_3():
    payload = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'

    signature = tencent.sign(
        "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
        service="cvm",
        timestamp=1551113065,
        path="/",
        headers={"content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"},
        payload=payload,
    )

    assert signature == "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"


def test_a_query_is_encoded_as_rfc_3986_has_it():
    assert aliyun.canonical_query({"b": "粤 工+惠*~/", "a": ""}) == "a=&b=%E7%B2%A4%20%E5%B7%A5%2B%E6%83%A0%2A~%2F"

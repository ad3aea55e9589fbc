"""Browsers in words."""

import pytest

from gdftu_app.state.devices import device_of

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36", "Chrome 141 · Windows 10"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/141.0.0.0", "Edge 141 · Windows 10"),
        (f"Mozilla/5.0 (Linux; Android 14; V2309A) {CHROME} Mobile Safari/537.36", "Chrome 141 · Android 14"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.3 Safari/605.1.15",
            "Safari 18 · macOS",
        ),
        (f"{PHONE} Mobile/15E148 MicroMessenger/8.0.60(0x18003c2f) NetType/WIFI Language/zh_CN", "微信 8 · iPhone"),
        (f"{PHONE} Version/18.5 Mobile/15E148 Safari/604.1", "Safari 18 · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140 · Linux"),
        ("", "未知设备"),
        ("tests", "未知设备"),
        ("{name} %s \0 <b>" * 20, "未知设备"),
    ],
)
def test_a_browser_goes_by_the_name_people_know(user_agent: str, words: str):
    assert device_of(user_agent)["zh-CN"] == words

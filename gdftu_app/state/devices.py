"""Browsers in words (登录设备): what a user agent says it is."""

from ua_parser import parse

from gdftu_app.i18n import msg
from gdftu_app.state.dates import Texts
from gdftu_app.state.notices import in_every_language

UNKNOWN = msg("未知设备")
# Families of the user agent database whose names people do not go by.
BROWSERS = {
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Chrome Mobile WebView": "Chrome",
    "Edge Mobile": "Edge",
    "Firefox Mobile": "Firefox",
    "HeadlessChrome": "Chrome",
    "Mobile Safari": "Safari",
    "Mobile Safari UI/WKWebView": "Safari",
    "QQ Browser": msg("QQ 浏览器"),
    "QQ Browser Mobile": msg("QQ 浏览器"),
    "WeChat Browser": msg("微信"),
}
SYSTEMS = {"Mac OS X": "macOS"}
# Where the system goes by the name of the device.
DEVICES = ("iPhone", "iPad")
WITH_VERSION = ("Android", "Windows")


def device_of(user_agent: str) -> Texts:
    """微信 8 · iPhone, Chrome 141 · Windows 10, in every language; 未知设备 when nothing is recognised."""
    found = parse(user_agent)
    browser, system, device = found.user_agent, found.os, found.device
    parts: list[Texts] = []
    if browser is not None:
        name = in_every_language(BROWSERS.get(browser.family, browser.family))
        parts.append({language: f"{text} {browser.major or ''}".strip() for language, text in name.items()})
    if device is not None and device.family in DEVICES:
        parts.append(in_every_language(device.family))
    elif system is not None:
        version = f" {system.major}" if system.major and system.family in WITH_VERSION else ""
        parts.append(in_every_language(f"{SYSTEMS.get(system.family, system.family)}{version}"))
    if not parts:
        return in_every_language(UNKNOWN)
    return {language: " · ".join(part[language] for part in parts) for language in parts[0]}

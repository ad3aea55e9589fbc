"""What the first page weighs, whom it asks, and what its scripts may do."""

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.browsing import choose_password, heading
from tests.browser.conftest import NewWindow
from tests.serving import Served

KILOBYTE = 1024


def test_the_sign_in_page_weighs_at_most_450_kilobytes_and_asks_no_other_host(
    new_window: NewWindow, served: Served
) -> None:
    page = new_window()
    watch = page.context.new_cdp_session(page)
    received: list[float] = []
    asked: list[str] = []

    def count(finished: dict[str, Any]) -> None:
        received.append(finished["encodedDataLength"])

    def note(request: dict[str, Any]) -> None:
        asked.append(request["request"]["url"])

    watch.on("Network.loadingFinished", count)
    watch.on("Network.requestWillBeSent", note)
    watch.on("Network.webSocketCreated", lambda socket: asked.append(socket["url"]))
    watch.send("Network.enable")

    page.goto("/login/")
    expect(page.get_by_role("button", name="获取验证码")).to_be_enabled()
    choose_password(page)

    assert 100 * KILOBYTE < sum(received) <= 450 * KILOBYTE
    hosts = {urlsplit(url).netloc for url in asked if not url.startswith("data:")}
    assert hosts == {urlsplit(served.url).netloc}


def test_pages_may_run_their_own_scripts_only(new_window: NewWindow, complaints: list[str]) -> None:
    page = new_window()

    answer = page.goto("/login/")
    expect(heading(page, "登录")).to_be_visible()
    ran = page.evaluate(
        """() => new Promise((resolve) => {
            document.addEventListener("securitypolicyviolation", (event) => resolve(event.violatedDirective));
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.head.append(script);
            if (window.ran) resolve("ran");
        })"""
    )

    assert answer is not None
    policy = answer.header_value("content-security-policy") or ""
    assert "unsafe-eval" not in policy
    assert "script-src 'self' 'sha256-" in policy
    assert ran == "script-src-elem"
    assert "violates the following Content Security Policy directive" in complaints.pop()


def test_the_cookies_are_out_of_reach_of_scripts(new_window: NewWindow) -> None:
    page = new_window("19900000001")
    received: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(str(frame))))
    page.goto("/subordinates/")
    expect(heading(page, "广东省总工会")).to_be_visible()

    seen = page.evaluate("document.cookie")
    cookies = [dict(cookie) for cookie in page.context.cookies()]

    assert {cookie["name"] for cookie in cookies} == {"gdftu_session", "gdftu_device"}
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Lax" for cookie in cookies)
    assert seen == ""
    assert received
    assert not any(str(cookie["value"]) in frame for cookie in cookies for frame in received)

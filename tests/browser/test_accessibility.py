"""Every page before axe, light and dark, wide and narrow."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from gdftu_app.services.demo.bases import LONGEST_NAME
from tests.browser.browsing import choose_password, heading
from tests.browser.conftest import NewWindow

GRAVE = {"serious", "critical"}
Scheme = Literal["light", "dark"]


def violations(page: Page, where: str) -> list[str]:
    """What axe finds wrong, of what hinders or shuts out a reader."""
    return [
        f"{where}: {rule['id']} {node['html'][:120]} {node['any'][0]['message'] if node['any'] else ''}"
        for rule in Axe().run(page).response["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sign_in_shuts_nobody_out(new_window: NewWindow, scheme: Scheme) -> None:
    page = new_window(path="/login/", color_scheme=scheme)
    expect(page.get_by_role("textbox", name="验证码")).to_be_visible()

    found = violations(page, "code")
    choose_password(page)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += violations(page, "refused password")

    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chooser_shuts_nobody_out(new_window: NewWindow, scheme: Scheme) -> None:
    page = new_window("19900000005", "/unions/", color_scheme=scheme)
    expect(heading(page, "选择工会")).to_be_visible()

    found = violations(page, "choices")
    page.get_by_label("搜索工会").fill("深圳")
    expect(heading(page, "没有找到「深圳」")).to_be_visible()
    found += violations(page, "no hit")

    assert found == []


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_console_shuts_nobody_out(new_window: NewWindow, scheme: Scheme, width: int) -> None:
    page = new_window("19900000001", "/overview/", color_scheme=scheme, width=width)
    expect(page.locator("dl.figs").get_by_text("下级工会数")).to_be_visible()
    found = violations(page, "overview")

    page.goto("/subordinates/")
    page.get_by_role("button", name="展开广州市总工会的信息").click()
    expect(page.get_by_text("工会统一社会信用代码")).to_be_visible()
    found += violations(page, "subordinates")
    page.get_by_label("搜索工会").fill(LONGEST_NAME[:8])
    expect(page.locator("mark").first).to_be_visible()
    found += violations(page, "hits")
    page.get_by_label("搜索工会").fill("没有这样的工会")
    expect(heading(page, "没有找到「没有这样的工会」")).to_be_visible()
    found += violations(page, "no hit")

    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_menus_and_the_drawer_shut_nobody_out(new_window: NewWindow, scheme: Scheme) -> None:
    page = new_window("19900000001", "/overview/", color_scheme=scheme)
    expect(page.locator("dl.figs").get_by_text("下级工会数")).to_be_visible()
    page.get_by_role("button", name="语言").click()
    expect(page.get_by_role("menuitem", name="English")).to_be_visible()
    found = violations(page, "language menu")
    page.keyboard.press("Escape")
    expect(page.get_by_role("menuitem", name="English")).to_be_hidden()

    page.get_by_role("button", name="账号：黎省明").click()
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
    found += violations(page, "account menu")
    page.keyboard.press("Escape")

    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="打开菜单").click()
    expect(page.get_by_role("link", name="下级工会管理")).to_be_visible()
    found += violations(page, "drawer")

    assert found == []

"""The shell: menu, header, languages, size, light and dark, keyboard, the drawer of a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from gdftu_app.i18n import render
from tests.browser.browsing import heading, node
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo

PROVINCE_OWNER = "19900000001"
FULL_MENU = [
    *("概览", "统计", "任务", "本级工会管理", "下级工会管理", "工会登记审核", "工会变更审核"),
    *("本级工会权限设置", "下级工会权限设置", "会员列表", "会员移出"),
    *("会员导入", "入会审核", "转会审核", "实名人工核验", "个人信息请求"),
]


def english(text: str) -> str:
    return render(text, "en")


def choose(page: Page, button: str, item: str) -> None:
    page.get_by_role("banner").get_by_role("button", name=button, exact=True).click()
    page.get_by_role("menuitem", name=item, exact=True).click()
    expect(page.get_by_role("menu")).to_have_count(0)


def menu(page: Page) -> list[str]:
    """The names of the entries, without what waits behind them."""
    links = page.get_by_role("navigation", name="功能菜单").get_by_role("link").all_inner_texts()
    return [name.partition("\n")[0] for name in links]


def background(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.querySelector('.radix-themes')).backgroundColor")


def heading_height(page: Page) -> float:
    box = page.get_by_role("heading", level=1).bounding_box()
    assert box
    return box["height"]


@pytest.mark.parametrize(
    ("phone", "entries"),
    [
        (PROVINCE_OWNER, FULL_MENU),
        ("19900000007", ["概览", "统计", "任务"]),
        (
            "19900000004",
            [
                "概览",
                "统计",
                "任务",
                "本级工会管理",
                "本级工会权限设置",
                "会员列表",
                "会员移出",
                "会员导入",
                "入会审核",
                "转会审核",
                "实名人工核验",
                "个人信息请求",
            ],
        ),
        ("19900000010", ["概览", "任务"]),
    ],
    ids=["owner of the province", "analyst of a city", "owner of a base union", "auditor of a city"],
)
def test_the_menu_shows_only_what_the_actor_may_do(new_window: NewWindow, phone: str, entries: list[str]) -> None:
    page = new_window(phone, "/overview/")

    expect(page.get_by_role("link", name="概览")).to_be_visible()

    assert menu(page) == entries


@pytest.mark.parametrize("phone", ["19900000004", "19900000010"], ids=["owner of a base union", "auditor of a city"])
def test_the_address_of_a_page_not_in_the_menu_is_refused_calmly(new_window: NewWindow, phone: str) -> None:
    page = new_window(phone, "/subordinates/")

    expect(heading(page, "找不到这个页面")).to_be_visible()
    expect(page.get_by_role("treeitem")).to_have_count(0)
    page.get_by_role("main").get_by_role("link", name="返回首页").click()
    expect(heading(page, "概览")).to_be_visible()


def test_an_unknown_address_leads_back_to_the_console(new_window: NewWindow, complaints: list[str]) -> None:
    page = new_window(PROVINCE_OWNER, "/nowhere/")

    expect(heading(page, "找不到这个页面")).to_be_visible()
    page.get_by_role("link", name="返回首页").click()

    expect(heading(page, "概览")).to_be_visible()
    complaints.clear()


def test_the_overview_shows_the_figures_of_the_acting_union(new_window: NewWindow) -> None:
    page = new_window(PROVINCE_OWNER, "/overview/")

    figures = page.locator("dl.figs")

    for label in ("下级工会数", "会员数", "女会员数", "农民工数", "实名会员数", "实名率"):
        expect(figures.get_by_text(label, exact=True)).to_be_visible()
    assert len(re.findall(r"\d+,\d{3}", figures.inner_text())) == 5


def test_the_language_switches_at_once_without_reload_and_is_kept(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.newcomer(demo.union("惠州市总工会"))
    page = new_window(phone, "/subordinates/")
    expect(node(page, "惠城区总工会")).to_be_visible()
    page.evaluate("window.marker = 'still here'")

    choose(page, "语言", "English")
    expect(heading(page, english("下级工会管理"))).to_be_visible()
    for text in ("首页", "放大", "缩小", "重置", "会员数", "实名率", "状态"):
        assert english(text) != text
        expect(page.get_by_text(english(text)).locator("visible=true").first).to_be_visible()
    assert page.evaluate("window.marker") == "still here"
    assert page.evaluate("document.documentElement.lang") == "en"
    expect(node(page, "惠城区总工会")).to_be_visible()

    page.reload()
    expect(heading(page, english("下级工会管理"))).to_be_visible()
    elsewhere = new_window(phone, "/overview/")
    expect(heading(elsewhere, english("概览"))).to_be_visible()
    choose(elsewhere, english("语言"), "简体中文")
    expect(heading(elsewhere, "概览")).to_be_visible()


def test_a_visitor_keeps_the_language_chosen_before_signing_in(new_window: NewWindow) -> None:
    page = new_window(path="/login/")
    expect(heading(page, "登录")).to_be_visible()

    choose(page, "语言", "English")
    expect(heading(page, english("登录"))).to_be_visible()
    page.reload()

    expect(heading(page, english("登录"))).to_be_visible()


def test_larger_smaller_and_reset_are_kept(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.newcomer(demo.union("珠海市总工会"))
    page = new_window(phone, "/overview/")
    expect(heading(page, "概览")).to_be_visible()
    usual = heading_height(page)

    page.get_by_role("button", name="放大").click()
    expect(page.get_by_role("button", name="重置")).to_contain_text("105%")
    page.get_by_role("button", name="放大").click()
    expect(page.get_by_role("button", name="重置")).to_contain_text("110%")
    expect(page.get_by_role("button", name="放大")).to_be_disabled()
    assert heading_height(page) == pytest.approx(usual * 1.1, abs=0.6)

    page.reload()
    expect(page.get_by_role("button", name="重置")).to_contain_text("110%")
    elsewhere = new_window(phone, "/overview/")
    expect(elsewhere.get_by_role("button", name="重置")).to_contain_text("110%")
    elsewhere.get_by_role("button", name="重置").click()
    expect(elsewhere.get_by_role("button", name="重置")).to_have_text("重置")
    assert heading_height(elsewhere) == pytest.approx(usual, abs=0.1)
    for percent in ("95%", "90%"):
        elsewhere.get_by_role("button", name="缩小").click()
        expect(elsewhere.get_by_role("button", name="重置")).to_contain_text(percent)
    expect(elsewhere.get_by_role("button", name="缩小")).to_be_disabled()


def test_light_dark_and_the_systems_own_are_kept(new_window: NewWindow) -> None:
    page = new_window(PROVINCE_OWNER, "/overview/", color_scheme="light")
    expect(heading(page, "概览")).to_be_visible()
    light = background(page)

    choose(page, "外观", "深色")
    expect(page.locator("html.dark")).to_have_count(1)
    dark = background(page)
    assert dark != light
    page.reload()
    expect(heading(page, "概览")).to_be_visible()
    assert background(page) == dark

    choose(page, "外观", "浅色")
    expect(page.locator("html.dark")).to_have_count(0)
    assert background(page) == light

    choose(page, "外观", "跟随系统")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html.dark")).to_have_count(1)
    assert background(page) == dark


def test_landmarks_say_where_things_are(new_window: NewWindow) -> None:
    page = new_window(PROVINCE_OWNER, "/subordinates/")

    expect(page.get_by_role("banner")).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("navigation", name="功能菜单")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("link", name="下级工会管理")).to_have_attribute("aria-current", "page")
    expect(page).to_have_title("下级工会管理 · 广东工会会员实名制服务平台")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def test_the_keyboard_alone_reaches_menu_and_header(new_window: NewWindow) -> None:
    page = new_window(PROVINCE_OWNER, "/overview/")
    expect(heading(page, "概览")).to_be_visible()
    expect(page.locator("dl.figs").get_by_text("下级工会数")).to_be_visible()

    reached = []
    for _ in range(9 + len(FULL_MENU)):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => { const at = document.activeElement, style = getComputedStyle(at);
            return [at.ariaLabel || at.innerText, style.outlineStyle !== "none" && at.matches(":focus-visible")]; }"""
        )
        reached.append(focused)

    unlabelled = [name.strip().partition("\n")[0] for name, _ in reached]
    assert unlabelled == [
        *("跳到主要内容", *FULL_MENU),
        *("首页", "语言", "放大", "缩小", "重置", "外观"),
        next(name for name in unlabelled if name.startswith("通知")),
        "账号：黎省明",
    ]
    assert all(is_visible for _, is_visible in reached)


def test_enter_on_the_keyboard_opens_what_has_the_focus(new_window: NewWindow) -> None:
    page = new_window(PROVINCE_OWNER, "/overview/")
    expect(page.locator("dl.figs").get_by_text("下级工会数")).to_be_visible()

    page.get_by_role("link", name="下级工会管理").press("Enter")
    expect(heading(page, "下级工会管理")).to_be_visible()
    page.get_by_role("link", name="首页").press("Enter")
    expect(heading(page, "概览")).to_be_visible()

    language = page.get_by_role("button", name="语言")
    language.press("Enter")
    expect(page.get_by_role("menuitem", name="简体中文")).to_be_focused()
    for following in ("繁體中文", "English"):
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("menuitem", name=following)).to_be_focused()
    page.keyboard.press("Escape")
    expect(language).to_be_focused()

    page.get_by_role("link", name="跳到主要内容").press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_on_a_phone_the_menu_is_a_drawer(new_window: NewWindow) -> None:
    page = new_window("19900000005", "/unions/", width=390, height=844)
    page.get_by_role("listitem").filter(has_text="负责人").get_by_role("button").click()
    expect(heading(page, "概览")).to_be_visible()
    entry = page.get_by_role("link", name="下级工会管理")
    expect(entry).not_to_be_visible()
    opener = page.get_by_role("button", name="打开菜单")

    opener.click()
    expect(entry).to_be_visible()
    expect(page.get_by_role("link", name="切换工会")).to_be_visible()
    for function in ("语言", "放大", "缩小", "重置"):
        expect(page.get_by_role("button", name=function)).to_be_visible()
    page.keyboard.press("Escape")
    expect(entry).not_to_be_visible()
    expect(opener).to_be_focused()

    opener.click()
    page.mouse.click(370, 400)
    expect(entry).not_to_be_visible()

    opener.click()
    entry.click()
    expect(heading(page, "下级工会管理")).to_be_visible()
    expect(entry).not_to_be_visible()

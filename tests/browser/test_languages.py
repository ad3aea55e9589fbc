"""Languages: everything a reader sees follows the one chosen, at once, and it is still there next time."""

import re

import pytest
from playwright.sync_api import Page, expect

from gdftu_app.i18n import LANGUAGES, render
from tests.browser.browsing import fill_sign_in, heading, node, sign_in
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo

PRODUCT = "广东工会会员实名制服务平台"
PROVINCE_OWNER = "19900000001"
TRADITIONAL = "zh-Hant"


def choose_language(page: Page, shown: str, wanted: str) -> None:
    """Choose a language in the header of a page that is shown in another."""
    page.get_by_role("banner").get_by_role("button", name=render("语言", shown), exact=True).click()
    page.get_by_role("menuitem", name=LANGUAGES[wanted], exact=True).click()
    expect(page.get_by_role("menu")).to_have_count(0)


def expect_document(page: Page, title: str, language: str) -> None:
    """What the document says of itself: its title and its language."""
    expect(page).to_have_title(f"{render(title, language)} · {render(PRODUCT, language)}")
    expect(page.locator(f"html[lang='{language}']")).to_have_count(1)


def test_the_menu_offers_every_language_in_its_own_words(new_window: NewWindow) -> None:
    page = new_window(path="/login/")
    expect(heading(page, "登录")).to_be_visible()

    page.get_by_role("button", name="语言").click()

    assert page.get_by_role("menuitem").all_inner_texts() == ["简体中文", "繁體中文", "English"]
    assert page.get_by_role("menuitem").evaluate_all("items => items.map(item => item.lang)") == list(LANGUAGES)


def test_traditional_chinese_is_there_at_once_and_is_kept(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.newcomer(demo.union("江门市总工会"))
    page = new_window(phone, "/subordinates/")
    expect(heading(page, "下级工会管理")).to_be_visible()
    page.evaluate("window.marker = 'still here'")

    choose_language(page, "zh-CN", TRADITIONAL)
    expect(heading(page, "下級工會管理")).to_be_visible()
    expect_document(page, "下级工会管理", TRADITIONAL)
    for text in ("首頁", "重設", "實名率", "會員數", "組織樹 下級工會數"):
        expect(page.get_by_text(text).locator("visible=true").first).to_be_visible()
    expect(page.get_by_placeholder("搜尋工會名稱、信用代碼或拼音首字母")).to_be_visible()
    assert page.evaluate("window.marker") == "still here"

    page.get_by_role("link", name="概覽").click()
    expect(heading(page, "概覽")).to_be_visible()
    expect_document(page, "概览", TRADITIONAL)
    page.reload()
    expect(heading(page, "概覽")).to_be_visible()
    expect_document(page, "概览", TRADITIONAL)
    elsewhere = new_window(phone, "/subordinates/")
    expect_document(elsewhere, "下级工会管理", TRADITIONAL)


def test_names_of_unions_are_never_converted(new_window: NewWindow, demo: Demo) -> None:
    page = new_window(demo.newcomer(demo.union("江门市总工会"), language=TRADITIONAL), "/subordinates/")

    expect(heading(page, "下級工會管理")).to_be_visible()

    expect(heading(page, "江门市总工会")).to_be_visible()
    expect(node(page, "蓬江区总工会")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("zh-CN", r"^\d{4} 年 \d{1,2} 月 \d{1,2} 日 \d\d:\d\d$"),
        (TRADITIONAL, r"^\d{4} 年 \d{1,2} 月 \d{1,2} 日 \d\d:\d\d$"),
        ("en", r"^\d{1,2} [A-Z][a-z]+ \d{4} \d\d:\d\d$"),
    ],
)
def test_figures_and_dates_follow_the_language(new_window: NewWindow, demo: Demo, language: str, written: str) -> None:
    page = new_window(demo.newcomer(demo.union("广东省总工会"), language=language), "/overview/")
    expect(heading(page, render("概览", language))).to_be_visible()

    figures = page.locator("dl.figs")
    updated = page.locator("dl.kv > div").filter(has_text=render("最近更新", language)).get_by_role("definition")

    assert re.search(r"\d+,\d{3}", figures.inner_text())
    expect(updated).to_have_text(re.compile(written))


def test_a_refused_sign_in_is_told_in_the_visitors_language_which_follows_inside(
    new_window: NewWindow, demo: Demo
) -> None:
    phone = demo.newcomer(demo.union("江门市总工会"))
    page = new_window(path="/login/")
    expect(heading(page, "登录")).to_be_visible()
    fill_sign_in(page, phone, "not the password")
    expect(page.get_by_text("手机号或密码不正确")).to_be_visible()

    choose_language(page, "zh-CN", TRADITIONAL)

    expect(page.get_by_text("手機號碼或密碼不正確")).to_be_visible()
    expect_document(page, "登录", TRADITIONAL)
    page.reload()
    expect(heading(page, "登入")).to_be_visible()
    expect_document(page, "登录", TRADITIONAL)
    sign_in(page, phone)
    page.goto("/overview/")
    expect(heading(page, "概覽")).to_be_visible()


def test_an_unknown_address_is_answered_in_the_readers_language(
    new_window: NewWindow, demo: Demo, complaints: list[str]
) -> None:
    page = new_window(demo.newcomer(demo.union("江门市总工会"), language=TRADITIONAL), "/nowhere/")

    expect(heading(page, "找不到這個頁面")).to_be_visible()
    expect_document(page, "找不到这个页面", TRADITIONAL)
    complaints.clear()

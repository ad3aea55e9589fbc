"""选择工会: several unions, one, none; two windows for two unions."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.browsing import fill_sign_in, heading
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo

SEVERAL = "19900000005"


def choices(page: Page) -> list[str]:
    return page.get_by_role("listitem").locator("b").all_inner_texts()


def choice(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.locator("b").get_by_text(name, exact=True))


def choose(page: Page, name: str) -> None:
    choice(page, name).get_by_role("button").click()


def chooser(new_window: NewWindow) -> Page:
    page = new_window(SEVERAL, "/unions/")
    expect(heading(page, "选择工会")).to_be_visible()
    return page


def test_who_manages_several_unions_chooses_one_after_signing_in(new_window: NewWindow) -> None:
    page = new_window(path="/login/")

    fill_sign_in(page, SEVERAL, "Gonghui@2026demo")
    expect(page.get_by_text("你管理 3 个工会，选择要进入的一个。")).to_be_visible()
    choose(page, "越秀区总工会")

    expect(heading(page, "概览")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text("越秀区总工会")


def test_each_choice_tells_the_role_and_the_superiors(new_window: NewWindow) -> None:
    page = chooser(new_window)

    described = choice(page, "越秀区总工会")

    expect(described).to_contain_text("负责人")
    expect(described).to_contain_text("广东省总工会 › 广州市总工会")


def test_unions_are_found_by_name_initials_and_code(new_window: NewWindow, demo: Demo) -> None:
    page = chooser(new_window)
    district = demo.union("越秀区总工会")
    assert district.uscc

    for keyword in ("越秀区", "yxqzgh", "YXQ", district.uscc, district.uscc[-6:].lower()):
        page.get_by_label("搜索工会").fill(keyword)
        expect(page.get_by_role("listitem")).to_have_count(1)
        expect(page.get_by_role("listitem")).to_contain_text("越秀区总工会")


def test_a_search_without_a_hit_says_what_to_try(new_window: NewWindow) -> None:
    page = chooser(new_window)

    page.get_by_label("搜索工会").fill("深圳")

    expect(heading(page, "没有找到「深圳」")).to_be_visible()
    expect(page.get_by_text("换一个名称、代码或拼音首字母再试。")).to_be_visible()
    page.get_by_label("搜索工会").fill("")
    expect(page.get_by_role("listitem")).to_have_count(3)


def test_the_last_union_is_offered_first_and_switching_comes_back(new_window: NewWindow) -> None:
    page = chooser(new_window)
    last = choices(page)[-1]

    choose(page, last)
    expect(heading(page, "概览")).to_be_visible()
    page.get_by_role("banner").get_by_role("link", name="切换工会").click()
    expect(heading(page, "选择工会")).to_be_visible()

    expect(page.get_by_role("listitem").first).to_contain_text(last)


def test_the_only_union_is_entered_directly(new_window: NewWindow, demo: Demo) -> None:
    page = new_window(path="/login/")

    fill_sign_in(page, "19900000004", "Gonghui@2026demo")

    expect(heading(page, "概览")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("单独基层工会")


def test_an_applicant_without_a_union_reads_what_to_do_next(new_window: NewWindow, demo: Demo) -> None:
    page = new_window(demo.outsider(), "/unions/")

    expect(heading(page, "还没有可以管理的工会")).to_be_visible()
    expect(page.get_by_text("请联系本单位工会的负责人")).to_be_visible()
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
    page.get_by_role("link", name="组织登记").click()
    expect(heading(page, "组织登记")).to_be_visible()


def test_an_administrator_not_yet_verified_is_led_to_the_verification(new_window: NewWindow) -> None:
    page = new_window("19900000006", "/unions/")

    expect(heading(page, "实名认证")).to_be_visible()
    expect(page.get_by_text("霍未名，请先完成实名认证，再进入工会。")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/verify/$"))


def test_pages_of_the_console_lead_those_without_a_union_to_what_they_lack(new_window: NewWindow, demo: Demo) -> None:
    for phone, words, path in (
        (demo.outsider(), "还没有可以管理的工会", "unions"),
        ("19900000006", "实名认证", "verify"),
    ):
        page = new_window(phone, "/subordinates/")

        expect(heading(page, words)).to_be_visible()
        expect(page).to_have_url(re.compile(rf"/{path}/$"))


def test_two_windows_of_one_browser_act_for_two_unions(new_window: NewWindow) -> None:
    first = chooser(new_window)
    second = first.context.new_page()
    second.goto("/unions/")
    expect(heading(second, "选择工会")).to_be_visible()
    names = [name for name in choices(first) if name.endswith("总工会")]

    for page, name in zip((first, second), names, strict=True):
        choose(page, name)
        expect(page.get_by_role("banner")).to_contain_text(name)
    for page, name in zip((first, second), names, strict=True):
        page.get_by_role("link", name="下级工会管理").click()
        expect(heading(page, name)).to_be_visible()
        page.reload()
        expect(heading(page, name)).to_be_visible()

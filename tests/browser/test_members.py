"""Members in the browser (手册 十一、十二): found, looked at, corrected, removed."""

import re

from playwright.sync_api import Page, expect

from tests.browser.browsing import heading, node
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo

CITY, BASE = "19900000002", "19900000004"
DISTRICT = "天河区总工会"


def rows(page: Page) -> list[str]:
    """The names in the list, from the top."""
    return page.locator("tbody th").all_inner_texts()


def test_a_city_finds_a_member_among_all_below_and_comes_back_to_the_list(new_window: NewWindow) -> None:
    page = new_window(CITY, "/members/")
    expect(page.get_by_role("status").filter(has_text="名会员")).to_be_visible()
    first = rows(page)

    page.get_by_role("button", name="下一页").click()
    expect(page.get_by_text(re.compile("^第 2 / "))).to_be_visible()
    second = rows(page)
    assert first != second
    page.get_by_role("button", name="上一页").click()
    expect(page.get_by_text(re.compile("^第 1 / "))).to_be_visible()
    assert rows(page) == first

    node(page, DISTRICT).get_by_text(DISTRICT).click()
    expect(heading(page, DISTRICT)).to_be_visible()
    expect(page).to_have_url(re.compile(r"union=\d+"))
    name = rows(page)[0]
    page.locator("tbody th button").first.click()
    expect(heading(page, name)).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?member=\d+$"))
    expect(page.get_by_text("会籍变动")).to_be_visible()
    expect(page.get_by_role("button", name="移出…")).to_have_count(0)

    page.get_by_role("button", name="返回会员列表").click()
    expect(heading(page, DISTRICT)).to_be_visible()
    assert rows(page)[0] == name


def test_a_base_union_looks_up_a_number_and_removes_the_member(new_window: NewWindow) -> None:
    page = new_window(BASE, "/members/")
    expect(page.locator("tbody tr")).to_have_count(20)
    name = rows(page)[-1]

    page.locator("tbody th button").last.click()
    page.get_by_role("button", name="查看完整手机号…").click()
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.get_by_text("请填写理由。")).to_be_visible()
    page.get_by_label("查看理由").fill("电话核实")
    page.get_by_role("button", name="查看", exact=True).click()
    number = page.get_by_text(re.compile(r"^1\d{10}$"))
    expect(number).to_be_visible()
    phone = number.inner_text()
    page.get_by_role("button", name="关闭", exact=True).click()
    expect(number).to_have_count(0)

    page.goto("/members/removal/")
    page.get_by_label("搜索会员").fill(phone)
    expect(page.locator("tbody tr")).to_have_count(1)
    assert rows(page) == [name]
    assert phone not in page.url
    page.get_by_label(f"选择{name}").click()
    page.get_by_role("button", name="移出…").click()
    dialog = page.get_by_role("dialog")
    action = dialog.get_by_role("button", name="移出 1 名")
    expect(action).to_be_disabled()
    dialog.get_by_role("combobox").click()
    page.get_by_role("option", name="劳动关系终止").click()
    dialog.get_by_label("输入「移出」以确认").fill("移出")
    action.click()

    expect(page.get_by_text("已移出 1 名会员。")).to_be_visible()
    page.get_by_label("搜索会员").fill(phone)
    expect(page.get_by_text("已离会")).to_be_visible()


def test_a_member_recorded_twice_becomes_one(new_window: NewWindow) -> None:
    page = new_window(BASE, "/members/")
    expect(page.locator("tbody tr")).to_have_count(20)
    name = rows(page)[0]

    page.locator("tbody th button").first.click()
    page.get_by_role("button", name="查找重复记录…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("同名且出生日期相同", exact=True)).to_be_visible()
    dialog.get_by_role("button", name=re.compile(name)).click()
    expect(dialog.get_by_text("另一条记录在本工会的会籍随即终止，不再重复计数。")).to_be_visible()
    expect(dialog.get_by_role("cell", name="已实名").last).to_be_visible()
    action = dialog.get_by_role("button", name="合并记录")
    expect(action).to_be_disabled()
    dialog.get_by_label("合并理由").fill("录入时证件号码有误")
    dialog.get_by_label("输入「合并」以确认").fill("合并")
    action.click()

    expect(page.get_by_text("已合并重复记录。")).to_be_visible()
    expect(page.get_by_role("cell", name="重复记录合并")).to_be_visible()
    page.get_by_role("button", name="查找重复记录…").click()
    expect(page.get_by_text("没有找到与该会员同名且出生日期相同，或手机号相同的其他记录。")).to_be_visible()


def test_a_filter_is_kept_and_found_again(new_window: NewWindow, demo: Demo) -> None:
    page = new_window(demo.newcomer(demo.union(DISTRICT)), "/members/?sex=female&verified=no")
    expect(page.get_by_role("button", name="清除筛选")).to_be_visible()
    page.get_by_role("button", name="我的筛选").click()
    page.get_by_label("保存当前筛选").fill("未实名的女会员")
    page.get_by_role("button", name="保存", exact=True).click()
    kept = page.get_by_role("list", name="我的筛选").get_by_role("button", name="未实名的女会员", exact=True)
    expect(kept).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="清除筛选").click()
    expect(page).not_to_have_url(re.compile("verified=no"))

    page.get_by_role("button", name="我的筛选").click()
    kept.click()

    expect(page).to_have_url(re.compile("sex=female&verified=no"))

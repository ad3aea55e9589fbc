"""手册 三、四: the same number on the overview, in chart, table, workbook and list; looking into subordinates."""

import re
from io import BytesIO
from pathlib import Path
from typing import Literal

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.browsing import heading, number
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo
from tests.browser.test_accessibility import violations
from tests.browser.test_widths import wrong_at_any_width

# The province, two cities, a county and a base union.
OWNERS = ["19900000001", "19900000002", "19900000008", "19900000003", "19900000004"]
DRAWN = "[data-drawn]"
CITIES = 21
# Development, comparison, map, and five traits of members and two of unions.
LEAST_CHARTS = 10
A4 = {(b"594", b"841"), (b"595", b"841"), (b"595", b"842")}


def members_in_strip(page: Page) -> int:
    return counted(page.locator("dl.figs .v").nth(_place(page)).get_attribute("title") or "")


def _place(page: Page) -> int:
    labels = page.locator("dl.figs dt").all_inner_texts()
    return next(place for place, label in enumerate(labels) if label in ("会员数", "期末会员数"))


def counted(text: str) -> int:
    return int(text.replace(",", ""))


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    return Path(download.value.path()).read_bytes()


@pytest.mark.parametrize("phone", OWNERS)
def test_members_are_as_many_wherever_they_are_counted(new_window: NewWindow, phone: str) -> None:
    page = new_window(phone, "/overview/")
    page.locator(DRAWN).wait_for()
    members = members_in_strip(page)

    page.goto("/statistics/?range=7d")
    page.locator(DRAWN).first.wait_for()
    in_chart = page.locator(DRAWN).first.evaluate("chart => chart.data[0].y.at(-1)")
    in_strip = members_in_strip(page)
    ages = page.get_by_role("region", name="年龄", exact=True)
    ages.locator(DRAWN).wait_for()
    by_age = sum(ages.locator(DRAWN).evaluate("chart => Array.from(chart.data[0].x)"))
    ages.get_by_role("tab", name="表").click()
    by_age_in_table = sum(counted(cell) for cell in ages.locator("tbody tr td:nth-child(2)").all_inner_texts())
    book = load_workbook(BytesIO(downloaded(page, "导出 Excel")))
    page.get_by_role("tab", name="表").first.click()
    in_table = page.locator(".c-table.figures").first.locator("tbody td").first.inner_text()
    page.goto("/members/")
    told = page.get_by_text(re.compile(r"共 [\d,]+ 名会员")).first
    told.wait_for()

    development, composition = book.worksheets[0], book.worksheets[-1]
    by_age_in_book = sum(int(str(row[2])) for row in composition.iter_rows(values_only=True) if row[0] == "年龄")
    assert in_chart == in_strip == members
    assert counted(in_table) == by_age == by_age_in_table == by_age_in_book == members
    assert development.cell(development.max_row, 4).value == members
    assert told.inner_text() == f"共 {members:,} 名会员"


def test_a_subordinate_is_looked_into_and_left_again(new_window: NewWindow) -> None:
    page = new_window("19900000002", "/statistics/?range=year")
    page.locator(DRAWN).nth(1).wait_for()

    page.get_by_role("tab", name="表").nth(1).click()
    page.get_by_role("button", name="天河区总工会", exact=True).click()
    way = page.get_by_role("navigation", name="所在位置")
    expect(way.get_by_text("天河区总工会")).to_be_visible()
    expect(page).to_have_url(re.compile(r"union=\d+&range=year$"))
    page.reload()
    expect(way.get_by_text("天河区总工会")).to_be_visible()
    way.get_by_role("button", name="广州市总工会").click()

    expect(way).to_have_count(0)
    expect(page.get_by_role("button", name="天河区总工会", exact=True).or_(page.locator(DRAWN).nth(1))).to_be_visible()


def test_a_chart_is_saved_as_a_picture_and_drawn_in_the_readers_language(new_window: NewWindow) -> None:
    page = new_window("19900000007", "/statistics/?range=7d&show=rate")
    page.locator(DRAWN).first.wait_for()
    expect(heading(page, "期末实名率的发展")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="下载图片").first.click()

    assert download.value.suggested_filename == "development.png"
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


def test_a_city_is_looked_into_from_the_map_by_the_keyboard_and_left_by_going_back(new_window: NewWindow) -> None:
    page = new_window("19900000001", "/statistics/?range=30d&show=rate")
    cities = page.get_by_role("region", name="各市的期末实名率")
    cities.locator(DRAWN).wait_for()
    expect(cities.get_by_role("button", name=re.compile("^(?!下载)"))).to_have_count(CITIES)
    guangzhou = cities.get_by_role("button", name=re.compile(r"^广州 [\d.]+%$"))
    drawn = number(guangzhou.get_attribute("aria-label") or "")

    guangzhou.focus()
    page.keyboard.press("Enter")

    way = page.get_by_role("navigation", name="所在位置")
    expect(way.get_by_text("广州市总工会")).to_be_visible()
    expect(page).to_have_url(re.compile(r"union=\d+&range=30d&show=rate$"))
    assert number(page.locator("dl.figs .v").nth(1).inner_text()) == drawn
    page.go_back()
    expect(way).to_have_count(0)
    expect(cities.locator(DRAWN)).to_be_visible()


def test_an_analyst_sees_totals_and_nobodys_name(new_window: NewWindow) -> None:
    page = new_window("19900000007", "/overview/")
    page.locator(DRAWN).wait_for()

    expect(heading(page, "工会信息")).to_have_count(0)
    page.get_by_role("main").get_by_role("link", name=re.compile("总工会$")).first.click()
    expect(page).to_have_url(re.compile(r"/statistics/\?union=\d+"))
    page.locator(DRAWN).first.wait_for()

    for path in ("/members/", "/subordinates/", "/union/"):
        page.goto(path)
        expect(heading(page, "找不到这个页面")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_overview_is_printed_on_one_page(
    new_window: NewWindow, scheme: Literal["light", "dark"], tmp_path: Path
) -> None:
    page = new_window("19900000001", "/overview/", width=1920, color_scheme=scheme)
    page.locator(DRAWN).wait_for()

    page.pdf(path=tmp_path / "overview.pdf", prefer_css_page_size=True)

    printed = (tmp_path / "overview.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
    assert {(width, height) for width, height in re.findall(rb"/MediaBox\s*\[0 0 (\d+)[.\d]* (\d+)", printed)} <= A4
    expect(page.locator("html")).to_have_class(re.compile(scheme))


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "dark"), ("en", "light")])
def test_statistics_fit_every_window_and_shut_nobody_out(
    new_window: NewWindow, demo: Demo, language: str, scheme: Literal["light", "dark"]
) -> None:
    owner = demo.newcomer(demo.union("广东省总工会"), language=language)
    page = new_window(owner, "/statistics/?range=30d", color_scheme=scheme)
    page.locator(DRAWN).nth(LEAST_CHARTS - 1).wait_for()
    expect(page.locator("html")).to_have_attribute("lang", language)

    found = violations(page, "statistics")
    found += wrong_at_any_width(page, "statistics")

    assert found == [], "\n".join(found)

"""手册 三、四: the same number on the overview, in chart, table, workbook and list; looking into subordinates."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.browsing import heading
from tests.browser.conftest import NewWindow

# The province, two cities, a county and a base union.
OWNERS = ["19900000001", "19900000002", "19900000008", "19900000003", "19900000004"]
DRAWN = "[data-drawn]"


def members_in_strip(page: Page) -> int:
    return int((page.locator("dl.figs .v").nth(_place(page)).get_attribute("title") or "").replace(",", ""))


def _place(page: Page) -> int:
    labels = page.locator("dl.figs dt").all_inner_texts()
    return next(place for place, label in enumerate(labels) if label in ("会员数", "期末会员数"))


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
    development, *_ = load_workbook(BytesIO(downloaded(page, "导出 Excel"))).worksheets
    page.get_by_role("tab", name="表").first.click()
    in_table = page.locator("table.figures, .c-table.figures").first.locator("tbody td").first.inner_text()
    page.goto("/members/")
    told = page.get_by_text(re.compile(r"共 [\d,]+ 名会员")).first
    told.wait_for()

    assert in_chart == in_strip == members
    assert int(in_table.replace(",", "")) == members
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

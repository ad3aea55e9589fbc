"""导入与导出 in the browser: errors mended in the workbook that tells of them, and a list that leaves as it is seen."""

import re
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from gdftu_app.security.permissions import Role
from tests.browser.browsing import heading
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo
from tests.workbooks_to_import import filled, member

CROWDED = "石牌街道总工会"
GOOD, BAD = 100, 50
WORDS = "甲乙丙丁戊己庚辛壬癸子丑寅"
PATIENCE_MS = 60_000


def name_of(number: int) -> str:
    return f"陈{WORDS[number // len(WORDS)]}{WORDS[number % len(WORDS)]}"


def workbook() -> bytes:
    """People of whom the last fifty have a phone that is none."""
    people = [member(11_000 + number, 姓名=name_of(number), 入会时间="2024-05-01") for number in range(GOOD + BAD)]
    for person in people[GOOD:]:
        person["手机号"] = "12345"
    return filled(people)


def begin_again(page: Page) -> None:
    another = page.get_by_role("button", name="导入另一个文件")
    another.click()
    expect(another).to_have_count(0)


def send(page: Page, name: str, content: bytes | Path) -> None:
    payload = content.read_bytes() if isinstance(content, Path) else content
    page.get_by_label("填好的工作簿").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": payload}
    )
    page.get_by_role("button", name="上传并检查").click()


def download(page: Page, link: str, folder: Path) -> Path:
    with page.expect_download() as coming:
        page.get_by_role("link", name=link).first.click()
    kept = folder / "downloaded.xlsx"
    coming.value.save_as(kept)
    return kept


def mend(workbook: Path) -> None:
    """Give every row the phone that it lacks, as somebody does in Excel."""
    book = load_workbook(workbook)
    sheet = book["会员"]
    headings = [str(cell.value).rstrip("*") for cell in sheet[1]]
    assert sheet.max_row == BAD + 1
    assert {str(row[-1].value)[:4] for row in sheet.iter_rows(min_row=2)} == {"手机号："}
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, headings.index("手机号") + 1, f"1391234{row:04d}")
    book.save(workbook)


def test_wrong_rows_are_mended_and_nobody_comes_twice(new_window: NewWindow, demo: Demo, tmp_path: Path) -> None:
    union = next(one for one in demo.below(demo.union(CROWDED))[60:] if one.category == "single_base")
    page = new_window(demo.newcomer(union, Role.OWNER), "/members/import/")
    send(page, "会员.xlsx", workbook())
    expect(page.get_by_role("button", name=f"确认导入 {GOOD} 名会员")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("手机号：手机号应为 11 位，现为 5 位，请核对。").first).to_be_visible()
    page.get_by_role("button", name=f"确认导入 {GOOD} 名会员").click()
    expect(page.get_by_text(f"已导入 {GOOD} 名")).to_be_visible(timeout=PATIENCE_MS)

    errors = download(page, "下载未能导入的行", tmp_path)
    mend(errors)
    begin_again(page)
    send(page, "未能导入的行.xlsx", errors)
    page.get_by_role("button", name=f"确认导入 {BAD} 名会员").click(timeout=PATIENCE_MS)
    expect(page.get_by_text(f"已导入 {BAD} 名")).to_be_visible(timeout=PATIENCE_MS)

    begin_again(page)
    send(page, "会员.xlsx", workbook())
    expect(page.get_by_text("检查导入的会员")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("definition").filter(has_text=str(GOOD))).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name="确认导入")).to_have_count(0)

    page.goto("/jobs/")
    expect(heading(page, "任务")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_role("button", name=re.compile("^通知")).click()
    expect(page.get_by_text("任务「导入会员」已完成。").first).to_be_visible()


def test_the_exported_list_is_the_one_on_screen(new_window: NewWindow, demo: Demo, tmp_path: Path) -> None:
    page = new_window("19900000004", "/members/")
    expect(page.locator("tbody tr")).to_have_count(20)
    shown = page.locator("tbody tr").all_inner_texts()

    page.get_by_role("button", name=re.compile("^导出")).click()
    page.get_by_role("dialog").get_by_role("button", name="开始导出").click()
    expect(heading(page, "任务")).to_be_visible()
    first = page.locator("tbody tr").first
    expect(first.get_by_role("link", name="下载")).to_be_visible(timeout=PATIENCE_MS)
    book = load_workbook(download(page, "下载", tmp_path))

    listed = list(book["会员列表"].iter_rows(min_row=2, values_only=True))
    for row, text in zip(listed, shown, strict=False):
        assert str(row[0]) in text
        assert str(row[2]) in text
    assert f"{len(listed)} 行" in first.inner_text()
    assert "*" in str(listed[0][3])
    said = {str(row[0]): row[1] for row in book["导出说明"].iter_rows(values_only=True)}
    assert (said["行数"], said["号码"]) == (len(listed), "手机号和证件号码已脱敏")

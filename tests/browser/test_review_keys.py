"""Reviewing by keys alone (工会登记审核, 手册 七)."""

from playwright.sync_api import Page, expect

from tests.browser.browsing import heading
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo

REGISTRATIONS = "/reviews/registrations/"


def titles(page: Page) -> list[str]:
    return page.locator("tbody th button.name").all_inner_texts()


def test_a_reviewer_reads_ticks_approves_and_rejects_without_the_mouse(new_window: NewWindow, demo: Demo) -> None:
    page = new_window(demo.newcomer(demo.union("广州市总工会")), REGISTRATIONS)
    expect(heading(page, "工会登记审核")).to_be_visible()
    expect(page.locator("tbody th button.name").first).to_be_visible()
    first, second, third = titles(page)[:3]

    def expander(title: str):
        return page.get_by_role("button", name=f"展开{title}的信息")

    # The help tells the keys; typing moves nothing.
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="快捷键")
    expect(keys.get_by_text("通过当前一条")).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_have_count(0)
    # The dialog gives the focus back to its button a moment after it is gone.
    expect(page.get_by_role("button", name="快捷键")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("jxa")
    expect(page.get_by_role("searchbox")).to_have_value("jxa")
    expect(page.get_by_text("没有符合条件的申请")).to_be_visible()
    page.keyboard.press("Escape")
    expect(expander(first)).to_be_visible()

    # Down and up, open and close, tick.
    page.keyboard.press("j")
    expect(expander(first)).to_be_focused()
    page.keyboard.press("j")
    expect(expander(second)).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_role("checkbox", name=f"选择{second}")).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.get_by_role("checkbox", name=f"选择{second}")).not_to_be_checked()
    page.keyboard.press("k")
    page.keyboard.press("o")
    expect(page.locator("tr.detail")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("tr.detail")).to_have_count(0)

    # The next row is at hand once the one before is decided.
    page.keyboard.press("a")
    expect(page.get_by_role("status").get_by_text("已通过 1 件。")).to_be_visible()
    expect(expander(first)).to_have_count(0)
    expect(expander(second)).to_be_focused()
    page.keyboard.press("r")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="驳回原因").fill("证件图片不清晰")
    dialog.get_by_role("button", name="驳回 1 件").click()
    expect(expander(second)).to_have_count(0)
    expect(expander(third)).to_be_focused()


def test_single_letters_are_switched_off_for_good(new_window: NewWindow, demo: Demo) -> None:
    page = new_window(demo.newcomer(demo.union("广州市总工会")), REGISTRATIONS)
    expect(page.locator("tbody th button.name").first).to_be_visible()

    page.get_by_role("button", name="快捷键").click()
    page.get_by_role("switch", name="启用快捷键").click()
    page.get_by_role("dialog").get_by_role("button", name="关闭").click()
    page.reload()
    expect(page.locator("tbody th button.name").first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("?")

    expect(page.locator(".exp:focus")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)

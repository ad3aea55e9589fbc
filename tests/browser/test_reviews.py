"""工会登记审核 and 工会变更审核 (手册 七、八), as reviewers of two unions use them."""

import re

from playwright.sync_api import Page, expect

from gdftu_app.security.permissions import Role
from tests.browser.browsing import heading
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo

REGISTRATIONS, CHANGES = "/reviews/registrations/", "/reviews/changes/"


def titles(page: Page) -> list[str]:
    return page.locator("tbody th button.name").all_inner_texts()


def open_queue(page: Page, name: str) -> None:
    expect(heading(page, name)).to_be_visible()
    expect(page.locator("tbody th button.name").first).to_be_visible()


def test_a_registration_is_read_with_its_certificate_and_approved(new_window: NewWindow, demo: Demo) -> None:
    page = new_window(demo.newcomer(demo.union("海珠区总工会"), Role.REVIEWER), REGISTRATIONS)
    open_queue(page, "工会登记审核")
    first = titles(page)[0]
    waiting = page.get_by_role("tab", name="待审核")
    before = waiting.inner_text()

    page.get_by_role("button", name=f"展开{first}的信息").click()
    expect(page.get_by_text("未独立建会").or_(page.get_by_text("已独立建会"))).to_be_visible()
    page.get_by_role("button", name="查看大图").first.click()
    viewer = page.get_by_role("dialog")
    expect(viewer.get_by_role("img")).to_be_visible()
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    page.locator(".decide").get_by_role("button", name="通过").click()

    expect(page.get_by_role("status").get_by_text("已通过 1 件。")).to_be_visible()
    expect(waiting).not_to_have_text(before)
    page.get_by_role("tab", name="已通过").click()
    expect(page.get_by_role("button", name=first, exact=True)).to_be_visible()
    page.goto("/subordinates/")
    page.get_by_role("searchbox").fill(first)
    expect(page.get_by_text("找到 1 个工会")).to_be_visible()


def test_a_batch_is_rejected_with_a_common_reason_and_stands_in_the_list(new_window: NewWindow, demo: Demo) -> None:
    page = new_window(demo.newcomer(demo.union("海珠区总工会")), REGISTRATIONS)
    open_queue(page, "工会登记审核")
    chosen = titles(page)[1:4]
    for name in chosen:
        page.get_by_role("checkbox", name=f"选择{name}").click()
    page.get_by_role("button", name="批量驳回").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="驳回 3 件").click()
    expect(dialog.get_by_text("请填写驳回原因，申请人会看到。")).to_be_visible()

    dialog.get_by_role("button", name="证件图片不清晰，请重新上传统一社会信用代码证。").click()
    dialog.get_by_role("button", name="驳回 3 件").click()

    expect(page.get_by_role("status").get_by_text("已驳回 3 件，申请人会看到原因。")).to_be_visible()
    page.get_by_role("tab", name="驳回列表").click()
    for name in chosen:
        expect(page.get_by_role("row").filter(has=page.get_by_role("button", name=name, exact=True))).to_contain_text(
            "证件图片不清晰"
        )


def test_two_reviewers_with_the_same_rows_and_the_second_is_told(new_window: NewWindow, demo: Demo) -> None:
    union = demo.union("海珠区总工会")
    first, second = (new_window(demo.newcomer(union), REGISTRATIONS) for _ in range(2))
    open_queue(first, "工会登记审核")
    open_queue(second, "工会登记审核")
    mine, both = titles(second)[-1], titles(second)[-2]
    for name in (mine, both):
        second.get_by_role("checkbox", name=f"选择{name}").click()
    first.get_by_role("row").filter(has=first.get_by_role("button", name=both, exact=True)).get_by_role(
        "button", name="通过", exact=True
    ).click()
    expect(first.get_by_role("status").get_by_text("已通过 1 件。")).to_be_visible()

    second.get_by_role("button", name="批量通过").click()
    second.get_by_role("alertdialog").get_by_role("button", name="通过 2 件").click()

    expect(second.get_by_role("status").get_by_text("已通过 1 件。")).to_be_visible()
    undecided = second.locator(".undecided")
    expect(undecided).to_contain_text(both)
    expect(undecided).to_contain_text("新管理已先通过。")


def test_a_change_is_shown_in_red_and_the_menu_counts_down_by_itself(new_window: NewWindow, demo: Demo) -> None:
    union = demo.union("越秀区总工会")
    page, colleague = (new_window(demo.newcomer(union), CHANGES) for _ in range(2))
    open_queue(page, "工会变更审核")
    open_queue(colleague, "工会变更审核")
    entry = colleague.get_by_role("navigation", name="功能菜单").get_by_role("link", name="工会变更审核")
    before = entry.inner_text()
    first = titles(page)[0]

    page.get_by_role("button", name=f"展开{first}的信息").click()
    expect(page.get_by_role("columnheader", name="变更后")).to_be_visible()
    red = page.locator("td.new").first
    expect(red).to_be_visible()
    assert red.evaluate("cell => getComputedStyle(cell).color") != page.locator("body").evaluate(
        "body => getComputedStyle(body).color"
    )
    page.get_by_role("button", name="显示未变更的").click()
    expect(page.get_by_text("建会批复文号").last).to_be_visible()
    page.locator(".decide").get_by_role("button", name="通过").click()
    expect(page.get_by_role("status").get_by_text("已通过 1 件。")).to_be_visible()

    expect(entry).not_to_have_text(before, timeout=30_000)


def test_the_address_keeps_the_filters(new_window: NewWindow, demo: Demo) -> None:
    page = new_window(demo.newcomer(demo.union("天河区总工会")), REGISTRATIONS)
    open_queue(page, "工会登记审核")

    page.get_by_role("searchbox").fill("天河区")
    page.get_by_role("combobox", name="等待时间").click()
    page.get_by_role("option", name="7 天以上").click()
    expect(page).to_have_url(re.compile(r"\?q=.+&waiting=7"))
    page.reload()

    expect(page.get_by_role("searchbox")).to_have_value("天河区")
    expect(page.get_by_role("combobox", name="等待时间")).to_contain_text("7 天以上")

"""本级工会管理: a union asks for a change, its superior sees in red what is new, and what became of it."""

import re
from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import Session, col, select

from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.unions import Union
from tests.attachments import drawing
from tests.browser.browsing import heading
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo
from tests.browser.test_accessibility import violations
from tests.browser.test_widths import wrong_at_any_width

_places: Iterator[int] = count()


@pytest.fixture
def union(demo: Demo) -> Union:
    """A base union of the story's own, of which no change waits."""
    asked = select(ChangeRequest.union_id)
    quiet = select(Union).where(Union.category == "single_base", col(Union.id).not_in(asked), Union.status == "active")
    with Session(demo.engine) as session:
        return session.exec(quiet.order_by(col(Union.id)).offset(next(_places)).limit(1)).one()


@pytest.fixture
def superior(demo: Demo, union: Union) -> Union:
    """The union above it."""
    with Session(demo.engine) as session:
        return session.get_one(Union, union.superior_id)


def open_form(new_window: NewWindow, demo: Demo, union: Union) -> Page:
    page = new_window(demo.newcomer(union), "/union/")
    expect(heading(page, "登记信息")).to_be_visible()
    page.get_by_role("button", name="编辑").click()
    expect(heading(page, "编辑本级工会信息")).to_be_visible()
    return page


def submit(page: Page) -> None:
    page.get_by_role("button", name="提交变更申请").click()


def review(new_window: NewWindow, demo: Demo, union: Union, superior: Union) -> Page:
    """The superior's queue with the union's request opened."""
    page = new_window(demo.newcomer(superior), f"/reviews/changes/?q={union.name}")
    page.get_by_role("button", name=f"展开{union.name}的信息").click()
    expect(page.get_by_text("变更说明：")).to_be_visible()
    return page


def asked(page: Page) -> Locator:
    return page.get_by_role("region", name="变更申请")


def recorded(page: Page, label: str) -> Locator:
    return page.locator("dl.kv > div").filter(has=page.get_by_text(label, exact=True)).locator("dd").first


def colour(cell: Locator) -> str:
    return cell.evaluate("cell => getComputedStyle(cell).color")


def test_a_change_is_red_at_the_superior_and_holds_once_it_is_approved(
    new_window: NewWindow, demo: Demo, union: Union, superior: Union
) -> None:
    new_name = union.name.replace("工会委员会", "集团工会委员会")
    page = open_form(new_window, demo, union)
    page.get_by_label("工会名称").fill(new_name)
    page.get_by_label("联系电话").fill("13912349999")
    page.get_by_label("所属行业").click()
    page.get_by_role("option", name="教育").click()
    page.get_by_label("变更说明").fill("更名")
    submit(page)
    expect(page.get_by_role("alert").filter(has_text="请上传相应的证书")).to_be_visible()
    expect(page.get_by_label("工会名称")).to_have_value(new_name)
    page.locator("#document-0").set_input_files({"name": "证书.png", "mimeType": "image/png", "buffer": drawing()})
    expect(page.get_by_text("证书.png", exact=True)).to_be_visible()
    submit(page)

    expect(asked(page).get_by_text(f"「{superior.name}」审核")).to_be_visible()
    expect(asked(page).get_by_text("139****9999")).to_be_visible()
    expect(page.get_by_role("button", name="编辑")).to_have_count(0)
    expect(page.get_by_role("banner").get_by_text(union.name)).to_be_visible()
    desk = review(new_window, demo, union, superior)
    changed = desk.locator("table.diff tr").filter(has_text="工会名称").locator("td")
    expect(changed).to_have_text(["工会名称", union.name, new_name])
    assert colour(changed.last) != colour(changed.nth(1))
    desk.locator(".decide").get_by_role("button", name="通过").click()
    expect(desk.get_by_text("已通过 1 件。")).to_be_visible()

    page.reload()
    expect(page.get_by_role("banner").get_by_text(new_name)).to_be_visible()
    expect(recorded(page, "联系电话")).to_have_text("139****9999")
    expect(asked(page)).to_have_count(0)
    page.get_by_role("tab", name="变更记录").click()
    entry = page.get_by_role("row").filter(has_text="信息变更").first
    expect(entry).to_contain_text(f"{union.name} → {new_name}")
    expect(entry).to_contain_text(superior.name)


def test_what_is_wrong_is_counted_and_nothing_typed_is_lost(new_window: NewWindow, demo: Demo, union: Union) -> None:
    page = open_form(new_window, demo, union)
    page.get_by_label("工会名称").fill("")
    page.get_by_label("邮编").fill("52")
    page.get_by_label("联系人").fill("陈大明")

    submit(page)

    expect(page.get_by_text("3 处需要修改，改好后再提交。")).to_be_visible()
    expect(page.get_by_label("工会名称")).to_be_focused()
    expect(page.get_by_label("联系人")).to_have_value("陈大明")
    expect(page.get_by_text("邮编为 6 位数字，请核对。")).to_be_visible()
    page.get_by_label("邮编").fill("528311")
    page.keyboard.press("Tab")
    expect(page.get_by_text("邮编为 6 位数字，请核对。")).to_have_count(0)


def test_a_division_is_chosen_step_by_step(new_window: NewWindow, demo: Demo, union: Union) -> None:
    page = open_form(new_window, demo, union)
    for label, option in (("所在政区", "佛山市"), ("所在政区 下一级", "顺德区"), ("所在政区 再下一级", "陈村镇")):
        page.get_by_role("combobox", name=label, exact=True).click()
        page.get_by_role("option", name=option, exact=True).click()
        expect(page.get_by_role("combobox", name=label, exact=True)).to_have_text(option)
    page.get_by_label("变更说明").fill("搬迁")

    submit(page)

    row = asked(page).get_by_role("row").filter(has_text="所在政区")
    expect(row).to_contain_text("广东省佛山市顺德区陈村镇")


def test_a_request_is_taken_back(new_window: NewWindow, demo: Demo, union: Union, superior: Union) -> None:
    page = open_form(new_window, demo, union)
    page.get_by_label("负责人").fill("何伟杰")
    page.get_by_label("变更说明").fill("换届")
    submit(page)

    asked(page).get_by_role("button", name="撤回…").click()
    page.get_by_role("alertdialog").get_by_role("button", name="撤回").click()

    expect(page.get_by_text("变更申请已撤回。")).to_be_visible()
    expect(asked(page)).to_have_count(0)
    expect(page.get_by_role("button", name="编辑")).to_be_visible()
    desk = new_window(demo.newcomer(superior), f"/reviews/changes/?q={union.name}")
    expect(heading(desk, "没有符合条件的申请")).to_be_visible()


def test_a_rejected_request_is_worked_on_and_handed_in_again(
    new_window: NewWindow, demo: Demo, union: Union, superior: Union
) -> None:
    page = open_form(new_window, demo, union)
    page.get_by_label("负责人").fill("何伟杰")
    page.get_by_label("变更说明").fill("换届")
    submit(page)
    expect(asked(page)).to_be_visible()
    desk = review(new_window, demo, union, superior)
    desk.locator(".decide").get_by_role("button", name="驳回").click()
    desk.get_by_label("驳回原因").fill("请附选举结果批复")
    desk.get_by_role("button", name="驳回 1 件").click()
    expect(desk.get_by_text(re.compile("已驳回 1 件"))).to_be_visible()

    page.reload()
    expect(asked(page).get_by_text("请附选举结果批复")).to_be_visible()
    page.get_by_role("button", name="修改后重新提交").click()
    expect(page.get_by_label("负责人")).to_have_value("何伟杰")
    expect(page.get_by_label("变更说明")).to_have_value("换届")
    page.locator("#document-0").set_input_files({"name": "批复.png", "mimeType": "image/png", "buffer": drawing()})
    expect(page.get_by_text("批复.png", exact=True)).to_be_visible()
    submit(page)

    expect(asked(page).get_by_text("审核中")).to_be_visible()
    desk = review(new_window, demo, union, superior)
    expect(desk.get_by_text("曾被驳回：请附选举结果批复")).to_be_visible()
    expect(desk.get_by_role("figure").get_by_text("批复.png")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_and_form_shut_nobody_out_and_fit_every_window(
    new_window: NewWindow, demo: Demo, union: Union, scheme: str
) -> None:
    page = new_window(demo.newcomer(union), "/union/", color_scheme=scheme)
    expect(heading(page, "登记信息")).to_be_visible()
    found = violations(page, "information") + wrong_at_any_width(page, "information")
    page.get_by_role("button", name="编辑").click()
    page.get_by_label("邮编").fill("1")
    submit(page)
    expect(page.get_by_text("2 处需要修改，改好后再提交。")).to_be_visible()
    found += violations(page, "form") + wrong_at_any_width(page, "form")
    page.get_by_label("邮编").fill("528311")
    page.get_by_label("变更说明").fill("更正")
    submit(page)
    expect(asked(page)).to_be_visible()
    found += violations(page, "request") + wrong_at_any_width(page, "request")
    page.get_by_role("tab", name="变更记录").click()
    expect(heading(page, "还没有变更记录")).to_be_visible()
    found += violations(page, "history")

    assert found == [], "\n".join(found)

"""本级、下级工会权限设置 (手册 九、十): appointed by phone, told by text, changed, and dismissed while at work."""

from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from gdftu_app.i18n import LANGUAGES, render
from gdftu_app.security.permissions import Role
from tests.browser.browsing import heading, node
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo
from tests.browser.test_accessibility import violations
from tests.browser.test_verifying import hand_in, sign_in_on_the_phone
from tests.browser.test_widths import wrong_at_any_width
from tests.verifying import resident_id

# The page itself looks every fifteen seconds whether it still may.
NOTICED_MS = 40_000
NAME = "陈依依"


def masked(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}"


def row(page: Page, phone: str) -> Locator:
    return page.get_by_role("row").filter(has_text=masked(phone))


def appoint(page: Page, phone: str, name: str, role: str) -> None:
    page.get_by_role("main").get_by_role("button", name="新增管理员").click()
    form = page.get_by_role("dialog")
    form.get_by_role("textbox", name="手机号").fill(phone)
    form.get_by_role("textbox", name="姓名").fill(name)
    form.get_by_role("radio", name=role).click()
    expect(form.get_by_role("status")).to_contain_text(role)
    form.get_by_role("button", name="新增管理员").click()


def open_list(new_window: NewWindow, phone: str) -> Page:
    page = new_window(phone, "/administrators/")
    expect(heading(page, "本级工会权限设置")).to_be_visible()
    expect(page.get_by_role("row").first).to_be_visible()
    return page


def test_a_stranger_is_appointed_by_phone_proves_who_they_are_and_is_dismissed_while_at_work(
    new_window: NewWindow, demo: Demo
) -> None:
    union, phone = demo.union("韶关市总工会"), demo.unused_phone()
    owner = open_list(new_window, demo.newcomer(union))

    appoint(owner, phone, NAME, "会员管理员")

    expect(owner.get_by_text(f"已邀请 {masked(phone)}，短信已发出。")).to_be_visible()
    expect(row(owner, phone)).to_contain_text("待实名")
    assert "「韶关市总工会」请你担任管理员" in demo.texts_to(phone)[0]

    mobile = sign_in_on_the_phone(new_window, demo, phone, "/m/verify")
    hand_in(mobile, NAME, resident_id())
    expect(mobile.get_by_text("已实名")).to_be_visible()
    mobile.goto("/overview/")
    expect(mobile.get_by_role("banner")).to_contain_text("韶关市总工会")
    owner.reload()
    expect(row(owner, phone)).not_to_contain_text("待实名")
    expect(row(owner, phone)).to_contain_text("会员管理员")

    row(owner, phone).get_by_role("button", name=f"移除{NAME}").click()
    asked = owner.get_by_role("alertdialog")
    expect(asked).to_contain_text("对方立即不能再进入「韶关市总工会」")
    asked.get_by_role("button", name="移除").click()
    expect(owner.get_by_text("已移除，对方立即不能再进入这个工会。")).to_be_visible()
    expect(row(owner, phone)).to_have_count(0)

    over = mobile.get_by_role("alertdialog")
    expect(over).to_contain_text("这个工会的管理权限已结束", timeout=NOTICED_MS)
    over.get_by_role("link", name="选择其他工会").click()
    expect(heading(mobile, "没有可以管理的工会")).to_be_visible()
    expect(mobile.get_by_text("你不再是「韶关市总工会」的管理员。")).to_be_visible()
    owner.get_by_role("tab", name="已移除").click()
    expect(row(owner, phone)).to_contain_text("新管理")


def test_an_event_after_the_dismissal_is_answered_calmly(new_window: NewWindow, demo: Demo) -> None:
    union = demo.union("河源市总工会")
    phone = demo.newcomer(union)
    demo.newcomer(union)
    page = open_list(new_window, phone)

    demo.dismiss(phone)
    page.get_by_role("tab", name="已移除").click()

    expect(page.get_by_role("alertdialog")).to_contain_text("你不再是「河源市总工会」的管理员")


def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(new_window: NewWindow, demo: Demo) -> None:
    union = demo.union("梅州市总工会")
    known = demo.applicant(union, name="霍未名")
    page = open_list(new_window, demo.newcomer(union))
    form = page.get_by_role("dialog")

    page.get_by_role("main").get_by_role("button", name="新增管理员").click()
    form.get_by_role("textbox", name="手机号").fill("1391234")
    form.get_by_role("textbox", name="姓名").fill(NAME)
    form.get_by_role("button", name="新增管理员").click()
    expect(form.get_by_role("alert")).to_have_text("请至少选择一项权限。")
    form.get_by_role("radio", name="分析员").click()
    form.get_by_role("button", name="新增管理员").click()
    expect(form.get_by_role("alert")).to_contain_text("手机号应为 11 位")
    expect(form.get_by_role("textbox", name="手机号")).to_be_focused()
    form.get_by_role("textbox", name="手机号").fill(known)
    form.get_by_role("button", name="新增管理员").click()

    expect(form.get_by_role("alert")).to_contain_text("该手机号的账号姓名是「霍**」，与填写的不一致。")
    expect(form.get_by_role("textbox", name="姓名")).to_have_value(NAME)
    expect(form.get_by_role("radio", name="分析员")).to_be_checked()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)


def test_single_permissions_are_explained_and_bring_what_they_need(new_window: NewWindow, demo: Demo) -> None:
    union = demo.union("阳江市总工会")
    analyst = demo.newcomer(union, Role.ANALYST)
    page = open_list(new_window, demo.newcomer(union))
    form = page.get_by_role("dialog")

    row(page, analyst).get_by_role("button", name="调整新管理的权限").click()
    expect(form.get_by_role("radio", name="分析员")).to_be_checked()
    form.get_by_text("逐项选择权限", exact=True).click()
    form.get_by_role("checkbox", name="查看会员").click()
    expect(form.get_by_role("status")).to_contain_text("自定义，已选 2 项权限。")
    form.get_by_role("checkbox", name="查看会员").click()
    form.get_by_role("checkbox", name="导出会员").click()
    expect(form.get_by_role("checkbox", name="查看会员")).to_be_checked()
    form.get_by_role("button", name="保存").click()

    expect(page.get_by_text("权限已保存，立即生效。")).to_be_visible()
    expect(row(page, analyst)).to_contain_text("自定义 · 3 项")
    row(page, analyst).get_by_role("button", name="展开新管理的权限").click()
    for words in ("查看统计", "查看会员", "导出会员"):
        expect(page.get_by_role("definition").get_by_text(words, exact=True)).to_be_visible()
    held = new_window(analyst, "/overview/")
    expect(held.get_by_role("banner")).to_contain_text("阳江市总工会")
    expect(held.get_by_role("main")).to_contain_text("自定义")


def test_who_was_quicker_is_told_to_the_other(new_window: NewWindow, demo: Demo) -> None:
    union = demo.union("清远市总工会")
    analyst = demo.newcomer(union, Role.ANALYST)
    first, second = (open_list(new_window, demo.newcomer(union)) for _ in range(2))
    for page in (first, second):
        row(page, analyst).get_by_role("button", name="调整新管理的权限").click()
    first.get_by_role("radio", name="宣传员").click()
    first.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(first.get_by_text("权限已保存，立即生效。")).to_be_visible()

    second.get_by_role("radio", name="审计员").click()
    second.get_by_role("dialog").get_by_role("button", name="保存").click()

    expect(second.get_by_role("alert")).to_contain_text("权限刚刚被其他管理员调整过。")
    expect(second.get_by_role("radio", name="宣传员")).to_be_checked()
    second.get_by_role("radio", name="审计员").click()
    second.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(row(second, analyst)).to_contain_text("审计员 · 1 项")


def test_a_base_union_offers_nothing_that_does_not_exist_there(new_window: NewWindow, demo: Demo) -> None:
    base = next(union for union in demo.below(demo.union("石牌街道总工会")) if not union.is_above_base)
    page = open_list(new_window, demo.newcomer(base))

    page.get_by_role("main").get_by_role("button", name="新增管理员").click()
    form = page.get_by_role("dialog")
    form.get_by_text("逐项选择权限", exact=True).click()

    expect(form.get_by_role("checkbox", name="查看会员")).to_be_visible()
    for absent in ("查看下级工会", "审核工会登记", "审核工会变更", "管理下级权限"):
        expect(form.get_by_role("checkbox", name=absent)).to_have_count(0)


def test_a_union_below_is_chosen_in_the_tree_and_kept_in_the_address(new_window: NewWindow, demo: Demo) -> None:
    city = demo.union("潮州市总工会")
    below = demo.below(city)[0]
    phone = demo.unused_phone()
    page = new_window(demo.newcomer(city), "/subordinates/administrators/")
    expect(heading(page, "请选择一个下级工会")).to_be_visible()

    node(page, below.name).click()
    expect(heading(page, below.name)).to_be_visible()
    appoint(page, phone, NAME, "负责人")
    expect(row(page, phone)).to_contain_text("负责人")

    expect(page).to_have_url(f"{page.url.partition('?')[0]}?union={below.id}")
    page.reload()
    expect(row(page, phone)).to_contain_text("待实名")
    expect(node(page, below.name)).to_have_attribute("aria-selected", "true")
    assert f"「{below.name}」请你担任管理员" in demo.texts_to(phone)[0]
    own = new_window(demo.newcomer(below), "/administrators/")
    row(own, phone).get_by_role("button", name=f"展开{NAME}的权限").click()
    expect(own.get_by_text("添加人：上级工会")).to_be_visible()


def test_a_union_below_is_found_by_name(new_window: NewWindow, demo: Demo) -> None:
    city = demo.union("揭阳市总工会")
    below = demo.below(city)[-1]
    page = new_window(demo.newcomer(city), "/subordinates/administrators/")

    page.get_by_label("搜索工会").fill(below.name[:4])
    page.get_by_role("listitem").filter(has_text=below.name).first.get_by_role("button").click()

    expect(heading(page, below.name)).to_be_visible()
    expect(page.get_by_label("搜索工会")).to_have_value("")


def test_the_owner_of_a_base_union_reads_who_sees_its_data(new_window: NewWindow) -> None:
    page = new_window("19900000004", "/administrators/")

    page.get_by_role("link", name="谁可以看到数据").click()

    expect(heading(page, "谁可以看到本工会的数据")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="会员的完整号码")).to_contain_text("简嘉铭")
    for superior in ("石牌街道总工会", "天河区总工会", "广州市总工会", "广东省总工会"):
        expect(heading(page, superior)).to_be_visible()
    for person in ("容天雅", "区穗安", "黎省明"):
        expect(page.get_by_text(person)).to_have_count(0)


def test_leaving_is_refused_to_the_last_and_granted_to_others(new_window: NewWindow, demo: Demo) -> None:
    union = demo.below(demo.union("云浮市总工会"))[0]
    alone = demo.newcomer(union)
    page = open_list(new_window, alone)

    row(page, alone).get_by_role("button", name="退出管理").click()
    page.get_by_role("alertdialog").get_by_role("button", name="退出管理").click()
    expect(page.get_by_text("这是该工会唯一可用的负责人")).to_be_visible()
    demo.newcomer(union)
    row(page, alone).get_by_role("button", name="退出管理").click()
    page.get_by_role("alertdialog").get_by_role("button", name="退出管理").click()

    expect(page.get_by_role("alertdialog")).to_contain_text("这个工会的管理权限已结束")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_fit_every_window_in_every_language(new_window: NewWindow, demo: Demo, language: str) -> None:
    union = demo.union("肇庆市总工会")
    demo.applicant(union)
    page = new_window(demo.newcomer(union, language=language), "/administrators/")
    expect(heading(page, render("本级工会权限设置", language))).to_be_visible()
    page.locator("button.exp").first.click()
    expect(page.get_by_role("definition").first).to_be_visible()
    found = wrong_at_any_width(page, "own")
    page.get_by_role("main").get_by_role("button", name=render("新增管理员", language)).click()
    page.get_by_text(render("逐项选择权限", language), exact=True).click()
    expect(page.get_by_role("checkbox").first).to_be_visible()
    found += wrong_at_any_width(page, "form", (1440, 390, 360))
    page.set_viewport_size({"width": 1440, "height": 900})
    below = demo.below(union)[0]
    demo.newcomer(below)
    page.goto(f"/subordinates/administrators/?union={below.id}")
    expect(heading(page, below.name)).to_be_visible()
    expect(page.get_by_role("row").first).to_be_visible()
    found += wrong_at_any_width(page, "below")
    page.goto("/administrators/access/")
    expect(heading(page, render("谁可以看到本工会的数据", language))).to_be_visible()
    expect(page.get_by_role("row").first).to_be_visible()
    found += wrong_at_any_width(page, "access")

    assert found == [], "\n".join(found)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_shut_nobody_out(
    new_window: NewWindow, demo: Demo, scheme: Literal["light", "dark"], width: int
) -> None:
    union = demo.union("汕尾市总工会")
    other = demo.newcomer(union, Role.ANALYST)
    page = new_window(demo.newcomer(union), "/administrators/", color_scheme=scheme, width=width)
    page.locator("button.exp").first.click()
    expect(page.get_by_role("definition").first).to_be_visible()
    found = violations(page, "own")
    page.get_by_role("main").get_by_role("button", name="新增管理员").click()
    page.get_by_text("逐项选择权限", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="新增管理员").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += violations(page, "form")
    page.keyboard.press("Escape")
    row(page, other).get_by_role("button", name="移除新管理").click()
    expect(page.get_by_role("alertdialog")).to_be_visible()
    found += violations(page, "dismissal")
    page.goto("/subordinates/administrators/")
    expect(heading(page, "请选择一个下级工会")).to_be_visible()
    found += violations(page, "below")
    page.goto("/administrators/access/")
    expect(page.get_by_role("row").first).to_be_visible()
    found += violations(page, "access")

    assert found == []

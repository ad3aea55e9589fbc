"""我的账号: own data, password, phone, devices and sign-ins of whoever is signed in."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from gdftu_app.services.demo.people import DEMO_PASSWORD
from tests.browser.browsing import fill_sign_in, heading, sign_in
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo
from tests.browser.test_accessibility import violations
from tests.browser.test_widths import wrong_at_any_width

NEW = "Lychee-Harbour-72"


def open_account(new_window: NewWindow, phone: str, **how: Any) -> Page:
    page = new_window(phone, "/account/", **how)
    expect(heading(page, "登录记录")).to_be_visible()
    return page


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def change_password(page: Page, current: str, password: str = NEW) -> None:
    form = section(page, "密码")
    if not form.get_by_label("当前密码").is_visible():
        form.get_by_text("修改密码").click()
    form.get_by_label("当前密码").fill(current)
    form.get_by_label("新密码", exact=True).fill(password)
    form.get_by_label("再次输入新密码").fill(password)
    with page.expect_navigation():
        form.get_by_role("button", name="保存新密码").click()


def test_it_is_reached_from_the_account_menu_and_shows_personal_numbers_masked(new_window: NewWindow) -> None:
    page = new_window("19900000001", "/overview/")

    page.get_by_role("button", name="账号：黎省明").click()
    page.get_by_role("link", name="我的账号").click()

    expect(heading(page, "我的账号")).to_be_visible()
    data = section(page, "本人资料")
    expect(data).to_contain_text("199****0001")
    expect(data).to_contain_text("广东省总工会 · 负责人")
    expect(data).to_contain_text("居民身份证")
    expect(page.get_by_role("navigation", name="功能菜单")).to_be_visible()
    assert "19900000001" not in page.content()


@pytest.mark.parametrize(("phone", "state"), [("19900000009", "已实名"), ("19900000006", "未实名")])
def test_whoever_has_no_union_finds_it_too_and_the_way_back(new_window: NewWindow, phone: str, state: str) -> None:
    page = open_account(new_window, phone)

    expect(section(page, "本人资料")).to_contain_text(state)
    expect(page.get_by_role("navigation", name="功能菜单")).to_have_count(0)
    page.get_by_role("link", name="返回").click()
    expect(heading(page, "我的账号")).to_have_count(0)


def test_a_new_password_keeps_this_browser_and_puts_every_other_out(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.newcomer(demo.union("江门市总工会"))
    left_open, page = new_window(phone, "/overview/"), open_account(new_window, phone)
    expect(heading(left_open, "概览")).to_be_visible()

    change_password(page, "wrong")
    expect(section(page, "密码").get_by_role("alert")).to_have_text("当前密码不正确，还可以再试 4 次。")
    change_password(page, DEMO_PASSWORD)

    expect(page.get_by_role("status").filter(has_text="密码已修改，其他设备上的登录已退出。")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text("江门市总工会")
    left_open.get_by_role("link", name="下级工会管理").click()
    expect(left_open.get_by_role("alertdialog")).to_contain_text("登录已失效")
    sign_in(new_window(), phone, password=NEW)


def test_the_last_five_passwords_are_not_taken_again(new_window: NewWindow, demo: Demo) -> None:
    page = open_account(new_window, demo.newcomer(demo.union("江门市总工会")))
    change_password(page, DEMO_PASSWORD)
    expect(page.get_by_text("密码已修改")).to_be_visible()

    change_password(page, NEW, DEMO_PASSWORD)

    expect(section(page, "密码").get_by_role("alert")).to_have_text("不能使用最近 5 次用过的密码。")


def test_an_account_without_a_password_sets_its_first_one(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.newcomer(demo.union("清远市总工会"))
    page = open_account(new_window, phone)
    demo.forget_password(phone)
    page.reload()
    form = section(page, "密码")
    form.get_by_text("设置密码", exact=True).click()

    form.get_by_role("button", name="获取验证码").click()
    expect(form.get_by_role("button", name="秒后重新获取")).to_be_visible()
    form.get_by_label("的验证码").fill(demo.code_sent_to(phone))
    form.get_by_label("新密码", exact=True).fill(NEW)
    form.get_by_label("再次输入新密码").fill(NEW)
    form.get_by_role("button", name="保存新密码").click()

    expect(page.get_by_text("密码已修改")).to_be_visible()
    sign_in(new_window(), phone, password=NEW)


def test_a_new_phone_is_confirmed_on_both(new_window: NewWindow, demo: Demo) -> None:
    phone, new_phone = demo.newcomer(demo.union("潮州市总工会")), demo.unused_phone()
    page = open_account(new_window, phone)
    form = section(page, "手机号")
    form.get_by_text("更换手机号").first.click()

    form.get_by_role("button", name="获取验证码").first.click()
    expect(form.get_by_role("button", name="秒后重新获取")).to_have_count(1)
    form.get_by_label("新手机号", exact=True).fill(new_phone)
    form.get_by_role("button", name="获取验证码").click()
    expect(form.get_by_role("button", name="秒后重新获取")).to_have_count(2)
    form.get_by_label(f"发到 {phone[:3]}****{phone[-4:]} 的验证码").fill(demo.code_sent_to(phone))
    form.get_by_label("发到新手机号的验证码").fill("000000")
    with page.expect_navigation():
        form.get_by_role("button", name="更换手机号").click()
    expect(form.get_by_role("alert")).to_contain_text("验证码不正确或已失效")
    expect(form.get_by_label("新手机号", exact=True)).to_have_value(new_phone)

    form.get_by_label(f"发到 {phone[:3]}****{phone[-4:]} 的验证码").fill(demo.code_sent_to(phone))
    form.get_by_label("发到新手机号的验证码").fill(demo.code_sent_to(new_phone))
    form.get_by_role("button", name="更换手机号").click()

    expect(page.get_by_text("手机号已更换")).to_be_visible()
    expect(section(page, "本人资料")).to_contain_text(f"{new_phone[:3]}****{new_phone[-4:]}")
    sign_in(new_window(), new_phone)
    assert "已改用手机号" in demo.texts_to(phone)[0]


def test_another_device_is_signed_out_from_here(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.newcomer(demo.union("揭阳市总工会"))
    others = [new_window(phone, "/overview/") for _ in range(2)]
    page = open_account(new_window, phone)
    devices = section(page, "登录设备")
    expect(devices.get_by_role("row")).to_have_count(4)
    expect(devices.get_by_role("row").filter(has_text="本机")).to_have_count(1)
    expect(devices).to_contain_text("Chrome")

    devices.get_by_role("button", name="退出 Chrome").first.click()
    expect(devices.get_by_role("row")).to_have_count(3)
    devices.get_by_role("button", name="退出其他登录").click()
    expect(devices.get_by_role("row")).to_have_count(2)

    for other in others:
        other.get_by_role("link", name="下级工会管理").click()
        expect(other.get_by_role("alertdialog")).to_contain_text("登录已失效")
    page.reload()
    expect(heading(page, "我的账号")).to_be_visible()


def test_sign_ins_are_listed_with_what_was_refused(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.newcomer(demo.union("云浮市总工会"))
    fill_sign_in(new_window(path="/login/"), phone, "wrong")
    page = open_account(new_window, phone)

    rows = section(page, "登录记录").get_by_role("row")

    expect(rows.nth(1)).to_contain_text("登录成功")
    expect(rows.nth(2)).to_contain_text("密码或验证码不正确")
    expect(rows.nth(2)).to_contain_text("127.0.0.1")


def test_language_and_size_are_chosen_here_as_well(new_window: NewWindow, demo: Demo) -> None:
    page = open_account(new_window, demo.newcomer(demo.union("汕尾市总工会")))
    tools = page.locator("section", has=page.locator("#own-settings"))

    tools.get_by_role("button", name="放大").click()
    expect(page.locator("[data-scaling='105%']").first).to_be_visible()
    tools.get_by_title("Language").click()
    page.get_by_role("menuitem", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", ["19900000001", "19900000009"])
def test_the_page_shuts_nobody_out_and_fits_every_window(new_window: NewWindow, scheme: str, phone: str) -> None:
    page = open_account(new_window, phone, color_scheme=scheme)
    section(page, "密码").get_by_text("修改密码").click()
    section(page, "手机号").get_by_text("更换手机号").first.click()
    expect(page.get_by_label("新手机号", exact=True)).to_be_visible()

    found = violations(page, "account") + wrong_at_any_width(page, "account")
    page.set_viewport_size({"width": 390, "height": 844})
    found += violations(page, "account on a phone")

    assert found == [], "\n".join(found)


def test_everything_is_reached_by_keyboard(new_window: NewWindow, demo: Demo) -> None:
    page = open_account(new_window, demo.newcomer(demo.union("阳江市总工会")))
    summary = section(page, "密码").get_by_text("修改密码")

    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("当前密码")).to_be_visible()
    page.keyboard.press("Tab")

    expect(page.get_by_label("当前密码")).to_be_focused()

"""登录: password, text-message code, lock-out, signing out, links into the console."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsing import choose_password, fill_sign_in, heading, number, sign_in
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo
from tests.installations import gdftu

PROVINCE_OWNER = "19900000001"
BACK_AT_LOGIN = re.compile(r"/login/")


def request_code(page: Page, phone: str) -> None:
    page.get_by_label("手机号").fill(phone)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_role("button", name="秒后重新获取")).to_be_visible()


def enter_code(page: Page, code: str) -> None:
    page.get_by_role("textbox", name="验证码").fill(code)
    page.get_by_role("button", name="下一步").click()


def code_sent_to(phone: str, demo: Demo) -> str:
    newest = gdftu("outbox", "--phone", phone, database_url=demo.database_url).splitlines()[0]
    found = re.search(r"验证码 (\d{6})，5 分钟内有效，请勿告知他人", newest)
    assert found, newest
    return found[1]


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_password_opens_the_console(new_window: NewWindow) -> None:
    page = new_window(path="/login/")

    fill_sign_in(page, PROVINCE_OWNER, "Gonghui@2026demo")

    expect(heading(page, "概览")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text("广东省总工会")


def test_enter_in_the_password_field_signs_in(new_window: NewWindow) -> None:
    page = new_window(path="/login/")
    choose_password(page)
    page.get_by_label("手机号").fill(" 199 0000 0001 ")
    page.get_by_role("textbox", name="密码").fill("Gonghui@2026demo")

    page.get_by_role("textbox", name="密码").press("Enter")

    expect(heading(page, "概览")).to_be_visible()


def test_a_wrong_password_keeps_the_phone_and_is_told_beside_the_field(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.unused_phone()
    page = new_window(path="/login/")

    fill_sign_in(page, phone, "wrong")

    field = page.locator(".field", has=page.get_by_role("textbox", name="密码"))
    expect(field.get_by_role("alert")).to_have_text(
        "手机号或密码不正确，还可以再试 4 次。如未设置密码，请改用短信验证码登录。"
    )
    expect(page.get_by_label("手机号")).to_have_value(phone)
    expect(page.get_by_role("textbox", name="密码")).to_have_value("")
    expect(page.get_by_role("textbox", name="密码")).to_have_attribute("aria-invalid", "true")
    assert phone not in page.url


def test_a_missing_phone_is_told_beside_the_phone(new_window: NewWindow) -> None:
    page = new_window(path="/login/")

    fill_sign_in(page, "", "Gonghui@2026demo")

    field = page.locator(".field", has=page.get_by_label("手机号"))
    expect(field.get_by_role("alert")).to_have_text("请填写手机号。")
    expect(page.get_by_label("手机号")).to_have_attribute("aria-invalid", "true")


def test_a_form_without_a_code_is_no_failed_attempt(new_window: NewWindow, demo: Demo) -> None:
    page = new_window(path="/login/")

    page.get_by_label("手机号").fill(demo.unused_phone())
    page.get_by_role("button", name="下一步").click()

    field = page.locator(".field", has=page.get_by_role("textbox", name="验证码"))
    expect(field.get_by_role("alert")).to_be_visible()
    expect(field.get_by_role("alert")).not_to_contain_text("还可以再试")


def test_a_reload_takes_the_complaint_away(new_window: NewWindow, demo: Demo) -> None:
    page = new_window(path="/login/")
    fill_sign_in(page, demo.unused_phone(), "wrong")
    expect(page.get_by_role("alert")).to_be_visible()

    page.reload()

    expect(page.get_by_role("textbox", name="密码")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("is_known", [True, False], ids=["a known phone", "an unknown phone"])
def test_five_failures_lock_a_phone_and_tell_how_long_to_wait(
    new_window: NewWindow, demo: Demo, is_known: bool
) -> None:
    phone = demo.newcomer(demo.union("茂名市总工会")) if is_known else demo.unused_phone()
    page = new_window(path="/login/")

    left = "手机号或密码不正确，还可以再试 {} 次。如未设置密码，请改用短信验证码登录。"
    locked = "连续登录失败次数过多，请 30 分钟后再试。如忘记密码，届时可改用短信验证码登录。"
    for told in (*(left.format(n) for n in (4, 3, 2, 1)), locked):
        with page.expect_navigation():
            fill_sign_in(page, phone, "wrong")
        expect(page.get_by_role("alert")).to_have_text(told)

    with page.expect_navigation():
        fill_sign_in(page, phone, "Gonghui@2026demo")

    expect(page.get_by_role("alert")).to_have_text(locked)
    expect(page).to_have_url(BACK_AT_LOGIN)


def test_a_code_from_a_text_message_opens_the_console(new_window: NewWindow, demo: Demo) -> None:
    page = new_window(path="/login/")

    request_code(page, "19900000002")
    waiting = page.get_by_role("button", name="秒后重新获取")
    expect(waiting).to_be_disabled()
    expect(page.get_by_text("验证码已发送，5 分钟内有效。")).to_be_visible()
    first = waiting.inner_text()
    expect(waiting).not_to_have_text(first)
    enter_code(page, code_sent_to("19900000002", demo))

    expect(heading(page, "概览")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text("广州市总工会")


def test_a_wrong_code_is_told_beside_the_field_and_the_right_one_still_opens(new_window: NewWindow, demo: Demo) -> None:
    page = new_window(path="/login/")
    request_code(page, "19900000003")
    code = code_sent_to("19900000003", demo)

    enter_code(page, another(code))

    field = page.locator(".field", has=page.get_by_role("textbox", name="验证码"))
    expect(field.get_by_role("alert")).to_have_text(
        "验证码不正确或已失效，还可以再试 4 次。请核对最近一条短信，或重新获取验证码。"
    )
    expect(page.get_by_label("手机号")).to_have_value("19900000003")
    enter_code(page, code)
    expect(heading(page, "概览")).to_be_visible()


def test_a_code_opens_only_once(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.newcomer(demo.union("韶关市总工会"))
    page, later = new_window(path="/login/"), new_window(path="/login/")
    request_code(page, phone)
    code = code_sent_to(phone, demo)
    enter_code(page, code)
    expect(heading(page, "概览")).to_be_visible()

    later.get_by_label("手机号").fill(phone)
    enter_code(later, code)

    expect(later.get_by_role("alert")).to_contain_text("验证码不正确或已失效")
    expect(later).to_have_url(BACK_AT_LOGIN)


def test_an_unknown_phone_is_answered_as_a_known_one(new_window: NewWindow, demo: Demo) -> None:
    known, unknown = demo.newcomer(demo.union("湛江市总工会")), demo.unused_phone()
    pages = [new_window(path="/login/"), new_window(path="/login/")]

    for page, phone in zip(pages, (known, unknown), strict=True):
        request_code(page, phone)
        page.get_by_label("手机号").fill("")

    shown, also_shown = (re.sub(r"\d+ 秒", "秒", page.get_by_role("main").inner_text()) for page in pages)
    assert shown == also_shown
    for phone in (known, unknown):
        assert "验证码" in gdftu("outbox", "--phone", phone, database_url=demo.database_url)


def test_no_code_is_sent_to_what_is_no_phone(new_window: NewWindow) -> None:
    page = new_window(path="/login/")

    page.get_by_label("手机号").fill("1990000")
    page.get_by_role("button", name="获取验证码").click()

    field = page.locator(".field", has=page.get_by_label("手机号"))
    expect(field.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("button", name="获取验证码")).to_be_enabled()


def test_a_second_code_within_the_minute_is_refused_in_another_window_too(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.unused_phone()
    page, another_window = new_window(path="/login/"), new_window(path="/login/")
    request_code(page, phone)

    another_window.get_by_label("手机号").fill(phone)
    another_window.get_by_role("button", name="获取验证码").click()

    told = another_window.get_by_role("alert")
    expect(told).to_contain_text(re.compile(r"验证码刚刚发送过，请 \d+ 秒后再获取。"))
    expect(another_window.get_by_role("button", name="秒后重新获取")).to_be_disabled()


def test_the_count_down_goes_on_where_it_was_after_a_reload(new_window: NewWindow, demo: Demo) -> None:
    page = new_window(path="/login/")
    request_code(page, demo.unused_phone())
    expect(page.get_by_role("button", name="57 秒后重新获取")).to_be_visible()

    page.reload()

    waiting = page.get_by_role("button", name="秒后重新获取")
    expect(waiting).to_be_visible()
    assert number(waiting.inner_text()) <= 57


def test_after_signing_out_the_back_button_shows_nothing(new_window: NewWindow) -> None:
    page = new_window(PROVINCE_OWNER, "/subordinates/")
    expect(heading(page, "广东省总工会")).to_be_visible()

    page.get_by_role("button", name="账号：黎省明").click()
    page.get_by_role("button", name="退出登录").click()
    expect(heading(page, "登录")).to_be_visible()
    page.go_back()

    expect(heading(page, "登录")).to_be_visible()
    expect(page.get_by_text("广东省总工会")).to_have_count(0)


def test_a_link_into_the_console_opens_after_signing_in(new_window: NewWindow, demo: Demo) -> None:
    city = demo.union("佛山市总工会")
    page = new_window(path=f"/subordinates/?union={city.id}&sort=name&dir=asc")
    expect(heading(page, "登录")).to_be_visible()

    fill_sign_in(page, PROVINCE_OWNER, "wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    fill_sign_in(page, PROVINCE_OWNER, "Gonghui@2026demo")

    expect(heading(page, "佛山市总工会")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/subordinates/\?union={city.id}&sort=name&dir=asc$"))


def test_a_link_elsewhere_is_not_followed_after_signing_in(new_window: NewWindow) -> None:
    page = new_window(path="/login/?next=https://elsewhere.example/")

    fill_sign_in(page, PROVINCE_OWNER, "Gonghui@2026demo")

    expect(heading(page, "概览")).to_be_visible()


def test_whoever_is_signed_in_does_not_sign_in_again(new_window: NewWindow) -> None:
    page = new_window()
    sign_in(page, PROVINCE_OWNER)

    page.goto("/login/")

    expect(heading(page, "概览")).to_be_visible()

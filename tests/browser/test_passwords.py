"""忘记密码、设置密码: from the sign-in page, by text message; what is typed is judged in the browser alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from gdftu_app.services.demo.people import DEMO_PASSWORD
from tests.browser.browsing import fill_sign_in, heading, sign_in
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo
from tests.browser.test_accessibility import violations
from tests.browser.test_widths import wrong_at_any_width

NEW = "Lychee-Harbour-72"


def open_password_page(page: Page, phone: str) -> None:
    page.get_by_role("link", name="忘记密码").click()
    expect(heading(page, "设置密码")).to_be_visible()
    page.get_by_label("手机号").fill(phone)


def request_code(page: Page, phone: str, demo: Demo) -> str:
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_role("button", name="秒后重新获取")).to_be_visible()
    return demo.code_sent_to(phone)


def fill_passwords(page: Page, password: str, again: str | None = None) -> None:
    page.get_by_label("新密码", exact=True).fill(password)
    page.get_by_label("再次输入新密码").fill(password if again is None else again)


def submit(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="设置密码").click()


def rule(page: Page, text: str, state: str) -> None:
    expect(page.locator(f".rules li[data-met={state}]").filter(has_text=text)).to_be_visible()


def test_a_forgotten_password_is_set_anew_and_every_open_window_is_out(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.newcomer(demo.union("韶关市总工会"))
    left_open, page = new_window(phone, "/overview/"), new_window(path="/login/")
    expect(heading(left_open, "概览")).to_be_visible()

    open_password_page(page, phone)
    page.get_by_role("textbox", name="验证码").fill(request_code(page, phone, demo))
    fill_passwords(page, NEW)
    submit(page)

    expect(page.get_by_text("密码已设置，请登录。")).to_be_visible()
    expect(page.get_by_label("手机号")).to_have_value(phone)
    page.get_by_role("textbox", name="密码").fill(NEW)
    page.get_by_role("button", name="下一步").click()
    expect(heading(page, "概览")).to_be_visible()
    left_open.get_by_role("link", name="下级工会管理").click()
    expect(left_open.get_by_role("alertdialog")).to_contain_text("登录已失效")
    assert "你的账号密码已于" in demo.texts_to(phone)[0]


def test_the_rules_are_ticked_off_while_typing_and_the_password_goes_nowhere(new_window: NewWindow, demo: Demo) -> None:
    page, sent = new_window(), list[str]()
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
    page.on("request", lambda asked: sent.append(f"{asked.url} {asked.post_data}"))
    page.goto("/login/")
    phone = demo.unused_phone()
    open_password_page(page, phone)
    field = page.get_by_label("新密码", exact=True)

    field.press_sequentially("P@ssw0rd")
    rule(page, "至少 10 个字符", "no")
    field.press_sequentially("2026")
    rule(page, "至少 10 个字符", "yes")
    rule(page, "太容易猜中：主要是常见的密码或单词", "no")
    expect(page.locator(".rules [role=status]")).to_have_text("新密码还不符合：太容易猜中：主要是常见的密码或单词")
    field.fill(f"Lychee-{phone[:7]}")
    rule(page, "不含手机号", "no")
    field.fill(NEW)
    rule(page, "不容易猜中", "yes")
    expect(page.locator(".rules [role=status]")).to_have_text("新密码符合要求。")

    assert not [text for text in sent if NEW in text or "P@ssw0rd" in text]


def test_the_estimator_comes_with_the_first_password_and_not_with_the_page(new_window: NewWindow) -> None:
    page, loaded = new_window(), list[str]()
    page.on("response", lambda answer: loaded.append(answer.url))
    page.goto("/login/")
    page.get_by_role("link", name="忘记密码").click()
    expect(heading(page, "设置密码")).to_be_visible()
    before = set(loaded)

    page.get_by_label("新密码", exact=True).press_sequentially(NEW)
    rule(page, "不容易猜中", "yes")

    assert [url for url in loaded if url not in before and url.endswith(".js")]


@pytest.mark.parametrize(
    ("code", "password", "again", "label", "words"),
    [
        ("000000", NEW, NEW, "验证码", "验证码不正确或已失效，还可以再试 4 次。"),
        ("", NEW, NEW, "验证码", "请填写验证码。"),
        ("000000", "Password@2026", "Password@2026", "新密码", "这个密码太容易猜中：主要是常见的密码或单词"),
        ("000000", NEW, "another", "再次输入新密码", "两次填写的密码不一致。"),
    ],
)
def test_what_is_refused_is_told_beside_its_field_and_on_this_page_only(
    new_window: NewWindow, demo: Demo, code: str, password: str, again: str, label: str, words: str
) -> None:
    page, phone = new_window(path="/login/"), demo.unused_phone()
    open_password_page(page, phone)
    page.get_by_role("textbox", name="验证码").fill(code)
    fill_passwords(page, password, again)

    submit(page)

    control = page.get_by_role("textbox", name=label, exact=True)
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(control).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("手机号")).to_have_value(phone)
    expect(page.get_by_label("新密码", exact=True)).to_have_value("")
    assert phone not in page.url
    page.goto("/login/")
    expect(heading(page, "登录")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_an_unknown_phone_is_answered_as_a_known_one(new_window: NewWindow, demo: Demo) -> None:
    known, unknown = demo.newcomer(demo.union("湛江市总工会")), demo.unused_phone()
    shown: list[str] = []

    for phone in (known, unknown):
        page = new_window(path="/password/")
        page.get_by_label("手机号").fill(phone)
        page.get_by_role("button", name="获取验证码").click()
        expect(page.get_by_role("button", name="秒后重新获取")).to_be_visible()
        page.get_by_role("textbox", name="验证码").fill("000000")
        fill_passwords(page, NEW)
        submit(page)
        expect(page.get_by_role("alert")).to_be_visible()
        shown.append(re.sub(r"\d+ 秒", "秒", page.get_by_role("main").inner_text()))

    assert shown[0] == shown[1]
    assert demo.texts_to(unknown) == []


def test_a_password_that_is_too_old_leads_to_a_new_one(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.newcomer(demo.union("茂名市总工会"))
    demo.age_password(phone, 91)
    page = new_window(path="/login/")

    fill_sign_in(page, phone, DEMO_PASSWORD)

    expect(heading(page, "设置密码")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="密码已使用超过 90 天")).to_be_visible()
    expect(page.get_by_label("手机号")).to_have_value(phone)
    page.get_by_role("textbox", name="验证码").fill(request_code(page, phone, demo))
    fill_passwords(page, NEW)
    submit(page)
    sign_in(page, phone, password=NEW)


def test_a_password_that_soon_will_be_is_told_calmly(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.newcomer(demo.union("肇庆市总工会"))
    demo.age_password(phone, 80)

    page = new_window(phone, "/overview/")

    expect(page.get_by_text("密码还可以使用 10 天。")).to_be_visible()
    page.get_by_role("link", name="现在修改").click()
    expect(heading(page, "我的账号")).to_be_visible()
    expect(page.get_by_text("密码还可以使用 10 天。")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_shuts_nobody_out_and_fits_every_window(new_window: NewWindow, scheme: str) -> None:
    page = new_window(path="/password/?reason=aged", color_scheme=scheme)
    page.get_by_label("新密码", exact=True).fill("Password@2026")
    rule(page, "太容易猜中", "no")

    found = violations(page, "password") + wrong_at_any_width(page, "password")

    assert found == [], "\n".join(found)

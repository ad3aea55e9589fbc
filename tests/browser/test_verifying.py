"""实名认证 (手册 一.2): a code on the console, a form on the phone, and the console goes on by itself."""

from base64 import b64encode
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from gdftu_app.i18n import LANGUAGES, render
from gdftu_app.models.unions import Union
from gdftu_app.services.demo.people import DEMO_PASSWORD
from tests.browser.browsing import fill_sign_in, heading
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo
from tests.browser.test_accessibility import violations
from tests.browser.test_widths import wrong_at_any_width
from tests.pictures import address_in_pixels
from tests.verifying import passport, resident_id

# A picture as a camera sees it: its size, and how bright each pixel is.
BRIGHTNESS = """async (picture) => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    return [image.width, image.height, Array.from({ length: data.length / 4 }, (_, place) => data[place * 4])];
}"""
CODE = "实名认证页面的二维码"


def scanned(console: Page) -> str:
    """The address that a camera reads off the console."""
    picture = console.get_by_role("img", name=CODE).screenshot()
    width, height, brightness = console.evaluate(BRIGHTNESS, b64encode(picture).decode())
    return address_in_pixels(bytes(brightness), width, height)


def wait_on_the_console(new_window: NewWindow, phone: str) -> Page:
    console = new_window(path="/login/")
    fill_sign_in(console, phone, DEMO_PASSWORD)
    expect(heading(console, "实名认证")).to_be_visible()
    expect(console.get_by_role("img", name=CODE)).to_be_visible()
    return console


def sign_in_on_the_phone(new_window: NewWindow, demo: Demo, phone: str, address: str) -> Page:
    mobile = new_window(width=390, height=844, is_mobile=True, has_touch=True)
    mobile.goto(address)
    mobile.get_by_label("手机号").fill(phone)
    mobile.get_by_role("button", name="获取验证码").click()
    expect(mobile.get_by_text("验证码已发送，5 分钟内有效。")).to_be_visible()
    expect(mobile.get_by_label("手机号")).to_have_value(phone)
    mobile.get_by_label("验证码", exact=True).fill(demo.code_sent_to(phone))
    mobile.get_by_label("验证码", exact=True).press("Enter")
    expect(heading(mobile, "实名认证")).to_be_visible()
    return mobile


def hand_in(mobile: Page, name: str, number: str, *, document: str = "居民身份证") -> None:
    mobile.get_by_role("textbox", name="姓名").fill(name)
    mobile.get_by_label("证件类型").select_option(document)
    mobile.get_by_role("textbox", name="证件号码").fill(number)
    mobile.get_by_role("checkbox").check()
    mobile.get_by_role("button", name="提交").click()


def forgive_refused_forms(complaints: list[str]) -> None:
    """Chromium calls a form that is answered with 422 a failure to load."""
    complaints[:] = [complaint for complaint in complaints if "status of 422" not in complaint]


def review(new_window: NewWindow, demo: Demo, union: Union, name: str, number: str) -> Page:
    """The desk of an administrator of a union, with the dialog of an applicant with a passport."""
    masked = f"护照 {number[:4]}***{number[-2:]}"
    desk = new_window(demo.newcomer(union), "/reviews/identities/")
    row = desk.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text(masked)
    row.get_by_role("button", name="核验…").click()
    expect(desk.get_by_role("dialog")).to_contain_text(name)
    return desk


def test_a_resident_id_handed_in_on_the_phone_opens_the_console(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.applicant(demo.union("梅州市总工会"))
    console = wait_on_the_console(new_window, phone)

    mobile = sign_in_on_the_phone(new_window, demo, phone, scanned(console))
    hand_in(mobile, "陈依依", resident_id())

    expect(mobile.get_by_text("已实名")).to_be_visible()
    expect(heading(console, "概览")).to_be_visible()
    expect(console.get_by_role("banner")).to_contain_text("梅州市总工会")
    expect(console.get_by_role("button", name="账号：陈依依")).to_be_visible()


def test_what_is_wrong_stays_typed_and_is_told_beside_its_field(
    new_window: NewWindow, demo: Demo, complaints: list[str]
) -> None:
    phone = demo.applicant(demo.union("河源市总工会"))
    mobile = sign_in_on_the_phone(new_window, demo, phone, "/m/verify")
    number = resident_id()
    wrong = f"{number[:-1]}{(int(number[-1].replace('X', '0')) + 1) % 10}"

    hand_in(mobile, "陈依依", wrong)

    expect(mobile.get_by_role("alert")).to_have_text("校验未通过，请核对第 18 位，并逐位检查有无错漏。")
    expect(mobile.get_by_role("textbox", name="证件号码")).to_have_value(wrong)
    expect(mobile.get_by_role("textbox", name="证件号码")).to_be_focused()
    expect(mobile.get_by_role("textbox", name="姓名")).to_have_value("陈依依")
    expect(mobile.get_by_role("checkbox")).not_to_be_checked()
    forgive_refused_forms(complaints)
    hand_in(mobile, "陈依依", number)
    expect(mobile.get_by_text("已实名")).to_be_visible()


def test_the_document_of_another_account_fails_and_says_what_to_do(new_window: NewWindow, demo: Demo) -> None:
    union, number = demo.union("阳江市总工会"), resident_id()
    first = sign_in_on_the_phone(new_window, demo, demo.applicant(union), "/m/verify")
    hand_in(first, "陈依依", number)
    expect(first.get_by_text("已实名")).to_be_visible()
    phone = demo.applicant(union)
    console = wait_on_the_console(new_window, phone)
    second = sign_in_on_the_phone(new_window, demo, phone, scanned(console))

    hand_in(second, "陈依依", number)

    for page in (second, console):
        expect(page.get_by_text("核验失败")).to_be_visible()
        expect(page.get_by_text("这个证件不能用于本账号的认证。如有疑问，请携带证件联系所在工会。")).to_be_visible()
    expect(console.get_by_role("img", name=CODE)).to_be_visible()
    expect(second.get_by_role("textbox", name="证件号码")).to_have_value("")


def test_a_passport_is_confirmed_by_the_unions_administrator(new_window: NewWindow, demo: Demo) -> None:
    union, number = demo.union("清远市总工会"), passport()
    phone = demo.applicant(union)
    console = wait_on_the_console(new_window, phone)
    mobile = sign_in_on_the_phone(new_window, demo, phone, scanned(console))
    hand_in(mobile, "MARIA EXEMPLO", number, document="护照")
    for page in (mobile, console):
        expect(page.get_by_text("人工核验", exact=True)).to_be_visible()
        expect(page.get_by_text("请携带证件原件联系所在工会的管理员")).to_be_visible()

    desk = review(new_window, demo, union, "MARIA EXEMPLO", number)
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("证件号码").fill("EA0000000")
    dialog.get_by_role("button", name="通过").click()
    expect(dialog.get_by_role("alert")).to_contain_text("与申请人填写的证件号码不一致。")
    dialog.get_by_label("证件号码").fill(number)
    dialog.get_by_role("button", name="通过").click()

    expect(desk.get_by_text("已确认，申请人的账号已实名。")).to_be_visible()
    expect(heading(desk, "没有等待人工核验的申请")).to_be_visible()
    expect(heading(console, "概览")).to_be_visible()
    mobile.reload()
    expect(mobile.get_by_text("已实名")).to_be_visible()


def test_the_reason_of_a_rejection_is_read_by_the_applicant(new_window: NewWindow, demo: Demo) -> None:
    union, number = demo.union("潮州市总工会"), passport()
    phone = demo.applicant(union)
    console = wait_on_the_console(new_window, phone)
    mobile = sign_in_on_the_phone(new_window, demo, phone, scanned(console))
    hand_in(mobile, "JOSE EXEMPLO", number, document="护照")
    expect(mobile.get_by_text("人工核验", exact=True)).to_be_visible()

    desk = review(new_window, demo, union, "JOSE EXEMPLO", number)
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("button", name="驳回").click()
    expect(dialog.get_by_role("alert")).to_have_text("请填写驳回原因，申请人会看到。")
    dialog.get_by_label("驳回原因").fill("证件已过期，请换领后再次提交")
    dialog.get_by_role("button", name="驳回").click()
    expect(desk.get_by_text("已驳回，申请人会看到原因并可重新提交。")).to_be_visible()

    mobile.reload()
    for page in (mobile, console):
        expect(page.get_by_text("核验失败")).to_be_visible()
        expect(page.get_by_text("管理员的说明：证件已过期，请换领后再次提交")).to_be_visible()


def test_what_was_handed_in_can_be_taken_back(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.applicant(demo.union("揭阳市总工会"))
    mobile = sign_in_on_the_phone(new_window, demo, phone, "/m/verify")
    hand_in(mobile, "ANA EXEMPLO", passport(), document="护照")

    mobile.get_by_role("button", name="撤回重填").click()

    expect(mobile.get_by_text("你撤回了上次提交的信息，可以重新填写。")).to_be_visible()
    hand_in(mobile, "ANA EXEMPLO", passport(), document="护照")
    expect(mobile.get_by_text("人工核验", exact=True)).to_be_visible()


def test_another_unions_administrator_is_shown_nothing(new_window: NewWindow, demo: Demo) -> None:
    mobile = sign_in_on_the_phone(new_window, demo, demo.applicant(demo.union("云浮市总工会")), "/m/verify")
    hand_in(mobile, "RUI EXEMPLO", passport(), document="护照")
    expect(mobile.get_by_text("人工核验", exact=True)).to_be_visible()

    desk = new_window(demo.newcomer(demo.union("韶关市总工会")), "/reviews/identities/")

    expect(heading(desk, "没有等待人工核验的申请")).to_be_visible()
    expect(desk.get_by_text("RUI EXEMPLO")).to_have_count(0)


def test_a_session_that_is_over_leads_to_sign_in_and_back(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.applicant(demo.union("肇庆市总工会"))
    mobile = sign_in_on_the_phone(new_window, demo, phone, "/m/verify")

    mobile.get_by_role("button", name="退出登录").click()
    expect(heading(mobile, "登录")).to_be_visible()
    mobile.go_back()

    expect(heading(mobile, "登录")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_fit_every_window_in_every_language(new_window: NewWindow, demo: Demo, language: str) -> None:
    union = demo.union("汕尾市总工会")
    mobile = new_window(width=390, height=844)
    mobile.goto("/m/login")
    mobile.get_by_role("button", name=LANGUAGES[language]).click()
    expect(mobile.locator("html")).to_have_attribute("lang", language)
    expect(heading(mobile, render("登录", language))).to_be_visible()
    found = wrong_at_any_width(mobile, "login", (1440, 390, 320))
    signed_in = new_window(demo.applicant(union), "/verify/")
    signed_in.get_by_title("Language").click()
    signed_in.get_by_role("menuitem", name=LANGUAGES[language]).click()
    expect(heading(signed_in, render("实名认证", language))).to_be_visible()
    found += wrong_at_any_width(signed_in, "console")
    signed_in.goto("/m/verify")
    expect(signed_in.locator("html")).to_have_attribute("lang", language)
    found += wrong_at_any_width(signed_in, "form", (1440, 390, 320))

    assert found == [], "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_shut_nobody_out(
    new_window: NewWindow, demo: Demo, complaints: list[str], scheme: Literal["light", "dark"]
) -> None:
    union = demo.union("云浮市总工会")
    phone = demo.applicant(union)
    mobile = new_window(width=390, height=844, color_scheme=scheme)
    mobile.goto("/m/login")
    mobile.get_by_label("手机号").fill("1990")
    mobile.get_by_role("button", name="获取验证码").click()
    expect(mobile.get_by_role("alert")).to_be_visible()
    found = violations(mobile, "sign in")
    page = new_window(phone, "/verify/", color_scheme=scheme)
    expect(page.get_by_role("img", name=CODE)).to_be_visible()
    found += violations(page, "console")
    page.goto("/m/verify")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += violations(page, "form")
    hand_in(page, "LEA EXEMPLO", passport(), document="护照")
    expect(page.get_by_text("人工核验", exact=True)).to_be_visible()
    found += violations(page, "manual")
    desk = new_window(demo.newcomer(union), "/reviews/identities/", color_scheme=scheme)
    desk.get_by_role("row").filter(has_text="LEA EXEMPLO").get_by_role("button", name="核验…").first.click()
    expect(desk.get_by_role("dialog")).to_be_visible()
    found += violations(desk, "desk")
    forgive_refused_forms(complaints)

    assert found == []

"""入会 (手册 十三): from the code on the wall to the membership on the phone, and the desk in between."""

from base64 import b64encode

from playwright.sync_api import Page, expect

from gdftu_app.security.permissions import Role
from tests.browser.browsing import heading
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo
from tests.browser.test_verifying import BRIGHTNESS
from tests.pictures import address_in_pixels

CROWDED = "石牌街道总工会"


def scanned(page: Page) -> str:
    """The address that a camera reads off 入会码."""
    picture = page.get_by_role("img", name="入会申请页面的二维码").screenshot()
    width, height, brightness = page.evaluate(BRIGHTNESS, b64encode(picture).decode())
    return address_in_pixels(bytes(brightness), width, height)


def sign_in_with_code(mobile: Page, demo: Demo, phone: str) -> None:
    mobile.get_by_label("手机号").fill(phone)
    mobile.get_by_role("button", name="获取验证码").click()
    expect(mobile.get_by_text("验证码已发送")).to_be_visible()
    mobile.get_by_label("验证码", exact=True).fill(demo.code_sent_to(phone))
    mobile.get_by_label("验证码", exact=True).press("Enter")


def test_a_worker_scans_the_code_applies_and_is_a_member_once_approved(new_window: NewWindow, demo: Demo) -> None:
    union = next(one for one in demo.below(demo.union(CROWDED))[10:] if one.category == "single_base")
    wall = new_window(demo.newcomer(union, Role.OWNER), "/union/")
    wall.get_by_role("button", name="入会码").click()
    expect(wall.get_by_role("dialog").get_by_role("link", name="下载")).to_be_visible()
    expect(wall.get_by_role("img", name="入会申请页面的二维码")).to_be_visible()
    worker = demo.outsider(name="符海燕")

    mobile = new_window(width=390, height=844, is_mobile=True, has_touch=True)
    mobile.goto(scanned(wall))
    sign_in_with_code(mobile, demo, worker)
    expect(heading(mobile, "入会申请")).to_be_visible()
    expect(mobile.get_by_text(union.name).first).to_be_visible()
    mobile.get_by_label("工作单位").fill("榕江电器有限公司")
    mobile.get_by_label("学历").select_option("本科")
    mobile.get_by_role("button", name="提交申请").click()
    expect(heading(mobile, "我的会籍")).to_be_visible()
    expect(mobile.get_by_text(f"正在等待「{union.name}」审核。")).to_be_visible()

    desk = new_window(demo.newcomer(union, Role.REVIEWER), "/reviews/joins/")
    expect(heading(desk, "入会审核")).to_be_visible()
    desk.get_by_role("button", name="展开符海燕的信息").click()
    expect(desk.get_by_text("榕江电器有限公司").last).to_be_visible()
    desk.locator(".decide").get_by_role("button", name="通过").click()
    expect(desk.get_by_role("status").get_by_text("已通过 1 件。")).to_be_visible()

    mobile.reload()
    expect(mobile.get_by_role("heading", name=union.name)).to_be_visible()
    expect(mobile.get_by_text("入会时间")).to_be_visible()
    assert any("入会申请已通过" in text for text in demo.texts_to(worker))

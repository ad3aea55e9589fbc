"""个人信息请求: a member asks from the phone to have something put right, the desk does it, the phone shows it."""

from playwright.sync_api import expect

from gdftu_app.security.permissions import Role
from tests.browser.browsing import heading
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo
from tests.browser.test_joining import CROWDED, sign_in_with_code


def test_a_member_asks_for_a_correction_and_reads_the_answer(new_window: NewWindow, demo: Demo) -> None:
    union = next(one for one in demo.below(demo.union(CROWDED))[30:] if one.category == "single_base")
    desk = new_window(demo.newcomer(union, Role.MEMBERS), "/reviews/requests/")
    expect(heading(desk, "个人信息请求")).to_be_visible()
    worker = demo.member(union, name="符海霞")

    mobile = new_window(width=390, height=844, is_mobile=True, has_touch=True)
    mobile.goto("/m/requests")
    sign_in_with_code(mobile, demo, worker)
    expect(heading(mobile, "个人信息")).to_be_visible()
    mobile.get_by_text("请求更正档案").click()
    mobile.get_by_label("学历").select_option("本科")
    mobile.get_by_role("button", name="提交更正请求").click()
    expect(mobile.get_by_text("办理中")).to_be_visible()
    expect(mobile.get_by_text("学历：本科")).to_be_visible()

    desk.reload()
    desk.get_by_role("button", name="展开符海霞的信息").click()
    expect(desk.get_by_text("最迟答复日期").last).to_be_visible()
    expect(desk.locator(".diff tbody").get_by_role("row")).to_have_text("学历—本科")
    desk.locator(".decide").get_by_role("button", name="通过").click()
    expect(desk.get_by_role("status").get_by_text("已通过 1 件。")).to_be_visible()

    mobile.reload()
    expect(mobile.get_by_text("已办理")).to_be_visible()
    assert any("已办理你的个人信息请求" in text for text in demo.texts_to(worker))

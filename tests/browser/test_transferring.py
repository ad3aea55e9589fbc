"""转会 (手册 十四): asked for on the phone, decided by the union to be joined, told to the one that is left."""

from playwright.sync_api import expect

from gdftu_app.security.permissions import Role
from tests.browser.browsing import heading
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo
from tests.browser.test_joining import CROWDED, sign_in_with_code

NAME = "符海鹰"


def test_a_member_goes_to_another_union_and_both_sides_see_it(new_window: NewWindow, demo: Demo) -> None:
    bases = [one for one in demo.below(demo.union(CROWDED))[20:] if one.category == "single_base"]
    left, target = bases[0], bases[1]
    phone = demo.member(left, name=NAME)
    owner = demo.newcomer(left, Role.OWNER)

    mobile = new_window(width=390, height=844, is_mobile=True, has_touch=True)
    mobile.goto(f"/m/transfer?union={target.id}")
    sign_in_with_code(mobile, demo, phone)
    expect(heading(mobile, "转会申请")).to_be_visible()
    mobile.get_by_label("转会原因").fill("换了工作单位")
    mobile.get_by_role("button", name="提交申请").click()
    expect(mobile.get_by_text(f"正在等待「{target.name}」审核。")).to_be_visible()

    desk = new_window(demo.newcomer(target, Role.REVIEWER), "/reviews/transfers/")
    desk.get_by_role("button", name=f"展开{NAME}的信息").click()
    expect(desk.get_by_text(left.name).last).to_be_visible()
    desk.locator(".decide").get_by_role("button", name="通过").click()
    expect(desk.get_by_role("status").get_by_text("已通过 1 件。")).to_be_visible()

    before = new_window(owner, "/members/?status=ended")
    before.locator("tbody th button", has_text=NAME).click()
    expect(before.get_by_role("rowheader", name="转出")).to_be_visible()
    before.get_by_role("button", name="通知").click()
    expect(before.get_by_text(f"{NAME}的会籍已从「{left.name}」转入「{target.name}」。")).to_be_visible()

    mobile.reload()
    expect(mobile.get_by_role("heading", name=target.name)).to_be_visible()
    expect(mobile.get_by_text("转出", exact=True)).to_be_visible()

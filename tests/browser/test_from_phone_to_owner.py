"""The life of a union from its beginning: a phone nobody knows, a form, a reviewer, and the owner enters."""

from playwright.sync_api import Page, expect

from gdftu_app.security.permissions import Role
from tests.browser.browsing import heading
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo
from tests.browser.test_registration import fill_employer, go_on
from tests.browser.test_reviews import open_queue
from tests.browser.test_verifying import hand_in, scanned, sign_in_on_the_phone
from tests.registering import employer_code
from tests.verifying import resident_id

STREET, EMPLOYER = "石牌街道总工会", "珠水新芽食品有限公司"
UNION = f"{EMPLOYER}工会委员会"


def sign_in_by_code(page: Page, demo: Demo, phone: str) -> None:
    page.get_by_label("手机号").fill(phone)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_text("验证码已发送，5 分钟内有效。")).to_be_visible()
    page.get_by_label("验证码", exact=True).fill(demo.code_sent_to(phone))
    page.get_by_role("button", name="下一步").click()


def test_a_stranger_registers_a_union_and_enters_it_as_its_owner(new_window: NewWindow, demo: Demo) -> None:
    phone = demo.unused_phone()
    page = new_window(path="/login/")
    page.get_by_role("link", name="组织登记").click()
    sign_in_by_code(page, demo, phone)

    expect(page.get_by_text(f"{phone[:3]}****{phone[-4:]}，请先完成实名认证")).to_be_visible()
    demo.let_a_minute_pass(phone)
    mobile = sign_in_on_the_phone(new_window, demo, phone, scanned(page))
    hand_in(mobile, "霍新芽", resident_id())
    expect(mobile.get_by_text("已实名")).to_be_visible()

    expect(heading(page, "填写单位信息")).to_be_visible()
    fill_employer(page, EMPLOYER, employer_code())
    go_on(page, "填写工会信息")
    page.get_by_role("radio", name="未独立建会").click()
    go_on(page, "选择上级工会")
    page.locator("#superior-search").fill("石牌")
    page.get_by_role("button", name=STREET).click()
    go_on(page, "检查并提交")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("region", name=UNION).get_by_text("审核中").first).to_be_visible()

    desk = new_window(demo.newcomer(demo.union(STREET), Role.REVIEWER), "/reviews/registrations/")
    open_queue(desk, "工会登记审核")
    desk.get_by_role("searchbox").fill(EMPLOYER)
    desk.get_by_role("button", name=f"展开{UNION}的信息").click()
    expect(desk.get_by_text("霍新芽").first).to_be_visible()
    desk.locator(".decide").get_by_role("button", name="通过").click()
    expect(desk.get_by_role("status").get_by_text("已通过 1 件。")).to_be_visible()

    page.goto("/unions/")
    expect(heading(page, "概览")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text(UNION)
    page.goto("/administrators/")
    expect(page.get_by_role("row").filter(has_text="霍新芽")).to_contain_text("负责人")

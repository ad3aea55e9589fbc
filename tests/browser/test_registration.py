"""组织登记 (手册 二、三): from the applicant's phone number over the form to the superior, back, and in again."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect
from sqlmodel import Session, col, select

from gdftu_app.i18n import LANGUAGES, render
from gdftu_app.models.registrations import Registration
from gdftu_app.services.demo.bases import LONGEST_NAME
from tests.browser.browsing import heading
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo
from tests.browser.test_accessibility import violations
from tests.browser.test_widths import wrong_at_any_width
from tests.registering import approve_one, employer_code, reject_one, union_code

APPLICANT = "19900000009"
STREET, PATH = "石牌街道总工会", "广东省总工会 › 广州市总工会 › 天河区总工会"
Say = Callable[[str], str]


def as_written(text: str) -> str:
    return text


def certificate(name: str) -> FilePayload:
    picture = BytesIO()
    Image.new("RGB", (640, 480), (250, 245, 235)).save(picture, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": picture.getvalue()}


def field(page: Page, name: str) -> Locator:
    return page.locator(f"#{name}")


def go_on(page: Page, head: str, *, say: Say = as_written) -> None:
    page.get_by_role("button", name=say("下一步")).click()
    expect(heading(page, say(head))).to_be_visible()


def upload(page: Page, name: str, file: str) -> None:
    field(page, name).set_input_files(certificate(file))
    expect(page.get_by_text(file, exact=True)).to_be_visible()


def fill_employer(page: Page, name: str, code: str) -> None:
    field(page, "employer_name").fill(name)
    field(page, "employer_uscc").fill(code)
    upload(page, "employer_certificate", "营业执照.png")


def choose_street(page: Page) -> None:
    field(page, "superior-search").fill("石牌")
    page.get_by_role("button", name=STREET).click()
    expect(page.locator(".chosen")).to_contain_text(STREET)


def fill_all(page: Page, name: str, *, say: Say = as_written) -> None:
    """From the first step to the last."""
    fill_employer(page, name, employer_code())
    go_on(page, "填写工会信息", say=say)
    page.get_by_role("radio", name=say("未独立建会")).click()
    go_on(page, "选择上级工会", say=say)
    choose_street(page)
    go_on(page, "检查并提交", say=say)


def decide(demo: Demo, how: Callable[..., Registration]) -> Registration:
    """What the superior does with the newest registration."""
    with Session(demo.engine, expire_on_commit=False) as session:
        newest = select(Registration).order_by(col(Registration.id).desc()).limit(1)
        decided = how(session, session.exec(newest).one())
        session.commit()
    return decided


def test_from_the_phone_number_to_the_superior_and_back(new_window: NewWindow, demo: Demo) -> None:
    page = new_window(path="/login/")
    page.get_by_role("link", name="组织登记").click()
    expect(page.get_by_text("请先登录，再办理组织登记。")).to_be_visible()
    page.get_by_label("手机号").fill(APPLICANT)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_text("验证码已发送，5 分钟内有效。")).to_be_visible()
    page.get_by_label("验证码", exact=True).fill(demo.code_sent_to(APPLICANT))
    page.get_by_role("button", name="下一步").click()
    expect(heading(page, "填写单位信息")).to_be_visible()

    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("请填写单位名称。")).to_be_visible()
    expect(field(page, "employer_name")).to_be_focused()
    fill_employer(page, "珠水第一电器有限公司", employer_code())
    go_on(page, "填写工会信息")
    expect(field(page, "union_name")).to_have_value("珠水第一电器有限公司工会委员会")
    page.get_by_role("radio", name="已独立建会").click()
    field(page, "union_uscc").fill(union_code("89"))
    expect(page.get_by_text("基层工会的统一社会信用代码一般以 81 开头")).to_be_visible()
    page.get_by_label("说明（选填）").fill("2009 年登记，沿用旧代码")
    upload(page, "union_certificate", "工会法人资格证书.png")
    page.get_by_role("button", name="上一步").click()
    expect(field(page, "employer_name")).to_have_value("珠水第一电器有限公司")
    go_on(page, "填写工会信息")
    expect(page.get_by_label("说明（选填）")).to_have_value("2009 年登记，沿用旧代码")
    page.context.close()

    page = new_window(APPLICANT, "/register/")
    expect(heading(page, "填写工会信息")).to_be_visible()
    expect(page.get_by_text("工会法人资格证书.png", exact=True)).to_be_visible()
    go_on(page, "选择上级工会")
    field(page, "superior-search").fill("spjd")
    expect(page.get_by_role("button", name=STREET)).to_contain_text(PATH)
    choose_street(page)
    expect(page.locator(".chosen")).to_contain_text(PATH)
    go_on(page, "检查并提交")
    expect(page.get_by_text("说明：2009 年登记，沿用旧代码")).to_be_visible()
    page.get_by_role("button", name="修改单位").click()
    field(page, "employer_name").fill("珠水第二电器有限公司")
    page.get_by_role("button", name="检查").click()
    expect(heading(page, "检查并提交")).to_be_visible()
    page.get_by_role("button", name="提交申请").click()

    expect(heading(page, "概览")).to_be_visible()
    expect(page.get_by_text("登记申请已提交，由上级工会审核。")).to_be_visible()
    registration = page.get_by_role("region", name="珠水第二电器有限公司工会委员会")
    expect(registration.get_by_text(f"「{STREET}」审核")).to_be_visible()
    expect(registration.get_by_text("审核中").first).to_be_visible()
    expect(registration.get_by_text(f"{PATH} › {STREET}")).to_be_visible()
    expect(registration.get_by_role("button", name="查看大图")).to_have_count(2 * 2)
    page.get_by_role("button", name="撤回…").click()
    page.get_by_role("button", name="撤回", exact=True).click()
    expect(registration.get_by_text("已撤回").first).to_be_visible()

    page.get_by_role("button", name="修改后重新提交").click()
    expect(field(page, "employer_name")).to_have_value("珠水第二电器有限公司")
    expect(page.get_by_text("营业执照.png", exact=True)).to_be_visible()
    field(page, "employer_name").fill("珠水第三电器有限公司")
    go_on(page, "填写工会信息")
    go_on(page, "选择上级工会")
    go_on(page, "检查并提交")
    page.get_by_role("button", name="提交申请").click()
    expect(
        page.get_by_role("region", name="珠水第三电器有限公司工会委员会").get_by_text("审核中").first
    ).to_be_visible()
    page.goto("/unions/")
    expect(heading(page, "概览")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/registrations/$"))


def test_what_is_wrong_is_told_beside_its_field_and_stays_typed(
    new_window: NewWindow, demo: Demo, complaints: list[str]
) -> None:
    page = new_window(demo.outsider(), "/register/")
    code = employer_code()
    wrong = f"{code[:-1]}{'1' if code[-1] == '0' else '0'}"

    field(page, "employer_uscc").fill(wrong)

    expect(page.get_by_text("校验未通过，请核对第 18 位")).to_be_visible()
    expect(field(page, "employer_uscc")).to_have_value(wrong)
    field(page, "employer_uscc").fill(code.lower())
    expect(page.get_by_text("校验未通过")).to_have_count(0)
    expect(field(page, "employer_uscc")).to_have_value(code.lower())
    field(page, "employer_certificate").set_input_files(
        {"name": "证书.png", "mimeType": "image/png", "buffer": b"<script>alert(1)</script>"}
    )
    expect(page.locator(".field").filter(has=field(page, "employer_certificate")).get_by_role("alert")).to_be_visible()
    # Chromium calls an upload that is answered with 415 a failure to load.
    complaints[:] = [complaint for complaint in complaints if "status of 415" not in complaint]


def test_a_rejection_is_read_with_its_reason_and_an_approval_leads_into_the_union(
    new_window: NewWindow, demo: Demo
) -> None:
    phone = demo.outsider()
    page = new_window(phone, "/register/")
    fill_all(page, "珠水第四电器有限公司")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("审核中").first).to_be_visible()
    decide(demo, reject_one)

    page.reload()
    expect(page.get_by_text("驳回原因")).to_be_visible()
    expect(page.get_by_text("证件图片不清晰")).to_be_visible()
    page.get_by_role("button", name="修改后重新提交").click()
    expect(page.get_by_text(f"上次提交被「{STREET}」驳回：证件图片不清晰")).to_be_visible()
    upload(page, "employer_certificate", "清晰的证书.png")
    go_on(page, "填写工会信息")
    go_on(page, "选择上级工会")
    go_on(page, "检查并提交")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("审核中").first).to_be_visible()
    decide(demo, approve_one)
    page.reload()

    expect(page.get_by_role("banner")).to_contain_text("珠水第四电器有限公司工会委员会")
    expect(page.get_by_role("main")).to_contain_text("负责人")


def test_a_second_registration_of_an_employer_is_told_who_reviews_the_first(new_window: NewWindow, demo: Demo) -> None:
    code = employer_code()
    first, second = new_window(demo.outsider(), "/register/"), new_window(demo.outsider(), "/register/")
    fill_all(first, "珠水第五电器有限公司")
    first.get_by_role("button", name="修改单位").click()
    field(first, "employer_uscc").fill(code)
    first.get_by_role("button", name="检查").click()
    first.get_by_role("button", name="提交申请").click()
    expect(heading(first, "概览")).to_be_visible()

    field(second, "employer_uscc").fill(code)

    expect(second.get_by_text(f"已有人用这个代码提交登记申请，正由「{STREET}」审核，不能重复提交。")).to_be_visible()


def test_a_draft_is_given_up_after_being_asked(new_window: NewWindow, demo: Demo) -> None:
    page = new_window(demo.outsider(), "/register/")
    fill_employer(page, "珠水第六电器有限公司", employer_code())

    page.get_by_role("button", name="放弃草稿…").click()
    page.get_by_role("alertdialog").get_by_role("button", name="继续填写").click()
    expect(field(page, "employer_name")).to_have_value("珠水第六电器有限公司")
    page.get_by_role("button", name="放弃草稿…").click()
    page.get_by_role("alertdialog").get_by_role("button", name="删除草稿").click()
    expect(heading(page, "还没有可以管理的工会")).to_be_visible()

    page.goto("/register/")
    expect(field(page, "employer_name")).to_have_value("")


def test_who_manages_unions_registers_another_from_the_chooser(new_window: NewWindow) -> None:
    page = new_window("19900000005", "/unions/")

    page.get_by_role("link", name="组织登记").click()

    expect(heading(page, "填写单位信息")).to_be_visible()


def test_who_is_not_verified_does_that_first(new_window: NewWindow) -> None:
    page = new_window("19900000006", "/register/")

    expect(heading(page, "实名认证")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/verify/\?next=/register/$"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_fit_every_window_in_every_language(new_window: NewWindow, demo: Demo, language: str) -> None:
    def say(text: str) -> str:
        return render(text, language)

    page = new_window(demo.outsider(), "/register/")
    page.get_by_title("Language").click()
    page.get_by_role("menuitem", name=LANGUAGES[language]).click()
    expect(heading(page, say("填写单位信息"))).to_be_visible()
    page.get_by_role("button", name=say("下一步")).click()
    expect(page.get_by_text(say("请填写单位名称。"))).to_be_visible()
    found = wrong_at_any_width(page, "employer")
    page.set_viewport_size({"width": 1440, "height": 900})
    fill_employer(page, LONGEST_NAME, employer_code())
    go_on(page, "填写工会信息", say=say)
    page.get_by_role("radio", name=say("已独立建会")).click()
    field(page, "union_uscc").fill(union_code("89"))
    expect(page.get_by_label(say("说明（选填）"))).to_be_visible()
    upload(page, "union_certificate", "证书.png")
    found += wrong_at_any_width(page, "union")
    page.set_viewport_size({"width": 1440, "height": 900})
    go_on(page, "选择上级工会", say=say)
    field(page, "superior-search").fill("zgh")
    expect(page.locator(".choices li").first).to_be_visible()
    found += wrong_at_any_width(page, "superiors")
    page.set_viewport_size({"width": 1440, "height": 900})
    choose_street(page)
    go_on(page, "检查并提交", say=say)
    found += wrong_at_any_width(page, "check")
    page.get_by_role("button", name=say("提交申请")).click()
    expect(page.get_by_text(say("审核中")).first).to_be_visible()
    found += wrong_at_any_width(page, "progress")

    assert found == [], "\n".join(found)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_shut_nobody_out(
    new_window: NewWindow, demo: Demo, scheme: Literal["light", "dark"], width: int
) -> None:
    page = new_window(demo.outsider(), "/register/", color_scheme=scheme, width=width)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("请填写单位名称。")).to_be_visible()
    found = violations(page, "missing")
    fill_employer(page, "珠水第七电器有限公司", employer_code())
    go_on(page, "填写工会信息")
    page.get_by_role("radio", name="已独立建会").click()
    field(page, "union_uscc").fill(union_code("89"))
    expect(page.get_by_label("说明（选填）")).to_be_visible()
    found += violations(page, "union")
    upload(page, "union_certificate", "证书.png")
    go_on(page, "选择上级工会")
    field(page, "superior-search").fill("石牌")
    expect(page.get_by_role("button", name=STREET)).to_be_visible()
    found += violations(page, "superiors")
    choose_street(page)
    found += violations(page, "chosen")
    go_on(page, "检查并提交")
    found += violations(page, "check")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("审核中").first).to_be_visible()
    found += violations(page, "progress")

    assert found == []

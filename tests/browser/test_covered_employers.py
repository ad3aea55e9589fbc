"""覆盖单位: a joint union takes one employer off and adds another, and its superior reads both."""

from playwright.sync_api import expect
from sqlmodel import Session, col, select

from gdftu_app.models.unions import Union
from gdftu_app.queries.union_values import employers_of
from tests.attachments import drawing
from tests.browser.browsing import heading
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo
from tests.factories import make_uscc


def test_one_employer_leaves_and_another_comes(new_window: NewWindow, demo: Demo) -> None:
    with Session(demo.engine) as session:
        joint = select(Union).where(Union.category == "joint_base", Union.status == "active")
        union, superior, first = next(
            (union, session.get_one(Union, union.superior_id), employers[0].name)
            for union in session.exec(joint.order_by(col(Union.id).desc()))
            if len(employers := employers_of(session, union.id or 0)) > 1
        )
    page = new_window(demo.newcomer(union), "/union/")
    expect(heading(page, "登记信息")).to_be_visible()
    page.get_by_role("button", name="编辑").click()

    page.get_by_role("group", name=first).get_by_role("button", name="移除这个单位").click()
    expect(page.get_by_text("提交并通过后，本工会不再覆盖该单位。")).to_be_visible()
    page.get_by_role("button", name="增加单位").click()
    more = page.get_by_role("group", name="新增单位 1")
    more.get_by_label("单位名称").fill("榕溪灯具有限公司")
    page.get_by_label("变更说明").fill("园区单位变动")
    page.get_by_role("button", name="提交变更申请").click()
    expect(more.get_by_text("请填写统一社会信用代码。")).to_be_visible()
    more.get_by_label("单位统一社会信用代码").fill(make_uscc(8_301))
    page.get_by_label("变更材料").set_input_files({"name": "证书.png", "mimeType": "image/png", "buffer": drawing()})
    expect(page.get_by_text("证书.png").first).to_be_visible()
    page.get_by_role("button", name="提交变更申请").click()

    asked = page.get_by_role("region", name="变更申请")
    expect(asked.get_by_role("row", name=f"移除单位 {first} —", exact=True)).to_be_visible()
    expect(asked.get_by_role("cell", name="榕溪灯具有限公司", exact=True)).to_be_visible()
    reviewing = new_window(demo.newcomer(superior), f"/reviews/changes/?q={union.name}")
    row = reviewing.get_by_role("row").filter(has=reviewing.get_by_role("button", name=union.name, exact=True))
    expect(row).to_contain_text("移除单位")
    expect(row).to_contain_text("增加单位")
    row.get_by_role("button", name="通过").click()
    expect(reviewing.get_by_role("status").get_by_text("已通过 1 件。")).to_be_visible()
    page.reload()
    expect(page.locator("dl.kv").get_by_text("榕溪灯具有限公司")).to_be_visible()
    expect(page.locator("dl.kv").get_by_text(first, exact=True)).to_have_count(0)

"""下级工会管理, above the manual: a union is established below, moved with a preview, and dissolved."""

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import Session

from gdftu_app.i18n import render
from gdftu_app.models.unions import Union, UnionCategory, UnionLevel
from gdftu_app.services.unions import establish
from tests.browser.browsing import heading, node
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo
from tests.browser.test_accessibility import violations
from tests.browser.test_widths import wrong_at_any_width
from tests.factories import make_uscc

CITY = "珠海市总工会"
_numbers: Iterator[int] = count(7_700)


@pytest.fixture
def city(demo: Demo) -> Union:
    """A city that no other story changes."""
    return demo.union(CITY)


@pytest.fixture
def districts(demo: Demo, city: Union) -> list[Union]:
    """Its counties."""
    return [union for union in demo.below(city) if union.category == UnionCategory.COUNTY]


@pytest.fixture
def street(demo: Demo, districts: list[Union]) -> Union:
    """A town union of the story's own, below the first of them."""
    with Session(demo.engine, expire_on_commit=False) as session:
        made = establish(
            session,
            superior=session.get_one(Union, districts[0].id),
            name=f"试验{next(_numbers)}街道总工会",
            category=UnionCategory.TOWN,
            level=UnionLevel.TOWN,
        )
        session.commit()
        return made


def open_list(new_window: NewWindow, demo: Demo, city: Union, selected: Union) -> Page:
    page = new_window(demo.newcomer(city), f"/subordinates/?union={selected.id}")
    expect(heading(page, selected.name)).to_be_visible()
    return page


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def test_a_base_union_is_established_below_a_district(
    new_window: NewWindow, demo: Demo, city: Union, districts: list[Union]
) -> None:
    number = next(_numbers)
    name = f"试验{number}电器有限公司工会委员会"
    page = open_list(new_window, demo, city, districts[0])

    page.get_by_role("button", name="新建下级工会").click()
    expect(page.get_by_text(f"直属于「{districts[0].name}」")).to_be_visible()
    page.get_by_label("工会类型").click()
    page.get_by_role("option", name="单独基层工会").click()
    page.get_by_label("工会名称").fill(name)
    page.get_by_role("button", name="新建", exact=True).click()
    expect(page.get_by_text("2 处需要修改，改好后再提交。")).to_be_visible()
    expect(page.get_by_label("工会名称")).to_have_value(name)
    page.get_by_label("单位名称").fill(f"试验{number}电器有限公司")
    page.get_by_label("单位统一社会信用代码").fill(make_uscc(number))
    page.get_by_role("button", name="新建", exact=True).click()

    expect(page.get_by_text(f"已新建「{name}」。")).to_be_visible()
    expect(heading(page, name)).to_be_visible()
    expect(node(page, name)).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name="变更记录").click()
    expect(page.get_by_role("row").filter(has_text="上级建立").last).to_contain_text(districts[0].name)


def test_a_union_is_moved_after_a_preview(
    new_window: NewWindow, demo: Demo, city: Union, districts: list[Union], street: Union
) -> None:
    left, entered = districts[:2]
    told = new_window(demo.newcomer(street), "/overview/")
    page = open_list(new_window, demo, city, street)
    page.get_by_role("button", name="移动…").click()

    search = dialog(page).get_by_label("新的上级工会")
    search.fill(left.name)
    dialog(page).get_by_role("button", name=left.name).click()
    expect(dialog(page).get_by_text("所选工会已是当前的上级工会")).to_be_visible()
    search.fill(entered.name)
    dialog(page).get_by_role("button", name=entered.name).click()
    expect(dialog(page).get_by_text("移动 1 个工会（含本身）、0 名会员")).to_be_visible()
    expect(dialog(page).get_by_role("row").last).to_contain_text(left.name)
    dialog(page).get_by_role("button", name="移动 1 个工会").click()

    expect(page.get_by_text(f"「{street.name}」已移到「{entered.name}」之下。")).to_be_visible()
    expect(page.get_by_role("navigation", name="上级工会")).to_contain_text(entered.name)
    expect(node(page, street.name)).to_have_count(1)
    expect(node(page, street.name)).to_have_attribute("aria-selected", "true")
    told.reload()
    told.get_by_role("button", name="通知").click()
    expect(told.get_by_text(f"「{street.name}」的上级工会变更为「{entered.name}」。").first).to_be_visible()


def test_a_union_is_dissolved_once_its_name_is_typed(
    new_window: NewWindow, demo: Demo, city: Union, street: Union
) -> None:
    owner = new_window(demo.newcomer(street), "/overview/")
    page = open_list(new_window, demo, city, street)
    page.get_by_role("button", name="撤销…").click()

    confirm = dialog(page).get_by_role("button", name="撤销工会")
    expect(confirm).to_be_disabled()
    dialog(page).get_by_label("输入工会名称以确认").fill(street.name[:-1])
    expect(confirm).to_be_disabled()
    dialog(page).get_by_label("输入工会名称以确认").fill(street.name)
    confirm.click()

    expect(page.get_by_text(f"「{street.name}」已撤销。")).to_be_visible()
    expect(heading(page, street.name).locator("xpath=..")).to_contain_text("已撤销")
    expect(page.get_by_role("button", name="撤销…")).to_have_count(0)
    owner.get_by_role("link", name="本级工会管理").click()
    expect(owner.get_by_text("这个工会的管理权限已结束")).to_be_visible()


def test_what_still_has_members_or_subordinates_is_not_dissolved(
    new_window: NewWindow, demo: Demo, city: Union, districts: list[Union]
) -> None:
    page = open_list(new_window, demo, city, city)
    page.get_by_role("button", name=f"展开{districts[0].name}的信息").click()

    page.get_by_role("button", name="撤销…").click()

    expect(dialog(page).get_by_text("现在还不能撤销，请先办理：")).to_be_visible()
    expect(dialog(page).get_by_text("个下级工会的移动或撤销")).to_be_visible()
    expect(dialog(page).get_by_role("button", name="撤销工会")).to_have_count(0)


def test_leaving_the_form_leaves_the_tree_as_it_was(
    new_window: NewWindow, demo: Demo, city: Union, districts: list[Union]
) -> None:
    page = open_list(new_window, demo, city, districts[0])
    expect(node(page, districts[0].name)).to_be_visible()

    page.get_by_role("button", name="新建下级工会").click()
    expect(heading(page, "新建下级工会")).to_be_visible()
    expect(node(page, districts[0].name)).to_be_hidden()
    page.get_by_role("button", name="取消").click()

    expect(node(page, districts[0].name)).to_be_visible()
    expect(heading(page, districts[0].name)).to_be_visible()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_form_and_dialogs_shut_nobody_out_and_fit_every_window(
    new_window: NewWindow, demo: Demo, city: Union, street: Union, language: str
) -> None:
    def say(text: str) -> str:
        return render(text, language)

    page = new_window(demo.newcomer(city, language=language), f"/subordinates/?union={street.id}")
    expect(heading(page, street.name)).to_be_visible()
    page.get_by_role("button", name=say("新建下级工会")).click()
    page.get_by_label(say("工会类型")).click()
    page.get_by_role("option", name=say("联合基层工会")).click()
    page.get_by_role("button", name=say("再添加一个单位")).click()
    expect(page.get_by_role("button", name=say("删去这个单位"))).to_be_visible()
    found = violations(page, "form") + wrong_at_any_width(page, "form")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name=say("取消")).click()
    for opener in ("移动…", "撤销…"):
        page.get_by_role("button", name=say(opener), exact=True).click()
        expect(dialog(page)).to_be_visible()
        found += violations(page, opener) + wrong_at_any_width(page, opener)
        page.set_viewport_size({"width": 1440, "height": 900})
        page.keyboard.press("Escape")
        expect(dialog(page)).to_have_count(0)

    assert found == [], "\n".join(found)

"""下级工会管理: the list, a union's information, the search, links to a place."""

import re

import pytest
from playwright.sync_api import Page, expect

from gdftu_app.services.demo.bases import LONGEST_NAME
from tests.browser.browsing import heading, listed_names, node, number
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo

PROVINCE_OWNER, SHENZHEN_OWNER = "19900000001", "19900000008"
LONG = f"{LONGEST_NAME}工会委员会"


def open_list(new_window: NewWindow, path: str = "/subordinates/", phone: str = PROVINCE_OWNER) -> Page:
    page = new_window(phone, path)
    expect(page.get_by_role("row", name="合计")).to_be_visible()
    return page


def column(page: Page, position: int) -> list[float]:
    rows = page.locator("tbody tr:not(.total):not(.detail)")
    return [number(text) for text in rows.locator(f":scope > :nth-child({position})").all_inner_texts()]


def sort_by(page: Page, label: str, direction: str) -> None:
    page.get_by_role("columnheader", name=label, exact=True).get_by_role("button").click()
    expect(page.get_by_role("columnheader", name=label, exact=True)).to_have_attribute("aria-sort", direction)


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option).click()


def search(page: Page, keyword: str) -> None:
    page.get_by_role("searchbox", name="搜索工会").fill(keyword)


def field(page: Page, label: str) -> str:
    return page.locator("dl.kv > div").filter(has=page.get_by_text(label, exact=True)).locator("dd").first.inner_text()


def test_each_column_of_figures_sorts_both_ways(new_window: NewWindow) -> None:
    page = open_list(new_window)

    for position, label in {4: "下级工会数", 6: "实名会员数", 7: "实名率", 5: "会员数"}.items():
        sort_by(page, label, "descending")
        assert column(page, position) == sorted(column(page, position), reverse=True)
        sort_by(page, label, "ascending")
        assert column(page, position) == sorted(column(page, position))
        expect(page.locator("[aria-sort]")).to_have_count(1)


def test_names_and_kinds_sort_both_ways(new_window: NewWindow) -> None:
    page = open_list(new_window)

    for label in ("工会名称", "类型"):
        sort_by(page, label, "ascending" if label == "工会名称" else "descending")
        first = listed_names(page)
        sort_by(page, label, "descending" if label == "工会名称" else "ascending")
        assert listed_names(page)[0] != first[0]


def test_the_list_turns_its_pages(new_window: NewWindow, demo: Demo) -> None:
    town = demo.most_crowded()
    page = open_list(new_window, f"/subordinates/?union={town.id}")
    total = len(demo.below(town))
    last = -(-total // 20)
    seen = set(listed_names(page))
    expect(page.get_by_text(f"第 1 / {last} 页")).to_be_visible()
    expect(page.get_by_role("button", name="上一页")).to_be_disabled()

    page.get_by_role("button", name="下一页").click()
    expect(page.get_by_text(f"第 2 / {last} 页")).to_be_visible()
    assert not seen & set(listed_names(page))
    page.get_by_role("button", name="最后一页").click()
    expect(page.get_by_text(f"第 {last} / {last} 页")).to_be_visible()
    expect(page.get_by_role("button", name="下一页")).to_be_disabled()
    assert len(listed_names(page)) == total - 20 * (last - 1)
    page.get_by_role("button", name="第一页").click()
    expect(page.get_by_text(f"第 1 / {last} 页")).to_be_visible()
    assert set(listed_names(page)) == seen


def test_a_page_holds_as_many_rows_as_chosen(new_window: NewWindow, demo: Demo) -> None:
    town = demo.most_crowded()
    page = open_list(new_window, f"/subordinates/?union={town.id}")

    choose(page, "每页条数", "每页 100 条")

    expect(page.locator("tbody th button")).to_have_count(100)
    expect(page.get_by_text(f"第 1 / {-(-len(demo.below(town)) // 100)} 页")).to_be_visible()


def test_filters_narrow_the_list_and_can_be_taken_back(new_window: NewWindow) -> None:
    page = open_list(new_window)

    choose(page, "类型", "地级市总工会")
    expect(page.get_by_role("row", name="合计 21 个")).to_be_visible()
    choose(page, "状态", "筹建中")
    expect(heading(page, "没有符合条件的下级工会")).to_be_visible()
    page.get_by_role("button", name="清除筛选").click()

    expect(page.get_by_role("row", name="合计 26 个")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/subordinates/$"))


def test_a_row_opens_the_unions_information_under_it(new_window: NewWindow, demo: Demo) -> None:
    union = demo.union(LONG)
    town = demo.union(demo.superiors(union)[-1])
    page = open_list(new_window, f"/subordinates/?union={town.id}")

    page.get_by_role("button", name=f"展开{LONG}的信息").click()

    assert union.uscc
    assert field(page, "工会统一社会信用代码") == union.uscc
    assert field(page, "上级工会") == town.name
    assert re.fullmatch(r"\d{4} 年 \d{1,2} 月 \d{1,2} 日", field(page, "建会日期"))
    assert field(page, "工会类型") == "单独基层工会"
    assert field(page, "负责人") == union.principal_name
    assert re.fullmatch(r"199\*{4}\d{4}", field(page, "联系电话"))
    for label in ("联系人", "本届任期", "邮编", "建会批复文号", "所在政区", "状态", "数据来源", "女会员 / 农民工"):
        assert field(page, label) not in ("", "—")
    assert field(page, "单位名称") == LONGEST_NAME
    for label in ("单位统一社会信用代码", "单位性质", "经济类型", "所属行业", "地址", "职工人数"):
        assert field(page, label) not in ("", "—")
    page.get_by_role("button", name="收起", exact=True).click()
    expect(page.locator("dl.kv")).to_have_count(0)


def test_only_one_row_is_open_at_a_time(new_window: NewWindow) -> None:
    page = open_list(new_window)

    page.get_by_role("button", name="展开广州市总工会的信息").click()
    expect(page.locator("dl.kv")).to_contain_text("广东省广州市")
    page.get_by_role("button", name="深圳市总工会", exact=True).click()

    expect(page.locator("dl.kv")).to_have_count(1)
    expect(page.locator("dl.kv")).to_contain_text("广东省深圳市")


def test_an_open_row_leads_to_the_unions_own_subordinates(new_window: NewWindow) -> None:
    page = open_list(new_window)
    page.get_by_role("button", name="展开佛山市总工会的信息").click()

    page.get_by_role("button", name="查看直属下级").click()

    expect(heading(page, "佛山市总工会")).to_be_visible()
    expect(node(page, "佛山市总工会")).to_have_attribute("aria-selected", "true")


def test_a_selected_base_union_shows_its_information(new_window: NewWindow, demo: Demo) -> None:
    union = demo.union(LONG)
    page = new_window(PROVINCE_OWNER, f"/subordinates/?union={union.id}")

    expect(heading(page, LONG)).to_be_visible()

    expect(page.locator("dl.kv")).to_contain_text(union.uscc or "")
    expect(page.get_by_role("table")).to_have_count(0)


@pytest.mark.parametrize("kind", ["name", "part of a name", "initials", "code", "part of a code"])
def test_search_finds_a_union_anywhere_below_with_its_superiors(new_window: NewWindow, demo: Demo, kind: str) -> None:
    union = demo.union(LONG)
    assert union.uscc
    keyword = {
        "name": LONG,
        "part of a name": "岭川精密注塑",
        "initials": union.initials[:12].upper(),
        "code": union.uscc,
        "part of a code": union.uscc[6:].lower(),
    }[kind]
    page = open_list(new_window)

    search(page, keyword)

    hit = page.get_by_role("row").filter(has=page.get_by_title(LONG, exact=True))
    expect(hit).to_be_visible()
    expect(hit).to_contain_text(" › ".join(demo.superiors(union)))


def test_a_hit_opens_its_superiors_in_the_tree_and_is_selected_there(new_window: NewWindow, demo: Demo) -> None:
    union = demo.union(LONG)
    page = open_list(new_window)
    search(page, "岭川精密")

    page.get_by_role("row").get_by_title(LONG, exact=True).click()

    # The top of the tree may have been scrolled out of sight.
    for superior in demo.superiors(union)[1:]:
        expect(node(page, superior)).to_have_attribute("aria-expanded", "true")
    expect(node(page, LONG)).to_have_attribute("aria-selected", "true")
    expect(node(page, LONG)).to_be_in_viewport()
    expect(page.locator("dl.kv")).to_contain_text(union.uscc or "")
    expect(page).to_have_url(re.compile(rf"union={union.id}&q=%E5%B2%AD%E5%B7%9D%E7%B2%BE%E5%AF%86$"))


def test_search_marks_the_keyword_and_says_how_many(new_window: NewWindow) -> None:
    page = open_list(new_window)

    search(page, "岭川精密")
    expect(page.locator("mark").first).to_have_text("岭川精密")
    expect(page.get_by_text(re.compile(r"^找到 \d+ 个工会$"))).to_be_visible()
    search(page, "有限公司")

    expect(page.get_by_text("只显示前 50 个，请输入更完整的名称")).to_be_visible()


def test_a_search_without_a_hit_can_be_cleared(new_window: NewWindow) -> None:
    page = open_list(new_window)
    search(page, "没有这样的工会")
    expect(heading(page, "没有找到「没有这样的工会」")).to_be_visible()

    page.get_by_role("button", name="清除搜索").click()

    expect(page.get_by_role("row", name="合计")).to_be_visible()
    expect(page.get_by_role("searchbox", name="搜索工会")).to_have_value("")


def test_slash_begins_a_search_and_escape_leaves_it(new_window: NewWindow) -> None:
    page = open_list(new_window)

    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="搜索工会")).to_be_focused()
    page.keyboard.type("岭川")
    expect(page.locator("mark").first).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("row", name="合计")).to_be_visible()
    expect(page.get_by_role("searchbox", name="搜索工会")).to_have_value("")


def test_search_stays_within_reach(new_window: NewWindow) -> None:
    page = open_list(new_window, phone=SHENZHEN_OWNER)

    search(page, "广州")

    expect(page.get_by_text("只显示前").or_(page.get_by_text("找到"))).to_be_visible()
    for path in page.locator(".m-name .path").all_inner_texts():
        assert path.startswith("深圳市总工会"), path
    search(page, "岭川精密注塑")
    expect(heading(page, "没有找到「岭川精密注塑」")).to_be_visible()


def test_a_link_opens_the_same_place_for_a_colleague(new_window: NewWindow, demo: Demo) -> None:
    page = open_list(new_window)
    node(page, "广州市总工会").locator(".tw").click()
    node(page, "天河区总工会").click()
    expect(heading(page, "天河区总工会")).to_be_visible()
    sort_by(page, "工会名称", "ascending")
    choose(page, "每页条数", "每页 50 条")
    expect(page).to_have_url(re.compile("size=50"))
    there = listed_names(page)

    colleague = new_window("19900000002", page.url)

    expect(heading(colleague, "天河区总工会")).to_be_visible()
    expect(node(colleague, "天河区总工会")).to_have_attribute("aria-selected", "true")
    expect(node(colleague, "天河区总工会")).to_be_in_viewport()
    assert listed_names(colleague) == there
    expect(colleague.get_by_role("columnheader", name="工会名称")).to_have_attribute("aria-sort", "ascending")


def test_a_link_of_a_search_opens_the_same_hits_for_a_colleague(new_window: NewWindow, demo: Demo) -> None:
    page = open_list(new_window)
    search(page, "岭川精密")
    page.get_by_role("row").get_by_title(LONG, exact=True).click()
    expect(page).to_have_url(re.compile("union="))

    colleague = new_window(demo.newcomer(demo.union("顺德区总工会")), page.url)

    expect(colleague.get_by_role("searchbox", name="搜索工会")).to_have_value("岭川精密")
    expect(colleague.get_by_role("row").get_by_title(LONG, exact=True)).to_be_visible()
    expect(node(colleague, LONG)).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize("number_of_union", ["somewhere else", "nowhere"])
def test_a_link_out_of_reach_is_answered_as_one_that_leads_nowhere(
    new_window: NewWindow, demo: Demo, number_of_union: str
) -> None:
    there = demo.union("天河区总工会").id if number_of_union == "somewhere else" else 987_654_321
    page = new_window(SHENZHEN_OWNER, f"/subordinates/?union={there}")

    expect(heading(page, "找不到这个页面")).to_be_visible()
    expect(page.get_by_text("可能已被移动，或不在「深圳市总工会」的管理范围内。")).to_be_visible()
    expect(page.get_by_text("天河")).to_have_count(0)
    expect(page.get_by_role("treeitem")).to_have_count(0)


def test_the_back_button_undoes_the_very_first_step_as_well(new_window: NewWindow) -> None:
    page = open_list(new_window)
    node(page, "广州市总工会").click()
    expect(heading(page, "广州市总工会")).to_be_visible()

    page.go_back()

    expect(heading(page, "广东省总工会")).to_be_visible()
    expect(node(page, "广东省总工会")).to_have_attribute("aria-selected", "true")


def test_the_back_button_undoes_and_forward_does_it_again(new_window: NewWindow) -> None:
    page = open_list(new_window)
    node(page, "广州市总工会").click()
    expect(heading(page, "广州市总工会")).to_be_visible()
    page.get_by_role("button", name="工会名称", exact=True).click()
    expect(page).to_have_url(re.compile("sort=name"))
    search(page, "天河")
    expect(page.locator("mark").first).to_be_visible()

    page.go_back()
    expect(heading(page, "广州市总工会")).to_be_visible()
    expect(page.get_by_role("searchbox", name="搜索工会")).to_have_value("")
    expect(page.get_by_role("columnheader", name="工会名称")).to_have_attribute("aria-sort", "ascending")
    page.go_back()
    expect(page.get_by_role("columnheader", name="会员数", exact=True)).to_have_attribute("aria-sort", "descending")
    page.go_back()
    expect(heading(page, "广东省总工会")).to_be_visible()
    expect(node(page, "广东省总工会")).to_have_attribute("aria-selected", "true")
    page.go_forward()
    expect(heading(page, "广州市总工会")).to_be_visible()


def test_the_longest_name_is_there_in_full_and_keeps_the_row_in_shape(new_window: NewWindow, demo: Demo) -> None:
    town = demo.superiors(demo.union(LONG))[-1]
    page = open_list(new_window, f"/subordinates/?union={demo.union(town).id}")

    name = page.get_by_role("row").get_by_title(LONG, exact=True)

    expect(name).to_have_text(LONG)
    heights = [line.bounding_box() for line in page.locator("tbody tr:not(.total)").all()]
    assert {round(box["height"]) for box in heights if box} == {44}
    page.goto(f"/subordinates/?union={demo.union(LONG).id}")
    expect(node(page, LONG)).to_be_in_viewport()
    box = node(page, LONG).bounding_box()
    assert box
    assert round(box["height"]) == 32


def test_a_thousand_rows_keep_their_height(new_window: NewWindow, demo: Demo) -> None:
    page = open_list(new_window, f"/subordinates/?union={demo.most_crowded().id}&size=100")

    expect(page.locator("tbody th button")).to_have_count(100)

    heights = page.locator("tbody tr:not(.total)").evaluate_all("rows => rows.map(row => row.offsetHeight)")
    assert set(heights) == {44}

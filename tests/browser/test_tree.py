"""组织树: by keyboard and pointer, from the province to a town with a thousand unions."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsing import heading, listed_names, node, number
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo

PROVINCE_OWNER = "19900000001"
# Pushes the tree on, waits until its rows are drawn, and tells whether it moved at all.
SCROLLED_ON = """tree => new Promise((done) => {
  const before = tree.scrollTop;
  tree.scrollBy(0, tree.clientHeight);
  requestAnimationFrame(() => requestAnimationFrame(() => done(tree.scrollTop > before)));
})"""


def tree_of(new_window: NewWindow, phone: str = PROVINCE_OWNER, path: str = "/subordinates/") -> Page:
    page = new_window(phone, path)
    expect(page.locator("[role=treeitem][aria-selected=true]")).to_be_visible()
    return page


def walk_down_to(page: Page, name: str) -> None:
    focused = page.locator("[role=treeitem]:focus [title]")
    for _ in range(60):
        before = focused.get_attribute("title")
        page.keyboard.press("ArrowDown")
        expect(focused).not_to_have_attribute("title", before or "")
        if focused.get_attribute("title") == name:
            return
    raise AssertionError(f"the focus did not come to {name}")


def test_the_keyboard_walks_from_the_province_down_to_a_town(new_window: NewWindow) -> None:
    page = tree_of(new_window)
    expect(node(page, "广州市总工会")).to_be_visible()
    node(page, "广东省总工会").focus()

    walk_down_to(page, "广州市总工会")
    for level, inside in {3: "天河区总工会", 4: "石牌街道总工会"}.items():
        page.keyboard.press("ArrowRight")
        expect(page.locator(f"[role=treeitem][aria-level='{level}'][aria-setsize]").first).to_be_visible()
        walk_down_to(page, inside)
    page.keyboard.press("Enter")

    expect(heading(page, "石牌街道总工会")).to_be_visible()
    expect(node(page, "石牌街道总工会")).to_have_attribute("aria-selected", "true")
    expect(node(page, "石牌街道总工会")).to_have_attribute("aria-level", "4")
    expect(page.get_by_role("navigation", name="上级工会")).to_contain_text(
        re.compile("广东省总工会.*广州市总工会.*天河区总工会", re.DOTALL)
    )


def test_home_end_and_left_move_as_in_any_tree(new_window: NewWindow) -> None:
    page = tree_of(new_window)
    expect(node(page, "云浮市总工会")).to_be_visible()
    node(page, "广东省总工会").focus()

    page.keyboard.press("End")
    expect(node(page, "云浮市总工会")).to_be_focused()
    page.keyboard.press("ArrowRight")
    first_inside = page.locator("[role=treeitem][aria-level='3'][aria-posinset='1']")
    expect(first_inside).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(first_inside).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(node(page, "云浮市总工会")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(node(page, "云浮市总工会")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowLeft")
    expect(node(page, "广东省总工会")).to_be_focused()
    page.keyboard.press("End")
    expect(node(page, "云浮市总工会")).to_be_focused()
    page.keyboard.press("Home")
    expect(node(page, "广东省总工会")).to_be_focused()


def test_one_tab_stop_leads_into_the_tree_and_the_next_out_of_it(new_window: NewWindow) -> None:
    page = tree_of(new_window)
    expect(node(page, "云浮市总工会")).to_be_visible()

    page.get_by_role("button", name="全部收起").focus()
    page.keyboard.press("Tab")
    expect(node(page, "广东省总工会")).to_be_focused()
    page.keyboard.press("Tab")

    expect(page.get_by_role("tree").locator(":focus")).to_have_count(0)


def test_a_node_switches_the_list(new_window: NewWindow, demo: Demo) -> None:
    page = tree_of(new_window)

    node(page, "东莞市总工会").click()

    expect(heading(page, "东莞市总工会")).to_be_visible()
    expect(page.get_by_role("row", name=f"合计 {len(demo.below(demo.union('东莞市总工会')))} 个")).to_be_visible()
    assert set(listed_names(page)) <= {union.name for union in demo.below(demo.union("东莞市总工会"))}


def test_towns_stand_directly_below_a_city_without_counties(new_window: NewWindow) -> None:
    page = tree_of(new_window)

    node(page, "中山市总工会").locator(".tw").click()

    expect(node(page, "石岐街道总工会")).to_have_attribute("aria-level", "3")


def test_the_counts_beside_the_nodes_are_those_of_the_list(new_window: NewWindow) -> None:
    page = tree_of(new_window)
    page.get_by_role("button", name="下级工会数").click()
    expect(page.get_by_role("columnheader", name="下级工会数")).to_have_attribute("aria-sort", "descending")

    counts = {
        name: number(page.get_by_role("row", name=f"展开{name}的信息").get_by_role("cell").nth(2).inner_text())
        for name in ("广州市总工会", "深圳市总工会", "中山市总工会")
    }

    for name, count in counts.items():
        expect(node(page, name)).to_contain_text(f"{count:,.0f}")


def test_a_town_with_a_thousand_unions_opens_two_hundred_at_a_time(new_window: NewWindow, demo: Demo) -> None:
    town = demo.most_crowded()
    total = len(demo.below(town))
    assert total > 1_000
    page = tree_of(new_window, path=f"/subordinates/?union={town.id}")
    expect(heading(page, town.name)).to_be_visible()
    node(page, town.name).focus()
    if node(page, town.name).get_attribute("aria-expanded") == "false":
        page.keyboard.press("ArrowRight")
    expect(page.locator("[role=treeitem][aria-level='5']").first).to_be_visible()

    page.keyboard.press("ArrowDown")
    for shown in (200, 400):
        more = page.get_by_role("treeitem", name=f"再显示 200 个（还有 {total - shown:,} 个）")
        while more.count() == 0:
            assert page.get_by_role("tree").evaluate(SCROLLED_ON), "nothing more is offered up to the end of the tree"
        more.click()
        expect(page.locator(f"[aria-posinset='{shown + 1}'][aria-setsize='{total}']")).to_be_visible()

    assert page.get_by_role("treeitem").count() < 100


def test_collapsing_everything_leaves_the_acting_union(new_window: NewWindow) -> None:
    page = tree_of(new_window)
    node(page, "广州市总工会").locator(".tw").click()
    expect(node(page, "天河区总工会")).to_be_visible()

    page.get_by_role("button", name="全部收起").click()

    expect(node(page, "天河区总工会")).to_have_count(0)
    expect(node(page, "广州市总工会")).to_have_attribute("aria-expanded", "false")


def test_on_a_phone_the_tree_is_a_sheet(new_window: NewWindow) -> None:
    page = new_window(PROVINCE_OWNER, "/subordinates/", width=390, height=844)
    opener = page.get_by_role("button", name="在组织树中选择工会")
    expect(opener).to_contain_text("广东省总工会")
    expect(page.get_by_role("tree")).not_to_be_visible()

    opener.click()
    node(page, "深圳市总工会").click()

    expect(opener).to_contain_text("深圳市总工会")
    expect(page.get_by_role("tree")).not_to_be_visible()
    expect(page.get_by_role("button", name="南山区总工会", exact=True)).to_be_visible()
    opener.click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("tree")).not_to_be_visible()


@pytest.mark.parametrize("phone", ["19900000002", "19900000003"], ids=["city", "district"])
def test_the_tree_starts_at_the_acting_union(new_window: NewWindow, phone: str) -> None:
    page = tree_of(new_window, phone)

    root = page.get_by_role("treeitem").first

    expect(root).to_have_attribute("aria-level", "1")
    expect(root).to_contain_text("广州市总工会" if phone.endswith("2") else "天河区总工会")
    expect(node(page, "广东省总工会")).to_have_count(0)

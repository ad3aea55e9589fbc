"""下级工会管理 (手册 六)."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.browser import address, shortcuts
from gdftu_app.components.details import details_grid
from gdftu_app.components.figures import figure_strip
from gdftu_app.components.icons import icon
from gdftu_app.components.look import shut, toggle
from gdftu_app.components.page_heads import page_head
from gdftu_app.components.pagers import pager
from gdftu_app.components.searches import search_box
from gdftu_app.components.states import blank, not_found, skeleton_rows
from gdftu_app.components.texts import label_of, t
from gdftu_app.components.tree_panes import tree_pane
from gdftu_app.components.union_care import care_buttons, care_dialogs, new_union_button, new_union_form
from gdftu_app.components.union_tables import hits_table, subordinates_table, union_actions
from gdftu_app.models.unions import CATEGORY_LABELS, STATUS_LABELS, UnionStatus
from gdftu_app.pages.registry import console_page
from gdftu_app.queries.subordinates import PAGE_SIZES
from gdftu_app.queries.unions import UnionRef
from gdftu_app.security.features import SUBORDINATES
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.new_unions import NewUnionState
from gdftu_app.state.subordinates import SubordinatesState

SEARCH_ID, SPLIT_ID = "union-search", "union-split"
ALL = "all"


@console_page(SUBORDINATES, on_load=[SubordinatesState.load, NewUnionState.load])
def subordinates() -> rx.Component:
    """The tree at the left, the selected union's direct subordinates or the search results at the right."""
    return rx.fragment(
        address(
            query=SubordinatesState.query,
            settled=SubordinatesState.is_loaded & ~SubordinatesState.is_missing,
            on_return=SubordinatesState.load,
        ),
        shortcuts(search_id=SEARCH_ID, on_leave_search=SubordinatesState.leave_search),
        rx.cond(NewUnionState.is_open, new_union_form(), rx.fragment()),
        # Hidden and not taken away, so that the tree is as it was afterwards.
        rx.el.div(_browsing(), hidden=NewUnionState.is_open),
        care_dialogs(),
    )


def _browsing() -> rx.Component:
    return rx.fragment(
        page_head(t(SUBORDINATES.title), t("点击左侧工会查看其直属下级；点击右侧工会展开信息。"), new_union_button()),
        rx.cond(
            SubordinatesState.is_missing,
            not_found(CurrentUnion.name),
            rx.el.div(
                tree_pane(SubordinatesState, on_select=[SubordinatesState.select, shut(SPLIT_ID, "data-sheet")]),
                rx.el.div(
                    class_name="scrim", on_click=shut(SPLIT_ID, "data-sheet"), custom_attrs={"aria-hidden": "true"}
                ),
                rx.el.section(
                    rx.cond(SubordinatesState.is_loaded, _list_pane(), skeleton_rows()),
                    class_name="listpane",
                    custom_attrs={"aria-label": t("工会列表")},
                ),
                class_name="split",
                id=SPLIT_ID,
            ),
        ),
    )


def _list_pane() -> rx.Component:
    return rx.fragment(
        rx.el.button(
            icon("network"),
            rx.el.span(SubordinatesState.name, class_name="b grow", style={"text-align": "left"}),
            icon("chevron-down"),
            class_name="treebtn only-m",
            type="button",
            on_click=toggle(SPLIT_ID, "data-sheet"),
            custom_attrs={"aria-label": t("在组织树中选择工会")},
        ),
        rx.cond(SubordinatesState.keyword == "", _selected_head(), rx.fragment()),
        _filters(),
        rx.cond(SubordinatesState.keyword != "", _found(), _listed()),
    )


def _selected_head() -> rx.Component:
    return rx.fragment(
        rx.cond(
            SubordinatesState.path.length() > 0,
            rx.el.nav(
                rx.foreach(SubordinatesState.path, _crumb),
                class_name="path only-d",
                custom_attrs={"aria-label": t("上级工会")},
            ),
            rx.fragment(),
        ),
        rx.el.div(
            rx.el.h2(SubordinatesState.name, class_name="only-d"),
            rx.el.span(label_of(CATEGORY_LABELS, SubordinatesState.category), class_name="muted only-d"),
            rx.cond(
                SubordinatesState.status == UnionStatus.DISSOLVED.value,
                rx.el.span(t(STATUS_LABELS[UnionStatus.DISSOLVED]), class_name="tag"),
                rx.fragment(),
            ),
            rx.cond(
                SubordinatesState.path.length() > 0,
                rx.el.span(
                    care_buttons(SubordinatesState.selected, SubordinatesState.status), class_name="row union-care"
                ),
                rx.fragment(),
            ),
            class_name="title2",
        ),
        figure_strip(SubordinatesState.figures, small=True),
    )


def _crumb(union: ObjectVar[UnionRef]) -> rx.Component:
    return rx.el.span(
        rx.el.button(union.name, class_name="plain", type="button", on_click=SubordinatesState.go_to(union.id)),
        icon("chevron-right"),
        class_name="crumb",
        key=union.id.to_string(),
    )


def _filters() -> rx.Component:
    return rx.el.div(
        search_box(
            SubordinatesState.search,
            key=SubordinatesState.search_round,
            value=SubordinatesState.keyword,
            label=t("搜索工会"),
            hint=t("搜索工会名称、信用代码或拼音首字母"),
            name=SEARCH_ID,
        ),
        _select(t("类型"), CATEGORY_LABELS, SubordinatesState.only_category, SubordinatesState.filter_by_category),
        _select(t("状态"), STATUS_LABELS, SubordinatesState.only_status, SubordinatesState.filter_by_status),
        class_name="filters",
        role="search",
    )


def _select(label: rx.Var, labels: dict, chosen: rx.Var[str], choose) -> rx.Component:
    return rx.select.root(
        rx.select.trigger(variant="surface", custom_attrs={"aria-label": label}),
        rx.select.content(
            rx.select.item(rx.fragment(rx.el.b(label), " ", t("全部")), value=ALL),
            *[
                rx.select.item(rx.fragment(rx.el.b(label), " ", t(text)), value=code.value)
                for code, text in labels.items()
            ],
            position="popper",
        ),
        value=rx.cond(chosen == "", ALL, chosen),
        on_change=choose,
    )


def _found() -> rx.Component:
    return rx.cond(
        SubordinatesState.hits.length() > 0,
        rx.fragment(
            rx.el.div(
                rx.el.span(
                    t("在「{union}」及全部下级中搜索。点击结果，左侧展开它的上级工会。", union=CurrentUnion.name),
                    class_name="muted",
                ),
                rx.el.span(_hit_count(), class_name="muted", style={"margin-left": "auto"}, role="status"),
                class_name="row",
                style={"margin-bottom": "8px", "flex-wrap": "wrap"},
            ),
            hits_table(),
        ),
        blank(
            "search",
            t("没有找到「{keyword}」", keyword=SubordinatesState.keyword),
            t("已在「{union}」及全部下级中按名称、信用代码和拼音首字母搜索。", union=CurrentUnion.name),
            rx.button(
                t("清除搜索"),
                variant="surface",
                color_scheme="gray",
                high_contrast=True,
                on_click=SubordinatesState.leave_search,
            ),
        ),
    )


def _hit_count() -> rx.Var[str]:
    count = SubordinatesState.hits.length()
    return rx.cond(
        SubordinatesState.is_cut,
        t("只显示前 {count} 个，请输入更完整的名称", count=count),
        t("找到 {count} 个工会", count=count),
    )


def _listed() -> rx.Component:
    return rx.cond(
        ~SubordinatesState.lists_subordinates,
        rx.fragment(
            details_grid(SubordinatesState.own_details),
            union_actions(SubordinatesState.selected),
        ),
        rx.cond(
            SubordinatesState.rows.length() > 0,
            rx.fragment(
                subordinates_table(),
                pager(
                    page=SubordinatesState.page,
                    pages=SubordinatesState.pages,
                    page_size=SubordinatesState.page_size,
                    sizes=PAGE_SIZES,
                    turn_to=SubordinatesState.turn_to,
                    choose_size=SubordinatesState.choose_page_size,
                ),
            ),
            rx.cond(
                (SubordinatesState.only_category != "") | (SubordinatesState.only_status != ""),
                blank(
                    "list-filter",
                    t("没有符合条件的下级工会"),
                    t("试试放宽筛选条件。"),
                    rx.button(
                        t("清除筛选"),
                        variant="surface",
                        color_scheme="gray",
                        high_contrast=True,
                        on_click=SubordinatesState.clear_filters,
                    ),
                ),
                blank("network", t("还没有下级工会"), t("下级工会建立后，会显示在这里。")),
            ),
        ),
    )

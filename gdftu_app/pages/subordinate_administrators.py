"""下级工会权限设置 (手册 十)."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.administrator_dialogs import administrator_dialogs
from gdftu_app.components.administrators import administrators, appoint_button
from gdftu_app.components.browser import address, shortcuts
from gdftu_app.components.icons import icon
from gdftu_app.components.links import link_button
from gdftu_app.components.look import shut, toggle
from gdftu_app.components.page_heads import page_head
from gdftu_app.components.searches import search_box
from gdftu_app.components.states import blank, not_found, skeleton_rows
from gdftu_app.components.texts import label_of, t
from gdftu_app.components.tree_panes import tree_pane
from gdftu_app.models.unions import CATEGORY_LABELS
from gdftu_app.pages.registry import console_page
from gdftu_app.queries.unions import UnionRef
from gdftu_app.security.features import SUBORDINATE_ADMINISTRATORS
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.subordinate_administrators import FoundUnion, SubordinateAdministratorsState

Screen = SubordinateAdministratorsState
SEARCH_ID, SPLIT_ID = "administrators-search", "administrators-split"


@console_page(SUBORDINATE_ADMINISTRATORS, on_load=Screen.load)
def subordinate_administrators() -> rx.Component:
    """The tree at the left, the administrators of the selected union at the right."""
    return rx.fragment(
        address(query=Screen.query, settled=Screen.is_loaded & ~Screen.is_missing, on_return=Screen.load),
        shortcuts(search_id=SEARCH_ID, on_leave_search=Screen.leave_search),
        page_head(t(SUBORDINATE_ADMINISTRATORS.title), t("在左侧选择下级工会，查看并新增它的管理员。")),
        rx.cond(
            Screen.is_missing,
            not_found(CurrentUnion.name),
            rx.el.div(
                tree_pane(Screen, on_select=[Screen.select, shut(SPLIT_ID, "data-sheet")]),
                rx.el.div(
                    class_name="scrim", on_click=shut(SPLIT_ID, "data-sheet"), custom_attrs={"aria-hidden": "true"}
                ),
                rx.el.section(
                    rx.cond(Screen.is_loaded, _selected(), skeleton_rows()),
                    class_name="listpane",
                    custom_attrs={"aria-label": t("所选工会的管理员")},
                ),
                class_name="split",
                id=SPLIT_ID,
            ),
        ),
        administrator_dialogs(Screen, Screen.name),
    )


def _selected() -> rx.Component:
    return rx.fragment(
        rx.el.button(
            icon("network"),
            rx.el.span(Screen.name, class_name="b grow", style={"text-align": "left"}),
            icon("chevron-down"),
            class_name="treebtn only-m",
            type="button",
            on_click=toggle(SPLIT_ID, "data-sheet"),
            custom_attrs={"aria-label": t("在组织树中选择工会")},
        ),
        rx.el.div(
            search_box(
                Screen.search,
                key=Screen.search_round,
                value=Screen.keyword,
                label=t("搜索工会"),
                hint=t("搜索工会名称、信用代码或拼音首字母"),
                name=SEARCH_ID,
            ),
            class_name="filters",
            role="search",
        ),
        rx.cond(
            Screen.keyword != "",
            _found(),
            rx.cond(Screen.is_own, _choose(), rx.fragment(_head(), administrators(Screen, _nobody()))),
        ),
    )


def _choose() -> rx.Component:
    return blank(
        "network",
        t("请选择一个下级工会"),
        t("在组织树中选择，或按名称搜索。「{union}」自己的管理员在本级工会权限设置中。", union=CurrentUnion.name),
        link_button(t("本级工会权限设置"), href="/administrators/"),
    )


def _nobody() -> rx.Component:
    return blank(
        "users",
        t("这个工会还没有管理员"),
        t("新增一位负责人后，对方可以登录并管理这个工会。"),
    )


def _head() -> rx.Component:
    return rx.fragment(
        rx.el.nav(
            rx.foreach(Screen.path, _crumb), class_name="path only-d", custom_attrs={"aria-label": t("上级工会")}
        ),
        rx.el.div(
            rx.el.h2(Screen.name, class_name="only-d"),
            rx.el.span(label_of(CATEGORY_LABELS, Screen.category), class_name="muted only-d"),
            rx.el.span(class_name="grow"),
            appoint_button(Screen),
            class_name="title2",
        ),
    )


def _crumb(union: ObjectVar[UnionRef]) -> rx.Component:
    return rx.el.span(
        rx.el.button(union.name, class_name="plain", type="button", on_click=Screen.go_to(union.id)),
        icon("chevron-right"),
        class_name="crumb",
        key=union.id.to_string(),
    )


def _found() -> rx.Component:
    return rx.cond(
        Screen.hits.length() > 0,
        rx.fragment(
            rx.el.ul(rx.foreach(Screen.hits, _hit), class_name="choices"),
            rx.cond(
                Screen.is_cut,
                rx.el.p(t("只显示前面一些，请输入更完整的名称。"), class_name="small muted"),
                rx.fragment(),
            ),
        ),
        blank(
            "search",
            t("没有找到「{keyword}」", keyword=Screen.keyword),
            t("已在「{union}」及全部下级中按名称、信用代码和拼音首字母搜索。", union=CurrentUnion.name),
            rx.button(
                t("清除搜索"),
                variant="surface",
                color_scheme="gray",
                high_contrast=True,
                on_click=Screen.leave_search,
            ),
        ),
    )


def _hit(union: ObjectVar[FoundUnion]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(
                rx.el.b(union.name),
                rx.el.span(
                    label_of(CATEGORY_LABELS, union.category),
                    " · ",
                    union.path.to(list[str]).join(" › "),
                    class_name="small",
                ),
            ),
            icon("chevron-right"),
            class_name="choice",
            type="button",
            on_click=Screen.go_to(union.id),
        ),
        key=union.id.to_string(),
    )

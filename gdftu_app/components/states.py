"""What a page shows instead of content: nothing there, nothing found, not yours, still loading."""

import reflex as rx

from gdftu_app.components.icons import icon
from gdftu_app.components.links import link_button
from gdftu_app.components.texts import t


def blank(mark: str, title: rx.Var | str, explanation: rx.Var | str, *actions: rx.Component) -> rx.Component:
    """One box: what is missing, why, and one action."""
    return rx.el.div(
        rx.el.span(icon(mark), class_name="mark"),
        rx.el.h2(title),
        rx.el.p(explanation),
        rx.el.div(*actions, class_name="acts") if actions else rx.fragment(),
        class_name="blank",
    )


def not_found(union_name: rx.Var[str]) -> rx.Component:
    """Missing, or not within reach: the same words for both."""
    return blank(
        "lock",
        t("找不到这个页面"),
        t("可能已被移动，或不在「{union}」的管理范围内。", union=union_name),
        link_button(t("返回首页"), href="/overview/", is_primary=True),
        link_button(icon("arrow-left-right", small=True), t("切换工会"), href="/unions/"),
    )


def skeleton_rows(count: int = 8) -> rx.Component:
    """The list to come, in grey; it appears only when loading takes noticeably long."""
    return rx.el.div(
        *[
            rx.el.div(
                *[rx.el.span(class_name="sk", style={"--w": width}) for width in ("46%", "14%", "8%", "8%")],
                class_name="row",
                style={"height": "44px", "justify-content": "space-between"},
            )
            for _ in range(count)
        ],
        class_name="waiting",
        custom_attrs={"aria-hidden": "true"},
    )

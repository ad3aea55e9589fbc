"""The pane with the tree of unions at the left of a page, or in a sheet on a phone."""

from typing import Any

import reflex as rx

from gdftu_app.components.texts import t
from gdftu_app.components.tree import union_tree
from gdftu_app.state.union_tree import UnionTree


def tree_pane(screen: type[UnionTree], *, on_select: Any) -> rx.Component:
    """The tree of the acting union and all below it; `on_select` takes the id of the union that was chosen."""
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                rx.el.span(t("组织树  下级工会数"), class_name="small muted"),
                rx.el.button(t("全部收起"), class_name="op", type="button", on_click=screen.collapse_all),
                class_name="row",
            ),
            union_tree(
                root=screen.root,
                answer=screen.answer,
                selected=screen.selected,
                collapse_seq=screen.collapse_seq,
                page_size=200,
                labels={
                    "tree": t("组织树"),
                    "more": t("再显示 {n} 个（还有 {rest} 个）", n="{n}", rest="{rest}"),
                    "loading": t("正在载入…"),
                    "retry": t("没有载入，重试"),
                },
                on_branch=screen.load_branch,
                on_select=on_select,
            ),
            class_name="treebox",
        ),
        class_name="treepane",
        custom_attrs={"data-opens": ""},
    )

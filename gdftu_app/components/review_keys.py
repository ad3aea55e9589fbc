"""The keys of a review table: what they are, told in a small help, and where they act."""

from typing import Any

import reflex as rx

from gdftu_app.components.browser.keys import keys_switch, list_keys
from gdftu_app.components.texts import t
from gdftu_app.i18n import msg
from gdftu_app.queries.reviews import ReviewTab
from gdftu_app.state.reviews import ReviewPage

OPEN, TICK, APPROVE, REJECT = "o", "x", "a", "r"
APPROVE_TICKED, REJECT_TICKED, UNTICK, HELP = "A", "R", "Escape", "?"
KEYS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("J", "K"), msg("下一条、上一条")),
    (("Enter", "O"), msg("展开或收起")),
    (("X",), msg("勾选")),
    (("A",), msg("通过当前一条")),
    (("R",), msg("驳回当前一条")),
    (("Shift", "A"), msg("批量通过已勾选的")),
    (("Shift", "R"), msg("批量驳回已勾选的")),
    (("Esc",), msg("取消选择")),
    (("/",), msg("搜索")),
    (("?",), msg("打开本说明")),
)


def pressed_by(key: str, *, decides: bool = False) -> dict[str, Any]:
    """The attributes of a button that a key presses."""
    return {"data-key": key} | ({"data-decides": ""} if decides else {})


def hint(key: str) -> rx.Component:
    """A key drawn on the button that it presses."""
    return rx.el.kbd(key, custom_attrs={"aria-hidden": "true"})


def review_keys(screen: type[ReviewPage], list_id: str) -> rx.Component:
    """The keys themselves."""
    return list_keys(list_id=list_id, rows=screen.rows)


def keys_help(screen: type[ReviewPage]) -> rx.Component:
    """快捷键: a button with the help behind it, and the switch, where there is anything to decide."""
    return rx.cond(screen.tab == ReviewTab.PENDING.value, _help(), rx.fragment())


def _help() -> rx.Component:
    return rx.dialog.root(
        rx.dialog.trigger(
            rx.el.button(t("快捷键"), hint("?"), class_name="plain keys", type="button", custom_attrs=pressed_by(HELP))
        ),
        rx.dialog.content(
            rx.dialog.title(t("快捷键")),
            rx.dialog.description(t("在列表中使用；输入文字时不起作用。")),
            rx.el.dl(*[_key(keys, told) for keys, told in KEYS], class_name="keys-help"),
            rx.el.div(
                keys_switch(label=t("启用快捷键")),
                rx.dialog.close(rx.button(t("关闭"), type="button", color_scheme="gray", high_contrast=True)),
                class_name="row keys-foot",
            ),
            max_width="420px",
        ),
    )


def key_hints() -> rx.Component:
    """Beside the decision on an open row: where to go from here."""
    return rx.el.span(
        *[
            rx.el.span(rx.el.kbd(key), t(told), class_name="keys")
            for key, told in (("J", msg("下一条")), ("K", msg("上一条")), ("X", msg("勾选")))
        ],
        class_name="key-hints small muted",
        custom_attrs={"aria-hidden": "true"},
    )


def _key(keys: tuple[str, ...], told: str) -> rx.Component:
    return rx.el.div(rx.el.dt(*[rx.el.kbd(key) for key in keys]), rx.el.dd(t(told)))

"""撤回: taking back what a superior has not decided yet, after a question."""

from typing import Any

import reflex as rx

from gdftu_app.components.texts import t


def withdrawal(title: rx.Var[str], told: rx.Var[str], *, withdraw: Any) -> rx.Component:
    """The button 撤回… and the dialog behind it, whose answer is the event `withdraw`."""
    return rx.alert_dialog.root(
        rx.alert_dialog.trigger(
            rx.button(t("撤回…"), type="button", variant="surface", color_scheme="gray", high_contrast=True)
        ),
        rx.alert_dialog.content(
            rx.alert_dialog.title(title),
            rx.alert_dialog.description(told),
            rx.el.div(
                rx.alert_dialog.cancel(
                    rx.button(t("取消"), type="button", variant="surface", color_scheme="gray", high_contrast=True)
                ),
                rx.alert_dialog.action(rx.button(t("撤回"), type="button", color_scheme="tomato", on_click=withdraw)),
                class_name="row end",
            ),
            max_width="480px",
        ),
    )

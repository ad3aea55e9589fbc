"""组织登记 (手册 二)."""

import reflex as rx

from gdftu_app.components.browser.steps import step_focus
from gdftu_app.components.icons import icon
from gdftu_app.components.registration_check import check_step
from gdftu_app.components.registration_fields import STEPS
from gdftu_app.components.solo import solo
from gdftu_app.components.step_bars import step_bar
from gdftu_app.components.texts import pick, t
from gdftu_app.i18n import msg
from gdftu_app.models.registration_fields import RegistrationStep
from gdftu_app.pages.registry import page
from gdftu_app.state.register import RegisterState

TITLES = (msg("单位"), msg("工会"), msg("上级工会"), msg("检查"))
HEADS = (msg("填写单位信息"), msg("填写工会信息"), msg("选择上级工会"), msg("检查并提交"))


@page("/register", title=msg("组织登记"), on_load=RegisterState.load)
def register() -> rx.Component:
    """The form in four steps; what was typed before is there again."""
    return solo(rx.cond(RegisterState.is_loaded, _form(), rx.el.div(class_name="sk waiting")))


def _form() -> rx.Component:
    return rx.fragment(
        rx.el.h1(t("组织登记")),
        rx.el.p(t("仅支持单独基层工会。当前账号将作为该工会的管理员。"), _submitted_ones()),
        step_bar(
            [t(title) for title in TITLES],
            at=RegisterState.step,
            label=t("登记步骤"),
            go_to=lambda place: RegisterState.go_to(place),
        ),
        _why_again(),
        rx.el.h2(
            rx.match(RegisterState.step, *[(place, t(head)) for place, head in enumerate(HEADS, start=1)], ""),
            class_name="h2 step-head",
            tab_index=-1,
            custom_attrs={"data-step": ""},
        ),
        rx.el.div(
            rx.match(RegisterState.step, *[(step.value, part()) for step, part in STEPS.items()], check_step()),
            key=RegisterState.form_round.to_string(),
            class_name="step-form",
        ),
        _buttons(),
        step_focus(turn=RegisterState.turns),
    )


def _submitted_ones() -> rx.Component:
    return rx.cond(
        RegisterState.has_submitted,
        rx.link(t("查看已提交的申请"), href="/registrations/", class_name="op", margin_left="0.5em"),
        rx.fragment(),
    )


def _why_again() -> rx.Component:
    return rx.cond(
        RegisterState.earlier,
        rx.el.div(icon("circle-x"), rx.el.p(pick(RegisterState.earlier)), class_name="note bad", margin_top="20px"),
        rx.fragment(),
    )


def _buttons() -> rx.Component:
    is_last = RegisterState.step == RegistrationStep.CHECK.value
    return rx.el.div(
        _give_up(),
        rx.el.span(class_name="grow"),
        rx.cond(
            RegisterState.step > 1,
            rx.button(
                t("上一步"),
                type="button",
                size="3",
                variant="surface",
                color_scheme="gray",
                high_contrast=True,
                on_click=RegisterState.go_to(RegisterState.step - 1),
            ),
            rx.fragment(),
        ),
        rx.cond(
            is_last,
            rx.button(
                t("提交申请"),
                type="button",
                size="3",
                color_scheme="gray",
                high_contrast=True,
                on_click=RegisterState.submit,
            ),
            rx.button(
                t("下一步"),
                type="button",
                size="3",
                color_scheme="gray",
                high_contrast=True,
                on_click=RegisterState.go_to(RegisterState.step + 1),
            ),
        ),
        class_name="row step-buttons",
    )


def _give_up() -> rx.Component:
    return rx.alert_dialog.root(
        rx.alert_dialog.trigger(rx.el.button(t("放弃草稿…"), class_name="op", type="button")),
        rx.alert_dialog.content(
            rx.alert_dialog.title(t("放弃草稿")),
            rx.alert_dialog.description(t("已填写的内容和上传的证书都会删除，不能恢复。")),
            rx.el.div(
                rx.alert_dialog.cancel(
                    rx.button(t("继续填写"), type="button", variant="surface", color_scheme="gray", high_contrast=True)
                ),
                rx.alert_dialog.action(
                    rx.button(t("删除草稿"), type="button", color_scheme="tomato", on_click=RegisterState.discard)
                ),
                class_name="row end",
            ),
            max_width="480px",
        ),
    )

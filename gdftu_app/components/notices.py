"""Notices in the corner, what a batch left undone, the panel of an ended session, the banner of a lost connection."""

from collections.abc import Callable
from typing import Any

import reflex as rx
from reflex.vars import ArrayVar, ObjectVar
from reflex_components_core.core.banner import has_connection_errors

from gdftu_app.components.icons import icon
from gdftu_app.components.links import link_button
from gdftu_app.components.texts import pick, t
from gdftu_app.state.current import CurrentUnion, CurrentUser
from gdftu_app.state.notices import Notice, Notices


def floating_notices() -> rx.Component:
    """Results of one's own actions, newest last; successes fade by themselves, failures stay."""
    return rx.el.div(
        rx.foreach(Notices.shown, _notice),
        class_name="floats",
        role="status",
        custom_attrs={"aria-live": "polite"},
    )


def _notice(notice: ObjectVar[Notice]) -> rx.Component:
    return rx.el.div(
        rx.cond(notice.kind == "ok", icon("circle-check"), icon("circle-x")),
        rx.el.span(pick(notice.texts)),
        rx.el.button(
            icon("x", small=True),
            class_name="x",
            type="button",
            on_click=Notices.close(notice.number),
            custom_attrs={"aria-label": t("关闭提示")},
        ),
        class_name=f"float {notice.kind}",
        key=notice.number.to_string(),
    )


def signed_out_panel() -> rx.Component:
    """Told calmly when the session is over; what was typed stays on the page underneath."""
    return rx.alert_dialog.root(
        rx.alert_dialog.content(
            rx.alert_dialog.title(t("登录已失效")),
            rx.alert_dialog.description(
                t(
                    "为保护会员信息，长时间未操作、在别处退出或修改密码后需要重新登录。页面上还没有保存的内容，可以先留在本页复制出来。"
                )
            ),
            rx.el.div(
                rx.button(
                    t("留在本页"),
                    type="button",
                    variant="surface",
                    color_scheme="gray",
                    high_contrast=True,
                    on_click=CurrentUser.stay,
                ),
                link_button(t("重新登录"), href="/login/", is_primary=True, is_native=True),
                class_name="row",
                style={"justify-content": "flex-end", "margin-top": "20px"},
            ),
            max_width="480px",
        ),
        open=CurrentUser.signed_out,
    )


def ended_panel() -> rx.Component:
    """Told calmly when one no longer acts for the union: dismissed, or the union is gone."""
    return rx.alert_dialog.root(
        rx.alert_dialog.content(
            rx.alert_dialog.title(t("这个工会的管理权限已结束")),
            rx.alert_dialog.description(
                rx.cond(
                    CurrentUnion.is_dissolved,
                    t(
                        "「{union}」已撤销，你在该工会的管理员身份随之结束。如有疑问，请联系其上级工会。",
                        union=CurrentUnion.name,
                    ),
                    t("你不再是「{union}」的管理员。如有疑问，请联系该工会的负责人。", union=CurrentUnion.name),
                )
            ),
            rx.el.div(
                link_button(t("选择其他工会"), href="/unions/", is_primary=True, is_native=True),
                class_name="row",
                style={"justify-content": "flex-end", "margin-top": "20px"},
            ),
            max_width="480px",
        ),
        open=CurrentUnion.has_ended & ~CurrentUser.signed_out,
    )


def connection_banner() -> rx.Component:
    """Shown while the server cannot be reached; the page goes on by itself afterwards."""
    return rx.cond(
        has_connection_errors,
        rx.el.div(
            t("连接已断开，正在重新连接……恢复后会自动继续；若长时间没有恢复，请刷新页面。"),
            class_name="offline",
            role="status",
        ),
        rx.fragment(),
    )


def left_undone(
    heading: rx.Var, each: ArrayVar[Any], of_one: Callable[[Any], tuple[Any, Any]], on_close: Any
) -> rx.Component:
    """What a batch did not do, until it is closed: of each, `of_one` tells the name and, in every language, why."""
    return rx.cond(
        each.length() > 0,
        rx.el.section(
            icon("circle-alert"),
            rx.el.div(
                rx.el.b(heading),
                rx.el.ul(rx.foreach(each, lambda one: _line(*of_one(one)))),
                class_name="grow",
            ),
            rx.el.button(
                icon("x", small=True),
                class_name="x",
                type="button",
                on_click=on_close,
                custom_attrs={"aria-label": t("关闭提示")},
            ),
            class_name="undecided",
            role="status",
        ),
        rx.fragment(),
    )


def _line(name: Any, why: Any) -> rx.Component:
    return rx.el.li(rx.el.span(name), " ", rx.el.span(pick(why), class_name="muted"))

"""The door of the console: the picture at the left, one form at the right; on a phone one above the other."""

import reflex as rx

from gdftu_app.components.icons import icon
from gdftu_app.components.login_art import login_art
from gdftu_app.components.marks import seal
from gdftu_app.components.notices import connection_banner, floating_notices
from gdftu_app.components.page_tools import language_menu, theme_menu, zoom_buttons
from gdftu_app.components.shell import framed
from gdftu_app.components.texts import pick, t
from gdftu_app.i18n import msg

PRODUCT = msg("广东工会会员实名制服务平台")


def door(*form: rx.Component) -> rx.Component:
    """A page for visitors: the picture, the form, and what to bear in mind."""
    return framed(
        rx.el.div(
            rx.el.aside(
                rx.el.div(seal(), rx.el.span(t(PRODUCT)), class_name="mark"),
                login_art(),
                rx.el.p(
                    t("每一位会员，"),
                    rx.el.br(),
                    t("都实名在册。"),
                    rx.el.span(t("工会管理员工作台")),
                    class_name="motto",
                ),
                class_name="login-side",
            ),
            rx.el.div(
                rx.el.header(language_menu(), rx.el.span(zoom_buttons(), class_name="only-d"), theme_menu()),
                rx.el.main(rx.el.div(connection_banner(), *form, class_name="login-form"), id="main"),
                rx.el.footer(rx.el.span(t("首次登录需用手机完成实名认证")), rx.el.span(t("请勿将验证码告知他人"))),
                class_name="login-main",
            ),
            class_name="login",
        ),
        floating_notices(),
    )


def door_note(reason: rx.Var[dict[str, str]]) -> rx.Component:
    """Why the person is here, in every language; nothing when there is no reason."""
    return rx.cond(
        reason,
        rx.el.div(icon("info"), rx.el.p(pick(reason)), class_name="note info", role="status", margin_bottom="20px"),
        rx.fragment(),
    )


def send_button(label: rx.Var[str]) -> rx.Component:
    """The one button of a door's form."""
    return rx.button(
        label,
        rx.el.kbd("Enter"),
        type="submit",
        class_name="wide",
        size="3",
        color_scheme="gray",
        high_contrast=True,
    )

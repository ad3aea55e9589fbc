"""What is said of a password that will soon be too old."""

import reflex as rx
from reflex.vars import NumberVar

from gdftu_app.components.icons import icon
from gdftu_app.components.texts import number, t


def password_notice(days: NumberVar[int], *, link: bool = False) -> rx.Component:
    """How many days a password still opens the console; with a `link` to where it is changed."""
    return rx.el.div(
        icon("key-round"),
        rx.el.p(
            rx.el.span(t("密码还可以使用 {days} 天。", days=number(days)), class_name="t"),
            " ",
            t("到期后需要用短信验证码重新设置，才能再用密码登录。"),
            *([" ", rx.link(t("现在修改"), href="/account/", class_name="op")] if link else []),
        ),
        class_name="note warn",
        role="status",
        margin_bottom="20px",
    )

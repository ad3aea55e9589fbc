"""入会码: the code that leads people's phones to the page for joining a union, to be shown and printed."""

import reflex as rx

from gdftu_app.components.icons import icon
from gdftu_app.components.links import download_button, native_link
from gdftu_app.components.texts import t
from gdftu_app.models.unions import HOLDING_MEMBERS
from gdftu_app.state.current import CurrentUnion

CODE_ADDRESS, CODE_SIDE = "/session/join-code?union=", 208
POSTER_ADDRESS = "/session/join-poster?union="
_HOLDING = [category.value for category in HOLDING_MEMBERS]


def join_code_button(union_id: rx.Var[int]) -> rx.Component:
    """入会码, for a union that people may be members of; nothing for any other."""
    address = CODE_ADDRESS + union_id.to_string()
    return rx.cond(
        rx.Var.create(_HOLDING).to(list).contains(CurrentUnion.category) & (union_id != 0),
        rx.dialog.root(
            rx.dialog.trigger(
                rx.button(
                    icon("qr-code", small=True),
                    t("入会码"),
                    type="button",
                    variant="surface",
                    color_scheme="gray",
                    high_contrast=True,
                )
            ),
            rx.dialog.content(
                rx.dialog.title(t("入会码")),
                rx.dialog.description(
                    t("手机扫描后打开「{union}」的入会申请。可以打印张贴，长期有效。", union=CurrentUnion.name)
                ),
                rx.el.img(
                    src=address,
                    width=CODE_SIDE,
                    height=CODE_SIDE,
                    alt=t("入会申请页面的二维码"),
                    class_name="entry-code join-code",
                ),
                rx.el.div(
                    rx.button(
                        native_link(
                            icon("printer", small=True),
                            t("打印海报"),
                            href=POSTER_ADDRESS + union_id.to_string(),
                            custom_attrs={"target": "_blank", "rel": "noopener"},
                        ),
                        as_child=True,
                        color_scheme="gray",
                        variant="surface",
                        high_contrast=True,
                    ),
                    download_button(icon("download", small=True), t("下载"), href=f"{address}&download=1"),
                    rx.dialog.close(rx.button(t("关闭"), type="button", color_scheme="gray", high_contrast=True)),
                    class_name="row end",
                ),
                max_width="400px",
            ),
        ),
        rx.fragment(),
    )

"""The frame of pages that belong to an account rather than to a union: a narrow header, one column."""

import reflex as rx

from gdftu_app.components.icons import icon
from gdftu_app.components.links import skip_link
from gdftu_app.components.marks import seal
from gdftu_app.components.notices import connection_banner, floating_notices, signed_out_panel
from gdftu_app.components.page_tools import language_menu, theme_menu
from gdftu_app.components.shell import framed, sign_out_form
from gdftu_app.components.texts import t


def solo(*content: rx.Component, is_wide: bool = False) -> rx.Component:
    """A page without the console's menu, for somebody signed in; a wide one has room for tables."""
    return framed(
        skip_link(),
        rx.el.div(
            connection_banner(),
            rx.el.header(
                seal(),
                rx.el.span(t("广东工会")),
                rx.el.span(class_name="sp"),
                rx.link(
                    icon("circle-user"),
                    rx.el.span(t("我的账号"), class_name="only-d"),
                    href="/account/",
                    underline="none",
                    class_name="hb",
                    custom_attrs={"aria-label": t("我的账号")},
                ),
                language_menu(),
                theme_menu(),
                sign_out_form(),
            ),
            rx.el.main(*content, id="main", tab_index=-1),
            class_name="solo wide" if is_wide else "solo",
        ),
        floating_notices(),
        signed_out_panel(),
    )

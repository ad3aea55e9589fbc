"""The answer to an address that leads nowhere."""

import reflex as rx

from gdftu_app.components.links import link_button
from gdftu_app.components.marks import seal
from gdftu_app.components.shell import framed
from gdftu_app.components.states import blank
from gdftu_app.components.texts import t
from gdftu_app.i18n import msg
from gdftu_app.pages.registry import page
from gdftu_app.state.preferences import PreferencesState


@page("404", title=msg("找不到这个页面"), on_load=PreferencesState.load)
def missing() -> rx.Component:
    """Says so, and leads back."""
    return framed(
        rx.el.div(
            rx.el.header(seal(), rx.el.span(t("广东工会"))),
            rx.el.main(
                blank(
                    "map-pin-off",
                    t("找不到这个页面"),
                    t("地址可能有误，或页面已被移动。"),
                    link_button(t("返回首页"), href="/", is_primary=True, is_native=True),
                ),
                id="main",
            ),
            class_name="solo",
        )
    )

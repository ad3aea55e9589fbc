"""What a reader sets for himself: language, size, light or dark. In the header, the drawer and on the sign-in page."""

import reflex as rx
from reflex.style import LiteralColorMode, color_mode, resolved_color_mode, set_color_mode

from gdftu_app.components.icons import icon
from gdftu_app.components.texts import t
from gdftu_app.i18n import LANGUAGES
from gdftu_app.state.preferences import PreferencesState


def language_menu() -> rx.Component:
    """语言."""
    return rx.menu.root(
        rx.menu.trigger(
            rx.el.button(
                icon("globe"),
                rx.el.span(t("语言")),
                class_name="hb lang",
                type="button",
                custom_attrs={"title": "Language"},
            )
        ),
        rx.menu.content(
            *[
                rx.menu.item(
                    name,
                    _tick(PreferencesState.language == code),
                    on_select=PreferencesState.choose_language(code),
                    custom_attrs={"lang": code},
                )
                for code, name in LANGUAGES.items()
            ],
            color_scheme="gray",
        ),
        modal=False,
    )


def zoom_buttons() -> rx.Component:
    """放大, 缩小, 重置; the reset button shows the present size when it is not the usual one."""
    scaling = PreferencesState.scaling
    return rx.el.div(
        rx.el.button(
            t("放大"), class_name="hb", type="button", disabled=scaling == "110%", on_click=PreferencesState.zoom(1)
        ),
        rx.el.button(
            t("缩小"), class_name="hb", type="button", disabled=scaling == "90%", on_click=PreferencesState.zoom(-1)
        ),
        rx.el.button(
            t("重置"),
            rx.cond(scaling != "100%", rx.el.span(scaling, class_name="small muted"), rx.fragment()),
            class_name="hb",
            type="button",
            on_click=PreferencesState.reset_zoom,
        ),
        class_name="zoom",
        role="group",
        custom_attrs={"aria-label": t("页面显示大小")},
    )


def theme_menu() -> rx.Component:
    """Light, dark, or as the system says; kept in the browser."""
    choices: dict[LiteralColorMode, rx.Var[str]] = {"light": t("浅色"), "dark": t("深色"), "system": t("跟随系统")}
    return rx.menu.root(
        rx.menu.trigger(
            rx.el.button(
                rx.cond(resolved_color_mode == "dark", icon("sun"), icon("moon")),
                class_name="hb sq",
                type="button",
                custom_attrs={"aria-label": t("外观")},
            )
        ),
        rx.menu.content(
            *[
                rx.menu.item(name, _tick(color_mode == mode), on_select=set_color_mode(mode))
                for mode, name in choices.items()
            ],
            color_scheme="gray",
        ),
        modal=False,
    )


def _tick(is_chosen: rx.Var[bool]) -> rx.Component:
    return rx.cond(is_chosen, icon("check", small=True), rx.fragment())

"""The shell around every page of the console: menu, header, notices (手册 十七)."""

from collections.abc import Iterable

import reflex as rx

from gdftu_app.components.bell import bell, waiting_count
from gdftu_app.components.browser import document_language
from gdftu_app.components.forms import native_form
from gdftu_app.components.icons import icon
from gdftu_app.components.links import link_button, skip_link
from gdftu_app.components.look import console_theme, shut, toggle
from gdftu_app.components.marks import seal
from gdftu_app.components.notices import connection_banner, ended_panel, floating_notices, signed_out_panel
from gdftu_app.components.page_tools import language_menu, theme_menu, zoom_buttons
from gdftu_app.components.texts import label_of, t
from gdftu_app.models.unions import CATEGORY_LABELS
from gdftu_app.security.features import FEATURES, Feature, FeatureGroup
from gdftu_app.state.current import CurrentUnion, CurrentUser
from gdftu_app.state.preferences import PreferencesState

SHELL_ID = "shell"


def framed(*children: rx.Component) -> rx.Component:
    """Page content in the reader's own language and scaling."""
    return console_theme(
        document_language(language=PreferencesState.language), *children, scaling=PreferencesState.scaling
    )


def shell(feature: Feature | None, *content: rx.Component) -> rx.Component:
    """A page of the console: `content` within menu, header and landmarks; `feature` is the current menu entry."""
    return framed(
        skip_link(),
        rx.el.div(
            _side(feature),
            rx.el.div(
                connection_banner(),
                _header(),
                rx.el.main(*content, class_name="page", id="main", tab_index=-1),
            ),
            rx.el.div(class_name="scrim", on_click=shut(SHELL_ID, "data-drawer"), custom_attrs={"aria-hidden": "true"}),
            class_name="shell",
            id=SHELL_ID,
        ),
        floating_notices(),
        signed_out_panel(),
        ended_panel(),
    )


def _side(feature: Feature | None) -> rx.Component:
    return rx.el.aside(
        rx.el.div(
            seal(),
            rx.el.div(rx.el.b(t("广东工会")), rx.el.span(t("会员实名制服务平台"))),
            class_name="brand",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.span(t("当前工会"), class_name="small muted"),
                rx.el.b(CurrentUnion.name),
                class_name="grow",
            ),
            _switch_union(),
            class_name="only-m who",
        ),
        rx.el.nav(
            *[_group(group, feature) for group in FeatureGroup],
            class_name="nav",
            custom_attrs={"aria-label": t("功能菜单")},
        ),
        rx.el.div(_home(), language_menu(), zoom_buttons(), theme_menu(), class_name="only-m dr"),
        class_name="side",
        custom_attrs={"data-opens": ""},
    )


def _group(group: FeatureGroup, current: Feature | None) -> rx.Component:
    members = [feature for feature in FEATURES if feature.group is group]
    if not members:
        return rx.fragment()
    return rx.cond(
        _any(CurrentUnion.features.contains(feature.key) for feature in members),
        rx.fragment(
            rx.el.h2(t(group.value)),
            *[
                rx.cond(
                    CurrentUnion.features.contains(feature.key),
                    rx.link(
                        t(feature.title),
                        waiting_count(feature),
                        href=f"{feature.path}/",
                        underline="none",
                        custom_attrs={"aria-current": "page"} if feature is current else {},
                    ),
                    rx.fragment(),
                )
                for feature in members
            ],
        ),
        rx.fragment(),
    )


def _any(conditions: Iterable[rx.Var[bool]]) -> rx.Var[bool]:
    first, *others = conditions
    for other in others:
        first = first | other
    return first


def _header() -> rx.Component:
    return rx.el.header(
        rx.el.button(
            icon("menu"),
            class_name="hb sq only-m",
            type="button",
            on_click=toggle(SHELL_ID, "data-drawer"),
            custom_attrs={"aria-label": t("打开菜单")},
        ),
        rx.el.div(
            rx.el.b(CurrentUnion.name, title=CurrentUnion.name),
            rx.el.span(label_of(CATEGORY_LABELS, CurrentUnion.category), class_name="kind only-d"),
            rx.el.span(_switch_union(), class_name="only-d"),
            class_name="acting",
        ),
        rx.el.div(class_name="grow only-d"),
        rx.el.div(
            _home(), language_menu(), zoom_buttons(), rx.el.span(class_name="vr"), theme_menu(), class_name="row only-d"
        ),
        bell(),
        _account_menu(),
        class_name="top",
    )


def _switch_union() -> rx.Component:
    return rx.cond(
        CurrentUnion.manages_several,
        link_button(icon("arrow-left-right", small=True), t("切换工会"), href="/unions/"),
        rx.fragment(),
    )


def _home() -> rx.Component:
    return rx.link(t("首页"), href="/overview/", underline="none", class_name="hb")


def _account_menu() -> rx.Component:
    return rx.popover.root(
        rx.popover.trigger(
            rx.el.button(
                rx.el.span(CurrentUser.name[:1], class_name="ava", custom_attrs={"aria-hidden": "true"}),
                class_name="hb sq",
                type="button",
                custom_attrs={"aria-label": t("账号：{name}", name=CurrentUser.name)},
            )
        ),
        rx.popover.content(
            rx.el.div(CurrentUser.name, class_name="b"),
            rx.link(t("我的账号"), href="/account/", underline="none", class_name="hb own-link"),
            rx.el.div(sign_out_form(), margin_top="12px"),
            align="end",
            width="200px",
            custom_attrs={"aria-label": t("账号：{name}", name=CurrentUser.name)},
        ),
    )


def sign_out_form() -> rx.Component:
    """退出登录: submitted by the browser, so that the cookie and the socket change with it."""
    return native_form(
        rx.button(
            icon("log-out", small=True),
            t("退出登录"),
            type="submit",
            variant="surface",
            color_scheme="gray",
            high_contrast=True,
        ),
        action="/session/close",
        method="post",
    )

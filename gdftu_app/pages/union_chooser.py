"""选择工会 (手册 一.3)."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.icons import icon
from gdftu_app.components.links import skip_link
from gdftu_app.components.marks import seal
from gdftu_app.components.notices import connection_banner, floating_notices, signed_out_panel
from gdftu_app.components.page_tools import language_menu, theme_menu
from gdftu_app.components.shell import framed, sign_out_form
from gdftu_app.components.states import blank
from gdftu_app.components.texts import label_of, t
from gdftu_app.i18n import msg
from gdftu_app.models.unions import CATEGORY_LABELS
from gdftu_app.pages.registry import page
from gdftu_app.queries.accounts import ManagedUnion
from gdftu_app.security.permissions import ROLE_LABELS
from gdftu_app.state.current import CurrentUnion, CurrentUser
from gdftu_app.state.union_chooser import UnionChooserState

_ROLE_NAMES = {label: label for label in ROLE_LABELS.values()}


@page("/unions", title=msg("选择工会"), on_load=UnionChooserState.load)
def union_chooser() -> rx.Component:
    """The unions to choose from, or what to do next where there is none."""
    return framed(
        skip_link(),
        rx.el.div(
            connection_banner(),
            rx.el.header(
                seal(),
                rx.el.span(t("广东工会")),
                rx.el.span(class_name="sp"),
                language_menu(),
                theme_menu(),
                sign_out_form(),
            ),
            rx.el.main(
                rx.cond(UnionChooserState.is_loaded, _content(), rx.el.div(class_name="sk waiting")),
                id="main",
                tab_index=-1,
            ),
            class_name="solo",
        ),
        floating_notices(),
        signed_out_panel(),
    )


def _content() -> rx.Component:
    return rx.cond(
        ~UnionChooserState.is_verified,
        blank(
            "id-card",
            t("请先完成实名认证"),
            t(
                "{name}，你的账号还没有实名认证。请用微信打开「粤工惠」小程序完成认证，然后重新登录。",
                name=CurrentUser.name,
            ),
        ),
        rx.cond(UnionChooserState.managed == 0, _nothing_yet(), _choices()),
    )


def _nothing_yet() -> rx.Component:
    return blank(
        "building-2",
        t("还没有可以管理的工会"),
        t(
            "{name}，你的账号还不是任何工会的管理员。请联系本单位工会的负责人，由其在「本级工会权限设置」中添加你的手机号。",
            name=CurrentUser.name,
        ),
    )


def _choices() -> rx.Component:
    return rx.fragment(
        rx.el.h1(t("选择工会")),
        rx.el.p(t("你管理 {count} 个工会，选择要进入的一个。", count=UnionChooserState.managed)),
        rx.input(
            rx.input.slot(icon("search", small=True)),
            placeholder=t("搜索工会名称、信用代码或拼音首字母"),
            on_change=UnionChooserState.search.debounce(250),
            max_length=60,
            size="3",
            custom_attrs={"aria-label": t("搜索工会")},
        ),
        rx.cond(
            UnionChooserState.unions.length() > 0,
            rx.el.ul(rx.foreach(UnionChooserState.unions, _choice), class_name="choices"),
            blank(
                "search",
                t("没有找到「{keyword}」", keyword=UnionChooserState.keyword),
                t("换一个名称、代码或拼音首字母再试。"),
            ),
        ),
    )


def _choice(union: ObjectVar[ManagedUnion]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(
                rx.el.b(union.name),
                rx.el.span(
                    label_of(CATEGORY_LABELS, union.category),
                    " · ",
                    label_of(_ROLE_NAMES, union.role_label),
                    rx.cond(union.superiors.to(list[str]).length() > 0, " · ", ""),
                    union.superiors.to(list[str]).join(" › "),
                    class_name="small",
                ),
            ),
            icon("chevron-right"),
            class_name="choice",
            type="button",
            on_click=CurrentUnion.enter_union(union.id),
        ),
        key=union.id.to_string(),
    )

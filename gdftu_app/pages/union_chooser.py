"""选择工会 (手册 一.3)."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.icons import icon
from gdftu_app.components.links import link_button
from gdftu_app.components.solo import solo
from gdftu_app.components.states import blank
from gdftu_app.components.texts import label_of, pick, t
from gdftu_app.i18n import msg
from gdftu_app.models.unions import CATEGORY_LABELS
from gdftu_app.pages.registry import page
from gdftu_app.queries.accounts import ManagedUnion
from gdftu_app.security.permissions import ROLE_LABELS
from gdftu_app.state.bell import ToldRow
from gdftu_app.state.current import CurrentUnion, CurrentUser
from gdftu_app.state.union_chooser import UnionChooserState

_ROLE_NAMES = {label: label for label in ROLE_LABELS.values()}


@page("/unions", title=msg("选择工会"), on_load=UnionChooserState.load)
def union_chooser() -> rx.Component:
    """The unions to choose from, or what to do next where there is none."""
    return solo(
        rx.cond(
            UnionChooserState.is_loaded,
            rx.cond(UnionChooserState.managed == 0, _nothing_yet(), _choices()),
            rx.el.div(class_name="sk waiting"),
        )
    )


def _nothing_yet() -> rx.Component:
    return rx.fragment(
        rx.foreach(UnionChooserState.endings, _ending),
        blank(
            "building-2",
            rx.cond(UnionChooserState.endings.length() > 0, t("没有可以管理的工会"), t("还没有可以管理的工会")),
            t(
                "{name}，你的账号还不是任何工会的管理员。工会已登记的，请联系本单位工会的负责人，由其在「本级工会权限设置」中添加你的手机号；尚未登记的，可以办理组织登记。",
                name=CurrentUser.name,
            ),
            link_button(t("组织登记"), href="/register/", is_primary=True),
        ),
    )


def _ending(told: ObjectVar[ToldRow]) -> rx.Component:
    """Why one administers a union no more."""
    return rx.el.div(
        icon("info"),
        rx.el.div(rx.el.p(pick(told.texts)), rx.el.span(pick(told.at), class_name="small muted")),
        class_name="note info",
        role="status",
        margin_bottom="12px",
        key=told.id.to_string(),
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
        rx.el.div(
            rx.el.span(rx.el.b(t("所管理的工会尚未登记？")), rx.el.br(), t("单独基层工会可以提交组织登记申请。")),
            rx.el.span(
                rx.cond(
                    UnionChooserState.is_applicant,
                    link_button(t("查看申请"), href="/registrations/"),
                    rx.fragment(),
                ),
                link_button(t("组织登记"), href="/register/"),
                class_name="row",
            ),
            class_name="also",
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

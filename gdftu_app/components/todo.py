"""待办, 最近动态 and shortcuts beside the overview; what waits and what was told is the bell's."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.icons import icon
from gdftu_app.components.texts import pick, t
from gdftu_app.i18n import msg
from gdftu_app.queries.waiting import COUNTED
from gdftu_app.security.features import MEMBER_IMPORT, MEMBERS, OWN_UNION, STATISTICS, SUBORDINATES, Feature
from gdftu_app.state.bell import BellState, ToldRow
from gdftu_app.state.current import CurrentUnion

TOLD = 5
# In words of their own, so that nobody takes them for the menu.
_SHORTCUTS: dict[Feature, str] = {
    STATISTICS: msg("看发展与对比"),
    MEMBERS: msg("查找会员"),
    MEMBER_IMPORT: msg("从工作簿导入"),
    SUBORDINATES: msg("浏览组织树"),
    OWN_UNION: msg("核对本工会信息"),
}


def todo() -> rx.Component:
    """Each queue in which something waits, with how much; nothing for whoever has no queue."""
    return rx.cond(_has_a_queue(), _todo(), rx.fragment())


def _has_a_queue() -> rx.Var[bool]:
    has: rx.Var[bool] = rx.Var.create(False)
    for feature in COUNTED:
        has = has | CurrentUnion.features.contains(feature.key)
    return has


def _todo() -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2(t("待办"), class_name="h2"), class_name="row spread"),
        rx.cond(
            BellState.waiting_total != "",
            rx.el.ul(*[_waiting(feature) for feature in COUNTED], class_name="todo"),
            rx.el.p(t("没有等待处理的事项。"), class_name="muted"),
        ),
        class_name="aside-part",
    )


def lately_told() -> rx.Component:
    """The latest of what the account was told."""
    return rx.el.section(
        rx.el.div(rx.el.h2(t("最近动态"), class_name="h2"), class_name="row spread"),
        rx.cond(
            BellState.told.length() > 0,
            rx.el.ul(rx.foreach(BellState.told[:TOLD], _told), class_name="feed"),
            rx.el.p(t("还没有动态。"), class_name="muted"),
        ),
        class_name="aside-part",
    )


def shortcuts() -> rx.Component:
    """Where this role goes most often."""
    return rx.el.nav(
        *[
            rx.cond(
                CurrentUnion.features.contains(feature.key),
                rx.link(t(words), href=f"{feature.path}/", class_name="op"),
                rx.fragment(),
            )
            for feature, words in _SHORTCUTS.items()
        ],
        class_name="row shortcuts",
        custom_attrs={"aria-label": t("常用功能")},
    )


def _waiting(feature: Feature) -> rx.Component:
    return rx.cond(
        BellState.waiting.contains(feature.key),
        rx.el.li(
            rx.link(
                rx.el.span(t(feature.title), class_name="b grow"),
                rx.el.span(BellState.waiting[feature.key], class_name="n"),
                icon("chevron-right", small=True),
                href=f"{feature.path}/",
                underline="none",
            )
        ),
        rx.fragment(),
    )


def _told(row: ObjectVar[ToldRow]) -> rx.Component:
    return rx.el.li(
        rx.el.span(pick(row.at), class_name="muted small"),
        rx.el.button(pick(row.texts), class_name="plain", type="button", on_click=BellState.follow(row.id)),
        key=row.id.to_string(),
    )

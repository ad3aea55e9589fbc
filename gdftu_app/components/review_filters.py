"""Above a review table: its tabs and its filters."""

from typing import Any

import reflex as rx

from gdftu_app.components.searches import search_box
from gdftu_app.components.texts import number, t
from gdftu_app.queries.reviews import ReviewTab
from gdftu_app.state.reviews import ReviewPage

Screen = type[ReviewPage]
SEARCH_ID, PANEL_ID = "review-search", "review-list"
ALL = "all"


def review_tabs(screen: Screen) -> rx.Component:
    """待审核, 已通过, 驳回列表."""
    return rx.tabs.root(
        rx.tabs.list(
            rx.tabs.trigger(
                t("待审核"),
                rx.cond(screen.pending > 0, rx.el.b(number(screen.pending), class_name="tab-count"), rx.fragment()),
                value=ReviewTab.PENDING.value,
                custom_attrs=_controls(),
            ),
            rx.tabs.trigger(t("已通过"), value=ReviewTab.APPROVED.value, custom_attrs=_controls()),
            rx.tabs.trigger(t("驳回列表"), value=ReviewTab.REJECTED.value, custom_attrs=_controls()),
        ),
        value=screen.tab,
        on_change=screen.show_tab,
        class_name="review-tabs",
    )


def _controls() -> dict[str, str]:
    return {"aria-controls": PANEL_ID}


def review_filters(screen: Screen, search_for: str) -> rx.Component:
    """Name, waiting time, days, and how many there are."""
    return rx.el.div(
        search_box(
            screen.search,
            key=screen.filter_round,
            value=screen.keyword,
            label=t(search_for),
            hint=t(search_for),
            name=SEARCH_ID,
        ),
        rx.cond(screen.tab == ReviewTab.PENDING.value, _waiting_filter(screen), rx.fragment()),
        rx.el.span(
            rx.el.span(
                rx.cond(screen.tab == ReviewTab.PENDING.value, t("提交日期"), t("审核日期")), class_name="muted"
            ),
            _day(screen, t("起始日期"), screen.first_day, screen.filter_from),
            rx.el.span(t("至"), class_name="muted"),
            _day(screen, t("截止日期"), screen.last_day, screen.filter_until),
            class_name="row days",
        ),
        rx.cond(
            is_filtered(screen),
            rx.el.button(t("清除筛选"), class_name="op", type="button", on_click=screen.clear_filters),
            rx.fragment(),
        ),
        rx.el.span(
            rx.cond(
                (screen.tab == ReviewTab.PENDING.value) & (screen.late > 0),
                rx.el.span(
                    t("{count} 件已超过 {days} 天", count=number(screen.late), days=screen.queue.list.late_days),
                    class_name="late",
                ),
                rx.fragment(),
            ),
            rx.el.span(t("共 {count} 件", count=number(screen.total))),
            class_name="sum row",
            role="status",
        ),
        class_name="filters",
        role="search",
    )


def _waiting_filter(screen: Screen) -> rx.Component:
    label = t("等待时间")
    return rx.select.root(
        rx.select.trigger(variant="surface", custom_attrs={"aria-label": label}),
        rx.select.content(
            rx.select.item(rx.fragment(rx.el.b(label), " ", t("全部")), value=ALL),
            *[
                rx.select.item(rx.fragment(rx.el.b(label), " ", t("{days} 天以上", days=days)), value=str(days))
                for days in (screen.queue.list.soon_days, screen.queue.list.late_days)
            ],
            position="popper",
        ),
        value=rx.cond(screen.waiting_days == "", ALL, screen.waiting_days),
        on_change=screen.filter_by_waiting,
    )


def _day(screen: Screen, label: rx.Var[str], value: rx.Var[str], choose: Any) -> rx.Component:
    return rx.el.input(
        type="date",
        default_value=value,
        key=f"{label!s}-{screen.filter_round}",
        on_change=choose,
        class_name="day",
        custom_attrs={"aria-label": label},
    )


def is_filtered(screen: Screen) -> rx.Var[bool]:
    """Whether anything narrows the list."""
    return (screen.keyword != "") | (screen.waiting_days != "") | (screen.first_day != "") | (screen.last_day != "")

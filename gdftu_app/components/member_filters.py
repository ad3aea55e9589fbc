"""Above a list of members: the search, the filters, what a number found, and how many there are."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from gdftu_app.components.icons import icon
from gdftu_app.components.searches import search_box
from gdftu_app.components.texts import number, t
from gdftu_app.i18n import msg
from gdftu_app.models.codes import EDUCATION_LEVELS, OCCUPATION_GROUPS
from gdftu_app.state.member_lists import MemberList
from gdftu_app.state.member_words import SEX_LABELS, STATUS_LABELS

SEARCH_ID = "member-search"
ALL = "all"
VERIFIED_LABELS = {"yes": msg("已实名"), "no": msg("未实名")}
YES_NO_LABELS = {"yes": msg("是"), "no": msg("否")}

Screen = type[MemberList]


def member_filters(screen: Screen, *others: rx.Component) -> rx.Component:
    """Search and filters; `others` stand before the count."""
    return rx.fragment(
        rx.el.div(
            search_box(
                screen.search,
                key=screen.filter_round,
                value=screen.name,
                label=t("搜索会员"),
                hint=t("姓名，或完整的手机号、证件号码"),
                name=SEARCH_ID,
            ),
            _select(screen, "status", t("会籍"), STATUS_LABELS, otherwise="current"),
            _select(screen, "verified", t("实名状态"), VERIFIED_LABELS),
            _select(screen, "sex", t("性别"), SEX_LABELS),
            _select(screen, "migrant", t("农民工"), YES_NO_LABELS),
            _select(screen, "occupation", t("职业群体"), OCCUPATION_GROUPS.labels),
            _select(screen, "education", t("学历"), EDUCATION_LEVELS.labels),
            rx.el.span(
                rx.el.span(t("入会时间"), class_name="muted"),
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
            *others,
            rx.el.span(_told(screen), class_name="sum", role="status"),
            class_name="filters",
            role="search",
        ),
        rx.cond(
            screen.is_number_incomplete,
            rx.el.p(t("号码只能整个查找，请输入完整的手机号或证件号码。"), class_name="muted small", role="status"),
            rx.fragment(),
        ),
        rx.cond(screen.number != "", _found_by_number(screen), rx.fragment()),
    )


def is_filtered(screen: Screen) -> rx.Var[bool]:
    """Whether anything narrows the list."""
    return (
        (screen.name != "")
        | (screen.number != "")
        | (screen.first_day != "")
        | (screen.last_day != "")
        | (screen.filters.length() > 0)
    )


def _told(screen: Screen) -> rx.Var[str]:
    count = rx.cond(screen.total >= 0, t("共 {count} 名会员", count=number(screen.total)), t("按页查看，不计总数"))
    return rx.cond(screen.is_loaded, count, "").to(str)


def _found_by_number(screen: Screen) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            t("号码 {number}", number=screen.number),
            rx.el.button(
                icon("x", small=True),
                type="button",
                on_click=screen.clear_filters,
                custom_attrs={"aria-label": t("不再按号码查找")},
            ),
            class_name="chip",
        ),
        rx.el.span(t("在本级及以下的全部会员中查找，不受其他筛选影响。"), class_name="muted small"),
        class_name="chips",
    )


def _select(
    screen: Screen, name: str, label: rx.Var[str], labels: Mapping[Any, str], *, otherwise: str = ALL
) -> rx.Component:
    chosen = screen.filters.get(name, otherwise).to(str)
    everything = [rx.select.item(rx.fragment(rx.el.b(label), " ", t("全部")), value=ALL)] if otherwise == ALL else []
    return rx.select.root(
        rx.select.trigger(variant="surface", custom_attrs={"aria-label": label}),
        rx.select.content(
            *everything,
            *[
                rx.select.item(rx.fragment(rx.el.b(label), " ", t(text)), value=str(code))
                for code, text in labels.items()
            ],
            position="popper",
        ),
        value=chosen,
        on_change=lambda value: screen.filter_by(name, value),
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

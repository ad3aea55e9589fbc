"""The history of a union (变更记录): when, what, from what to what, by whom."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.texts import pick, t
from gdftu_app.state.union_history import ChangedRow, HistoryRow, UnionHistory


def history_list(screen: type[UnionHistory], *, read_on: Any, nothing: rx.Component) -> rx.Component:
    """The entries that were read, the latest first; `read_on` is the event that adds earlier ones.

    `nothing` stands in their place where there are none.
    """
    return rx.cond(
        screen.entries.length() > 0,
        rx.fragment(
            rx.table.root(
                rx.table.header(
                    rx.table.row(
                        rx.table.column_header_cell(t("时间"), width="calc(140 * var(--u))"),
                        rx.table.column_header_cell(t("事项"), width="calc(120 * var(--u))"),
                        rx.table.column_header_cell(t("变更内容")),
                        rx.table.column_header_cell(t("操作人"), width="calc(200 * var(--u))"),
                    )
                ),
                rx.table.body(rx.foreach(screen.entries, _entry)),
                size="1",
                variant="ghost",
                class_name="c-table plain-rows history",
            ),
            rx.cond(
                screen.earlier_before > 0,
                rx.el.p(rx.el.button(t("显示更早的记录"), class_name="op", type="button", on_click=read_on)),
                rx.fragment(),
            ),
        ),
        rx.cond(screen.is_read, nothing, rx.fragment()),
    )


def changes_table(fields: Any) -> rx.Component:
    """字段 | 变更前 | 变更后, the latter in red."""
    return rx.el.table(
        rx.el.thead(rx.el.tr(rx.el.th(t("字段")), rx.el.th(t("变更前")), rx.el.th(t("变更后")))),
        rx.el.tbody(rx.foreach(fields, _changed)),
        class_name="diff",
    )


def _changed(change: ObjectVar[ChangedRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(_name(change)),
        rx.el.td(pick(change.before), custom_attrs={"data-label": t("变更前")}),
        rx.el.td(pick(change.after), class_name="new", custom_attrs={"data-label": t("变更后")}),
    )


def _entry(entry: ObjectVar[HistoryRow]) -> rx.Component:
    return rx.table.row(
        rx.table.cell(pick(entry.at), class_name="m-in"),
        rx.table.row_header_cell(pick(entry.verb), class_name="m-name"),
        rx.table.cell(
            rx.el.ul(rx.foreach(entry.changes.to(list[ChangedRow]), _line), class_name="changes"), class_name="m-full"
        ),
        rx.table.cell(
            rx.cond(entry.who != "", rx.fragment(entry.who), rx.fragment(t("平台"))),
            rx.cond(entry.acting != "", rx.el.div(entry.acting, class_name="small muted"), rx.fragment()),
            class_name="m-full",
        ),
        key=entry.id.to_string(),
    )


def _line(change: ObjectVar[ChangedRow]) -> rx.Component:
    return rx.el.li(
        rx.el.span(_name(change), class_name="muted"),
        rx.cond(pick(change.before) != "—", rx.fragment(pick(change.before), " → "), rx.fragment()),
        rx.el.b(pick(change.after)),
    )


def _name(change: ObjectVar[ChangedRow]) -> rx.Component:
    return rx.fragment(
        pick(change.label), rx.cond(change.employer != "", rx.fragment(" · ", change.employer), rx.fragment())
    )

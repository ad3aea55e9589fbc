"""A chart with the table that says the same: 图 and 表, one of them at a time."""

from typing import Any

import reflex as rx

from gdftu_app.components.charts import chart
from gdftu_app.components.texts import t


def chart_section(
    title: rx.Var[str],
    figure: rx.Var[dict],
    table: rx.Component,
    *,
    name: rx.Var[str] | str,
    explanation: rx.Component | rx.Var[str] | str = "",
    on_pick: Any = None,
) -> rx.Component:
    """A heading, and under it the picture or its numbers; `name` is that of the saved picture."""
    return rx.el.section(
        rx.tabs.root(
            rx.el.div(
                rx.el.h2(title, class_name="h2"),
                rx.el.span(explanation, class_name="muted small grow"),
                rx.tabs.list(
                    rx.tabs.trigger(t("图"), value="chart"), rx.tabs.trigger(t("表"), value="table"), size="1"
                ),
                class_name="row chart-head",
            ),
            rx.tabs.content(chart(figure, label=title, name=name, on_pick=on_pick), value="chart"),
            rx.tabs.content(table, value="table"),
            default_value="chart",
        ),
        class_name="chart-section",
        custom_attrs={"aria-label": title},
    )


def number_table(*columns: rx.Component, rows: rx.Component) -> rx.Component:
    """A table of numbers; it may be wider than its place, and is then pushed sideways."""
    return rx.el.div(
        rx.table.root(
            rx.table.header(rx.table.row(*columns)),
            rx.table.body(rows),
            size="1",
            variant="ghost",
            class_name="c-table dense figures",
        ),
        class_name="wide",
        tab_index=0,
    )


def head_cell(label: rx.Var[str] | str, *, is_number: bool = True, help_text: rx.Var[str] | str = "") -> rx.Component:
    """The head of a column; its help text appears over it."""
    return rx.table.column_header_cell(label, class_name="num" if is_number else "", title=help_text)

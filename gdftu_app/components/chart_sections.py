"""A chart with the table that says the same: 图 and 表, one of them at a time."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.charts import chart
from gdftu_app.components.links import native_link
from gdftu_app.components.texts import t


def chart_section(
    title: rx.Var[str],
    figure: rx.Var[dict],
    table: rx.Component,
    *,
    name: rx.Var[str] | str,
    explanation: rx.Component | rx.Var[str] | str = "",
    on_pick: Any = None,
    workbook: rx.Var[str] | None = None,
    without: rx.Var[str] | None = None,
    kind: str = "",
) -> rx.Component:
    """A heading, and under it the picture or its numbers; `name` is that of the saved picture.

    `workbook` is where the table can be saved from, `without` what stands where nothing can be drawn.
    """
    picture = chart(figure, label=title, name=name, on_pick=on_pick)
    if without is not None:
        picture = rx.cond(figure.to(ObjectVar).contains("data"), picture, rx.el.p(without, class_name="muted undrawn"))
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
            rx.tabs.content(picture, value="chart"),
            rx.tabs.content(table, _save_table(workbook), value="table"),
            default_value="chart",
        ),
        class_name=f"chart-section {kind}".strip(),
        custom_attrs={"aria-label": title},
    )


def _save_table(workbook: rx.Var[str] | None) -> rx.Component:
    if workbook is None:
        return rx.fragment()
    return native_link(t("下载表格"), href=workbook, class_name="op chart-save", custom_attrs={"download": True})


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

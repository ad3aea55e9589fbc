"""构成: pairs side by side, the other traits each as a chart with its table."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.chart_sections import chart_section, head_cell, number_table
from gdftu_app.components.texts import pick, t
from gdftu_app.state.compositions_shown import DivisionShown, PartRow
from gdftu_app.state.statistics import StatisticsState


def compositions() -> rx.Component:
    """Who the present members are, whatever time was chosen."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("当前构成"), class_name="h2"),
            rx.el.span(t("今天在会的会员和现有的工会，与所选时间无关。"), class_name="muted small"),
            class_name="row chart-head",
        ),
        rx.el.div(rx.foreach(StatisticsState.pairs, _pair), class_name="divisions"),
        rx.el.div(rx.foreach(StatisticsState.divisions, _drawn), class_name="drawn-divisions"),
        class_name="chart-section",
        custom_attrs={"aria-label": t("当前构成")},
    )


def _pair(division: ObjectVar[DivisionShown]) -> rx.Component:
    return rx.el.div(
        rx.el.h3(pick(division.label), class_name="b"),
        rx.el.dl(rx.foreach(division.parts, _part), class_name="parts"),
        key=division.key,
    )


def _part(part: ObjectVar[PartRow]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(pick(part.label)),
        rx.el.dd(
            rx.el.span(rx.el.i(style={"--p": part.share.to_string()}), rx.el.span(part.percent), class_name="rate"),
            rx.el.span(pick(part.count), class_name="num"),
        ),
        key=part.key,
    )


def _drawn(division: ObjectVar[DivisionShown]) -> rx.Component:
    return rx.el.div(
        chart_section(
            pick(division.label),
            division.figure,
            number_table(
                head_cell(t("项目"), is_number=False),
                head_cell(pick(division.head)),
                head_cell(t("占比")),
                rows=rx.foreach(division.parts, _row),
            ),
            name=division.key,
            explanation=pick(division.total),
            workbook=StatisticsState.workbook,
        ),
        key=division.key,
    )


def _row(part: ObjectVar[PartRow]) -> rx.Component:
    return rx.table.row(
        rx.table.row_header_cell(pick(part.label)),
        rx.table.cell(pick(part.number), class_name="num"),
        rx.table.cell(part.percent, class_name="num"),
        key=part.key,
    )

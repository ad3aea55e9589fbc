"""构成: the members by each trait, a table with a bar for each part."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.texts import pick, t
from gdftu_app.state.statistics import StatisticsState
from gdftu_app.state.statistics_shown import DivisionShown, PartRow


def compositions() -> rx.Component:
    """All that is known of the present members together."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("当前会员构成"), class_name="h2"),
            rx.el.span(t("今天在会的会员，与所选时间无关。"), class_name="muted small"),
            class_name="row chart-head",
        ),
        rx.el.div(rx.foreach(StatisticsState.divisions, _division), class_name="divisions"),
        class_name="chart-section",
        custom_attrs={"aria-label": t("当前会员构成")},
    )


def _division(division: ObjectVar[DivisionShown]) -> rx.Component:
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

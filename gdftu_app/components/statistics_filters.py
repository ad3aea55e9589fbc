"""What statistics are asked for: time, its division, scope and measure."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from gdftu_app.components.texts import t
from gdftu_app.i18n import msg
from gdftu_app.queries.periods import Grain, Preset
from gdftu_app.state.measures import LABELS, Measure
from gdftu_app.state.statistics import FREE, StatisticsState

PRESET_LABELS: dict[str, str] = {
    Preset.SEVEN_DAYS: msg("近 7 天"),
    Preset.THIRTY_DAYS: msg("近 30 天"),
    Preset.THIS_MONTH: msg("本月"),
    Preset.THIS_QUARTER: msg("本季度"),
    Preset.THIS_YEAR: msg("今年"),
    Preset.TWELVE_MONTHS: msg("近 12 个月"),
    Preset.THREE_YEARS: msg("近三年"),
}
GRAIN_LABELS: dict[str, str] = {
    Grain.DAY: msg("日"),
    Grain.WEEK: msg("周"),
    Grain.MONTH: msg("月"),
    Grain.QUARTER: msg("季度"),
    Grain.YEAR: msg("年"),
}


def statistics_filters() -> rx.Component:
    """One line of choices above the figures; each takes effect at once."""
    return rx.el.div(
        _select(
            t("时间"),
            StatisticsState.preset,
            PRESET_LABELS,
            StatisticsState.choose_preset,
            rx.cond(StatisticsState.preset == FREE, rx.select.item(t("自选"), value=FREE), rx.fragment()),
        ),
        rx.el.span(
            _day(t("起始日期"), StatisticsState.first_day, StatisticsState.begin_on),
            rx.el.span(t("至"), class_name="muted"),
            _day(t("截止日期"), StatisticsState.last_day, StatisticsState.end_on),
            class_name="row days",
        ),
        _select(t("按"), StatisticsState.grain, GRAIN_LABELS, StatisticsState.choose_grain),
        rx.cond(
            StatisticsState.is_above_base,
            rx.segmented_control.root(
                rx.segmented_control.item(t("本级及以下"), value="below"),
                rx.segmented_control.item(t("仅本级"), value="own"),
                value=rx.cond(StatisticsState.below, "below", "own"),
                on_change=lambda value: StatisticsState.look_below(value.to(str) == "below"),
            ),
            rx.fragment(),
        ),
        _measures(),
        class_name="filters",
        role="search",
    )


def _measures() -> rx.Component:
    everywhere = {measure: label for measure, label in LABELS.items() if measure is not Measure.REGISTERED}
    registered = rx.cond(
        StatisticsState.is_above_base,
        rx.select.item(t(LABELS[Measure.REGISTERED]), value=Measure.REGISTERED.value),
        rx.fragment(),
    )
    return _select(t("指标"), StatisticsState.measure, everywhere, StatisticsState.choose_measure, registered)


def _select(
    label: rx.Var[str], chosen: rx.Var[str], labels: Mapping[Any, str], choose: Any, *others: rx.Component
) -> rx.Component:
    return rx.select.root(
        rx.select.trigger(variant="surface", custom_attrs={"aria-label": label}),
        rx.select.content(
            *[
                rx.select.item(rx.fragment(rx.el.b(label), " ", t(text)), value=str(key))
                for key, text in labels.items()
            ],
            *others,
            position="popper",
        ),
        value=chosen,
        on_change=choose,
    )


def _day(label: rx.Var[str], value: rx.Var[str], choose: Any) -> rx.Component:
    return rx.el.input(
        type="date",
        default_value=value,
        key=f"{label!s}-{value!s}",
        max=StatisticsState.last_possible,
        on_blur=choose,
        class_name="day",
        custom_attrs={"aria-label": label},
    )

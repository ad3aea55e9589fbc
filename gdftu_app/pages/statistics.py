"""统计 (手册 四)."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.browser import address
from gdftu_app.components.chart_sections import chart_section, head_cell, number_table
from gdftu_app.components.compositions import compositions
from gdftu_app.components.counted import counted_how
from gdftu_app.components.figures import figure_strip
from gdftu_app.components.icons import icon
from gdftu_app.components.links import download_button
from gdftu_app.components.page_heads import page_head
from gdftu_app.components.states import blank, not_found, skeleton_rows
from gdftu_app.components.statistics_filters import statistics_filters
from gdftu_app.components.texts import label_of, pick, t
from gdftu_app.i18n import msg
from gdftu_app.pages.registry import console_page
from gdftu_app.security.features import STATISTICS
from gdftu_app.state.city_maps import CityRow
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.measures import HELP, LABELS, MOVES_HELP, Measure
from gdftu_app.state.statistics import StatisticsState
from gdftu_app.state.statistics_shown import DRAWN, LISTED, ComparedRow, PeriodRow, StepRow


@console_page(STATISTICS, on_load=StatisticsState.load)
def statistics() -> rx.Component:
    """How a union developed over a time, how its direct subordinates compare, and who its members are."""
    return rx.fragment(
        address(
            query=StatisticsState.query,
            settled=StatisticsState.is_loaded & ~StatisticsState.is_missing,
            on_return=StatisticsState.load,
        ),
        page_head(
            t(STATISTICS.title),
            t("只有汇总数字，不含个人信息。"),
            rx.cond(
                StatisticsState.is_missing,
                rx.fragment(),
                download_button(icon("download", small=True), t("导出 Excel"), href=StatisticsState.workbook.to(str)),
            ),
        ),
        rx.cond(
            StatisticsState.is_missing,
            not_found(CurrentUnion.name),
            rx.cond(StatisticsState.is_loaded, _view(), skeleton_rows()),
        ),
    )


def _view() -> rx.Component:
    return rx.fragment(
        _way(),
        statistics_filters(),
        figure_strip(StatisticsState.figures, small=True),
        _development(),
        rx.el.div(
            rx.cond(StatisticsState.compared_total > 0, _comparison(), rx.fragment()),
            rx.cond(StatisticsState.cities.length() > 0, _map(), rx.fragment()),
            class_name=rx.cond(StatisticsState.cities.length() > 0, "map-beside", ""),
        ),
        rx.cond(
            StatisticsState.pairs.length() + StatisticsState.divisions.length() > 0,
            compositions(),
            blank("users", t("目前没有在会会员"), t("有会员入会后，这里显示他们的构成。")),
        ),
        counted_how(
            *[(LABELS[measure], HELP[measure]) for measure in Measure],
            (msg("工会调整上级"), MOVES_HELP),
            divisions=(StatisticsState.pairs, StatisticsState.divisions),
        ),
    )


def _way() -> rx.Component:
    return rx.cond(
        StatisticsState.trail.length() > 1,
        rx.el.nav(
            rx.foreach(StatisticsState.trail, _step), class_name="trail", custom_attrs={"aria-label": t("所在位置")}
        ),
        rx.fragment(),
    )


def _step(step: ObjectVar[StepRow]) -> rx.Component:
    return rx.cond(
        step.id == StatisticsState.union_id,
        rx.el.b(step.name, custom_attrs={"aria-current": "page"}),
        rx.el.span(
            rx.el.button(step.name, class_name="op", type="button", on_click=StatisticsState.open_union(step.id)),
            rx.el.span(" / ", class_name="muted"),
        ),
    )


def _development() -> rx.Component:
    return chart_section(
        t("{measure}的发展", measure=label_of(LABELS, StatisticsState.measure)),
        StatisticsState.development,
        number_table(
            head_cell(t("时间"), is_number=False), *_measure_heads(), rows=rx.foreach(StatisticsState.rows, _period)
        ),
        name="development",
        explanation=label_of(HELP, StatisticsState.measure),
        workbook=StatisticsState.workbook,
        without=t("所选时间内没有在会会员，因此没有实名率。"),
    )


def _comparison() -> rx.Component:
    return chart_section(
        t("直属下级的{measure}", measure=label_of(LABELS, StatisticsState.measure)),
        StatisticsState.comparison,
        rx.fragment(
            number_table(
                head_cell(t("工会名称"), is_number=False),
                *_measure_heads(),
                rows=rx.foreach(StatisticsState.compared, _subordinate),
            ),
            rx.cond(
                StatisticsState.compared_total > LISTED,
                rx.el.p(
                    t("只列前 {count} 个，导出的工作簿有全部 {total} 个。", count=LISTED, total=_total()),
                    class_name="muted small",
                ),
                rx.fragment(),
            ),
        ),
        name="comparison",
        explanation=rx.cond(
            StatisticsState.compared_total > DRAWN,
            t("共 {total} 个，图中为前 {count} 个，点击查看其统计", count=DRAWN, total=_total()),
            t("共 {total} 个，点击查看其统计", total=_total()),
        ).to(str),
        on_pick=StatisticsState.open_place,
        workbook=StatisticsState.workbook,
        without=t("直属下级都没有在会会员，因此没有实名率。"),
    )


def _map() -> rx.Component:
    measure = label_of(LABELS, StatisticsState.measure)
    return chart_section(
        t("各市的{measure}", measure=measure),
        StatisticsState.city_map,
        number_table(
            head_cell(t("工会名称"), is_number=False),
            head_cell(measure),
            rows=rx.foreach(StatisticsState.cities, _city),
        ),
        name="cities",
        explanation=t("一格一市，位置近似；颜色越深名次越前"),
        on_pick=StatisticsState.open_city,
        workbook=StatisticsState.workbook,
        kind="map",
    )


def _total() -> rx.Var[str]:
    return StatisticsState.compared_total.to_string()


def _measure_heads() -> list[rx.Component]:
    return [head_cell(t(LABELS[measure]), help_text=t(HELP[measure])) for measure in Measure]


def _period(row: ObjectVar[PeriodRow]) -> rx.Component:
    return rx.table.row(
        rx.table.row_header_cell(pick(row.label)),
        rx.foreach(row.cells, lambda cell: rx.table.cell(cell, class_name="num")),
        key=row.key,
    )


def _subordinate(row: ObjectVar[ComparedRow]) -> rx.Component:
    return rx.table.row(
        rx.table.row_header_cell(_named(row.id, row.name)),
        rx.foreach(row.cells, lambda cell: rx.table.cell(cell, class_name="num")),
        key=row.id.to_string(),
    )


def _city(row: ObjectVar[CityRow]) -> rx.Component:
    return rx.table.row(
        rx.table.row_header_cell(_named(row.id, row.name)),
        rx.table.cell(row.value, class_name="num"),
        key=row.id.to_string(),
    )


def _named(union_id: rx.Var[int], name: rx.Var[str]) -> rx.Component:
    return rx.el.button(
        name, class_name="plain name", type="button", on_click=StatisticsState.open_union(union_id), title=name
    )

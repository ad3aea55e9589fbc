"""概览 (手册 三)."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.chart_sections import chart_section, head_cell, number_table
from gdftu_app.components.counted import counted_how
from gdftu_app.components.details import details_grid
from gdftu_app.components.figures import figure_strip
from gdftu_app.components.leagues import league
from gdftu_app.components.links import link_button
from gdftu_app.components.page_heads import page_head
from gdftu_app.components.password_notices import password_notice
from gdftu_app.components.states import blank, skeleton_rows
from gdftu_app.components.texts import label_of, pick, t
from gdftu_app.components.todo import lately_told, shortcuts, todo
from gdftu_app.i18n import msg
from gdftu_app.models.unions import CATEGORY_LABELS
from gdftu_app.pages.registry import console_page
from gdftu_app.security.features import OVERVIEW, STATISTICS
from gdftu_app.security.permissions import ROLE_LABELS
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.overview import OverviewState
from gdftu_app.state.overview_shown import CHANGES_HELP, HELP, LABELS, GrowthRow

WEEK_HELP = msg("每天结束时的实名会员数比前一天增加多少：新认证、已认证者入会和转入为增，转出和离会为减。")


@console_page(OVERVIEW, on_load=OverviewState.load)
def overview() -> rx.Component:
    """The acting union's figures with everything below it."""
    return rx.fragment(
        page_head(
            t(OVERVIEW.title),
            _explanation(),
            rx.cond(
                CurrentUnion.features.contains(STATISTICS.key),
                link_button(t("查看统计"), href=f"{STATISTICS.path}/"),
                rx.fragment(),
            ),
        ),
        rx.cond(OverviewState.password_is_due, password_notice(OverviewState.password_days, link=True), rx.fragment()),
        rx.cond(
            OverviewState.may_view,
            rx.cond(OverviewState.is_loaded, _summary(), skeleton_rows(4)),
            blank(
                "shield-check",
                t("你在这个工会的身份是{role}", role=label_of(ROLE_LABELS, CurrentUnion.role)),
                t("这个身份不查看工会和会员数据。可以使用的功能见左侧菜单。"),
            ),
        ),
    )


def _summary() -> rx.Component:
    return rx.fragment(
        figure_strip(OverviewState.figures),
        rx.el.div(
            rx.el.div(
                _week(),
                rx.el.div(
                    league(t("实名率领先"), t("近七天增长"), OverviewState.leading),
                    league(t("实名率落后"), t("近七天增长"), OverviewState.lagging),
                    class_name="leagues",
                ),
                league(t("近七天增长最多"), t("近七天增长"), OverviewState.growing),
                class_name="wide-part",
            ),
            rx.el.aside(todo(), lately_told(), shortcuts(), class_name="aside"),
            class_name="overview",
        ),
        rx.cond(
            OverviewState.details.length() > 0,
            rx.el.div(
                rx.el.h2(t("工会信息"), class_name="h2", margin="28px 0 16px"),
                details_grid(OverviewState.details),
                class_name="own-details",
            ),
            rx.fragment(),
        ),
        counted_how(
            *[(LABELS[key], HELP[key]) for key in LABELS],
            (msg("较昨日、较上月末"), CHANGES_HELP),
            (msg("近七天实名会员增长"), WEEK_HELP),
        ),
    )


def _week() -> rx.Component:
    return chart_section(
        t("近七天实名会员增长"),
        OverviewState.week,
        number_table(
            head_cell(t("日期"), is_number=False),
            head_cell(t("实名会员增长")),
            head_cell(t("前七天同日")),
            head_cell(t("当日实名会员数")),
            rows=rx.foreach(OverviewState.days, _day),
        ),
        name="overview",
        explanation=t("共 {count} 人，含已实名会员的转入与离会", count=OverviewState.week_growth),
    )


def _day(row: ObjectVar[GrowthRow]) -> rx.Component:
    return rx.table.row(
        rx.table.row_header_cell(row.day, " ", rx.el.span(pick(row.weekday), class_name="muted")),
        rx.table.cell(row.growth, class_name="num"),
        rx.table.cell(row.before, class_name="num"),
        rx.table.cell(row.verified, class_name="num"),
        key=row.day,
    )


def _explanation() -> rx.Component:
    return rx.fragment(
        label_of(CATEGORY_LABELS, CurrentUnion.category),
        " · ",
        CurrentUnion.name,
        " · ",
        label_of(ROLE_LABELS, CurrentUnion.role),
        rx.cond(OverviewState.is_loaded & OverviewState.may_view, rx.fragment(" · ", _as_of()), rx.fragment()),
    )


def _as_of() -> rx.Var[str]:
    return t("数据截至 {day}", day=pick(OverviewState.today))

"""Tables of unions: the list of direct subordinates and the hits of a search share their rows."""

from collections.abc import Callable
from typing import Any

import reflex as rx
from reflex.vars import ObjectVar, StringVar

from gdftu_app.components.details import details_grid
from gdftu_app.components.icons import icon
from gdftu_app.components.texts import label_of, t
from gdftu_app.components.union_care import care_buttons
from gdftu_app.components.union_history import history_list
from gdftu_app.models.unions import CATEGORY_LABELS, STATUS_LABELS, UnionStatus
from gdftu_app.queries.subordinates import SubordinateSort
from gdftu_app.state.subordinates import SubordinatesState, UnionRow
from gdftu_app.state.union_history import SubordinateHistoryState

Row = ObjectVar[UnionRow]
COLUMNS, HIT_COLUMNS = 7, 5


def subordinates_table() -> rx.Component:
    """工会名称, 类型, 下级工会, 会员数, 实名会员, 实名率; a row opens the union's information under it."""
    return rx.table.root(
        rx.table.header(
            rx.table.row(
                rx.table.column_header_cell(rx.el.span(t("展开"), class_name="vh"), width="calc(42 * var(--u))"),
                _sortable(t("工会名称"), SubordinateSort.NAME),
                _sortable(t("类型"), SubordinateSort.CATEGORY, width=136),
                _sortable(t("下级工会数"), SubordinateSort.SUBORDINATES, width=104, is_number=True),
                _sortable(t("会员数"), SubordinateSort.MEMBERS, width=92, is_number=True),
                _sortable(t("实名会员数"), SubordinateSort.VERIFIED, width=104, is_number=True),
                _sortable(t("实名率"), SubordinateSort.RATE, width=140, is_number=True),
            )
        ),
        rx.table.body(_total_row(), rx.foreach(SubordinatesState.rows, _subordinate)),
        size="1",
        variant="ghost",
        class_name="c-table",
    )


def hits_table() -> rx.Component:
    """Search results with the path of their superiors; a click opens the superiors in the tree."""
    return rx.table.root(
        rx.table.header(
            rx.table.row(
                rx.table.column_header_cell(rx.el.span(t("展开"), class_name="vh"), width="calc(42 * var(--u))"),
                rx.table.column_header_cell(t("工会名称与上级")),
                rx.table.column_header_cell(t("类型"), width="calc(150 * var(--u))"),
                rx.table.column_header_cell(t("会员数"), width="calc(96 * var(--u))", class_name="num"),
                rx.table.column_header_cell(t("实名率"), width="calc(150 * var(--u))", class_name="num"),
            )
        ),
        rx.table.body(rx.foreach(SubordinatesState.hits, _hit)),
        size="1",
        variant="ghost",
        class_name="c-table hits",
    )


def _sortable(label: rx.Var, column: SubordinateSort, *, width: int = 0, is_number: bool = False) -> rx.Component:
    is_sorted = SubordinatesState.sort == column.value
    direction = rx.cond(SubordinatesState.descending, "descending", "ascending")
    return rx.table.column_header_cell(
        rx.el.button(
            label,
            rx.cond(
                is_sorted,
                rx.cond(SubordinatesState.descending, icon("arrow-down", small=True), icon("arrow-up", small=True)),
                rx.fragment(),
            ),
            type="button",
            on_click=SubordinatesState.sort_by(column.value),
        ),
        class_name="num" if is_number else "",
        width=f"calc({width} * var(--u))" if width else "auto",
        custom_attrs={"aria-sort": rx.cond(is_sorted, direction, rx.Var("undefined"))},
    )


def _total_row() -> rx.Component:
    sums = SubordinatesState.sums
    return rx.table.row(
        rx.table.cell(class_name="m-hide"),
        rx.table.row_header_cell(t("合计 {count} 个", count=sums["count"]), class_name="m-name"),
        rx.table.cell(class_name="m-hide"),
        rx.table.cell(sums["subordinates"], class_name="num m-in", custom_attrs={"data-label": t("下级工会数")}),
        rx.table.cell(sums["members"], class_name="num m-in", custom_attrs={"data-label": t("会员数")}),
        rx.table.cell(sums["verified"], class_name="num m-hide"),
        rx.table.cell(sums["rate"], class_name="num m-in", custom_attrs={"data-label": t("实名率")}),
        class_name="total",
    )


def _subordinate(union: Row) -> rx.Component:
    return _expandable(
        union,
        SubordinatesState.toggle_row,
        rx.table.row_header_cell(_name(union, SubordinatesState.toggle_row), class_name="m-name"),
        rx.table.cell(label_of(CATEGORY_LABELS, union.category), class_name="muted m-in"),
        rx.table.cell(union.subordinates, class_name="num m-hide"),
        rx.table.cell(union.members, class_name="num m-in", custom_attrs={"data-label": t("会员数")}),
        rx.table.cell(union.verified, class_name="num m-hide"),
        _rate_cell(union),
        columns=COLUMNS,
    )


def _hit(union: Row) -> rx.Component:
    return _expandable(
        union,
        SubordinatesState.open_hit,
        rx.table.row_header_cell(
            _name(union, SubordinatesState.open_hit),
            rx.el.div(union.path.join(" › "), class_name="path cut", title=union.path.join(" › ")),
            class_name="m-name",
        ),
        rx.table.cell(label_of(CATEGORY_LABELS, union.category), class_name="muted m-in"),
        rx.table.cell(union.members, class_name="num m-in", custom_attrs={"data-label": t("会员数")}),
        _rate_cell(union),
        columns=HIT_COLUMNS,
    )


def _expandable(union: Row, toggle: Callable, *cells: rx.Component, columns: int) -> rx.Component:
    is_open = SubordinatesState.open_id == union.id
    return rx.fragment(
        rx.table.row(
            rx.table.cell(
                rx.el.button(
                    rx.cond(is_open, icon("minus"), icon("plus")),
                    class_name="exp",
                    type="button",
                    on_click=toggle(union.id).stop_propagation,
                    custom_attrs={
                        "aria-expanded": is_open,
                        "aria-label": rx.cond(is_open, t("收起"), t("展开{name}的信息", name=union.name)),
                    },
                ),
                class_name="m-a",
            ),
            *cells,
            on_click=toggle(union.id),
            cursor="pointer",
            custom_attrs={
                "data-open": rx.cond(is_open, "", rx.Var("undefined")),
                "data-focus": rx.cond(is_open, "", rx.Var("undefined")),
            },
        ),
        rx.cond(is_open, _opened(union, columns), rx.fragment()),
        key=union.id.to_string(),
    )


def _opened(union: Row, columns: int) -> rx.Component:
    return rx.table.row(
        rx.table.cell(
            details_grid(SubordinatesState.details),
            union_actions(
                union.id,
                first=rx.cond(
                    union.subordinates != "—",
                    rx.button(
                        t("查看直属下级"),
                        variant="surface",
                        color_scheme="gray",
                        high_contrast=True,
                        on_click=SubordinatesState.go_to(union.id),
                    ),
                    rx.fragment(),
                ),
                care=care_buttons(union.id, union.status.to(str)),
            ),
            col_span=columns,
        ),
        class_name="detail",
    )


def union_actions(
    union_id: Any, *, first: rx.Component | None = None, care: rx.Component | None = None
) -> rx.Component:
    """What may be done about a union whose information is shown, and its history below once it is asked for."""
    is_read = SubordinateHistoryState.union_id == union_id
    return rx.fragment(
        rx.el.div(
            first or rx.fragment(),
            rx.el.button(
                rx.cond(is_read, t("收起变更记录"), t("变更记录")),
                class_name="op",
                type="button",
                on_click=SubordinateHistoryState.toggle(union_id),
                custom_attrs={"aria-expanded": is_read},
            ),
            care or rx.fragment(),
            class_name="row union-actions",
        ),
        rx.cond(
            is_read,
            history_list(
                SubordinateHistoryState,
                read_on=SubordinateHistoryState.read_on,
                nothing=rx.el.p(t("还没有变更记录"), class_name="muted", role="status"),
            ),
            rx.fragment(),
        ),
    )


def _name(union: Row, toggle: Callable) -> rx.Component:
    return rx.el.span(
        rx.el.button(
            highlighted(union.name.to(str), SubordinatesState.keyword),
            class_name="plain name",
            type="button",
            on_click=toggle(union.id).stop_propagation,
            title=union.name,
        ),
        rx.cond(
            union.status != UnionStatus.ACTIVE.value,
            rx.el.span(label_of(STATUS_LABELS, union.status), class_name="tag"),
            rx.fragment(),
        ),
        class_name="row",
    )


def highlighted(name: StringVar, keyword: StringVar) -> rx.Component:
    """A name with the first place where the keyword stands marked."""
    parts = name.split(keyword)
    marked = rx.fragment(parts[0], rx.el.mark(keyword), parts[1:].join(keyword))
    return rx.el.span(rx.cond((keyword != "") & name.contains(keyword), marked, rx.fragment(name)))


def _rate_cell(union: Row) -> rx.Component:
    return rx.table.cell(
        rx.el.span(
            rx.cond(
                union.rate != "—",
                rx.el.i(style={"--p": union.rate_percent}, custom_attrs={"aria-hidden": "true"}),
                rx.fragment(),
            ),
            rx.el.span(union.rate),
            class_name=rx.cond(union.is_low, "rate low", "rate"),
        ),
        class_name="num m-in",
        custom_attrs={"data-label": t("实名率")},
    )

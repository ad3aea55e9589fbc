"""The review table (审核列表): every queue is drawn by it (design §5)."""

import reflex as rx

from gdftu_app.components.browser import address, shortcuts
from gdftu_app.components.icons import icon
from gdftu_app.components.notices import left_undone
from gdftu_app.components.pagers import pager
from gdftu_app.components.review_dialogs import review_dialogs
from gdftu_app.components.review_filters import PANEL_ID, SEARCH_ID, is_filtered, review_filters, review_tabs
from gdftu_app.components.review_keys import (
    APPROVE_TICKED,
    REJECT_TICKED,
    UNTICK,
    hint,
    keys_help,
    pressed_by,
    review_keys,
)
from gdftu_app.components.review_rows import request_rows
from gdftu_app.components.states import blank, skeleton_rows
from gdftu_app.components.texts import number, t
from gdftu_app.queries.reviews import PAGE_SIZES, ReviewTab
from gdftu_app.state.reviews import ReviewPage

Screen = type[ReviewPage]


def review_table(screen: Screen, *, search_for: str, columns: tuple[int, ...]) -> rx.Component:
    """A whole queue: tabs, filters, rows that open, ticks, decisions, pager.

    `search_for` is the words in the search field; `columns` are the widths, in pixels at 100 %, of the queue's own.
    """
    return rx.fragment(
        address(query=screen.query, settled=screen.is_loaded, on_return=screen.load),
        shortcuts(search_id=SEARCH_ID, on_leave_search=screen.clear_filters),
        review_keys(screen, PANEL_ID),
        rx.el.div(review_tabs(screen), keys_help(screen), class_name="tabs-line"),
        review_filters(screen, search_for),
        left_undone(
            t("{count} 件没有处理", count=screen.undecided.length()),
            screen.undecided,
            lambda outcome: (outcome.title, outcome.why),
            screen.close_undecided,
        ),
        rx.el.div(
            rx.cond(
                screen.is_loaded,
                rx.cond(screen.rows.length() > 0, _listed(screen, columns), _nothing(screen)),
                skeleton_rows(),
            ),
            id=PANEL_ID,
            role="tabpanel",
            custom_attrs={"aria-label": t("申请列表")},
        ),
        _batch(screen),
        review_dialogs(screen),
    )


def _listed(screen: Screen, columns: tuple[int, ...]) -> rx.Component:
    heads = [
        rx.table.column_header_cell(t(head), width=f"calc({width} * var(--u))")
        for head, width in zip(screen.queue.list.columns, columns, strict=True)
    ]
    is_pending = screen.tab == ReviewTab.PENDING.value
    return rx.fragment(
        rx.table.root(
            rx.table.header(
                rx.table.row(
                    rx.cond(is_pending, _tick_head(screen), rx.fragment()),
                    rx.table.column_header_cell(rx.el.span(t("展开"), class_name="vh"), width="calc(42 * var(--u))"),
                    rx.table.column_header_cell(t("姓名") if screen.queue.list.is_of_people else t("工会名称")),
                    *heads,
                    rx.cond(is_pending, rx.fragment(*_pending_heads(screen)), rx.fragment(*_closed_heads(screen))),
                )
            ),
            rx.table.body(rx.foreach(screen.rows, lambda row: request_rows(screen, row, len(columns)))),
            size="1",
            variant="ghost",
            class_name=rx.cond(is_pending, "c-table reviews ticks", "c-table reviews"),
        ),
        pager(
            page=screen.page,
            pages=screen.pages,
            page_size=screen.page_size,
            sizes=PAGE_SIZES,
            turn_to=screen.turn_to,
            choose_size=screen.choose_page_size,
        ),
    )


def _head(label: rx.Var[str], width: int, *, is_number: bool = False) -> rx.Component:
    return rx.table.column_header_cell(label, width=f"calc({width} * var(--u))", class_name="num" if is_number else "")


def _pending_heads(screen: Screen) -> list[rx.Component]:
    return [
        *([] if screen.queue.list.is_of_people else [_head(t("提交人"), 84)]),
        _head(t("提交时间"), 148),
        rx.table.column_header_cell(
            rx.el.b(t("已等待"), icon("arrow-down", small=True), class_name="sorted"),
            width="calc(124 * var(--u))",
            custom_attrs={"aria-sort": "descending"},
        ),
        _head(t("操作"), 120, is_number=True),
    ]


def _closed_heads(screen: Screen) -> list[rx.Component]:
    submitted = _head(t("提交时间"), 136) if screen.queue.list.is_of_people else _head(t("提交人"), 96)
    return [
        rx.cond(screen.tab == ReviewTab.REJECTED.value, _head(t("驳回原因"), 260), submitted),
        rx.cond(screen.tab == ReviewTab.REJECTED.value, _head(t("驳回人"), 84), _head(t("审核人"), 84)),
        rx.cond(screen.tab == ReviewTab.REJECTED.value, _head(t("驳回时间"), 136), _head(t("通过时间"), 136)),
    ]


def _tick_head(screen: Screen) -> rx.Component:
    count = screen.ticked.length()
    return rx.table.column_header_cell(
        rx.checkbox(
            checked=count > 0,
            on_change=lambda _checked: screen.tick_page(),
            custom_attrs={"aria-label": t("选择本页全部")},
        ),
        width="calc(36 * var(--u))",
        class_name="m-hide",
    )


def _nothing(screen: Screen) -> rx.Component:
    return rx.cond(
        is_filtered(screen),
        blank(
            "list-filter",
            t("没有符合条件的申请"),
            t("试试放宽筛选条件。"),
            rx.button(
                t("清除筛选"),
                variant="surface",
                color_scheme="gray",
                high_contrast=True,
                on_click=screen.clear_filters,
            ),
        ),
        rx.match(
            screen.tab,
            ("pending", blank("circle-check", t("没有待审核的申请"), t("有新的申请时，会显示在这里。"))),
            ("approved", blank("inbox", t("还没有通过的申请"), t("通过的申请会显示在这里。"))),
            blank("inbox", t("还没有驳回的申请"), t("驳回的申请和原因会显示在这里。")),
        ),
    )


def _batch(screen: Screen) -> rx.Component:
    count = rx.cond(screen.are_all_ticked, screen.total, screen.ticked.length())
    return rx.cond(
        screen.ticked.length() > 0,
        rx.el.div(
            rx.el.span(t("已选 {count} 件", count=count), role="status"),
            rx.cond(
                (screen.total > screen.ticked.length()) & ~screen.are_all_ticked,
                rx.el.button(
                    t("选择全部 {count} 件", count=number(screen.total)),
                    class_name="plain",
                    type="button",
                    on_click=screen.tick_all,
                ),
                rx.fragment(),
            ),
            rx.el.button(
                t("取消选择"),
                hint("Esc"),
                class_name="plain",
                type="button",
                on_click=screen.untick,
                custom_attrs=pressed_by(UNTICK),
            ),
            rx.el.span(class_name="sp"),
            rx.el.button(
                t("批量驳回"),
                class_name="bb",
                type="button",
                on_click=screen.ask_rejection(0),
                custom_attrs=pressed_by(REJECT_TICKED),
            ),
            rx.el.button(
                t("批量通过"),
                class_name="bb solid",
                type="button",
                on_click=screen.ask_approval,
                custom_attrs=pressed_by(APPROVE_TICKED),
            ),
            class_name="batch",
            role="toolbar",
            custom_attrs={"aria-label": t("批量审核")},
        ),
        rx.fragment(),
    )

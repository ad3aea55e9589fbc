"""The review table (审核列表): every queue is drawn by it (design §5)."""

from typing import Any

import reflex as rx
from reflex.vars import ArrayVar, ObjectVar

from gdftu_app.components.browser import address, shortcuts
from gdftu_app.components.documents import document, documents
from gdftu_app.components.icons import icon
from gdftu_app.components.pagers import pager
from gdftu_app.components.review_dialogs import review_dialogs
from gdftu_app.components.states import blank, skeleton_rows
from gdftu_app.components.texts import number, pick, t
from gdftu_app.queries.reviews import LATE_DAYS, PAGE_SIZES, SOON_DAYS, ReviewTab
from gdftu_app.state.dates import Texts
from gdftu_app.state.reviews import DocumentRow, FieldRow, RequestRow, ReviewPage, Undecided

Screen = type[ReviewPage]
Row = ObjectVar[RequestRow]
SEARCH_ID = "review-search"
ALL = "all"


def review_table(screen: Screen, *, search_for: str, columns: tuple[int, ...]) -> rx.Component:
    """A whole queue: tabs, filters, rows that open, ticks, decisions, pager.

    `search_for` is the words in the search field; `columns` are the widths, in pixels at 100 %, of the queue's own.
    """
    return rx.fragment(
        address(query=screen.query, settled=screen.is_loaded),
        shortcuts(search_id=SEARCH_ID, on_leave_search=screen.clear_filters),
        _tabs(screen),
        _filters(screen, search_for),
        _undecided(screen),
        rx.cond(
            screen.is_loaded,
            rx.cond(screen.rows.length() > 0, _listed(screen, columns), _nothing(screen)),
            skeleton_rows(),
        ),
        _batch(screen),
        review_dialogs(screen),
    )


def _tabs(screen: Screen) -> rx.Component:
    return rx.tabs.root(
        rx.tabs.list(
            rx.tabs.trigger(
                t("待审核"),
                rx.cond(screen.pending > 0, rx.el.b(number(screen.pending), class_name="tab-count"), rx.fragment()),
                value=ReviewTab.PENDING.value,
            ),
            rx.tabs.trigger(t("已通过"), value=ReviewTab.APPROVED.value),
            rx.tabs.trigger(t("驳回列表"), value=ReviewTab.REJECTED.value),
        ),
        value=screen.tab,
        on_change=screen.show_tab,
        class_name="review-tabs",
    )


def _filters(screen: Screen, search_for: str) -> rx.Component:
    return rx.el.div(
        rx.input(
            rx.input.slot(icon("search", small=True)),
            rx.input.slot(rx.el.kbd("/"), side="right"),
            id=SEARCH_ID,
            default_value=screen.keyword,
            key=f"search-{screen.filter_round}",
            on_change=screen.search.debounce(300),
            placeholder=t(search_for),
            max_length=60,
            type="search",
            custom_attrs={"aria-label": t(search_for)},
        ),
        rx.cond(screen.tab == ReviewTab.PENDING.value, _waiting_filter(screen), rx.fragment()),
        rx.el.span(
            rx.el.span(
                rx.cond(screen.tab == ReviewTab.PENDING.value, t("提交日期"), t("审核日期")), class_name="muted"
            ),
            _day(screen, t("起始日期"), screen.first_day, screen.filter_from),
            rx.el.span(t("至"), class_name="muted"),
            _day(screen, t("截止日期"), screen.last_day, screen.filter_until),
            class_name="row days",
        ),
        rx.cond(
            _is_filtered(screen),
            rx.el.button(t("清除筛选"), class_name="op", type="button", on_click=screen.clear_filters),
            rx.fragment(),
        ),
        rx.el.span(
            rx.cond(
                (screen.tab == ReviewTab.PENDING.value) & (screen.late > 0),
                rx.el.span(
                    t("{count} 件已超过 {days} 天", count=number(screen.late), days=LATE_DAYS), class_name="late"
                ),
                rx.fragment(),
            ),
            rx.el.span(t("共 {count} 件", count=number(screen.total))),
            class_name="sum row",
            role="status",
        ),
        class_name="filters",
        role="search",
    )


def _waiting_filter(screen: Screen) -> rx.Component:
    label = t("等待时间")
    return rx.select.root(
        rx.select.trigger(variant="surface", custom_attrs={"aria-label": label}),
        rx.select.content(
            rx.select.item(rx.fragment(rx.el.b(label), " ", t("全部")), value=ALL),
            *[
                rx.select.item(rx.fragment(rx.el.b(label), " ", t("{days} 天以上", days=days)), value=str(days))
                for days in (SOON_DAYS, LATE_DAYS)
            ],
            position="popper",
        ),
        value=rx.cond(screen.waiting_days == "", ALL, screen.waiting_days),
        on_change=screen.filter_by_waiting,
    )


def _day(screen: Screen, label: rx.Var[str], value: rx.Var[str], choose: Any) -> rx.Component:
    return rx.el.input(
        type="date",
        default_value=value,
        key=f"{label!s}-{screen.filter_round}",
        on_change=choose,
        class_name="day",
        custom_attrs={"aria-label": label},
    )


def _is_filtered(screen: Screen) -> rx.Var[bool]:
    return (screen.keyword != "") | (screen.waiting_days != "") | (screen.first_day != "") | (screen.last_day != "")


def _undecided(screen: Screen) -> rx.Component:
    return rx.cond(
        screen.undecided.length() > 0,
        rx.el.section(
            icon("circle-alert"),
            rx.el.div(
                rx.el.b(t("{count} 件没有处理", count=screen.undecided.length())),
                rx.el.ul(rx.foreach(screen.undecided, _why)),
                class_name="grow",
            ),
            rx.el.button(
                icon("x", small=True),
                class_name="x",
                type="button",
                on_click=screen.close_undecided,
                custom_attrs={"aria-label": t("关闭提示")},
            ),
            class_name="undecided",
            role="status",
        ),
        rx.fragment(),
    )


def _why(outcome: ObjectVar[Undecided]) -> rx.Component:
    return rx.el.li(rx.el.span(outcome.title), " ", rx.el.span(pick(outcome.why), class_name="muted"))


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
                    rx.table.column_header_cell(t("工会名称")),
                    *heads,
                    rx.cond(is_pending, rx.fragment(*_pending_heads()), rx.fragment(*_closed_heads(screen))),
                )
            ),
            rx.table.body(rx.foreach(screen.rows, lambda row: _request(screen, row, len(columns)))),
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


def _pending_heads() -> list[rx.Component]:
    return [
        _head(t("提交人"), 84),
        _head(t("提交时间"), 136),
        rx.table.column_header_cell(
            rx.el.b(t("已等待"), icon("arrow-down", small=True), class_name="sorted"),
            width="calc(124 * var(--u))",
            custom_attrs={"aria-sort": "descending"},
        ),
        _head(t("操作"), 100, is_number=True),
    ]


def _closed_heads(screen: Screen) -> list[rx.Component]:
    return [
        rx.cond(screen.tab == ReviewTab.REJECTED.value, _head(t("驳回原因"), 260), _head(t("提交人"), 96)),
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


def _request(screen: Screen, row: Row, own_columns: int) -> rx.Component:
    is_open = screen.open_id == row.id
    is_pending = screen.tab == ReviewTab.PENDING.value
    return rx.fragment(
        rx.table.row(
            rx.cond(is_pending, _tick(screen, row), rx.fragment()),
            rx.table.cell(
                rx.el.button(
                    rx.cond(is_open, icon("minus"), icon("plus")),
                    class_name="exp",
                    type="button",
                    on_click=screen.toggle_row(row.id),
                    custom_attrs={
                        "aria-expanded": is_open,
                        "aria-label": rx.cond(is_open, t("收起"), t("展开{name}的信息", name=row.title)),
                    },
                ),
                class_name="m-plus",
            ),
            rx.table.row_header_cell(
                rx.el.button(
                    row.title,
                    class_name="plain name",
                    type="button",
                    on_click=screen.toggle_row(row.id),
                    title=row.title,
                ),
                class_name="m-name",
            ),
            rx.foreach(row.cells, _tags if screen.queue.list.has_tags else _cell),
            rx.cond(is_pending, rx.fragment(*_pending_cells(screen, row)), rx.fragment(*_closed_cells(screen, row))),
            custom_attrs={
                "data-open": rx.cond(is_open, "", rx.Var("undefined")),
                "data-focus": rx.cond(is_open, "", rx.Var("undefined")),
                "data-on": rx.cond(screen.ticked.contains(row.id), "", rx.Var("undefined")),
            },
        ),
        rx.cond(is_open, _opened(screen, row, own_columns), rx.fragment()),
        key=row.id.to_string(),
    )


def _tick(screen: Screen, row: Row) -> rx.Component:
    return rx.table.cell(
        rx.checkbox(
            checked=screen.ticked.contains(row.id),
            disabled=row.is_own,
            on_change=lambda _checked: screen.tick(row.id),
            custom_attrs={"aria-label": t("选择{name}", name=row.title)},
        ),
        class_name="m-a",
    )


def _cell(words: ArrayVar[list[Texts]]) -> rx.Component:
    return rx.table.cell(rx.foreach(words, lambda text: rx.el.span(pick(text), title=pick(text))), class_name="m-full")


def _tags(words: ArrayVar[list[Texts]]) -> rx.Component:
    return rx.table.cell(rx.foreach(words, lambda text: rx.el.span(pick(text), class_name="tag")), class_name="m-full")


def _pending_cells(screen: Screen, row: Row) -> list[rx.Component]:
    return [
        rx.table.cell(row.applicant, title=row.applicant, class_name="m-hide"),
        rx.table.cell(pick(row.submitted_at), class_name="m-hide"),
        rx.table.cell(
            rx.el.span(pick(row.waiting), class_name=rx.cond(row.urgency == "late", "late", "")),
            rx.match(
                row.urgency,
                ("late", rx.el.span(t("超期"), class_name="tag red")),
                ("soon", rx.el.span(t("将超期"), class_name="tag amber")),
                rx.fragment(),
            ),
            class_name="m-in waits",
            custom_attrs={"data-label": t("已等待")},
        ),
        rx.table.cell(
            rx.cond(
                row.is_own,
                rx.el.span(t("本人提交"), class_name="muted", title=t("自己提交的申请由其他管理员审核。")),
                rx.el.span(
                    rx.el.button(t("通过"), class_name="op", type="button", on_click=screen.approve_one(row.id)),
                    rx.el.button(t("驳回"), class_name="op", type="button", on_click=screen.ask_rejection(row.id)),
                    class_name="ops",
                ),
            ),
            class_name="num m-end",
        ),
    ]


def _closed_cells(screen: Screen, row: Row) -> list[rx.Component]:
    is_rejected = screen.tab == ReviewTab.REJECTED.value
    return [
        rx.table.cell(
            rx.cond(is_rejected, row.reason, row.applicant),
            title=rx.cond(is_rejected, row.reason, row.applicant),
            class_name="m-full why",
        ),
        rx.table.cell(row.closed_by, class_name="m-in"),
        rx.table.cell(pick(row.closed_at), class_name="m-in"),
    ]


def _opened(screen: Screen, row: Row, own_columns: int) -> rx.Component:
    return rx.table.row(
        rx.table.cell(
            rx.el.div(
                rx.el.div(
                    rx.foreach(screen.remarks, lambda text: rx.el.p(pick(text), class_name="remark")),
                    _submitted(screen),
                    rx.foreach(screen.earlier, lambda text: rx.el.p(pick(text), class_name="small muted")),
                    rx.cond((screen.tab == ReviewTab.PENDING.value) & ~row.is_own, _decide(screen, row), rx.fragment()),
                    class_name="grow",
                ),
                rx.cond(
                    screen.documents.length() > 0,
                    documents(rx.foreach(screen.documents, _document), class_name="docs beside"),
                    rx.fragment(),
                ),
                class_name="opened",
            ),
            col_span=own_columns + 7,
        ),
        class_name="detail",
    )


def _submitted(screen: Screen) -> rx.Component:
    shown = rx.el.dl(rx.foreach(screen.fields, _plain), class_name="kv")
    changed = rx.el.table(
        rx.el.thead(rx.el.tr(rx.el.th(t("字段")), rx.el.th(t("变更前")), rx.el.th(t("变更后")))),
        rx.el.tbody(rx.foreach(screen.fields, _changed)),
        class_name="diff",
    )
    has_changes = screen.unchanged.length() > 0
    return rx.fragment(
        rx.cond(has_changes, changed, shown),
        rx.cond(
            has_changes,
            rx.fragment(
                rx.el.button(
                    rx.cond(
                        screen.shows_unchanged,
                        t("收起未变更的各项"),
                        t("显示未变更的 {count} 项", count=screen.unchanged.length()),
                    ),
                    class_name="op unchanged",
                    type="button",
                    on_click=screen.show_unchanged,
                    custom_attrs={"aria-expanded": screen.shows_unchanged},
                ),
                rx.cond(
                    screen.shows_unchanged,
                    rx.el.dl(rx.foreach(screen.unchanged, _plain), class_name="kv"),
                    rx.fragment(),
                ),
            ),
            rx.fragment(),
        ),
    )


def _plain(field: ObjectVar[FieldRow]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(pick(field.label)),
        rx.el.dd(pick(field.value), _note(field, t("说明"))),
        class_name=rx.cond(field.is_wide, "w2", ""),
    )


def _changed(field: ObjectVar[FieldRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(pick(field.label)),
        rx.el.td(pick(field.before), _note(field, t("现在")), custom_attrs={"data-label": t("变更前")}),
        rx.el.td(pick(field.value), class_name="new", custom_attrs={"data-label": t("变更后")}),
    )


def _note(field: ObjectVar[FieldRow], label: rx.Var[str]) -> rx.Component:
    return rx.cond(
        field.note.to(dict[str, str]).length() > 0,
        rx.el.div(icon("triangle-alert", small=True), label, " ", pick(field.note), class_name="note"),
        rx.fragment(),
    )


def _decide(screen: Screen, row: Row) -> rx.Component:
    return rx.el.div(
        rx.button(
            icon("check", small=True),
            t("通过"),
            type="button",
            color_scheme="gray",
            high_contrast=True,
            on_click=screen.approve_one(row.id),
        ),
        rx.button(
            icon("x", small=True),
            t("驳回"),
            type="button",
            variant="surface",
            color_scheme="gray",
            high_contrast=True,
            on_click=screen.ask_rejection(row.id),
        ),
        class_name="row decide",
    )


def _document(handed_in: ObjectVar[DocumentRow]) -> rx.Component:
    return document(
        handed_in.key.to(str), handed_in.name.to(str), handed_in.content_type.to(str), pick(handed_in.label)
    )


def _nothing(screen: Screen) -> rx.Component:
    return rx.cond(
        _is_filtered(screen),
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
            ("pending", blank("circle-check", t("没有待审核的申请"), t("下级提交申请后，会显示在这里。"))),
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
            rx.el.button(t("取消选择"), class_name="plain", type="button", on_click=screen.untick),
            rx.el.span(class_name="sp"),
            rx.el.button(t("批量驳回"), class_name="bb", type="button", on_click=screen.ask_rejection(0)),
            rx.el.button(t("批量通过"), class_name="bb solid", type="button", on_click=screen.ask_approval),
            class_name="batch",
            role="toolbar",
            custom_attrs={"aria-label": t("批量审核")},
        ),
        rx.fragment(),
    )

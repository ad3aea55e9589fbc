"""The rows of a review table, and what opens below one."""

import reflex as rx
from reflex.vars import ArrayVar, ObjectVar

from gdftu_app.components.documents import documents, handed_in
from gdftu_app.components.icons import icon
from gdftu_app.components.review_keys import APPROVE, OPEN, REJECT, TICK, hint, key_hints, pressed_by
from gdftu_app.components.texts import pick, t
from gdftu_app.queries.reviews import ReviewTab
from gdftu_app.state.dates import Texts
from gdftu_app.state.review_rows import FieldRow, RequestRow
from gdftu_app.state.reviews import ReviewPage

Screen = type[ReviewPage]
Row = ObjectVar[RequestRow]


def request_rows(screen: Screen, row: Row, own_columns: int) -> rx.Component:
    """A request, and what was submitted below it while it is open."""
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
                        **pressed_by(OPEN),
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
                "data-row": "",
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
            custom_attrs={"aria-label": t("选择{name}", name=row.title), **pressed_by(TICK)},
        ),
        class_name="m-a",
    )


def _cell(words: ArrayVar[list[Texts]]) -> rx.Component:
    return rx.table.cell(rx.foreach(words, lambda text: rx.el.span(pick(text), title=pick(text))), class_name="m-full")


def _tags(words: ArrayVar[list[Texts]]) -> rx.Component:
    return rx.table.cell(rx.foreach(words, lambda text: rx.el.span(pick(text), class_name="tag")), class_name="m-full")


def _pending_cells(screen: Screen, row: Row) -> list[rx.Component]:
    return [
        *(
            []
            if screen.queue.list.is_of_people
            else [rx.table.cell(row.applicant, title=row.applicant, class_name="m-hide")]
        ),
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
                    rx.el.button(
                        t("通过"),
                        class_name="op",
                        type="button",
                        on_click=screen.approve_one(row.id),
                        custom_attrs=pressed_by(APPROVE, decides=True),
                    ),
                    rx.el.button(
                        t("驳回"),
                        class_name="op",
                        type="button",
                        on_click=screen.ask_rejection(row.id),
                        custom_attrs=pressed_by(REJECT),
                    ),
                    class_name="ops",
                ),
            ),
            class_name="num m-end",
        ),
    ]


def _closed_cells(screen: Screen, row: Row) -> list[rx.Component]:
    is_rejected = screen.tab == ReviewTab.REJECTED.value
    submitted = pick(row.submitted_at) if screen.queue.list.is_of_people else row.applicant
    return [
        rx.table.cell(
            rx.cond(is_rejected, row.reason, submitted),
            title=rx.cond(is_rejected, row.reason, submitted),
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
                    documents(rx.foreach(screen.documents, handed_in), class_name="docs beside"),
                    rx.fragment(),
                ),
                class_name="opened",
            ),
            col_span=own_columns + (6 if screen.queue.list.is_of_people else 7),
        ),
        class_name="detail",
    )


def _submitted(screen: Screen) -> rx.Component:
    shown = rx.el.dl(rx.foreach(screen.fields, _plain), class_name="kv")
    changed = rx.el.table(
        rx.el.thead(rx.el.tr(rx.el.th(t("字段")), rx.el.th(t("变更前")), rx.el.th(t("变更后")))),
        rx.el.tbody(rx.foreach(screen.changed, _changed)),
        class_name="diff",
    )
    return rx.fragment(
        rx.cond(screen.fields.length() > 0, shown, rx.fragment()),
        rx.cond(screen.changed.length() > 0, changed, rx.fragment()),
        rx.cond(
            screen.unchanged.length() > 0,
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
        rx.el.dt(pick(field.label), _owner(field)),
        rx.el.dd(pick(field.value), _warnings(field), _note(field, t("申请人说明："))),
        class_name=rx.cond(field.is_wide, "w2", ""),
    )


def _changed(field: ObjectVar[FieldRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(pick(field.label), _owner(field)),
        rx.el.td(pick(field.before), _note(field, t("现在：")), custom_attrs={"data-label": t("变更前")}),
        rx.el.td(pick(field.value), _warnings(field), class_name="new", custom_attrs={"data-label": t("变更后")}),
    )


def _owner(field: ObjectVar[FieldRow]) -> rx.Component:
    """Which of several employers a field is of."""
    return rx.cond(field.owner != "", rx.fragment(" · ", field.owner), rx.fragment())


def _warnings(field: ObjectVar[FieldRow]) -> rx.Component:
    return rx.foreach(
        field.warnings.to(list[Texts]),
        lambda text: rx.el.div(icon("triangle-alert", small=True), rx.el.span(pick(text)), class_name="field-warning"),
    )


def _note(field: ObjectVar[FieldRow], label: rx.Var[str]) -> rx.Component:
    return rx.cond(
        field.note.to(dict[str, str]).length() > 0,
        rx.el.div(rx.el.span(label, pick(field.note)), class_name="field-note"),
        rx.fragment(),
    )


def _decide(screen: Screen, row: Row) -> rx.Component:
    return rx.el.div(
        rx.button(
            icon("check", small=True),
            t("通过"),
            hint("A"),
            type="button",
            color_scheme="gray",
            high_contrast=True,
            on_click=screen.approve_one(row.id),
        ),
        rx.button(
            icon("x", small=True),
            t("驳回"),
            hint("R"),
            type="button",
            variant="surface",
            color_scheme="gray",
            high_contrast=True,
            on_click=screen.ask_rejection(row.id),
        ),
        key_hints(),
        class_name="row decide",
    )

"""One member's record (会员详情): what is recorded, what happened, and what may be done about it."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.details import details_grid
from gdftu_app.components.icons import icon
from gdftu_app.components.member_dialogs import member_dialogs
from gdftu_app.components.member_merge import merge_dialog
from gdftu_app.components.texts import label_of, pick, t
from gdftu_app.state.member_details import MemberState
from gdftu_app.state.member_merges import MemberMergeState
from gdftu_app.state.member_words import STATUS_LABELS, HistoryRow


def member_record() -> rx.Component:
    """The record in the place of the list, with the way back."""
    return rx.fragment(
        rx.el.button(
            icon("arrow-left", small=True),
            t("返回会员列表"),
            class_name="op back",
            type="button",
            on_click=MemberState.leave,
        ),
        rx.el.div(
            rx.el.h2(MemberState.name),
            rx.cond(
                MemberState.status != "current",
                rx.el.span(label_of(STATUS_LABELS, MemberState.status), class_name="tag"),
                rx.fragment(),
            ),
            rx.el.span(_actions(), class_name="row union-care"),
            class_name="title2",
        ),
        rx.el.p(MemberState.path, class_name="path"),
        rx.cond(MemberState.current.id.to(int) > 0, _moved_on(), rx.fragment()),
        details_grid(MemberState.fields),
        rx.el.h3(t("会籍变动"), class_name="section"),
        rx.table.root(
            rx.table.header(
                rx.table.row(
                    rx.table.column_header_cell(t("日期"), width="calc(112 * var(--u))"),
                    rx.table.column_header_cell(t("变动"), width="calc(112 * var(--u))"),
                    rx.table.column_header_cell(t("工会")),
                    rx.table.column_header_cell(t("原因")),
                    rx.table.column_header_cell(t("经办人"), width="calc(112 * var(--u))"),
                )
            ),
            rx.table.body(rx.foreach(MemberState.history, _event)),
            size="1",
            variant="ghost",
            class_name="c-table plain-rows",
        ),
        member_dialogs(),
        merge_dialog(),
    )


def _moved_on() -> rx.Component:
    return rx.el.div(
        icon("arrow-right-left"),
        rx.el.p(
            t("现为「{union}」的会员。", union=MemberState.current.union),
            " ",
            rx.el.button(
                t("查看现在的会籍"), class_name="op", type="button", on_click=MemberState.open(MemberState.current.id)
            ),
        ),
        class_name="note info",
    )


def _actions() -> rx.Component:
    return rx.fragment(
        rx.cond(
            MemberState.may_reveal,
            rx.fragment(_op(t("查看完整手机号…"), "phone"), _op(t("查看完整证件号码…"), "document")),
            rx.fragment(),
        ),
        rx.cond(MemberState.may_correct, _op(t("更正…"), "correct"), rx.fragment()),
        rx.cond(
            MemberState.may_change,
            rx.fragment(
                rx.cond(
                    MemberState.status == "retained",
                    _op(t("恢复会籍…"), "restore"),
                    _op(t("保留会籍…"), "retain"),
                ),
                rx.el.button(t("查找重复记录…"), class_name="op", type="button", on_click=MemberMergeState.ask),
                _op(t("移出…"), "remove"),
            ),
            rx.fragment(),
        ),
    )


def _op(label: rx.Var[str], what: str) -> rx.Component:
    return rx.el.button(label, class_name="op", type="button", on_click=MemberState.ask(what))


def _event(event: ObjectVar[HistoryRow]) -> rx.Component:
    return rx.table.row(
        rx.table.cell(pick(event.day), class_name="m-in nowrap"),
        rx.table.row_header_cell(pick(event.kind), class_name="m-name"),
        rx.table.cell(pick(event.union), title=pick(event.union), class_name="m-full"),
        rx.table.cell(pick(event.reason), title=pick(event.reason), class_name="m-full"),
        rx.table.cell(event.operator, class_name="m-in"),
        key=event.id.to_string(),
    )

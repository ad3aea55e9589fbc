"""重复记录: the dialog that finds a member's second record, shows what merging would leave, and merges."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.forms import field, told_wrong
from gdftu_app.components.icons import icon
from gdftu_app.components.member_dialogs import cancel, typed_in
from gdftu_app.components.states import skeleton_rows
from gdftu_app.components.texts import label_of, pick, t
from gdftu_app.services.members_within import LONGEST_REASON
from gdftu_app.state.dates import Texts
from gdftu_app.state.member_details import MemberState
from gdftu_app.state.member_merges import MERGE_CONFIRMATION, DuplicateRow, MemberMergeState, MergedRow
from gdftu_app.state.member_removals import word_of
from gdftu_app.state.member_words import STATUS_LABELS, VERIFICATION_LABELS

REASON_ID, WORD_ID = "merge-reason", "merge-word"
_VERIFICATIONS = {key.value: label for key, label in VERIFICATION_LABELS.items()}


def merge_dialog() -> rx.Component:
    """The records found, then the preview of the one chosen."""
    screen = MemberMergeState
    return rx.dialog.root(
        rx.dialog.content(
            rx.cond(screen.other.to(int) > 0, _preview(), _found()),
            max_width="760px",
        ),
        open=screen.is_open,
        on_open_change=screen.close_dialog,
    )


def _found() -> rx.Component:
    screen = MemberMergeState
    nothing = rx.el.p(t("没有找到与该会员同名且出生日期相同，或手机号相同的其他记录。"), role="status")
    return rx.fragment(
        rx.dialog.title(t("{name} 的重复记录", name=MemberState.name)),
        rx.dialog.description(t("在本级及以下查找同名且出生日期相同，或手机号相同的记录。")),
        rx.cond(
            screen.is_found,
            rx.cond(
                screen.rows.length() > 0,
                rx.el.ul(rx.foreach(screen.rows, _duplicate), class_name="choices"),
                nothing,
            ),
            skeleton_rows(),
        ),
        rx.el.div(_close(), class_name="row end"),
    )


def _duplicate(row: ObjectVar[DuplicateRow]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(
                rx.el.b(row.name),
                rx.el.span(label_of(_VERIFICATIONS, row.verification), class_name="tag"),
                rx.cond(
                    row.status != "current",
                    rx.el.span(label_of(STATUS_LABELS, row.status), class_name="tag"),
                    rx.fragment(),
                ),
                rx.foreach(row.alike.to(list[Texts]), lambda text: rx.el.span(pick(text), class_name="tag")),
                rx.el.span(t("查看合并预览"), icon("chevron-right", small=True), class_name="more"),
                class_name="row",
            ),
            rx.el.span(row.phone, " · ", row.document, " · ", row.joined_on, class_name="small muted"),
            rx.el.span(row.union, class_name="small muted"),
            class_name="choice stacked",
            type="button",
            on_click=MemberMergeState.choose(row.id),
        ),
        key=row.id.to_string(),
    )


def _preview() -> rx.Component:
    screen = MemberMergeState
    return rx.fragment(
        rx.dialog.title(t("合并 {name} 的重复记录", name=MemberState.name)),
        rx.dialog.description(t("合并后，另一条记录不再单独存在。不能撤回。")),
        rx.cond(
            screen.obstacle.length() > 0,
            rx.el.div(icon("triangle-alert"), rx.el.p(pick(screen.obstacle)), class_name="note bad", role="alert"),
            rx.el.ul(
                rx.foreach(screen.follows, lambda text: rx.el.li(pick(text.to(dict[str, str])))), class_name="plain"
            ),
        ),
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(t("字段")),
                        rx.el.th(t("本条记录")),
                        rx.el.th(t("另一条记录")),
                        rx.el.th(t("合并后")),
                    )
                ),
                rx.el.tbody(rx.foreach(screen.fields, _field)),
                class_name="diff",
            ),
            class_name="scrolled",
        ),
        rx.cond(screen.obstacle.length() > 0, _only_back(), _confirmation()),
    )


def _field(row: ObjectVar[MergedRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(pick(row.label)),
        rx.el.td(pick(row.kept), custom_attrs={"data-label": t("本条记录")}),
        rx.el.td(pick(row.given_up), custom_attrs={"data-label": t("另一条记录")}),
        rx.el.td(
            pick(row.left),
            class_name=rx.cond(row.changes, "new", ""),
            custom_attrs={"data-label": t("合并后")},
        ),
        key=row.key,
    )


def _only_back() -> rx.Component:
    return rx.el.div(_back(), _close(), class_name="row end")


def _confirmation() -> rx.Component:
    screen = MemberMergeState
    problem = rx.cond(screen.problem.length() > 0, pick(screen.problem), "").to(str)
    return rx.fragment(
        field(
            t("合并理由"),
            rx.input(
                id=REASON_ID,
                auto_complete="off",
                max_length=LONGEST_REASON,
                custom_attrs=told_wrong(REASON_ID, problem),
            ),
            name=REASON_ID,
            hint=t("会写入操作记录"),
            error=problem,
        ),
        field(
            t(MERGE_CONFIRMATION),
            rx.input(
                id=WORD_ID,
                auto_complete="off",
                max_length=20,
                placeholder=pick(word_of(MERGE_CONFIRMATION)),
                on_change=screen.type_word.debounce(150),
            ),
            name=WORD_ID,
        ),
        rx.el.div(
            _back(),
            cancel(),
            rx.button(
                t("合并记录"),
                type="button",
                disabled=~screen.is_typed,
                on_click=screen.merge(typed_in(REASON_ID), typed_in(WORD_ID)),
            ),
            class_name="row end",
        ),
    )


def _back() -> rx.Component:
    return rx.button(
        t("返回"),
        type="button",
        variant="surface",
        color_scheme="gray",
        high_contrast=True,
        on_click=MemberMergeState.go_back,
    )


def _close() -> rx.Component:
    return rx.dialog.close(rx.button(t("关闭"), type="button", color_scheme="gray", high_contrast=True))

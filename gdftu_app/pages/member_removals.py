"""会员移出 (手册 十二)."""

import reflex as rx

from gdftu_app.components.browser import address, shortcuts
from gdftu_app.components.member_dialogs import cancel, removal_day, removal_fields, typed_in
from gdftu_app.components.member_filters import SEARCH_ID, member_filters
from gdftu_app.components.member_tables import Row, members_pager, members_table, no_members
from gdftu_app.components.notices import left_undone
from gdftu_app.components.page_heads import page_head
from gdftu_app.components.states import not_found, skeleton_rows
from gdftu_app.components.texts import number, t
from gdftu_app.pages.registry import console_page
from gdftu_app.security.features import REMOVALS
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.member_removals import MemberRemovalsState

WORD_ID = "removals-word"
SHOWN = ("sex", "document", "employment")


@console_page(REMOVALS, on_load=MemberRemovalsState.load)
def member_removals() -> rx.Component:
    """The acting union's own members, ticked and removed."""
    screen = MemberRemovalsState
    return rx.fragment(
        address(query=screen.query, settled=screen.is_loaded & ~screen.is_missing, on_return=screen.load),
        shortcuts(search_id=SEARCH_ID, on_leave_search=screen.clear_filters),
        page_head(t(REMOVALS.title), t("移出「{union}」的会员，移出后不能撤回。", union=CurrentUnion.name)),
        rx.cond(
            screen.is_missing,
            not_found(CurrentUnion.name),
            rx.fragment(member_filters(screen), _not_removed(), _listed()),
        ),
        _batch(),
        _dialog(),
    )


def _listed() -> rx.Component:
    screen = MemberRemovalsState
    return rx.cond(
        screen.is_loaded,
        rx.cond(
            screen.rows.length() > 0,
            rx.fragment(
                members_table(
                    screen,
                    shows=lambda column: rx.Var.create(column in SHOWN),
                    tick_head=_tick_head(),
                    tick=_tick,
                    is_ticked=screen.ticked_ids.contains,
                ),
                members_pager(screen),
            ),
            no_members(screen),
        ),
        skeleton_rows(),
    )


def _tick_head() -> rx.Component:
    return rx.table.column_header_cell(
        rx.checkbox(
            checked=MemberRemovalsState.ticked.length() > 0,
            on_change=lambda _checked: MemberRemovalsState.tick_page(),
            custom_attrs={"aria-label": t("选择本页全部")},
        ),
        width="calc(36 * var(--u))",
        class_name="m-hide",
    )


def _tick(row: Row) -> rx.Component:
    return rx.table.cell(
        rx.checkbox(
            checked=MemberRemovalsState.ticked_ids.contains(row.id),
            disabled=row.status == "ended",
            on_change=lambda _checked: MemberRemovalsState.tick(row.id),
            custom_attrs={"aria-label": t("选择{name}", name=row.name)},
        ),
        class_name="m-a",
    )


def _not_removed() -> rx.Component:
    screen = MemberRemovalsState
    return left_undone(
        t("{count} 名会员没有移出", count=screen.not_removed.length()),
        screen.not_removed,
        lambda outcome: (outcome.name, outcome.why),
        screen.close_not_removed,
    )


def _batch() -> rx.Component:
    screen = MemberRemovalsState
    return rx.cond(
        screen.ticked.length() > 0,
        rx.el.div(
            rx.el.span(t("已选 {count} 名", count=number(screen.ticked.length())), role="status"),
            rx.el.button(t("取消选择"), class_name="plain", type="button", on_click=screen.untick),
            rx.el.span(class_name="sp"),
            rx.el.button(t("移出…"), class_name="bb solid", type="button", on_click=screen.ask),
            class_name="batch",
            role="toolbar",
            custom_attrs={"aria-label": t("批量移出")},
        ),
        rx.fragment(),
    )


def _dialog() -> rx.Component:
    screen = MemberRemovalsState
    count = screen.ticked.length()
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(
                rx.cond(
                    count == 1,
                    t("移出会员 {name}", name=screen.ticked[0].name),
                    t("移出 {count} 名会员", count=number(count)),
                )
            ),
            rx.dialog.description(t("移出后不能撤回，会籍随即终止。本人可以重新申请入会，记录保留。")),
            removal_fields(
                name=WORD_ID,
                reason=screen.reason,
                today=screen.today,
                choose=screen.choose_reason,
                type_word=screen.type_word,
                problem=rx.Var.create(""),
            ),
            rx.el.div(
                cancel(),
                rx.button(
                    t("移出 {count} 名", count=number(count)),
                    type="button",
                    disabled=~screen.is_typed | (screen.reason == ""),
                    on_click=screen.remove(typed_in(WORD_ID), removal_day(WORD_ID)),
                ),
                class_name="row end",
            ),
            max_width="480px",
        ),
        open=screen.is_asked,
        on_open_change=screen.close_dialog,
    )

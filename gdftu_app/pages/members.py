"""会员列表 (手册 十一)."""

import reflex as rx

from gdftu_app.components.browser import address, shortcuts
from gdftu_app.components.icons import icon
from gdftu_app.components.kept_lists import kept_lists
from gdftu_app.components.look import shut, toggle
from gdftu_app.components.member_export import export_button
from gdftu_app.components.member_filters import SEARCH_ID, member_filters
from gdftu_app.components.member_record import member_record
from gdftu_app.components.member_tables import members_pager, members_table, no_members
from gdftu_app.components.page_heads import page_head
from gdftu_app.components.states import not_found, skeleton_rows
from gdftu_app.components.texts import t
from gdftu_app.components.tree_panes import tree_pane
from gdftu_app.i18n import msg
from gdftu_app.pages.registry import console_page
from gdftu_app.security.features import MEMBERS
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.member_details import MemberState
from gdftu_app.state.member_exports import MemberExportState
from gdftu_app.state.members import COLUMNS, MembersState

SPLIT_ID = "member-split"
COLUMN_LABELS = {
    "sex": msg("性别"),
    "document": msg("证件号码"),
    "union": msg("所属工会"),
    "occupation": msg("职业群体"),
    "education": msg("学历"),
    "employment": msg("就业状况"),
    "is_migrant": msg("农民工"),
}


@console_page(MEMBERS, on_load=[MembersState.load, MemberState.load, MemberExportState.load])
def members() -> rx.Component:
    """The members of the union selected, or of its branch; or the record of one of them."""
    is_open = MemberState.member_id > 0
    is_missing = rx.cond(is_open, MemberState.is_missing, MembersState.is_missing)
    return rx.fragment(
        address(
            query=rx.cond(is_open, f"member={MemberState.member_id}", MembersState.query).to(str),
            settled=MembersState.is_loaded & ~is_missing.to(bool),
            on_return=[MembersState.load, MemberState.load],
        ),
        shortcuts(search_id=SEARCH_ID, on_leave_search=MembersState.clear_filters),
        page_head(
            t(MEMBERS.title),
            t("手机号和证件号码只显示一部分，查看完整号码需要填写理由。"),
            rx.el.div(export_button(), hidden=is_open | is_missing),
        ),
        rx.cond(
            is_missing,
            not_found(CurrentUnion.name),
            rx.fragment(
                rx.cond(is_open, member_record(), rx.fragment()),
                # Hidden and not taken away, so that the tree and the list are as they were afterwards.
                rx.el.div(_browsing(), hidden=is_open),
            ),
        ),
    )


def _browsing() -> rx.Component:
    # Nothing before it is known whether there is a tree: what somebody opens meanwhile would be taken away with it.
    return rx.cond(
        MembersState.is_loaded,
        rx.cond(MembersState.has_tree, _tree_and_list(), _list()),
        skeleton_rows(),
    )


def _tree_and_list() -> rx.Component:
    return rx.el.div(
        tree_pane(MembersState, on_select=[MembersState.select, shut(SPLIT_ID, "data-sheet")]),
        rx.el.div(class_name="scrim", on_click=shut(SPLIT_ID, "data-sheet"), custom_attrs={"aria-hidden": "true"}),
        rx.el.section(
            rx.el.button(
                icon("network"),
                rx.el.span(MembersState.union_name, class_name="b grow", style={"text-align": "left"}),
                icon("chevron-down"),
                class_name="treebtn only-m",
                type="button",
                on_click=toggle(SPLIT_ID, "data-sheet"),
                custom_attrs={"aria-label": t("在组织树中选择工会")},
            ),
            rx.el.div(
                rx.el.h2(MembersState.union_name, class_name="only-d"),
                rx.segmented_control.root(
                    rx.segmented_control.item(t("本级及以下"), value="below"),
                    rx.segmented_control.item(t("仅本级"), value="own"),
                    value=rx.cond(MembersState.below, "below", "own"),
                    on_change=lambda value: MembersState.look_below(value.to(str) == "below"),
                ),
                class_name="title2",
            ),
            _list(),
            class_name="listpane",
            custom_attrs={"aria-label": t("会员列表")},
        ),
        class_name="split",
        id=SPLIT_ID,
    )


def _list() -> rx.Component:
    return rx.fragment(
        member_filters(MembersState, kept_lists(), _columns()),
        rx.cond(
            MembersState.rows.length() > 0,
            rx.fragment(
                members_table(MembersState, shows=_shows, on_open=MemberState.open),
                members_pager(MembersState),
            ),
            no_members(MembersState),
        ),
    )


def _shows(column: str) -> rx.Var[bool]:
    chosen = MembersState.columns.contains(column)
    return chosen & MembersState.has_tree if column == "union" else chosen


def _columns() -> rx.Component:
    return rx.popover.root(
        rx.popover.trigger(
            rx.button(
                icon("columns-3", small=True),
                t("列设置"),
                type="button",
                variant="surface",
                color_scheme="gray",
                high_contrast=True,
                class_name="only-d",
            )
        ),
        rx.popover.content(
            rx.el.div(
                *[
                    rx.el.label(
                        rx.checkbox(
                            checked=MembersState.columns.contains(column),
                            on_change=lambda shown, column=column: MembersState.choose_column(column, shown),
                        ),
                        t(COLUMN_LABELS[column]),
                        class_name="row",
                    )
                    for column in COLUMNS
                ],
                class_name="column-choices",
                role="group",
                custom_attrs={"aria-label": t("显示的列")},
            ),
            size="1",
        ),
    )

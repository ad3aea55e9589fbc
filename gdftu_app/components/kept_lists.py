"""保存的筛选: filters of the list of members kept under a name, to be applied, renamed and deleted."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.forms import field, told_wrong
from gdftu_app.components.icons import icon
from gdftu_app.components.member_dialogs import typed_in
from gdftu_app.components.texts import pick, t
from gdftu_app.services.kept_member_lists import LONGEST_NAME
from gdftu_app.state.members import KeptRow, MembersState

NEW_ID, RENAME_ID = "kept-list-name", "kept-list-new-name"


def kept_lists() -> rx.Component:
    """The button with the list behind it, and the way to keep what is listed now."""
    return rx.popover.root(
        rx.popover.trigger(
            rx.button(
                icon("bookmark", small=True),
                t("我的筛选"),
                type="button",
                variant="surface",
                color_scheme="gray",
                high_contrast=True,
            )
        ),
        rx.popover.content(
            rx.el.div(
                rx.cond(
                    MembersState.kept.length() > 0,
                    rx.el.ul(rx.foreach(MembersState.kept, _row), custom_attrs={"aria-label": t("我的筛选")}),
                    rx.el.p(t("还没有保存的筛选。设好条件后，在这里起名保存。"), class_name="small muted"),
                ),
                _keeping(),
                class_name="kept-lists",
            ),
            size="1",
            width="340px",
            max_width="calc(100vw - 24px)",
        ),
    )


def _row(row: ObjectVar[KeptRow]) -> rx.Component:
    return rx.el.li(
        rx.cond(MembersState.renaming == row.id, _renaming(row), _named(row)),
        key=row.id.to_string(),
    )


def _named(row: ObjectVar[KeptRow]) -> rx.Component:
    return rx.fragment(
        rx.popover.close(
            rx.el.button(row.name, class_name="op grow", type="button", on_click=MembersState.apply(row.id))
        ),
        rx.el.button(
            icon("pencil", small=True),
            class_name="op",
            type="button",
            on_click=MembersState.begin_renaming(row.id),
            custom_attrs={"aria-label": t("重命名「{name}」", name=row.name)},
        ),
        rx.el.button(
            icon("trash-2", small=True),
            class_name="op",
            type="button",
            on_click=MembersState.forget(row.id),
            custom_attrs={"aria-label": t("删除「{name}」", name=row.name)},
        ),
    )


def _renaming(row: ObjectVar[KeptRow]) -> rx.Component:
    return rx.fragment(
        rx.input(
            id=RENAME_ID,
            default_value=row.name,
            auto_complete="off",
            max_length=LONGEST_NAME,
            class_name="grow",
            custom_attrs={"aria-label": t("新名称")},
        ),
        rx.button(
            t("保存"),
            type="button",
            color_scheme="gray",
            high_contrast=True,
            on_click=MembersState.rename(typed_in(RENAME_ID)),
        ),
    )


def _keeping() -> rx.Component:
    problem = rx.cond(MembersState.kept_problem.length() > 0, pick(MembersState.kept_problem), "").to(str)
    return field(
        t("保存当前筛选"),
        rx.el.div(
            rx.input(
                id=NEW_ID,
                auto_complete="off",
                max_length=LONGEST_NAME,
                placeholder=t("名称，例如：未实名的快递员"),
                key=f"{NEW_ID}-{MembersState.kept_round}",
                class_name="grow",
                custom_attrs=told_wrong(NEW_ID, problem),
            ),
            rx.button(
                t("保存"),
                type="button",
                variant="surface",
                color_scheme="gray",
                high_contrast=True,
                on_click=MembersState.keep(typed_in(NEW_ID)),
            ),
            class_name="row",
        ),
        name=NEW_ID,
        hint=t("保存会籍、姓名、工会、日期等条件和显示的列，只有自己可见；号码不会保存。"),
        error=problem,
    )

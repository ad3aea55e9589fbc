"""The list of administrators, which both pages of permissions draw (手册 九、十)."""

from typing import Any

import reflex as rx
from reflex.vars import ArrayVar, ObjectVar

from gdftu_app.components.icons import icon
from gdftu_app.components.pagers import pager
from gdftu_app.components.states import blank, skeleton_rows
from gdftu_app.components.texts import label_of, number, pick, t
from gdftu_app.queries.administrators import STATE_LABELS, AdministratorState
from gdftu_app.security.permission_words import PERMISSION_GROUPS, PERMISSION_WORDS
from gdftu_app.security.permissions import ROLE_LABELS
from gdftu_app.state.administrator_pages import CURRENT, REMOVED, AdministratorCard, AdministratorsPage
from gdftu_app.state.administrators import AdministratorsState

Screen = type[AdministratorsPage]
Row = ObjectVar[AdministratorCard]
MOST_COLUMNS, FEWER_COLUMNS = 8, 6
PANEL_ID = "administrators-list"


def administrators(screen: Screen, nobody: rx.Component) -> rx.Component:
    """The tabs 管理员 and 已移除 with their list; `nobody` is shown where a union has no administrator."""
    return rx.fragment(
        _tabs(screen),
        rx.el.div(
            rx.cond(
                screen.is_loaded,
                rx.cond(
                    screen.rows.length() > 0,
                    rx.fragment(_table(screen), _pager(screen)),
                    rx.cond(
                        screen.tab == REMOVED,
                        blank("user-x", t("没有已移除的管理员"), t("被移除或主动退出的管理员会留在这里。")),
                        nobody,
                    ),
                ),
                skeleton_rows(4),
            ),
            id=PANEL_ID,
            role="tabpanel",
            custom_attrs={"aria-label": rx.cond(screen.tab == REMOVED, t("已移除"), t("管理员"))},
        ),
    )


def appoint_button(screen: Screen) -> rx.Component:
    """新增管理员; nothing where the actor may grant nothing."""
    return rx.cond(
        screen.grantable.length() > 0,
        rx.button(
            icon("plus", small=True),
            t("新增管理员"),
            type="button",
            color_scheme="gray",
            high_contrast=True,
            on_click=screen.open_appointment,
        ),
        rx.fragment(),
    )


def _tabs(screen: Screen) -> rx.Component:
    return rx.tabs.root(
        rx.tabs.list(
            rx.tabs.trigger(
                t("管理员 {count}", count=number(screen.live)), value=CURRENT, custom_attrs={"aria-controls": PANEL_ID}
            ),
            rx.tabs.trigger(
                t("已移除 {count}", count=number(screen.dismissed)),
                value=REMOVED,
                custom_attrs={"aria-controls": PANEL_ID},
            ),
        ),
        value=screen.tab,
        on_change=screen.choose_tab,
        class_name="review-tabs",
    )


def _table(screen: Screen) -> rx.Component:
    is_gone = screen.tab == REMOVED
    return rx.table.root(
        rx.table.header(
            rx.table.row(
                rx.table.column_header_cell(rx.el.span(t("展开"), class_name="vh"), width="calc(42 * var(--u))"),
                rx.table.column_header_cell(t("姓名")),
                rx.table.column_header_cell(t("手机号"), width="calc(116 * var(--u))"),
                rx.table.column_header_cell(t("角色与权限"), width="calc(184 * var(--u))"),
                *(
                    (
                        rx.table.column_header_cell(t("添加人"), width="calc(88 * var(--u))"),
                        rx.table.column_header_cell(t("添加时间"), width="calc(148 * var(--u))"),
                    )
                    if _is_wide(screen)
                    else ()
                ),
                rx.table.column_header_cell(
                    rx.cond(is_gone, t("移除时间"), t("最近使用")), width="calc(148 * var(--u))"
                ),
                rx.table.column_header_cell(
                    rx.cond(is_gone, t("移除人"), t("操作")), width="calc(160 * var(--u))", class_name="num"
                ),
            )
        ),
        rx.table.body(rx.foreach(screen.rows, lambda row: _row(screen, row, is_gone))),
        size="1",
        variant="ghost",
        class_name="c-table administrators" if _is_wide(screen) else "c-table administrators-below",
    )


def _is_wide(screen: Screen) -> bool:
    """Whether the list has the whole page; beside the tree there is no room for every column."""
    return issubclass(screen, AdministratorsState)


def _row(screen: Screen, row: Row, is_gone: rx.Var[bool]) -> rx.Component:
    is_open = screen.open_id == row.id
    return rx.fragment(
        rx.table.row(
            rx.table.cell(
                rx.el.button(
                    rx.cond(is_open, icon("minus"), icon("plus")),
                    class_name="exp",
                    type="button",
                    on_click=screen.toggle_row(row.id),
                    custom_attrs={
                        "aria-expanded": is_open,
                        "aria-label": rx.cond(is_open, t("收起"), t("展开{name}的权限", name=row.name)),
                    },
                ),
                class_name="m-a",
            ),
            rx.table.row_header_cell(_name(row), class_name="m-name"),
            rx.table.cell(row.phone, class_name="m-in"),
            rx.table.cell(
                label_of(ROLE_LABELS, row.role),
                rx.el.span(" · ", t("{count} 项", count=_count(row)), class_name="muted"),
                class_name="m-in",
            ),
            *(
                (
                    rx.table.cell(pick(row.granted_by), class_name="m-hide"),
                    rx.table.cell(pick(row.granted_at), class_name="m-hide"),
                )
                if _is_wide(screen)
                else ()
            ),
            rx.table.cell(
                rx.cond(is_gone, pick(row.dismissed_at), pick(row.last_seen_at)),
                class_name="m-in",
                custom_attrs={"data-label": rx.cond(is_gone, t("移除时间"), t("最近使用"))},
            ),
            rx.table.cell(
                rx.cond(is_gone, pick(row.dismissed_by), _operations(screen, row)),
                class_name="num m-end",
                custom_attrs={"data-label": rx.cond(is_gone, t("移除人"), rx.Var("undefined"))},
            ),
            custom_attrs={
                "data-open": rx.cond(is_open, "", rx.Var("undefined")),
                "data-focus": rx.cond(is_open, "", rx.Var("undefined")),
            },
        ),
        rx.cond(is_open, _opened(screen, row), rx.fragment()),
        key=row.id.to_string(),
    )


def _name(row: Row) -> rx.Component:
    return rx.el.span(
        rx.el.span(row.name, class_name="cut", title=row.name),
        rx.cond(row.is_self, rx.el.span(t("本人"), class_name="tag"), rx.fragment()),
        rx.cond(
            row.state != AdministratorState.ACTIVE.value,
            rx.el.span(label_of(STATE_LABELS, row.state), class_name="tag"),
            rx.fragment(),
        ),
        class_name="row",
    )


def _count(row: Row) -> rx.Var[int]:
    return row.permissions.to(list[str]).length()


def _operations(screen: Screen, row: Row) -> rx.Component:
    return rx.cond(
        row.may_change,
        rx.el.span(
            _operation(t("调整"), t("调整{name}的权限", name=row.name), screen.open_change(row.id)),
            _operation(t("移除"), t("移除{name}", name=row.name), screen.open_dismissal(row.id)),
            class_name="ops",
        ),
        rx.cond(
            row.is_self,
            _leaving(screen, row),
            rx.el.span(
                t("超出本人权限"), class_name="small muted", title=t("对方的权限超出你本人的权限，不能调整或移除。")
            ),
        ),
    )


def _leaving(screen: Screen, row: Row) -> rx.Component:
    if not issubclass(screen, AdministratorsState):
        # Of those below, one's own grant is left where one acts for that union.
        return rx.fragment()
    return rx.el.span(
        _operation(t("退出管理"), t("退出管理"), screen.open_resignation(row.id)),
        class_name="ops",
    )


def _operation(word: rx.Var[str], name: rx.Var[str], event: Any) -> rx.Component:
    return rx.el.button(word, "…", class_name="op", type="button", on_click=event, custom_attrs={"aria-label": name})


def _opened(screen: Screen, row: Row) -> rx.Component:
    held = row.permissions.to(list[str])
    return rx.table.row(
        rx.table.cell(
            rx.el.dl(
                *[_group(heading, permissions, held) for heading, permissions in PERMISSION_GROUPS.items()],
                class_name="granted",
            ),
            rx.el.p(
                t("添加人：{who}", who=pick(row.granted_by)),
                " · ",
                t("添加时间：{at}", at=pick(row.granted_at)),
                " · ",
                t("最近使用：{at}", at=pick(row.last_seen_at)),
                class_name="small muted",
            ),
            col_span=MOST_COLUMNS if _is_wide(screen) else FEWER_COLUMNS,
        ),
        class_name="detail",
    )


def _group(heading: str, permissions: tuple[Any, ...], held: ArrayVar[list[str]]) -> rx.Component:
    words = {permission.value: PERMISSION_WORDS[permission].name for permission in permissions}
    of_group = [held.contains(word) for word in words]
    is_any = of_group[0]
    for other in of_group[1:]:
        is_any = is_any | other
    return rx.cond(
        is_any,
        rx.el.div(
            rx.el.dt(t(heading)),
            rx.el.dd(
                *[
                    rx.cond(held.contains(word), rx.el.span(t(name), class_name="tag"), rx.fragment())
                    for word, name in words.items()
                ]
            ),
        ),
        rx.fragment(),
    )


def _pager(screen: Screen) -> rx.Component:
    return rx.cond(
        screen.pages > 1,
        pager(page=screen.page, pages=screen.pages, turn_to=screen.turn_to),
        rx.fragment(),
    )

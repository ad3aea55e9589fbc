"""我的账号: the browsers that are signed in, and the sign-ins there were."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.icons import icon
from gdftu_app.components.marks import StatusShape, status
from gdftu_app.components.texts import number, pick, t
from gdftu_app.state.account import AccountState, HistoryRow, SessionRow


def signed_in_devices() -> rx.Component:
    """设备, 网络地址, 登录时间, 最近使用; every other one can be signed out here."""
    return rx.fragment(
        rx.table.root(
            rx.table.header(
                rx.table.row(
                    rx.table.column_header_cell(t("设备")),
                    rx.table.column_header_cell(t("网络地址"), width="calc(180 * var(--u))"),
                    rx.table.column_header_cell(t("登录时间"), width="calc(160 * var(--u))"),
                    rx.table.column_header_cell(t("最近使用"), width="calc(160 * var(--u))"),
                    rx.table.column_header_cell(t("操作"), width="calc(96 * var(--u))", class_name="num"),
                )
            ),
            rx.table.body(rx.foreach(AccountState.sessions, _device)),
            size="1",
            variant="ghost",
            class_name="c-table",
        ),
        rx.cond(
            AccountState.sessions.length() > 1,
            rx.button(
                t("退出其他登录"),
                type="button",
                variant="surface",
                color_scheme="gray",
                high_contrast=True,
                margin_top="12px",
                on_click=AccountState.end_others,
            ),
            rx.fragment(),
        ),
    )


def sign_in_history() -> rx.Component:
    """时间, 方式, 结果, 网络地址, the latest first."""
    return rx.fragment(
        rx.table.root(
            rx.table.header(
                rx.table.row(
                    rx.table.column_header_cell(t("时间"), width="calc(180 * var(--u))"),
                    rx.table.column_header_cell(t("方式"), width="calc(160 * var(--u))"),
                    rx.table.column_header_cell(t("结果")),
                    rx.table.column_header_cell(t("网络地址"), width="calc(180 * var(--u))"),
                )
            ),
            rx.table.body(rx.foreach(AccountState.history, _sign_in)),
            size="1",
            variant="ghost",
            class_name="c-table dense",
        ),
        rx.cond(AccountState.history_pages > 1, _turner(), rx.fragment()),
    )


def _device(session: ObjectVar[SessionRow]) -> rx.Component:
    return rx.table.row(
        rx.table.row_header_cell(
            pick(session.device),
            rx.cond(session.is_this, rx.el.span(t("本机"), class_name="tag", margin_left="8px"), rx.fragment()),
            class_name="m-name",
        ),
        rx.table.cell(session.address, class_name="m-in"),
        rx.table.cell(pick(session.signed_in), class_name="m-in", custom_attrs={"data-label": t("登录")}),
        rx.table.cell(pick(session.last_seen), class_name="m-in", custom_attrs={"data-label": t("最近使用")}),
        rx.table.cell(
            rx.cond(
                session.is_this,
                rx.fragment(),
                rx.el.button(
                    t("退出"),
                    class_name="op",
                    type="button",
                    on_click=AccountState.end_session(session.key),
                    custom_attrs={"aria-label": t("退出 {device}", device=pick(session.device))},
                ),
            ),
            class_name="num m-in",
        ),
        key=session.key,
    )


def _sign_in(one: ObjectVar[HistoryRow]) -> rx.Component:
    return rx.table.row(
        rx.table.row_header_cell(pick(one.at), class_name="m-name"),
        rx.table.cell(pick(one.method), class_name="m-in"),
        rx.table.cell(
            rx.cond(
                one.is_refused,
                status(StatusShape.REJECTED, pick(one.result)),
                status(StatusShape.PASSED, pick(one.result)),
            ),
            class_name="m-in",
        ),
        rx.table.cell(one.address, class_name="m-in"),
    )


def _turner() -> rx.Component:
    page, pages = AccountState.history_page, AccountState.history_pages
    return rx.el.nav(
        _step("chevron-left", t("上一页"), page - 1, page <= 1),
        rx.el.span(t("第 {page} / {pages} 页", page=number(page), pages=number(pages))),
        _step("chevron-right", t("下一页"), page + 1, page >= pages),
        class_name="pager",
        custom_attrs={"aria-label": t("登录记录翻页")},
    )


def _step(name: str, label: rx.Var[str], target: rx.Var, is_off: rx.Var[bool]) -> rx.Component:
    return rx.el.button(
        icon(name),
        class_name="pg",
        type="button",
        disabled=is_off,
        on_click=AccountState.turn_history(target),
        custom_attrs={"aria-label": label},
    )

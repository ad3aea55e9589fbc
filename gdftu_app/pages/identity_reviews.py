"""实名人工核验: documents that an administrator looks at."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.forms import field, told_wrong
from gdftu_app.components.page_heads import page_head
from gdftu_app.components.states import blank, skeleton_rows
from gdftu_app.components.texts import pick, t
from gdftu_app.pages.registry import console_page
from gdftu_app.security.features import IDENTITIES
from gdftu_app.state.identity_reviews import IdentityReviewsState, WaitingRow

Row = ObjectVar[WaitingRow]
NUMBER_ID, REMARK_ID = "document-number", "remark"
NUMBER_PROBLEM = rx.cond(
    IdentityReviewsState.problem_field == "document_number", pick(IdentityReviewsState.problem), ""
).to(str)
REMARK_PROBLEM = rx.cond(IdentityReviewsState.problem_field == "remark", pick(IdentityReviewsState.problem), "").to(str)


def _typed(name: str) -> rx.Var[str]:
    return rx.Var(f"(document.getElementById('{name}')?.value ?? '')").to(str)


@console_page(IDENTITIES, on_load=IdentityReviewsState.load)
def identity_reviews() -> rx.Component:
    """The applicants who wait, and a dialog for the one at the desk."""
    return rx.fragment(
        page_head(t(IDENTITIES.title), t("核验机构不能核对的证件，由管理员对照证件原件确认。")),
        rx.cond(
            IdentityReviewsState.is_loaded,
            rx.cond(IdentityReviewsState.rows.length() > 0, _list(), _nothing()),
            skeleton_rows(4),
        ),
    )


def _nothing() -> rx.Component:
    return blank(
        "id-card",
        t("没有等待人工核验的申请"),
        t("使用护照、通行证等证件，或核验机构查不到的申请人，提交后会出现在这里。"),
    )


def _list() -> rx.Component:
    return rx.fragment(
        rx.el.p(t("共 {count} 件，等待最久的在前。", count=IdentityReviewsState.count), class_name="muted small"),
        rx.table.root(
            rx.table.header(
                rx.table.row(
                    rx.table.column_header_cell(t("姓名"), width="calc(176 * var(--u))"),
                    rx.table.column_header_cell(t("所属工会")),
                    rx.table.column_header_cell(t("手机号"), width="calc(124 * var(--u))"),
                    rx.table.column_header_cell(t("证件"), width="calc(288 * var(--u))"),
                    rx.table.column_header_cell(t("提交时间"), width="calc(148 * var(--u))"),
                    rx.table.column_header_cell(t("操作"), width="calc(100 * var(--u))", class_name="num"),
                )
            ),
            rx.table.body(rx.foreach(IdentityReviewsState.rows, _row)),
            size="1",
            variant="ghost",
            class_name="c-table plain-rows",
        ),
        rx.cond(
            IdentityReviewsState.rows.length() < IdentityReviewsState.count,
            rx.el.p(
                rx.el.button(t("再显示一些"), class_name="op", type="button", on_click=IdentityReviewsState.show_more)
            ),
            rx.fragment(),
        ),
    )


def _row(row: Row) -> rx.Component:
    return rx.table.row(
        rx.table.row_header_cell(row.name, title=row.name, class_name="m-name"),
        rx.table.cell(row.unions, title=row.unions, class_name="m-full"),
        rx.table.cell(row.phone, class_name="m-in", custom_attrs={"data-label": t("手机号")}),
        rx.table.cell(pick(row.document), " ", row.number, class_name="m-in", custom_attrs={"data-label": t("证件")}),
        rx.table.cell(pick(row.submitted_at), class_name="m-in"),
        rx.table.cell(
            rx.dialog.root(
                rx.dialog.trigger(rx.el.button(t("核验…"), class_name="op", type="button")),
                _dialog(row),
                open=IdentityReviewsState.opened == row.id,
                on_open_change=lambda is_open: rx.cond(
                    is_open, IdentityReviewsState.open_check(row.id), IdentityReviewsState.close_check(is_open)
                ),
            ),
            class_name="num m-end",
        ),
        key=row.id.to_string(),
    )


def _dialog(row: Row) -> rx.Component:
    return rx.dialog.content(
        rx.dialog.title(t("核验 {name} 的证件", name=row.name)),
        rx.dialog.description(
            t(
                "请对照证件原件：姓名应为「{name}」，证件为{document}。再从原件抄录证件号码。",
                name=row.name,
                document=pick(row.document),
            )
        ),
        rx.cond(row.reason, rx.el.p(pick(row.reason), class_name="small muted"), rx.fragment()),
        field(
            t("证件号码"),
            rx.input(
                id=NUMBER_ID,
                auto_complete="off",
                max_length=40,
                placeholder=t("申请人填写的是 {number}", number=row.number),
                custom_attrs=told_wrong(NUMBER_ID, NUMBER_PROBLEM),
            ),
            name=NUMBER_ID,
            error=NUMBER_PROBLEM,
        ),
        rx.el.div(
            rx.button(
                t("通过"),
                type="button",
                color_scheme="gray",
                high_contrast=True,
                on_click=IdentityReviewsState.confirm(row.id, _typed(NUMBER_ID)),
            ),
            class_name="row end",
        ),
        rx.el.hr(class_name="rule"),
        field(
            t("驳回原因"),
            rx.input(
                id=REMARK_ID,
                max_length=200,
                placeholder=t("例如：证件已过期，请换领后再次提交"),
                custom_attrs=told_wrong(REMARK_ID, REMARK_PROBLEM),
            ),
            name=REMARK_ID,
            error=REMARK_PROBLEM,
        ),
        rx.el.div(
            rx.dialog.close(
                rx.button(t("取消"), type="button", variant="surface", color_scheme="gray", high_contrast=True)
            ),
            rx.button(
                t("驳回"),
                type="button",
                variant="surface",
                color_scheme="gray",
                high_contrast=True,
                on_click=IdentityReviewsState.reject(row.id, _typed(REMARK_ID)),
            ),
            class_name="row end",
        ),
        max_width="480px",
    )

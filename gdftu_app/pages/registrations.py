"""概览 of an applicant: what was submitted and where it stands (手册 三)."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.browser import repeating
from gdftu_app.components.details import details_grid
from gdftu_app.components.documents import documents, handed_in
from gdftu_app.components.icons import icon
from gdftu_app.components.links import link_button
from gdftu_app.components.marks import StatusShape, status
from gdftu_app.components.page_heads import page_head
from gdftu_app.components.solo import solo
from gdftu_app.components.states import blank, skeleton_rows
from gdftu_app.components.step_bars import progress
from gdftu_app.components.texts import label_of, pick, t
from gdftu_app.components.withdrawals import withdrawal
from gdftu_app.i18n import msg
from gdftu_app.models.reviews import REVIEW_STATUS_LABELS, ReviewStatus
from gdftu_app.pages.registry import page
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.documents import DocumentRow
from gdftu_app.state.registrations import RegistrationRow, RegistrationsState
from gdftu_app.state.union_details import DetailField

LOOK_EVERY_SECONDS, LOOKS = 15, 240
Row = ObjectVar[RegistrationRow]
SHAPES = {
    ReviewStatus.PENDING: StatusShape.WAITING,
    ReviewStatus.APPROVED: StatusShape.PASSED,
    ReviewStatus.REJECTED: StatusShape.REJECTED,
    ReviewStatus.WITHDRAWN: StatusShape.DRAFT,
}


@page("/registrations", title=msg("概览"), on_load=RegistrationsState.load)
def registrations() -> rx.Component:
    """The draft, if there is one, and every registration with its progress."""
    return solo(
        page_head(
            t("概览"),
            t("组织登记的提交信息和审核进度"),
            rx.cond(RegistrationsState.manages, link_button(t("返回"), href="/unions/"), rx.fragment()),
            rx.cond(
                RegistrationsState.has_draft,
                rx.fragment(),
                link_button(icon("plus", small=True), t("组织登记"), href="/register/"),
            ),
        ),
        rx.cond(RegistrationsState.is_loaded, _content(), skeleton_rows(4)),
        rx.cond(
            RegistrationsState.waits,
            repeating(seconds=LOOK_EVERY_SECONDS, times=LOOKS, on_tick=RegistrationsState.look_again),
            rx.fragment(),
        ),
        is_wide=True,
    )


def _content() -> rx.Component:
    return rx.fragment(
        rx.cond(RegistrationsState.has_draft, _draft(), rx.fragment()),
        rx.foreach(RegistrationsState.rows, _registration),
        rx.cond(
            RegistrationsState.has_draft | (RegistrationsState.rows.length() > 0),
            rx.fragment(),
            blank(
                "building-2",
                t("还没有登记申请"),
                t("管理的工会尚未登记的，提交组织登记后，在这里查看审核进度。"),
                link_button(t("组织登记"), href="/register/", is_primary=True),
            ),
        ),
    )


def _draft() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(
                rx.cond(RegistrationsState.draft_title != "", RegistrationsState.draft_title, t("未命名的工会")),
                class_name="h2 grow",
            ),
            status(StatusShape.DRAFT, t("草稿")),
            class_name="row",
        ),
        rx.el.p(t("最近修改：{moment}。尚未提交。", moment=pick(RegistrationsState.draft_touched)), class_name="muted"),
        link_button(t("继续填写"), href="/register/", is_primary=True),
        class_name="registration",
    )


def _registration(row: Row) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(row.title, class_name="h2 grow", id=f"registration-{row.id}"),
            rx.match(
                row.status,
                *[(word.value, status(shape, t(REVIEW_STATUS_LABELS[word]))) for word, shape in SHAPES.items()],
                rx.fragment(),
            ),
            class_name="row",
        ),
        _progress(row),
        _outcome(row),
        rx.el.details(
            rx.el.summary(t("提交的信息"), class_name="op"),
            rx.el.div(details_grid(row.fields.to(list[DetailField])), class_name="submitted"),
            documents(rx.foreach(row.certificates.to(list[DocumentRow]), handed_in)),
            open=(row.status == ReviewStatus.PENDING.value) | (row.status == ReviewStatus.REJECTED.value),
        ),
        rx.el.div(_withdrawal(row), _revision(row), _entrance(row), class_name="row acts"),
        class_name="registration",
        key=row.id.to_string(),
        custom_attrs={"aria-labelledby": f"registration-{row.id}"},
    )


def _progress(row: Row) -> rx.Component:
    is_pending = row.status == ReviewStatus.PENDING.value
    return progress(
        (t("提交申请"), pick(row.submitted_at), "done"),
        (
            t("「{superior}」审核", superior=row.superior),
            rx.cond(is_pending, t("审核中"), ""),
            _state_of(row, {ReviewStatus.PENDING: "now", ReviewStatus.WITHDRAWN: "next"}, otherwise="done"),
        ),
        (
            rx.cond(is_pending, t("审核结果"), label_of(REVIEW_STATUS_LABELS, row.status)),
            rx.cond(is_pending, "", pick(row.closed_at)),
            _state_of(row, {ReviewStatus.APPROVED: "done", ReviewStatus.REJECTED: "bad"}, otherwise="next"),
        ),
    )


def _state_of(row: Row, states: dict[ReviewStatus, str], *, otherwise: str) -> rx.Var[str]:
    by_status = {status.value: states.get(status, otherwise) for status in ReviewStatus}
    return rx.Var.create(by_status).to(dict[str, str])[row.status].to(str)


def _outcome(row: Row) -> rx.Component:
    return rx.cond(
        row.status == ReviewStatus.REJECTED.value,
        rx.el.div(icon("circle-x"), rx.el.div(rx.el.b(t("驳回原因")), rx.el.p(row.reason)), class_name="note bad"),
        rx.fragment(),
    )


def _withdrawal(row: Row) -> rx.Component:
    asked = withdrawal(
        t("撤回登记申请"),
        t(
            "「{superior}」不再审核「{union}」的申请。撤回后可以修改并重新提交。",
            superior=row.superior,
            union=row.title,
        ),
        withdraw=RegistrationsState.withdraw(row.id),
    )
    return rx.cond(row.status == ReviewStatus.PENDING.value, asked, rx.fragment())


def _revision(row: Row) -> rx.Component:
    return rx.cond(
        row.is_revisable,
        rx.button(
            t("修改后重新提交"),
            type="button",
            color_scheme="gray",
            high_contrast=True,
            variant="surface",
            on_click=RegistrationsState.revise(row.id),
        ),
        rx.fragment(),
    )


def _entrance(row: Row) -> rx.Component:
    return rx.cond(
        row.union_id != 0,
        rx.button(
            t("进入工会"),
            type="button",
            color_scheme="gray",
            high_contrast=True,
            on_click=CurrentUnion.enter_union(row.union_id),
        ),
        rx.fragment(),
    )

"""任务: one's own exports and imports, found again."""

import reflex as rx

from gdftu_app.components.browser import repeating
from gdftu_app.components.job_rows import (
    LOOK_EVERY_SECONDS,
    LOOKS,
    Row,
    job_outcome,
    job_progress,
    job_status,
    result_link,
)
from gdftu_app.components.links import link_button
from gdftu_app.components.page_heads import page_head
from gdftu_app.components.states import blank, skeleton_rows
from gdftu_app.components.texts import pick, t
from gdftu_app.models.jobs import JobStatus
from gdftu_app.pages.registry import console_page
from gdftu_app.security.features import JOBS
from gdftu_app.state.jobs import JobsState


@console_page(JOBS, on_load=JobsState.load)
def jobs() -> rx.Component:
    """The list, the newest first; it follows what goes on."""
    return rx.fragment(
        page_head(t(JOBS.title), t("导出和导入的进度与结果。可以离开本页，完成后再回来；结果保留 7 天。")),
        rx.cond(
            JobsState.is_loaded,
            rx.cond(
                JobsState.rows.length() > 0,
                _table(),
                blank("list-checks", t("还没有任务"), t("导出会员列表、导入会员后，在这里查看进度和结果。")),
            ),
            skeleton_rows(),
        ),
        rx.cond(
            JobsState.goes_on,
            repeating(seconds=LOOK_EVERY_SECONDS, times=LOOKS, on_tick=JobsState.look_again),
            rx.fragment(),
        ),
    )


def _table() -> rx.Component:
    return rx.table.root(
        rx.table.header(
            rx.table.row(
                rx.table.column_header_cell(t("任务")),
                rx.table.column_header_cell(t("状态"), width="calc(120 * var(--u))"),
                rx.table.column_header_cell(t("结果")),
                rx.table.column_header_cell(t("开始时间"), width="calc(150 * var(--u))"),
                rx.table.column_header_cell(t("操作"), width="calc(230 * var(--u))"),
            )
        ),
        rx.table.body(rx.foreach(JobsState.rows, _job)),
        size="1",
        variant="ghost",
        class_name="c-table plain-rows wordy",
    )


def _job(row: Row) -> rx.Component:
    return rx.table.row(
        rx.table.row_header_cell(
            rx.el.div(pick(row.title)), rx.el.div(row.union, class_name="small muted"), class_name="m-name"
        ),
        rx.table.cell(job_status(row), class_name="m-in"),
        rx.table.cell(job_progress(row), job_outcome(row), class_name="m-in"),
        rx.table.cell(pick(row.started), class_name="m-in", custom_attrs={"data-label": t("开始时间")}),
        rx.table.cell(
            rx.el.div(
                result_link(row, rx.cond(row.is_import, t("下载未能导入的行"), t("下载")).to(str)),
                rx.cond(
                    row.is_import & (row.status == JobStatus.WAITING.value),
                    link_button(t("查看并确认"), href=f"/members/import/?job={row.id}"),
                    rx.fragment(),
                ),
                rx.cond(row.can_retry, _act(t("重试"), JobsState.retry(row.id)), rx.fragment()),
                rx.cond(row.can_cancel, _act(t("取消"), JobsState.cancel(row.id)), rx.fragment()),
                class_name="row",
            ),
            class_name="m-in",
        ),
        key=row.id.to_string(),
    )


def _act(label: rx.Var[str], event: rx.event.EventSpec) -> rx.Component:
    return rx.el.button(label, class_name="op", type="button", on_click=event)

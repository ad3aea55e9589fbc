"""会员导入: the template, the upload, what the check has found, and the confirmation."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.browser import repeating
from gdftu_app.components.forms import field, native_form
from gdftu_app.components.icons import icon
from gdftu_app.components.job_rows import (
    LOOK_EVERY_SECONDS,
    LOOKS,
    job_outcome,
    job_progress,
    job_status,
    result_link,
)
from gdftu_app.components.links import download_button
from gdftu_app.components.page_heads import page_head
from gdftu_app.components.states import blank, skeleton_rows
from gdftu_app.components.texts import pick, t
from gdftu_app.i18n import msg
from gdftu_app.models.jobs import JobStage, JobStatus
from gdftu_app.pages.registry import console_page
from gdftu_app.security.features import MEMBER_IMPORT
from gdftu_app.state.member_imports import MemberImportState, WrongRow
from gdftu_app.workbooks.sheets import MEDIA_TYPE

FILE_ID = "import-file"
FOUND = (
    ("new", msg("可导入")),
    ("here", msg("已是本工会会员，跳过")),
    ("elsewhere", msg("已是其他工会会员")),
    ("wrong", msg("有错误")),
)


@console_page(MEMBER_IMPORT, on_load=MemberImportState.load)
def member_imports() -> rx.Component:
    """One import at a time; nothing is written before it is confirmed."""
    return rx.fragment(
        page_head(
            t(MEMBER_IMPORT.title),
            t("先下载模板填写，上传后检查，确认后才写入。"),
            download_button(icon("download", small=True), t("下载模板"), href="/imports/template"),
        ),
        rx.cond(
            MemberImportState.is_loaded,
            rx.cond(
                MemberImportState.holds_members,
                rx.cond(MemberImportState.job.id.to(int) > 0, _import(), _upload()),
                blank("users", t("本工会不直接吸收会员"), t("请切换到基层工会后再导入会员。")),
            ),
            skeleton_rows(4),
        ),
        rx.cond(
            MemberImportState.goes_on,
            repeating(seconds=LOOK_EVERY_SECONDS, times=LOOKS, on_tick=MemberImportState.look_again),
            rx.fragment(),
        ),
    )


def _upload() -> rx.Component:
    return rx.el.section(
        rx.cond(
            MemberImportState.refused.length() > 0,
            rx.el.div(icon("circle-x"), rx.el.p(pick(MemberImportState.refused)), class_name="note bad", role="alert"),
            rx.fragment(),
        ),
        native_form(
            field(
                t("填好的工作簿（.xlsx，不超过 50 MB、10 万行）"),
                rx.el.input(type="file", id=FILE_ID, name="file", required=True, accept=f".xlsx,{MEDIA_TYPE}"),
                name=FILE_ID,
            ),
            rx.el.div(
                rx.button(t("上传并检查"), type="submit", color_scheme="gray", high_contrast=True), class_name="row"
            ),
            action=MemberImportState.sent_to,
            method="post",
            class_name="registration",
            custom_attrs={"encType": "multipart/form-data"},
        ),
    )


def _import() -> rx.Component:
    job = MemberImportState.job
    waits = job.status == JobStatus.WAITING.value
    is_over = ~MemberImportState.goes_on & ~waits
    return rx.el.section(
        rx.el.div(rx.el.h2(pick(job.title), class_name="h2 grow"), job_status(job), class_name="row"),
        job_progress(job),
        rx.cond(
            ~MemberImportState.goes_on & (MemberImportState.stage == JobStage.CHECK.value) & (job.outcome.length() > 0),
            rx.el.dl(*[_found(key, label) for key, label in FOUND], class_name="figs"),
            job_outcome(job),
        ),
        rx.cond(
            job.problem.length() > 0,
            rx.fragment(),
            rx.cond(MemberImportState.wrong.length() > 0, _problems(), rx.fragment()),
        ),
        rx.cond(MemberImportState.may_offer, _offers(), rx.fragment()),
        rx.el.div(
            rx.cond(waits, _confirmation(), rx.fragment()),
            result_link(job, t("下载未能导入的行")),
            rx.cond(
                job.can_cancel,
                rx.button(
                    t("取消导入"),
                    type="button",
                    variant="surface",
                    color_scheme="gray",
                    high_contrast=True,
                    on_click=MemberImportState.cancel,
                ),
                rx.fragment(),
            ),
            rx.cond(
                is_over,
                rx.button(
                    t("导入另一个文件"),
                    type="button",
                    variant="surface",
                    color_scheme="gray",
                    high_contrast=True,
                    on_click=MemberImportState.begin_again,
                ),
                rx.fragment(),
            ),
            class_name="row acts",
        ),
        class_name="registration",
    )


def _offers() -> rx.Component:
    return rx.el.div(
        rx.el.label(
            rx.checkbox(
                checked=MemberImportState.offers,
                on_change=lambda value: MemberImportState.choose_offers(value),
                custom_attrs={"aria-describedby": "import-offers"},
            ),
            t("邀请 {count} 名其他工会的会员转入本工会", count=MemberImportState.counts["elsewhere"]),
            class_name="row",
        ),
        rx.el.p(
            t("会籍不会因此变动：本人在粤工惠上同意后提交转会申请，再由本工会审核。90 天内已邀请过的不再邀请。"),
            id="import-offers",
            class_name="small muted",
        ),
        class_name="import-offers",
    )


def _confirmation() -> rx.Component:
    nobody_is_new = MemberImportState.counts["new"] == "0"
    return rx.button(
        rx.cond(
            nobody_is_new,
            t("确认邀请"),
            t("确认导入 {count} 名会员", count=MemberImportState.counts["new"]),
        ),
        type="button",
        color_scheme="gray",
        high_contrast=True,
        disabled=nobody_is_new & ~MemberImportState.offers,
        on_click=MemberImportState.confirm,
    )


def _found(key: str, label: str) -> rx.Component:
    return rx.el.div(rx.el.dt(t(label)), rx.el.dd(rx.el.span(MemberImportState.counts[key], class_name="v")))


def _problems() -> rx.Component:
    return rx.fragment(
        rx.el.h3(t("前几行错误"), class_name="import-wrong"),
        rx.table.root(
            rx.table.header(
                rx.table.row(
                    rx.table.column_header_cell(t("行"), width="calc(90 * var(--u))"),
                    rx.table.column_header_cell(t("原因")),
                )
            ),
            rx.table.body(rx.foreach(MemberImportState.wrong, _wrong)),
            size="1",
            variant="ghost",
            class_name="c-table plain-rows wordy",
        ),
    )


def _wrong(row: ObjectVar[WrongRow]) -> rx.Component:
    return rx.table.row(
        rx.table.row_header_cell(t("第 {row} 行", row=row.number), class_name="m-name"),
        rx.table.cell(pick(row.reasons), class_name="m-in"),
        key=row.number.to_string(),
    )

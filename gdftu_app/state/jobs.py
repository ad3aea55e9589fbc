"""任务: one's own jobs on screen, looked at again while any of them goes on."""

from dataclasses import dataclass
from typing import Annotated

import reflex as rx
from pydantic import Field

from gdftu_app.i18n import msg
from gdftu_app.models.jobs import JOB_TITLES, JobKind, JobStatus
from gdftu_app.queries.jobs import JobInfo, list_jobs
from gdftu_app.services.jobs import cancel, retry
from gdftu_app.state.actions import account_action, unattended_account_action
from gdftu_app.state.asking import Asking
from gdftu_app.state.dates import Texts, day, short_moment
from gdftu_app.state.figures import whole
from gdftu_app.state.notices import in_every_language

JobId = Annotated[int, Field(ge=1, lt=2**63)]
GOES_ON = (JobStatus.QUEUED, JobStatus.RUNNING)
STATUS_LABELS: dict[str, str] = {
    JobStatus.QUEUED: msg("排队中"),
    JobStatus.RUNNING: msg("进行中"),
    JobStatus.WAITING: msg("待确认"),
    JobStatus.DONE: msg("已完成"),
    JobStatus.FAILED: msg("失败"),
    JobStatus.CANCELLED: msg("已取消"),
}
COUNTS: tuple[tuple[str, str], ...] = (
    ("rows", msg("{count} 行")),
    ("new", msg("可导入 {count} 名")),
    ("admitted", msg("已导入 {count} 名")),
    ("offered", msg("已邀请转入 {count} 名")),
    ("here", msg("已是本工会会员 {count} 名")),
    ("elsewhere", msg("已是其他工会会员 {count} 名")),
    ("wrong", msg("有错误 {count} 行")),
)


@dataclass
class JobRow:
    """A job as the list shows it; texts are in every language, `percent` is -1 while the whole is not known."""

    id: int
    kind: str
    title: Texts
    union: str
    status: str
    progress: str
    percent: int
    outcome: Texts
    problem: Texts
    started: Texts
    kept_until: Texts
    has_result: bool
    can_cancel: bool
    can_retry: bool
    is_import: bool


def row_of(job: JobInfo) -> JobRow:
    """A job in words."""
    goes_on = job.status in GOES_ON
    counted = [in_every_language(text, count=whole(job.summary[key])) for key, text in COUNTS if job.summary.get(key)]
    return JobRow(
        id=job.id,
        kind=job.kind,
        title=in_every_language(JOB_TITLES[job.kind, job.stage]),
        union=job.union_name,
        status=job.status,
        progress=f"{whole(job.done)} / {whole(job.total)}" if job.total else whole(job.done),
        percent=min(job.done * 100 // job.total, 100) if job.total else -1,
        outcome=_joined([] if goes_on else counted),
        problem=in_every_language(job.message, **job.message_values) if job.message and not goes_on else {},
        started=short_moment(job.created_at),
        kept_until=day(job.expires_at.date()) if job.expires_at else {},
        has_result=job.has_result,
        can_cancel=goes_on or job.status == JobStatus.WAITING,
        can_retry=job.can_retry,
        is_import=job.kind == JobKind.MEMBER_IMPORT,
    )


def _joined(texts: list[Texts]) -> Texts:
    return {language: " · ".join(text[language] for text in texts) for language in texts[0]} if texts else {}


class JobsState(Asking, rx.State):
    """任务."""

    rows: rx.Field[list[JobRow]] = rx.field(default_factory=list)
    goes_on: rx.Field[bool] = rx.field(False)
    is_loaded: rx.Field[bool] = rx.field(False)

    @account_action
    async def load(self):
        """Open the list."""
        await self._look()

    @unattended_account_action
    async def look_again(self):
        """Every few seconds, by the page itself, while something goes on."""
        await self._look()

    @account_action
    async def cancel(self, job_id: JobId):
        """取消 a job that goes on, or waits to be confirmed."""
        await self._ask_as_account(cancel, job_id=job_id)
        await self._notify(msg("任务已取消。"))
        await self._look()

    @account_action
    async def retry(self, job_id: JobId):
        """重试 a job that failed or was cancelled."""
        await self._ask_as_account(retry, job_id=job_id)
        await self._look()

    async def _look(self) -> None:
        rows = [row_of(job) for job in await self._ask_as_account(list_jobs)]
        if rows != self.rows:
            self.rows = rows
        self.goes_on = any(row.status in GOES_ON for row in rows)
        self.is_loaded = True

"""News of jobs (任务通知): their owner is told how they ended, in the transaction that ends them."""

from typing import Any

from sqlmodel import Session

from gdftu_app.models.jobs import JOB_TITLES, Job, JobKind, JobStatus
from gdftu_app.models.notifications import NotificationKind
from gdftu_app.services.notifications import Told, notify_each

JOBS_PAGE, IMPORT_PAGE = "/jobs/", "/members/import/?job={id}"


def tell_owner(session: Session, job_id: int) -> None:
    """Tell the owner of a job that it is done, waits to be confirmed, or failed, and why; nothing of any other."""
    job = session.get_one(Job, job_id, populate_existing=True)
    title = JOB_TITLES[job.kind, job.stage]
    if job.status == JobStatus.FAILED:
        reason: dict[str, Any] = {**job.message_values, "job": title, "reason": job.message}
        told = {name: str(value) for name, value in reason.items()}
        notify_each(session, NotificationKind.JOB_FAILED, [Told(job.account_id, told, link=JOBS_PAGE)])
    elif job.status in (JobStatus.DONE, JobStatus.WAITING):
        is_import = job.kind == JobKind.MEMBER_IMPORT
        link, union_id = (IMPORT_PAGE.format(id=job_id), job.union_id) if is_import else (JOBS_PAGE, None)
        notify_each(session, NotificationKind.JOB_DONE, [Told(job.account_id, {"job": title}, union_id, link)])

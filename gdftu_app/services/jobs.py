"""Jobs (任务) on their owner's side: started, cancelled, tried again, confirmed, and gone when their time is over."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.db import unit_of_work
from gdftu_app.errors import NotFound, Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account
from gdftu_app.models.jobs import OPEN, ImportRow, Job, JobKind, JobStage, JobStatus
from gdftu_app.queries.jobs import ResultFile, find_result
from gdftu_app.security.actors import Actor
from gdftu_app.services.audit import record
from gdftu_app.services.job_announcements import announce
from gdftu_app.services.job_files import let_go

MOST_OPEN = 5
KEPT = timedelta(days=7)


class TooManyJobs(Refusal):
    """The account has started as much as it may at a time."""

    code = "too_many_jobs"
    default = msg("已有 {limit} 个任务正在进行，请等它们完成后再试。")


class JobChanged(Refusal):
    """The job is no longer where this starts from."""

    code = "job_changed"
    default = msg("任务的状态已变化，请刷新后再试。")


def start(
    session: Session,
    actor: Actor,
    kind: JobKind,
    *,
    stage: JobStage = JobStage.WHOLE,
    parameters: Mapping[str, Any],
    total: int = 0,
    source_key: str = "",
) -> Job:
    """Enter a job of the actor's and announce it; the caller has asked for the permission. Raises `TooManyJobs`."""
    # The jobs of one account are started one by one, so that all of them are counted.
    session.exec(select(Account.id).where(Account.id == actor.account_id).with_for_update()).one()
    mine = select(func.count()).where(Job.account_id == actor.account_id, col(Job.status).in_(OPEN))
    if session.exec(mine).one() >= MOST_OPEN:
        raise TooManyJobs(limit=MOST_OPEN)
    job = Job(
        kind=kind,
        stage=stage,
        account_id=actor.account_id,
        union_id=actor.union_id,
        parameters=dict(parameters),
        total=total,
        source_key=source_key,
    )
    session.add(job)
    session.flush()
    announce(session, job.id or 0)
    return job


def cancel(session: Session, *, account_id: int, job_id: int) -> None:
    """取消: an own job goes no further; what an import has written stays written. Raises NotFound, JobChanged."""
    job = own_job(session, account_id=account_id, job_id=job_id)
    open_or_waiting = (*OPEN, JobStatus.WAITING)
    _change(session, job, open_or_waiting, status=JobStatus.CANCELLED, runner="", heartbeat_at=None, **_over())
    _note(session, job, "jobs:cancel")


def retry(session: Session, *, account_id: int, job_id: int) -> None:
    """重试: an own job that failed or was cancelled is tried again from where it can go on; raises as `cancel`.

    An import whose workbook is gone is not tried again: that raises JobChanged as well.
    """
    job = own_job(session, account_id=account_id, job_id=job_id)
    if job.stage == JobStage.CHECK and not job.source_key:
        raise JobChanged
    resumed: dict[str, Any] = {"finished_at": None, "expires_at": None, "message": "", "message_values": {}}
    _change(
        session, job, (JobStatus.FAILED, JobStatus.CANCELLED), status=JobStatus.QUEUED, attempts=0, done=0, **resumed
    )
    announce(session, job_id)
    _note(session, job, "jobs:retry")


def take_result(session: Session, *, account_id: int, job_id: int) -> ResultFile:
    """下载: the workbook that an own job made, as long as its owner may have it; raises NotFound."""
    found = find_result(session, account_id=account_id, job_id=job_id)
    if found is None:
        raise NotFound
    _note(session, own_job(session, account_id=account_id, job_id=job_id), "jobs:download")
    return found


def go_on(session: Session, job: Job, *, stage: JobStage, total: int, parameters: Mapping[str, Any]) -> bool:
    """Let a waiting job go on with its next stage; False when it no longer waits, so that it is said once."""
    waiting = update(Job).where(col(Job.id) == job.id, col(Job.status) == JobStatus.WAITING)
    values = {"status": JobStatus.QUEUED, "stage": stage, "done": 0, "total": total, "attempts": 0, "expires_at": None}
    went = session.exec(waiting.values(parameters={**job.parameters, **parameters}, **values)).rowcount == 1
    if went:
        announce(session, job.id or 0)
    return went


def own_job(session: Session, *, account_id: int, job_id: int) -> Job:
    """A job of the account's as it is now; raises NotFound."""
    job = session.get(Job, job_id, populate_existing=True)
    if job is None or job.account_id != account_id:
        raise NotFound
    return job


def expire_jobs(*, limit: int = 100) -> int:
    """Remove jobs whose time is over, with their rows; their files go to the collection of garbage. How many."""
    with unit_of_work() as session:
        over = col(Job.expires_at) <= now()
        ids = list(session.exec(select(Job.id).where(over, col(Job.status).not_in(OPEN)).limit(limit)))
        for number in ids:
            let_go(session, job_id=number or 0)
        session.exec(delete(ImportRow).where(col(ImportRow.job_id).in_(ids)))
        session.exec(delete(Job).where(col(Job.id).in_(ids)))
    return len(ids)


def _change(session: Session, job: Job, expected: tuple[JobStatus, ...], **values: Any) -> None:
    changed = update(Job).where(col(Job.id) == job.id, col(Job.status).in_(expected))
    if session.exec(changed.values(**values)).rowcount != 1:
        raise JobChanged
    session.expire(job)


def _over() -> dict[str, Any]:
    return {"finished_at": now(), "expires_at": now() + KEPT}


def _note(session: Session, job: Job, verb: str) -> None:
    record(
        session,
        verb,
        account_id=job.account_id,
        union_id=job.union_id,
        subject=f"jobs:{job.id}",
        detail={"kind": job.kind, "stage": job.stage},
    )

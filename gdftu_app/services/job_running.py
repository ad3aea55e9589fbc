"""Running jobs (执行任务): each by one worker at a time; who stopped breathing is replaced (decision 0025)."""

import logging
import secrets
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias

from sqlalchemy import and_, or_, update
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.db import unit_of_work
from gdftu_app.errors import NotAllowed, NotFound, Refusal
from gdftu_app.i18n import msg
from gdftu_app.integrations.file_store import StoreTrouble
from gdftu_app.models.jobs import Job, JobKind, JobStatus
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.services.job_files import enter_file, let_go, write_sealed
from gdftu_app.services.job_news import tell_owner
from gdftu_app.services.jobs import KEPT

log = logging.getLogger(__name__)
BEAT_SECONDS, DEAD_AFTER = 10.0, timedelta(seconds=60)
MOST_ATTEMPTS = 3
BROKEN_OFF = msg("任务多次中断，已停止。请重试；若仍然出现，请联系平台管理员。")
FAILED = msg("任务没有完成，请重试；若仍然出现，请联系平台管理员。")
STORE_FAILED = msg("文件暂时不能保存，请稍后再试。")
RIGHT_ENDED = msg("你在这个工会的权限已变化，任务已停止。")
_ending = threading.Event()


class Stopped(Exception):
    """The job was cancelled, or is somebody else's by now: nothing of it is to be written any more."""


class Interrupted(Exception):
    """The worker ends; the job goes back into the queue."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a stage ended: done, or waiting for its owner; with a workbook, where one was made."""

    status: JobStatus = JobStatus.DONE
    summary: dict[str, Any] = field(default_factory=dict[str, Any])
    workbook: bytes = b""
    name: str = ""
    lets_source_go: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt at a job by one worker."""

    job_id: int
    runner: str
    kind: JobKind
    stage: str
    account_id: int
    union_id: int
    parameters: dict[str, Any]
    source_key: str
    total: int

    def actor(self, session: Session) -> Actor:
        """The job's owner as an actor now; raises NotFound when nothing stands behind it any more."""
        return get_actor(session, account_id=self.account_id, union_id=self.union_id)

    def step(self, session: Session, *, done: int, total: int | None = None) -> None:
        """Note how far the job is, in the transaction that brought it there.

        Raises `Stopped` when it is no longer this worker's, which takes the transaction back, and `Interrupted`.
        """
        if _ending.is_set():
            raise Interrupted
        values: dict[str, Any] = {"done": done, "heartbeat_at": now()}
        if total is not None:
            values["total"] = total
        if not self.write(session, **values):
            raise Stopped

    def write(self, session: Session, **values: Any) -> bool:
        """Write to the job's row; False when it is no longer this worker's."""
        mine = update(Job).where(
            col(Job.id) == self.job_id, col(Job.status) == JobStatus.RUNNING, col(Job.runner) == self.runner
        )
        return session.exec(mine.values(**values)).rowcount == 1


Runner: TypeAlias = Callable[[Run], Result]
Runners: TypeAlias = Mapping[JobKind, Runner]


def work_off(runners: Runners) -> int:
    """Run the jobs that wait, one after another, until there are none; how many.

    `runners` do the work by kind: in transactions of their own, with a `step` in each.
    """
    ran = 0
    while not _ending.is_set() and (run := _claimed(runners)) is not None:
        _perform(run, runners[run.kind])
        ran += 1
    return ran


def end_jobs() -> None:
    """The worker ends: jobs under way go back into the queue at their next step."""
    _ending.set()


def begin_jobs() -> None:
    """Jobs may be run again in this process."""
    _ending.clear()


def _claimed(runners: Runners) -> Run | None:
    """Take a job that waits, or whose worker has died; of several workers one gets it."""
    is_dead = and_(col(Job.status) == JobStatus.RUNNING, col(Job.heartbeat_at) < now() - DEAD_AFTER)
    is_free = or_(col(Job.status) == JobStatus.QUEUED, is_dead)
    known = col(Job.kind).in_(runners)
    with unit_of_work(reading=True) as session:
        waiting = list(session.exec(select(Job.id).where(is_free, known).order_by(col(Job.id)).limit(10)))
    for number in waiting:
        with unit_of_work() as session:
            given_up = update(Job).where(col(Job.id) == number, is_dead, col(Job.attempts) >= MOST_ATTEMPTS)
            if session.exec(given_up.values(message=BROKEN_OFF, **_ended(JobStatus.FAILED))).rowcount:
                tell_owner(session, number or 0)
                continue
            runner = secrets.token_urlsafe(12)
            values: dict[str, Any] = {"status": JobStatus.RUNNING, "runner": runner, "heartbeat_at": now()}
            taking = update(Job).where(col(Job.id) == number, is_free)
            taken = taking.values(attempts=col(Job.attempts) + 1, started_at=now(), message="", **values)
            if session.exec(taken).rowcount == 1:
                return _run(session.get_one(Job, number, populate_existing=True))
    return None


def _run(job: Job) -> Run:
    return Run(
        job_id=job.id or 0,
        runner=job.runner,
        kind=JobKind(job.kind),
        stage=job.stage,
        account_id=job.account_id,
        union_id=job.union_id,
        parameters=job.parameters,
        source_key=job.source_key,
        total=job.total,
    )


def _perform(run: Run, work: Runner) -> None:
    try:
        with _breathing(run):
            result = work(run)
            _finish(run, result)
    except Stopped:
        log.info("a job was stopped", extra={"job": run.job_id})
    except Interrupted:
        _close(run, status=JobStatus.QUEUED, runner="", heartbeat_at=None, attempts=col(Job.attempts) - 1)
    except (NotFound, NotAllowed):
        _fail(run, RIGHT_ENDED)
    except Refusal as refusal:
        _fail(run, refusal.message, {name: str(value) for name, value in refusal.values.items()})
    except StoreTrouble as trouble:
        log.error("the file store does not take a job's file: %s", trouble)
        _fail(run, STORE_FAILED)
    except Exception:
        log.exception("job failed: %s", run.kind)
        _fail(run, FAILED)


def _finish(run: Run, result: Result) -> None:
    key = write_sealed(result.workbook) if result.workbook else ""
    with unit_of_work() as session:
        values: dict[str, Any] = {"summary": result.summary, "expires_at": now() + KEPT}
        if key:
            enter_file(
                session,
                key,
                account_id=run.account_id,
                job_id=run.job_id,
                name=result.name,
                size=len(result.workbook),
            )
            values["result_key"] = key
        if result.lets_source_go:
            let_go(session, job_id=run.job_id, key=run.source_key)
            values["source_key"] = ""
        if not run.write(session, **{**_ended(result.status), **values}):
            raise Stopped
        tell_owner(session, run.job_id)


def _fail(run: Run, message: str, values: dict[str, str] | None = None) -> None:
    _close(run, message=message, message_values=values or {}, **_ended(JobStatus.FAILED))


def _close(run: Run, **values: Any) -> None:
    try:
        with unit_of_work() as session:
            if run.write(session, **values):
                tell_owner(session, run.job_id)
    except Exception:
        log.exception("the end of a job could not be noted; it will be taken up again")


def _ended(status: JobStatus) -> dict[str, Any]:
    return {
        "status": status,
        "runner": "",
        "heartbeat_at": None,
        "finished_at": now(),
        "expires_at": now() + KEPT,
    }


@contextmanager
def _breathing(run: Run) -> Generator[None]:
    """Show that somebody works on the job, also while one step takes long."""
    over = threading.Event()

    def breathe() -> None:
        while not over.wait(BEAT_SECONDS):
            try:
                with unit_of_work() as session:
                    run.write(session, heartbeat_at=now())
            except Exception as reason:
                log.warning("a job could not show that it is alive: %s", type(reason).__name__)

    thread = threading.Thread(target=breathe, name=f"job:{run.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()

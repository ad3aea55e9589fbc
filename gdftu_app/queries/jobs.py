"""Jobs (任务) as their owner sees them, and whether the owner may still have the result."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from gdftu_app.errors import NotFound
from gdftu_app.models.files import StoredFile
from gdftu_app.models.jobs import ImportOutcome, ImportRow, Job, JobKind
from gdftu_app.models.unions import Union
from gdftu_app.security.actors import Actor, get_actor, requires
from gdftu_app.security.permissions import Permission

SHOWN, SHOWN_PROBLEMS = 50, 20
PERMISSION_OF_KIND: dict[str, Permission] = {
    JobKind.MEMBER_EXPORT: Permission.MEMBERS_EXPORT,
    JobKind.MEMBER_IMPORT: Permission.MEMBERS_IMPORT,
}


@dataclass(frozen=True, slots=True)
class JobInfo:
    """A job; `message` is a text to be rendered with its values, `can_retry` says that what it needs is still there."""

    id: int
    kind: str
    stage: str
    status: str
    union_id: int
    union_name: str
    summary: dict[str, Any]
    message: str
    message_values: dict[str, Any]
    done: int
    total: int
    has_result: bool
    can_retry: bool
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class ResultFile:
    """The workbook of a job: by which key its bytes are found, and its name."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row of an imported workbook that is wrong: its number there, and by column what to mend."""

    number: int
    problems: list[dict[str, Any]]


def list_jobs(session: Session, *, account_id: int, kind: str = "", union_id: int = 0) -> list[JobInfo]:
    """An account's jobs, the newest first; of a kind and a union, if asked for."""
    found = select(Job, Union.name).join(Union, col(Union.id) == Job.union_id).where(Job.account_id == account_id)
    if kind:
        found = found.where(Job.kind == kind)
    if union_id:
        found = found.where(Job.union_id == union_id)
    return [_info(job, name) for job, name in session.exec(found.order_by(col(Job.id).desc()).limit(SHOWN))]


def get_job(session: Session, *, account_id: int, job_id: int) -> JobInfo:
    """One of an account's jobs; raises NotFound."""
    found = select(Job, Union.name).join(Union, col(Union.id) == Job.union_id)
    row = session.exec(found.where(Job.id == job_id, Job.account_id == account_id)).first()
    if row is None:
        raise NotFound
    return _info(*row)


def list_problems(session: Session, *, account_id: int, job_id: int) -> list[RowProblem]:
    """The first rows of an own import that are wrong."""
    get_job(session, account_id=account_id, job_id=job_id)
    wrong = select(ImportRow).where(ImportRow.job_id == job_id, ImportRow.outcome == ImportOutcome.WRONG)
    rows = session.exec(wrong.order_by(col(ImportRow.number)).limit(SHOWN_PROBLEMS))
    return [RowProblem(row.number, row.problems) for row in rows]


def find_result(session: Session, *, account_id: int, job_id: int) -> ResultFile | None:
    """The workbook of an own job, as long as the permission it was made with lasts; None for any other reason too."""
    job = session.get(Job, job_id)
    if job is None or job.account_id != account_id or not job.result_key:
        return None
    try:
        actor = get_actor(session, account_id=account_id, union_id=job.union_id)
    except NotFound:
        return None
    if not actor.may(PERMISSION_OF_KIND[job.kind]):
        return None
    if job.parameters.get("reveals") and not actor.may(Permission.MEMBERS_REVEAL):
        return None
    name = session.exec(select(StoredFile.name).where(StoredFile.key == job.result_key)).first()
    return None if name is None else ResultFile(job.result_key, name)


@requires(Permission.MEMBERS_VIEW)
def export_rights(session: Session, actor: Actor) -> tuple[bool, bool]:
    """Whether the actor may export members, and, if so, with whole numbers."""
    may_export = actor.may(Permission.MEMBERS_EXPORT)
    return may_export, may_export and actor.may(Permission.MEMBERS_REVEAL)


def _info(job: Job, union_name: str) -> JobInfo:
    is_lost = job.stage == "check" and not job.source_key
    return JobInfo(
        id=job.id or 0,
        kind=job.kind,
        stage=job.stage,
        status=job.status,
        union_id=job.union_id,
        union_name=union_name,
        summary=job.summary,
        message=job.message,
        message_values=job.message_values,
        done=job.done,
        total=job.total,
        has_result=bool(job.result_key),
        can_retry=job.status in ("failed", "cancelled") and not is_lost,
        created_at=job.created_at,
        expires_at=job.expires_at,
    )

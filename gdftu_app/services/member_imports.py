"""导入会员: a workbook is checked row by row, shown, and written once that was confirmed (手册 十一, decision 0025)."""

from sqlmodel import Session, col, select

from gdftu_app.errors import InvalidInput, NotFound
from gdftu_app.models.identifiers import one_line
from gdftu_app.models.jobs import OPEN, Job, JobKind, JobStage, JobStatus
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.limits import hit
from gdftu_app.security.permissions import Permission
from gdftu_app.services.audit import record
from gdftu_app.services.import_checks import check_import
from gdftu_app.services.import_writing import write_import
from gdftu_app.services.job_files import enter_file
from gdftu_app.services.job_running import Result, Run
from gdftu_app.services.jobs import JobChanged, go_on, own_job, start
from gdftu_app.services.union_rules import require_holding_members
from gdftu_app.services.unions import get_union
from gdftu_app.workbooks.reading import FIELD, LARGEST_WORKBOOK_BYTES, BadWorkbook

MOST_AN_HOUR = 30
_HOUR = 3_600


@requires(Permission.MEMBERS_IMPORT)
def admit_upload(session: Session, actor: Actor) -> None:
    """Refuse before anything is read: without the permission, too often, or where nobody can be a member."""
    require_holding_members(get_union(session, actor.union_id))
    hit("members:import", str(actor.account_id), limit=MOST_AN_HOUR, seconds=_HOUR)


@requires(Permission.MEMBERS_IMPORT)
def admit_import(session: Session, actor: Actor) -> bool:
    """Whether people can be members of the acting union directly, and so be imported into it."""
    try:
        require_holding_members(get_union(session, actor.union_id))
    except InvalidInput:
        return False
    return True


@requires(Permission.MEMBERS_IMPORT)
def start_member_import(session: Session, actor: Actor, *, key: str, name: str, size: int) -> int:
    """Start the check of a workbook whose bytes were written under a key; the number of the job.

    Raises InvalidInput for a union that holds no members directly, `TooManyJobs`, and `BadWorkbook`.
    """
    require_holding_members(get_union(session, actor.union_id))
    if not 0 < size <= LARGEST_WORKBOOK_BYTES:
        raise BadWorkbook(field=FIELD)
    plain_name = one_line(name)[-100:]
    job = start(session, actor, JobKind.MEMBER_IMPORT, stage=JobStage.CHECK, parameters={}, source_key=key)
    enter_file(session, key, account_id=actor.account_id, job_id=job.id or 0, name=plain_name, size=size)
    record(session, "members:upload", actor=actor, subject=f"jobs:{job.id}", detail={"size": size})
    return job.id or 0


@requires(Permission.MEMBERS_IMPORT)
def confirm_import(session: Session, actor: Actor, *, job_id: int, offers: bool = False) -> None:
    """确认导入: let what was checked be written; said twice, it is written once.

    With `offers`, those who are members of other unions are offered a transfer (decision 0029).
    Raises NotFound for anybody else's, or another union's, and JobChanged for what was cancelled or failed.
    """
    job = own_job(session, account_id=actor.account_id, job_id=job_id)
    if job.kind != JobKind.MEMBER_IMPORT or job.union_id != actor.union_id:
        raise NotFound
    new, elsewhere = (int(job.summary.get(key, 0)) for key in ("new", "elsewhere"))
    total, asked = new + elsewhere * offers, {"offers": offers}
    if job.status == JobStatus.WAITING and go_on(session, job, stage=JobStage.WRITE, total=total, parameters=asked):
        detail = {"rows": new, "offers": elsewhere * offers}
        record(session, "members:import", actor=actor, subject=f"jobs:{job_id}", detail=detail)
        return
    fresh = session.exec(select(Job).where(col(Job.id) == job_id).execution_options(populate_existing=True)).one()
    if fresh.stage != JobStage.WRITE or fresh.status not in (*OPEN, JobStatus.DONE):
        raise JobChanged


def import_members(run: Run) -> Result:
    """The work of an import's stage."""
    return check_import(run) if run.stage == JobStage.CHECK else write_import(run)

"""Jobs (任务): work that somebody starts, may leave, and finds again; and the rows that an import has read."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from gdftu_app.clock import now
from gdftu_app.i18n import msg
from gdftu_app.models.types import BigId, Digest, Json, Moment, Name, Sealed, Word, one_of

_OPEN = text("status IN ('queued', 'running')")


class JobKind(StrEnum):
    """What is to be done."""

    MEMBER_EXPORT, MEMBER_IMPORT = "member_export", "member_import"


class JobStage(StrEnum):
    """An import is checked first and written once that was confirmed; other jobs are done in one go."""

    WHOLE, CHECK, WRITE = "whole", "check", "write"


class JobStatus(StrEnum):
    """Where a job stands; `waiting` is for its owner's word."""

    QUEUED, RUNNING, WAITING = "queued", "running", "waiting"
    DONE, FAILED, CANCELLED = "done", "failed", "cancelled"


JOB_TITLES: dict[tuple[str, str], str] = {
    (JobKind.MEMBER_EXPORT, JobStage.WHOLE): msg("导出会员"),
    (JobKind.MEMBER_IMPORT, JobStage.CHECK): msg("检查导入的会员"),
    (JobKind.MEMBER_IMPORT, JobStage.WRITE): msg("导入会员"),
}
OPEN, OVER = (JobStatus.QUEUED, JobStatus.RUNNING), (JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED)


class Job(SQLModel, table=True):
    """任务: what an account started for a union. This row is the truth; queues only say that there is one.

    `runner` is who works on it; `heartbeat_at` when that was last seen alive. `parameters` and `summary` hold no
    personal data. `source_key` and `result_key` are keys of files, sealed in the store.
    """

    __tablename__: ClassVar[Any] = "jobs"
    __table_args__ = (
        one_of("kind", JobKind),
        one_of("stage", JobStage),
        one_of("status", JobStatus),
        CheckConstraint("(status = 'running') = (runner <> '')", name="running_by_somebody"),
        CheckConstraint("(heartbeat_at IS NOT NULL) = (status = 'running')", name="running_is_alive"),
        Index("ix_jobs_account", "account_id", "id"),
        Index("ix_jobs_open", "id", postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_jobs_expires_at", "expires_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    kind: str = Field(sa_type=Word)
    stage: str = Field(default=JobStage.WHOLE, sa_type=Word)
    status: str = Field(default=JobStatus.QUEUED, sa_type=Word)
    account_id: int = Field(foreign_key="accounts.id")
    union_id: int = Field(foreign_key="unions.id")
    parameters: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    summary: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    message: str = Field(default="")
    message_values: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    done: int = Field(default=0)
    total: int = Field(default=0)
    attempts: int = Field(default=0)
    runner: str = Field(default="", sa_type=Word)
    heartbeat_at: datetime | None = Field(default=None, sa_type=Moment)
    source_key: str = Field(default="", sa_type=Digest)
    result_key: str = Field(default="", sa_type=Digest)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    started_at: datetime | None = Field(default=None, sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    expires_at: datetime | None = Field(default=None, sa_type=Moment)


class ImportOutcome(StrEnum):
    """What became of a row: to be admitted, a member here or elsewhere already, wrong; admitted, or offered a transfer.

    `elsewhere` rows keep only the document, and only until it is decided whether they are offered one.
    """

    NEW, HERE, ELSEWHERE, WRONG = "new", "here", "elsewhere", "wrong"
    ADMITTED, OFFERED = "admitted", "offered"


class ImportRow(SQLModel, table=True):
    """导入的一行: as it was read from the workbook, its values sealed; `problems` say in words what is wrong, where."""

    __tablename__: ClassVar[Any] = "import_rows"
    __table_args__ = (
        one_of("outcome", ImportOutcome),
        UniqueConstraint("job_id", "number", name="uq_import_rows_number"),
        UniqueConstraint("job_id", "document", name="uq_import_rows_document"),
        Index("ix_import_rows_outcome", "job_id", "outcome", "number"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    job_id: int = Field(foreign_key="jobs.id", sa_type=BigId)
    number: int
    outcome: str = Field(sa_type=Word)
    document: str | None = Field(default=None, sa_type=Name)
    values: str = Field(default="", sa_type=Sealed)
    problems: list[Any] = Field(default_factory=list, sa_type=Json)

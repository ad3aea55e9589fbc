"""Requests that a superior decides (审核): what registrations, changes and every other queue have in common."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from gdftu_app.clock import now
from gdftu_app.i18n import msg
from gdftu_app.models.types import BigId, Moment, Name, Word, one_of


class ReviewStatus(StrEnum):
    """How far a request has come; only pending ones are open to anybody."""

    PENDING, APPROVED, REJECTED, WITHDRAWN = "pending", "approved", "rejected", "withdrawn"


REVIEW_STATUS_LABELS: dict[ReviewStatus, str] = {
    ReviewStatus.PENDING: msg("审核中"),
    ReviewStatus.APPROVED: msg("已通过"),
    ReviewStatus.REJECTED: msg("已驳回"),
    ReviewStatus.WITHDRAWN: msg("已撤回"),
}


class Reviewed(SQLModel):
    """What a table of requests holds besides what is asked for.

    `reviewing_union_id` decides, nobody else. `closed_at` is when it was decided or withdrawn, `closed_by_id` who did.
    """

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    reviewing_union_id: int = Field(foreign_key="unions.id")
    status: str = Field(default=ReviewStatus.PENDING, sa_type=Word)
    submitted_by_id: int = Field(foreign_key="accounts.id")
    submitted_at: datetime = Field(default_factory=now, sa_type=Moment)
    closed_by_id: int | None = Field(default=None, foreign_key="accounts.id")
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    reason: str = Field(default="", sa_type=Name)


def review_rules(table: str) -> tuple[CheckConstraint | Index, ...]:
    """The constraints of a table of requests, and the indexes of its queue and of what left it."""
    return (
        one_of("status", ReviewStatus),
        CheckConstraint("(closed_at IS NULL) = (status = 'pending')", name="closed_when"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_by_somebody"),
        CheckConstraint(
            "status NOT IN ('approved', 'rejected') OR closed_by_id <> submitted_by_id",
            name="nobody_reviews_their_own",
        ),
        CheckConstraint("status <> 'rejected' OR reason <> ''", name="rejected_with_a_reason"),
        Index(
            f"ix_{table}_waiting",
            "reviewing_union_id",
            "submitted_at",
            "id",
            postgresql_where=text("status = 'pending'"),
            sqlite_where=text("status = 'pending'"),
        ),
        Index(f"ix_{table}_closed", "reviewing_union_id", "status", "closed_at", "id"),
        Index(f"ix_{table}_submitted_by", "submitted_by_id", "id"),
    )

"""Applications to join (入会申请): a verified person asks a union to admit them (手册 十三)."""

from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from gdftu_app.models.reviews import Reviewed, review_rules
from gdftu_app.models.types import BigId, Json


class JoinApplication(Reviewed, table=True):
    """入会申请: `reviewing_union_id` is the union asked; a person has at most one that is pending.

    `details` are the fields that the applicant filled in, by the keys of `models.join_details`. `membership_id` is
    what approval made; `earlier_id` is the person's application before this one.
    """

    __tablename__: ClassVar[Any] = "join_applications"
    __table_args__ = (
        *review_rules("join_applications"),
        CheckConstraint("(membership_id IS NOT NULL) = (status = 'approved')", name="approval_makes_a_membership"),
        Index(
            "uq_join_applications_pending",
            "person_id",
            unique=True,
            postgresql_where=text("status = 'pending'"),
            sqlite_where=text("status = 'pending'"),
        ),
        Index("ix_join_applications_person", "person_id", "id"),
    )

    person_id: int = Field(foreign_key="persons.id", sa_type=BigId)
    details: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    membership_id: int | None = Field(default=None, foreign_key="memberships.id", unique=True, sa_type=BigId)
    earlier_id: int | None = Field(default=None, foreign_key="join_applications.id", sa_type=BigId)

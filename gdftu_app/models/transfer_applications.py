"""Applications to transfer (转会申请): a member asks to be carried over to another union (手册 十四)."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from gdftu_app.models.reviews import Reviewed, review_rules
from gdftu_app.models.types import BigId, Moment, Name, Word, one_of


class TransferStage(StrEnum):
    """Who is asked now: the union that the member leaves (where its consent is needed), or the one to be joined."""

    CONSENT, ADMISSION = "consent", "admission"


class TransferApplication(Reviewed, table=True):
    """转会申请: a membership is to end in one union and to go on in another; a person has at most one that is pending.

    `reviewing_union_id` is whoever is asked at this stage, `purpose` the applicant's reason. `new_membership_id` is
    what approval made. `consented_by_id` and `consented_at` say who let the member go, where that was asked.
    """

    __tablename__: ClassVar[Any] = "transfer_applications"
    __table_args__ = (
        *review_rules("transfer_applications"),
        one_of("stage", TransferStage),
        CheckConstraint("(new_membership_id IS NOT NULL) = (status = 'approved')", name="approval_makes_a_membership"),
        CheckConstraint("from_union_id <> target_union_id", name="somewhere_else"),
        CheckConstraint(
            "reviewing_union_id = CASE stage WHEN 'consent' THEN from_union_id ELSE target_union_id END",
            name="asked_by_stage",
        ),
        CheckConstraint("(consented_at IS NULL) = (consented_by_id IS NULL)", name="consent_by_somebody"),
        CheckConstraint("consented_by_id <> submitted_by_id", name="nobody_consents_to_their_own"),
        Index(
            "uq_transfer_applications_pending",
            "person_id",
            unique=True,
            postgresql_where=text("status = 'pending'"),
            sqlite_where=text("status = 'pending'"),
        ),
        Index("ix_transfer_applications_person", "person_id", "id"),
    )

    person_id: int = Field(foreign_key="persons.id", sa_type=BigId)
    membership_id: int = Field(foreign_key="memberships.id", sa_type=BigId)
    from_union_id: int = Field(foreign_key="unions.id")
    target_union_id: int = Field(foreign_key="unions.id")
    stage: str = Field(default=TransferStage.ADMISSION, sa_type=Word)
    purpose: str = Field(sa_type=Name)
    consented_by_id: int | None = Field(default=None, foreign_key="accounts.id")
    consented_at: datetime | None = Field(default=None, sa_type=Moment)
    new_membership_id: int | None = Field(default=None, foreign_key="memberships.id", unique=True, sa_type=BigId)

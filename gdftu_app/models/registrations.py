"""Registrations (组织登记): a base union asks its superior to be entered; and drafts of that (手册 二)."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from gdftu_app.clock import now
from gdftu_app.models.reviews import Reviewed, review_rules
from gdftu_app.models.types import BigId, Json, Moment, Name, Word


class Registration(Reviewed, table=True):
    """组织登记申请: an employer and the union of its staff; `reviewing_union_id` is the superior it asks for.

    `notes` are the applicant's words on what looked unusual, by field. `union_id` is the union that approval made.
    """

    __tablename__: ClassVar[Any] = "registrations"
    __table_args__ = (
        *review_rules("registrations"),
        CheckConstraint(
            "is_independent = (union_uscc IS NOT NULL) AND is_independent = (union_certificate_id IS NOT NULL)",
            name="independent_unions_have_a_code",
        ),
        CheckConstraint("(union_id IS NOT NULL) = (status = 'approved')", name="approval_makes_a_union"),
        Index(
            "uq_registrations_employer_pending",
            "employer_uscc",
            unique=True,
            postgresql_where=text("status = 'pending'"),
            sqlite_where=text("status = 'pending'"),
        ),
        Index(
            "uq_registrations_union_pending",
            "union_uscc",
            unique=True,
            postgresql_where=text("status = 'pending'"),
            sqlite_where=text("status = 'pending'"),
        ),
    )

    employer_name: str = Field(sa_type=Name)
    employer_uscc: str = Field(sa_type=Word)
    employer_certificate_id: int = Field(foreign_key="files.id", sa_type=BigId)
    is_independent: bool = False
    union_name: str = Field(sa_type=Name)
    union_uscc: str | None = Field(default=None, sa_type=Word)
    union_certificate_id: int | None = Field(default=None, foreign_key="files.id", sa_type=BigId)
    notes: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    union_id: int | None = Field(default=None, foreign_key="unions.id", unique=True)
    earlier_id: int | None = Field(default=None, foreign_key="registrations.id", sa_type=BigId)


class RegistrationDraft(SQLModel, table=True):
    """登记草稿: what an account has typed into the form so far; it survives closing the browser."""

    __tablename__: ClassVar[Any] = "registration_drafts"

    account_id: int = Field(primary_key=True, foreign_key="accounts.id")
    values: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    step: int = 1
    earlier_id: int | None = Field(default=None, foreign_key="registrations.id", sa_type=BigId)
    updated_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)

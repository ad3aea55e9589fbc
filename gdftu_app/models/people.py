"""People (人): who members and administrators are, apart from what they do here."""

from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from gdftu_app.clock import now
from gdftu_app.models.types import BigId, Digest, Moment, Name, Sealed, Small, Word, one_of


class Sex(IntEnum):
    """性别, as GB/T 2261.1 numbers it."""

    MALE, FEMALE = 1, 2


def birth_year(born_on: date | None) -> int | None:
    """The year somebody was born in, which memberships keep; None where the day is not known."""
    return born_on.year if born_on else None


class VerificationStatus(StrEnum):
    """实名状态: how far the proof of identity has come."""

    UNVERIFIED, PENDING, VERIFIED, FAILED = "unverified", "pending", "verified", "failed"


class Person(SQLModel, table=True):
    """自然人: one by document type and number; both number and phone are sealed, found by their blind indexes."""

    __tablename__: ClassVar[Any] = "persons"
    __table_args__ = (
        Index("uq_persons_document", "doc_type", "doc_bidx", unique=True),
        Index("ix_persons_phone_bidx", "phone_bidx"),
        CheckConstraint("sex IN (1, 2)", name="sex_known"),
        CheckConstraint("(doc_type IS NULL) = (doc_bidx IS NULL)", name="document_whole"),
        CheckConstraint("(verified_at IS NOT NULL) = (verification = 'verified')", name="verified_when"),
        one_of("verification", VerificationStatus),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str = Field(sa_type=Name)
    sex: int | None = Field(default=None, sa_type=Small)
    born_on: date | None = None
    ethnicity: str = Field(default="", sa_type=Word)
    doc_type: str | None = Field(default=None, sa_type=Word)
    doc_enc: str | None = Field(default=None, sa_type=Sealed)
    doc_bidx: str | None = Field(default=None, sa_type=Digest)
    phone_enc: str | None = Field(default=None, sa_type=Sealed)
    phone_bidx: str | None = Field(default=None, sa_type=Digest)
    education: str = Field(default="", sa_type=Word)
    politics: str = Field(default="", sa_type=Word)
    household: str = Field(default="", sa_type=Word)
    employment: str = Field(default="", sa_type=Word)
    skill: str = Field(default="", sa_type=Word)
    workplace: str = Field(default="", sa_type=Name)
    is_migrant: bool = False
    occupation: str = Field(default="", sa_type=Word)
    verification: str = Field(default=VerificationStatus.UNVERIFIED, sa_type=Word)
    verified_at: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)

"""Memberships (会籍) and their append-only history (会籍变动)."""

from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from gdftu_app.clock import now
from gdftu_app.models.types import BigId, ByteOrdered, Moment, Small, Word, one_of


class MembershipStatus(IntEnum):
    """Where a membership stands; the retained (保留) are current but outside the member count."""

    CURRENT, RETAINED, ENDED = 1, 2, 3


class Membership(SQLModel, table=True):
    """会籍: a person in a union. Name, sex, verified and migrant are copies of the person, for lists and figures."""

    __tablename__: ClassVar[Any] = "memberships"
    __table_args__ = (
        CheckConstraint("status IN (1, 2, 3)", name="status_known"),
        CheckConstraint("(ended_on IS NOT NULL) = (status = 3)", name="ended_when"),
        CheckConstraint("sex IN (1, 2)", name="sex_known"),
        Index(
            "uq_memberships_current",
            "person_id",
            unique=True,
            postgresql_where=text("status IN (1, 2)"),
            sqlite_where=text("status IN (1, 2)"),
        ),
        Index(
            "ix_memberships_union",
            "union_id",
            "joined_on",
            "id",
            postgresql_include=["verified", "sex", "status", "is_migrant"],
        ),
        Index(
            "ix_memberships_newest",
            "joined_on",
            "id",
            postgresql_include=["union_id", "verified", "sex", "status", "is_migrant"],
        ),
        Index("ix_memberships_name", "name", "id", postgresql_include=["union_id", "status"]),
        Index(
            "ix_memberships_union_name",
            "union_id",
            "name",
            "id",
            postgresql_where=text("status = 1"),
            sqlite_where=text("status = 1"),
        ),
        # The retained are one in a hundred: among the newest of all they would be looked for far too long.
        Index(
            "ix_memberships_retained",
            "joined_on",
            "id",
            postgresql_include=["union_id", "verified", "sex", "is_migrant"],
            postgresql_where=text("status = 2"),
            sqlite_where=text("status = 2"),
        ),
        Index("ix_memberships_person", "person_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="persons.id", sa_type=BigId)
    union_id: int = Field(foreign_key="unions.id")
    status: int = Field(default=MembershipStatus.CURRENT, sa_type=Small)
    joined_on: date
    since: date
    ended_on: date | None = None
    name: str = Field(sa_type=ByteOrdered)
    sex: int | None = Field(default=None, sa_type=Small)
    verified: bool = False
    is_migrant: bool = False


class MembershipEventKind(StrEnum):
    """会籍变动: what happened to a membership. `verified` (实名) concerns its person and is dated for the figures."""

    JOINED = "joined"
    TRANSFERRED_IN = "transferred_in"
    TRANSFERRED_OUT = "transferred_out"
    RETAINED = "retained"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"
    EXPELLED = "expelled"
    REMOVED = "removed"
    VERIFIED = "verified"


class MembershipEvent(SQLModel, table=True):
    """One change of one membership. `change` is its effect on the union's member count: -1, 0 or 1."""

    __tablename__: ClassVar[Any] = "membership_events"
    __table_args__ = (
        one_of("kind", MembershipEventKind),
        CheckConstraint("change IN (-1, 0, 1)", name="change_is_one_member"),
        Index("ix_membership_events_membership", "membership_id", "id"),
        Index("ix_membership_events_union_day", "union_id", "day"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    membership_id: int = Field(foreign_key="memberships.id", sa_type=BigId)
    union_id: int = Field(foreign_key="unions.id")
    kind: str = Field(sa_type=Word)
    change: int = Field(default=0, sa_type=Small)
    day: date
    at: datetime = Field(default_factory=now, sa_type=Moment)
    reason: str = Field(default="")
    operator_id: int | None = Field(default=None, foreign_key="accounts.id")

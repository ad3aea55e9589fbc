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


# What few people are: lists find them by indexes of their own. All other values are common enough to come along.
RARE_OCCUPATIONS = text("occupation IN ('truck_driver', 'ride_hailing_driver', 'courier', 'food_courier')")
RARE_EDUCATIONS = text("education IN ('11', '14', '81')")
RETAINED_ONLY, CURRENT_ONLY = text("status = 2"), text("status = 1")


class Membership(SQLModel, table=True):
    """会籍: a person in a union. Name, sex, verified, migrant, occupation, education and year of birth are copies of
    the person, for lists and figures. `area_id` is the nearest union of county level or above, at or above the union:
    lists of branches are put together from areas (decision 0028).
    """

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
            postgresql_include=["verified", "sex", "status", "is_migrant", "occupation", "education"],
        ),
        Index(
            "ix_memberships_union_name",
            "union_id",
            "name",
            "id",
            postgresql_include=["verified", "sex", "is_migrant", "occupation", "education"],
            postgresql_where=CURRENT_ONLY,
            sqlite_where=CURRENT_ONLY,
        ),
        Index(
            "ix_memberships_area",
            "area_id",
            "joined_on",
            "id",
            postgresql_include=["union_id", "verified", "sex", "status", "is_migrant", "occupation", "education"],
        ),
        Index(
            "ix_memberships_area_name",
            "area_id",
            "name",
            "id",
            postgresql_include=["union_id", "verified", "sex", "status", "is_migrant", "occupation", "education"],
        ),
        # One in a hundred is retained, one in eight a courier or the like, one in twenty a doctor or hardly schooled.
        Index(
            "ix_memberships_retained",
            "area_id",
            "joined_on",
            "id",
            postgresql_include=["union_id", "verified", "sex", "is_migrant", "occupation", "education"],
            postgresql_where=RETAINED_ONLY,
            sqlite_where=RETAINED_ONLY,
        ),
        Index(
            "ix_memberships_occupation",
            "area_id",
            "occupation",
            "joined_on",
            "id",
            postgresql_include=["union_id", "verified", "sex", "status", "is_migrant", "education"],
            postgresql_where=RARE_OCCUPATIONS,
            sqlite_where=RARE_OCCUPATIONS,
        ),
        Index(
            "ix_memberships_education",
            "area_id",
            "education",
            "joined_on",
            "id",
            postgresql_include=["union_id", "verified", "sex", "status", "is_migrant", "occupation"],
            postgresql_where=RARE_EDUCATIONS,
            sqlite_where=RARE_EDUCATIONS,
        ),
        Index("ix_memberships_person", "person_id", "id"),
        # In the order in which compositions count: who is alike stands together, and takes hardly any room.
        Index(
            "ix_memberships_traits",
            "union_id",
            "born_year",
            "education",
            "occupation",
            postgresql_where=CURRENT_ONLY,
            sqlite_where=CURRENT_ONLY,
        ),
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
    area_id: int
    occupation: str = Field(default="", sa_type=Word)
    education: str = Field(default="", sa_type=Word)
    born_year: int | None = Field(default=None, sa_type=Small)


class MembershipEventKind(StrEnum):
    """会籍变动: what happened to a membership. `verified` (实名) and `unverified` concern its person and are dated for
    the figures."""

    JOINED = "joined"
    TRANSFERRED_IN = "transferred_in"
    TRANSFERRED_OUT = "transferred_out"
    RETAINED = "retained"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"
    EXPELLED = "expelled"
    REMOVED = "removed"
    VERIFIED = "verified"
    UNVERIFIED = "unverified"


class MembershipEvent(SQLModel, table=True):
    """One change of one membership.

    `change` is its effect on the union's member count: -1, 0 or 1; `verified_change` that on its verified members.
    """

    __tablename__: ClassVar[Any] = "membership_events"
    __table_args__ = (
        one_of("kind", MembershipEventKind),
        CheckConstraint("change IN (-1, 0, 1)", name="change_is_one_member"),
        Index("ix_membership_events_membership", "membership_id", "id"),
        Index(
            "ix_membership_events_union_day",
            "union_id",
            "day",
            postgresql_include=["kind", "change", "verified_change"],
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    membership_id: int = Field(foreign_key="memberships.id", sa_type=BigId)
    union_id: int = Field(foreign_key="unions.id")
    kind: str = Field(sa_type=Word)
    change: int = Field(default=0, sa_type=Small)
    verified_change: int = Field(default=0, sa_type=Small, sa_column_kwargs={"server_default": "0"})
    day: date
    at: datetime = Field(default_factory=now, sa_type=Moment)
    reason: str = Field(default="")
    operator_id: int | None = Field(default=None, foreign_key="accounts.id")

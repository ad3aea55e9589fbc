"""Unions (工会): the organisation tree, its search index, and the employers (单位) that unions cover."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from gdftu_app.clock import now
from gdftu_app.i18n import msg
from gdftu_app.models.types import ByteOrdered, Digest, Moment, Name, Sealed, Word, one_of


class UnionLevel(StrEnum):
    """Administrative level of a union (an attribute: never derived from depth)."""

    PROVINCE, CITY, COUNTY, TOWN, BASE = "province", "city", "county", "town", "base"


LEVEL_LABELS: dict[UnionLevel, str] = {
    UnionLevel.PROVINCE: msg("省级"),
    UnionLevel.CITY: msg("地市级"),
    UnionLevel.COUNTY: msg("县区级"),
    UnionLevel.TOWN: msg("乡镇、街道级"),
    UnionLevel.BASE: msg("基层"),
}


class UnionCategory(StrEnum):
    """What kind of union it is (工会类型); the last four stand at or below the base."""

    PROVINCIAL = "provincial"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    REGIONAL_FEDERATION = "regional_federation"
    INDUSTRY_FEDERATION = "industry_federation"
    INDUSTRY = "industry"
    WORK_COMMITTEE = "work_committee"
    OFFICE = "office"
    GROUP = "group"
    SINGLE_BASE = "single_base"
    JOINT_BASE = "joint_base"
    BRANCH = "branch"
    TEAM = "team"


CATEGORY_LABELS: dict[UnionCategory, str] = {
    UnionCategory.PROVINCIAL: msg("省总工会"),
    UnionCategory.CITY: msg("地级市总工会"),
    UnionCategory.COUNTY: msg("县(市、区)总工会"),
    UnionCategory.TOWN: msg("乡镇(街道)总工会"),
    UnionCategory.REGIONAL_FEDERATION: msg("区域性工会联合会"),
    UnionCategory.INDUSTRY_FEDERATION: msg("行业性工会联合会"),
    UnionCategory.INDUSTRY: msg("产业(系统)工会"),
    UnionCategory.WORK_COMMITTEE: msg("工会工作委员会"),
    UnionCategory.OFFICE: msg("工会办事处"),
    UnionCategory.GROUP: msg("集团工会"),
    UnionCategory.SINGLE_BASE: msg("单独基层工会"),
    UnionCategory.JOINT_BASE: msg("联合基层工会"),
    UnionCategory.BRANCH: msg("分会"),
    UnionCategory.TEAM: msg("工会小组"),
}
BELOW_BASE = (UnionCategory.BRANCH, UnionCategory.TEAM)
NOT_ABOVE_BASE = (UnionCategory.SINGLE_BASE, UnionCategory.JOINT_BASE, *BELOW_BASE)
# They cover employers; their branches and teams are of the industry that they are of.
COVERING = (UnionCategory.SINGLE_BASE, UnionCategory.JOINT_BASE)
# 新就业形态劳动者 may hold their membership directly under the last three.
HOLDING_MEMBERS = (
    *NOT_ABOVE_BASE,
    UnionCategory.INDUSTRY_FEDERATION,
    UnionCategory.REGIONAL_FEDERATION,
    UnionCategory.TOWN,
)


class UnionStatus(StrEnum):
    """Where a union stands in its life; a dissolved union keeps its row."""

    PREPARING, ACTIVE, DISSOLVED = "preparing", "active", "dissolved"


STATUS_LABELS: dict[UnionStatus, str] = {
    UnionStatus.PREPARING: msg("筹建中"),
    UnionStatus.ACTIVE: msg("正常"),
    UnionStatus.DISSOLVED: msg("已撤销"),
}


class DataSource(StrEnum):
    """Where a union's data came from (数据来源)."""

    REGISTRATION, IMPORT, ESTABLISHED = "registration", "import", "established"


SOURCE_LABELS: dict[DataSource, str] = {
    DataSource.REGISTRATION: msg("组织登记"),
    DataSource.IMPORT: msg("批量导入"),
    DataSource.ESTABLISHED: msg("上级建立"),
}


SEARCHED = ["id", "category", "status", "name", "initials", "uscc"]


def _listed(categories: tuple[UnionCategory, ...]) -> str:
    return ", ".join(f"'{category.value}'" for category in categories)


class Union(SQLModel, table=True):
    """工会: one organisation node. `path` lists the ids from the root to itself: `/1/17/203/`.

    `industry` is a copy of that of the employers it covers, for figures: see `services.composition_shifts`.
    """

    __tablename__: ClassVar[Any] = "unions"
    __table_args__ = (
        one_of("level", UnionLevel),
        one_of("category", UnionCategory),
        one_of("status", UnionStatus),
        one_of("data_source", DataSource),
        CheckConstraint("is_above_base = (level <> 'base')", name="level_fits_category"),
        CheckConstraint("superior_id IS NOT NULL OR level = 'province'", name="only_the_province_is_a_root"),
        CheckConstraint("substr(path, 1, 1) = '/' AND substr(path, length(path), 1) = '/'", name="path_is_closed"),
        CheckConstraint("term_ends_on IS NULL OR term_starts_on <= term_ends_on", name="term_in_order"),
        UniqueConstraint("id", "is_above_base"),
        # A base union is nobody's superior, except of its own branches and teams.
        ForeignKeyConstraint(
            ["superior_id", "superior_is_above_base"],
            ["unions.id", "unions.is_above_base"],
            name="fk_unions_superior",
        ),
        # The search compares names in tree order: with them in the index it need not visit the rows.
        Index("uq_unions_path", "path", unique=True, postgresql_include=[*SEARCHED, "is_above_base"]),
        Index("ix_unions_superior", "superior_id", "is_above_base", "id"),
        Index(
            "ix_unions_above_base_path",
            "path",
            postgresql_include=SEARCHED,
            postgresql_where=text("is_above_base"),
            sqlite_where=text("is_above_base"),
        ),
        Index(
            "uq_unions_uscc_live",
            "uscc",
            unique=True,
            postgresql_where=text("status <> 'dissolved'"),
            sqlite_where=text("status <> 'dissolved'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    superior_id: int | None = Field(default=None)
    path: str = Field(sa_type=ByteOrdered)
    level: str = Field(sa_type=Word)
    category: str = Field(sa_type=Word)
    is_above_base: bool = Field(
        default=None, sa_column_args=[Computed(f"category NOT IN ({_listed(NOT_ABOVE_BASE)})", persisted=True)]
    )
    superior_is_above_base: bool = Field(
        default=None, sa_column_args=[Computed(f"category NOT IN ({_listed(BELOW_BASE)})", persisted=True)]
    )
    status: str = Field(default=UnionStatus.ACTIVE, sa_type=Word)
    name: str = Field(sa_type=Name)
    initials: str = Field(sa_type=ByteOrdered)
    uscc: str | None = Field(default=None, sa_type=Word)
    division_code: str | None = Field(default=None, sa_type=Word)
    founded_on: date | None = None
    principal_name: str = Field(default="", sa_type=Name)
    contact_name: str = Field(default="", sa_type=Name)
    phone_enc: str | None = Field(default=None, sa_type=Sealed)
    phone_bidx: str | None = Field(default=None, sa_type=Digest)
    postcode: str = Field(default="", sa_type=Word)
    approval_number: str = Field(default="", sa_type=Name)
    term_starts_on: date | None = None
    term_ends_on: date | None = None
    industry: str = Field(default="", sa_type=Word, sa_column_kwargs={"server_default": ""})
    data_source: str = Field(default=DataSource.ESTABLISHED, sa_type=Word)
    version: int = 1
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    updated_at: datetime = Field(default_factory=now, sa_type=Moment)


class Employer(SQLModel, table=True):
    """单位: the organisation whose staff a union covers; a joint union covers several."""

    __tablename__: ClassVar[Any] = "employers"
    __table_args__ = (CheckConstraint("employee_count >= 0", name="employee_count_counts"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_type=Name)
    uscc: str = Field(sa_type=Word, unique=True)
    address: str = Field(default="", sa_type=Name)
    division_code: str = Field(default="", sa_type=Word)
    nature: str = Field(default="", sa_type=Word)
    economy: str = Field(default="", sa_type=Word)
    industry: str = Field(default="", sa_type=Word)
    employee_count: int = 0


class UnionEmployer(SQLModel, table=True):
    """Which employers a union covers."""

    __tablename__: ClassVar[Any] = "union_employers"

    union_id: int = Field(primary_key=True, foreign_key="unions.id")
    employer_id: int = Field(primary_key=True, foreign_key="employers.id", index=True)


# Two marks of the branches each union is in and the grams of its name, initials and code (`queries.union_grams`), kept
# out of `unions` so that a branch move stays cheap (measured: 0.1 s against 7 s for 14,666 unions within a county).
# PostgreSQL searches them; SQLite reads names directly.
union_search = Table(
    "union_search",
    SQLModel.metadata,
    Column("union_id", Integer, primary_key=True, autoincrement=False),
    Column("grams", ARRAY(Integer).with_variant(Text(), "sqlite"), nullable=False),
    ForeignKeyConstraint(["union_id"], ["unions.id"], ondelete="CASCADE"),
    Index("ix_union_search_grams", "grams", postgresql_using="gin"),
)


@event.listens_for(Union, "before_update")
def _count_versions(_mapper: object, _connection: object, union: Union) -> None:
    union.updated_at = now()

"""Records of the same person that were merged into one (重复记录合并)."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from gdftu_app.clock import now
from gdftu_app.i18n import msg
from gdftu_app.models.types import BigId, Moment, Name

# Why the membership of the record that is given up ended, as its history keeps it.
MERGED, MERGED_LABEL = "merged", msg("重复记录合并")


class PersonMerge(SQLModel, table=True):
    """合并: the record `merged_id`, which is gone, became part of `kept_id`; nothing of what it held is kept here."""

    __tablename__: ClassVar[Any] = "person_merges"
    __table_args__ = (Index("ix_person_merges_kept", "kept_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    kept_id: int = Field(foreign_key="persons.id", sa_type=BigId)
    merged_id: int = Field(unique=True, sa_type=BigId)
    union_id: int = Field(foreign_key="unions.id")
    merged_by_id: int = Field(foreign_key="accounts.id")
    reason: str = Field(sa_type=Name)
    merged_at: datetime = Field(default_factory=now, sa_type=Moment)

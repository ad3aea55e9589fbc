"""Filters of the list of members that somebody keeps under a name (保存的筛选)."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from gdftu_app.clock import now
from gdftu_app.models.types import Moment, Name

LONGEST_QUERY = 500


class KeptMemberList(SQLModel, table=True):
    """保存的筛选 of one account in one union; `query` is what stands in the address of the list."""

    __tablename__: ClassVar[Any] = "kept_member_lists"
    __table_args__ = (UniqueConstraint("account_id", "union_id", "name", name="uq_kept_member_lists_name"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="accounts.id")
    union_id: int = Field(foreign_key="unions.id")
    name: str = Field(sa_type=Name)
    query: str = Field(max_length=LONGEST_QUERY)
    kept_at: datetime = Field(default_factory=now, sa_type=Moment)

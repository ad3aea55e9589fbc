"""Moves of branches (上级工会变更), and what they left in the past of their superiors, so that it stays as it was."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from gdftu_app.models.figures import Movements
from gdftu_app.models.types import ByteOrdered


class BranchMove(SQLModel, table=True):
    """A union got another superior on a day; `before` and `after` are the paths of its superiors, then."""

    __tablename__: ClassVar[Any] = "branch_moves"
    __table_args__ = (Index("ix_branch_moves_union", "union_id", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    union_id: int = Field(foreign_key="unions.id")
    day: date
    before: str = Field(sa_type=ByteOrdered)
    after: str = Field(sa_type=ByteOrdered)


class CarriedDays(Movements, table=True):
    """What must be added to a recount by the present paths to give what a union's day was, with everything below it.

    Above-base unions keep their days, which are checked against recount and carried days together; base unions are
    counted when they are read, and their carried days are added then.
    """

    __tablename__: ClassVar[Any] = "carried_days"

    union_id: int = Field(primary_key=True, foreign_key="unions.id")
    day: date = Field(primary_key=True)

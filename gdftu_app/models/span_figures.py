"""Figures of months and years: the days of a union summed up, so that long times are read as quickly as short ones."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from gdftu_app.models.types import Small

MONTH, YEAR = 1, 12


class SpanFigures(SQLModel, table=True):
    """Movements of one union in one month or one year of `months`, from `first`, with everything below it.

    Of every union, base unions too, whose days are not kept. The other columns are those of `DailyFigures`.
    """

    __tablename__: ClassVar[Any] = "span_figures"
    __table_args__ = (CheckConstraint("months IN (1, 12)", name="length_known"),)

    union_id: int = Field(primary_key=True, foreign_key="unions.id")
    months: int = Field(primary_key=True, sa_type=Small)
    first: date = Field(primary_key=True)
    joined: int = 0
    transferred_in: int = 0
    transferred_out: int = 0
    removed: int = 0
    verified: int = 0
    members: int = 0
    verified_members: int = 0
    registered: int = 0

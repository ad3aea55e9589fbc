"""Figures of months and years: the days of a union summed up, so that long times are read as quickly as short ones."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from gdftu_app.models.figures import Movements
from gdftu_app.models.types import Small

MONTH, YEAR = 1, 12


class SpanFigures(Movements, table=True):
    """Movements of one union in one month or one year of `months`, from `first`, with everything below it.

    Of every union, base unions too, whose days are not kept.
    """

    __tablename__: ClassVar[Any] = "span_figures"
    __table_args__ = (CheckConstraint("months IN (1, 12)", name="length_known"),)

    union_id: int = Field(primary_key=True, foreign_key="unions.id")
    months: int = Field(primary_key=True, sa_type=Small)
    first: date = Field(primary_key=True)

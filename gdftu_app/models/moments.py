"""Moments in statements: the calendar day in China on which one falls."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, SQLColumnExpression
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _Day(FunctionElement[date]):
    inherit_cache = True
    name = "day_of_moment"
    type = Date()


@compiles(_Day, "postgresql")
def _day_on_postgresql(element: _Day, compiler: Any, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AT TIME ZONE 'Asia/Shanghai' AS date)"


@compiles(_Day, "sqlite")
def _day_on_sqlite(element: _Day, compiler: Any, **options: Any) -> str:
    # Without summer time since 1991, China's clocks are eight hours ahead.
    return f"date({compiler.process(element.clauses, **options)}, '+8 hours')"


def day_of_moment(moment: SQLColumnExpression[datetime]) -> FunctionElement[date]:
    """The day of each moment of a column, as `clock.day_of` gives it."""
    return _Day(moment)

"""Moments and days in statements: the calendar day in China of a moment, the month and the year of a day."""

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


class _Month(FunctionElement[date]):
    inherit_cache = True
    name = "month_of_day"
    type = Date()


class _Year(FunctionElement[date]):
    inherit_cache = True
    name = "year_of_day"
    type = Date()


@compiles(_Month, "postgresql")
@compiles(_Year, "postgresql")
def _begin_on_postgresql(element: _Month | _Year, compiler: Any, **options: Any) -> str:
    part = "month" if isinstance(element, _Month) else "year"
    # Without a time zone: it would otherwise be asked for with each row.
    return f"CAST(date_trunc('{part}', CAST({compiler.process(element.clauses, **options)} AS timestamp)) AS date)"


@compiles(_Month, "sqlite")
@compiles(_Year, "sqlite")
def _begin_on_sqlite(element: _Month | _Year, compiler: Any, **options: Any) -> str:
    part = "month" if isinstance(element, _Month) else "year"
    return f"date({compiler.process(element.clauses, **options)}, 'start of {part}')"


def month_of_day(day: SQLColumnExpression[date]) -> FunctionElement[date]:
    """The first day of the month of each day of a column."""
    return _Month(day)


def year_of_day(day: SQLColumnExpression[date]) -> FunctionElement[date]:
    """The first day of the year of each day of a column."""
    return _Year(day)

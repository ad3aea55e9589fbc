"""Periods (统计时间): days in China, ISO weeks, months, quarters and years; first and last days are inclusive."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

EARLIEST = date(1949, 10, 1)
MOST_PERIODS = 100


class Grain(StrEnum):
    """时间维度: what the time is divided into, from the finest."""

    DAY, WEEK, MONTH, QUARTER, YEAR = "day", "week", "month", "quarter", "year"


class Preset(StrEnum):
    """Ranges that are often asked for, each up to today."""

    SEVEN_DAYS, THIRTY_DAYS, THIS_MONTH, THIS_QUARTER, THIS_YEAR, TWELVE_MONTHS, THREE_YEARS = (
        "7d",
        "30d",
        "month",
        "quarter",
        "year",
        "12m",
        "3y",
    )


GRAIN_OF: dict[Preset, Grain] = {
    Preset.SEVEN_DAYS: Grain.DAY,
    Preset.THIRTY_DAYS: Grain.DAY,
    Preset.THIS_MONTH: Grain.DAY,
    Preset.THIS_QUARTER: Grain.WEEK,
    Preset.THIS_YEAR: Grain.MONTH,
    Preset.TWELVE_MONTHS: Grain.MONTH,
    Preset.THREE_YEARS: Grain.MONTH,
}


@dataclass(frozen=True, slots=True)
class Span:
    """From one day to another, both inclusive."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def span_of(preset: Preset, today: date) -> Span:
    """The days of a preset, the last of which is today."""
    firsts = {
        Preset.SEVEN_DAYS: today - timedelta(days=6),
        Preset.THIRTY_DAYS: today - timedelta(days=29),
        Preset.THIS_MONTH: today.replace(day=1),
        Preset.THIS_QUARTER: begin_of(Grain.QUARTER, today),
        Preset.THIS_YEAR: date(today.year, 1, 1),
        Preset.TWELVE_MONTHS: _months_on(today.replace(day=1), -11),
        Preset.THREE_YEARS: _months_on(today.replace(day=1), -35),
    }
    return Span(firsts[preset], today)


def sound_span(first: date, last: date, today: date) -> Span:
    """A range that was asked for, in order, and neither in the future nor before there were unions."""
    first, last = sorted(max(min(day, today), EARLIEST) for day in (first, last))
    return Span(first, last)


def fitting(grain: Grain, span: Span) -> Grain:
    """The grain, or the finest coarser one that divides the range into at most `MOST_PERIODS`."""
    grains = list(Grain)
    for candidate in grains[grains.index(grain) :]:
        if len(periods(candidate, span)) <= MOST_PERIODS:
            return candidate
    return Grain.YEAR


def periods(grain: Grain, span: Span) -> list[Span]:
    """The periods of a range, the oldest first; the outer ones end where the range does."""
    found: list[Span] = []
    first = span.first
    while first <= span.last:
        last = min(_next(grain, begin_of(grain, first)) - timedelta(days=1), span.last)
        found.append(Span(first, last))
        first = last + timedelta(days=1)
    return found


def before(span: Span) -> Span:
    """环比: as many days, directly before; whole months are compared with as many whole months."""
    last = span.first - timedelta(days=1)
    if span.first.day == 1 and _ends_a_month(span.last):
        months = (span.last.year - span.first.year) * 12 + span.last.month - span.first.month + 1
        return Span(_months_on(span.first, -months), last)
    return Span(span.first - timedelta(days=span.days), last)


def year_before(span: Span) -> Span:
    """同比: the same days of the year before; the last of February is compared with the last of February."""
    last = _year_earlier(span.last)
    if _ends_a_month(span.last):
        last = _months_on(last.replace(day=1), 1) - timedelta(days=1)
    return Span(_year_earlier(span.first), last)


def begin_of(grain: Grain, day: date) -> date:
    """The first day of the period that a day belongs to."""
    if grain is Grain.WEEK:
        return day - timedelta(days=day.weekday())
    if grain is Grain.MONTH:
        return day.replace(day=1)
    if grain is Grain.QUARTER:
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return date(day.year, 1, 1) if grain is Grain.YEAR else day


def _next(grain: Grain, begin: date) -> date:
    months = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
    if grain in months:
        return _months_on(begin, months[grain])
    return begin + timedelta(days=7 if grain is Grain.WEEK else 1)


def _months_on(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _ends_a_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _year_earlier(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)

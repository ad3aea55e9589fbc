"""Cuts: which days, months and years make up a time, so that as few rows as possible are read for it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeAlias

from sqlalchemy import BindParameter, Date, Subquery, bindparam, literal, select, union_all

from gdftu_app.models.span_figures import MONTH, YEAR
from gdftu_app.queries.periods import Grain, Span, begin_of

DAYS = 0
# Of each cut, its months, its sign and whether it is later (0 or 1).
Shape: TypeAlias = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """Days, months or years (`months` is 0, 1 or 12) from `first` to `last`, all of them whole and both inclusive.

    They are added (`sign` 1) or taken away (-1). `is_later` tells those that make up what came after the time.
    """

    months: int
    first: date
    last: date
    sign: int = 1
    is_later: bool = False


def cuts_of(span: Span, now: date) -> list[Cut]:
    """What makes up everything since a range began and, apart, what came after it; nothing happens in the future."""
    since = list(_since(span.first, now, is_later=False))
    return since if span.last >= now else [*since, *_since(span.last + timedelta(days=1), now, is_later=True)]


def _since(day: date, now: date, *, is_later: bool) -> Iterator[Cut]:
    """Everything since a day: to the end of its month or from the beginning, whatever is less, and so with its year."""
    month, year_end = begin_of(Grain.MONTH, day), date(now.year, 12, 31)
    if day != month:
        end = end_of(Grain.MONTH, day)
        if day - month < min(end, now) - day:
            yield Cut(DAYS, month, day - timedelta(days=1), -1, is_later)
            day = month
        else:
            yield Cut(DAYS, day, end, 1, is_later)
            day = end + timedelta(days=1)
    year = begin_of(Grain.YEAR, day)
    if day != year and day <= now:
        end = end_of(Grain.YEAR, day)
        if day - year < min(end, now) - day:
            yield Cut(MONTH, year, day - timedelta(days=1), -1, is_later)
            day = year
        else:
            yield Cut(MONTH, day, end, 1, is_later)
            day = end + timedelta(days=1)
    if day <= now:
        yield Cut(YEAR, day, year_end, 1, is_later)


def end_of(grain: Grain, day: date) -> date:
    """The last day of the month or year that a day belongs to."""
    if grain is Grain.YEAR:
        return date(day.year, 12, 31)
    later = begin_of(Grain.MONTH, day) + timedelta(days=31)
    return begin_of(Grain.MONTH, later) - timedelta(days=1)


def days_apart(spans: Iterable[Span], now: date) -> list[Span]:
    """The months that must be read day by day, to tell some ranges apart, until now: adjacent ones as one span.

    All others may be read as months, from that of the first day on.
    """
    edges = {edge for span in spans for edge in (span.first, span.last + timedelta(days=1)) if edge <= now}
    months = sorted({begin_of(Grain.MONTH, edge) for edge in edges if edge.day != 1})
    found = [Span(month, end_of(Grain.MONTH, month)) for month in months]
    return _joined(found)


def _joined(spans: Sequence[Span]) -> list[Span]:
    found = list(spans[:1])
    for earlier, later in pairwise(spans):
        if later.first - earlier.last == timedelta(days=1):
            found[-1] = Span(found[-1].first, later.last)
        else:
            found.append(later)
    return found


def shape_of(cuts: Iterable[Cut]) -> Shape:
    """The shape of some cuts: there are few, and statements are made once for each."""
    return tuple((cut.months, cut.sign, int(cut.is_later)) for cut in cuts)


def ends_given(number: int) -> tuple[BindParameter[date], BindParameter[date]]:
    """The first and the last day of the cut with this number, given at execution (see `cuts_asked`)."""
    return bindparam(f"cut_{number}_first", type_=Date), bindparam(f"cut_{number}_last", type_=Date)


def cuts_given(shape: Shape) -> Subquery:
    """Cuts given at execution as a table of `months`, `first`, `last`, `sign` and `later`."""
    return union_all(
        *(
            select(
                literal(months).label("months"),
                ends_given(number)[0].label("first"),
                ends_given(number)[1].label("last"),
                literal(sign).label("sign"),
                literal(later).label("later"),
            )
            for number, (months, sign, later) in enumerate(shape)
        )
    ).subquery("cuts")


def cuts_asked(cuts: Iterable[Cut]) -> dict[str, object]:
    """The parameters of `cuts_given` and `ends_given`."""
    return {
        f"cut_{number}_{name}": value
        for number, cut in enumerate(cuts)
        for name, value in (("first", cut.first), ("last", cut.last))
    }

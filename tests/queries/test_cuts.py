"""Cuts: every day of a time stands in one of them, and in as few as there can be."""

from datetime import date, timedelta

import pytest

from gdftu_app.models.span_figures import MONTH, YEAR
from gdftu_app.queries.cuts import DAYS, Cut, cuts_of, days_apart
from gdftu_app.queries.periods import Span

NOW = date(2026, 11, 23)
YEAR_BEGIN = date(1949, 1, 1)
SPANS = [
    Span(NOW, NOW),
    Span(date(2023, 12, 1), NOW),
    Span(date(2024, 2, 29), date(2024, 2, 29)),
    Span(date(2024, 2, 1), date(2024, 2, 29)),
    Span(date(2019, 12, 31), date(2020, 1, 1)),
    Span(date(2020, 1, 1), date(2024, 12, 31)),
    Span(date(2021, 3, 14), date(2025, 10, 2)),
    Span(date(2026, 11, 1), date(2026, 11, 22)),
    Span(date(1949, 10, 1), date(2026, 11, 30)),
]


def times_counted(cuts: list[Cut], day: date) -> tuple[int, int]:
    """How often a day counts since the range began, and after it."""
    since, later = (
        sum(cut.sign for cut in cuts if cut.is_later == is_later and cut.first <= day <= cut.last)
        for is_later in (False, True)
    )
    return since, later


@pytest.mark.parametrize("span", SPANS, ids=str)
def test_every_day_since_the_first_counts_once(span: Span):
    cuts = cuts_of(span, NOW)

    for number in range((NOW - YEAR_BEGIN).days + 1):
        day = YEAR_BEGIN + timedelta(days=number)
        later = day > span.last and span.last < NOW
        assert times_counted(cuts, day) == (int(day >= span.first), int(later)), day


@pytest.mark.parametrize("span", SPANS, ids=str)
def test_months_and_years_are_whole(span: Span):
    for cut in cuts_of(span, NOW):
        following = cut.last + timedelta(days=1)

        assert cut.months == DAYS or (cut.first.day, following.day) == (1, 1)
        assert cut.months != YEAR or (cut.first.month, following.month) == (1, 1)


@pytest.mark.parametrize("span", SPANS, ids=str)
def test_at_most_half_a_month_and_half_a_year_are_read_at_each_end(span: Span):
    for cut in cuts_of(span, NOW):
        until = min(cut.last, NOW)

        assert cut.months != DAYS or (until - cut.first).days < 16
        assert cut.months != MONTH or (until - cut.first).days < 184


def test_three_years_by_month_are_years_less_the_months_before_them():
    assert cuts_of(Span(date(2024, 4, 1), NOW), NOW) == [
        Cut(MONTH, date(2024, 1, 1), date(2024, 3, 31), -1),
        Cut(YEAR, date(2024, 1, 1), date(2026, 12, 31)),
    ]


def test_nothing_is_read_of_days_to_come():
    assert cuts_of(Span(NOW, NOW), NOW) == [Cut(DAYS, NOW, date(2026, 11, 30))]


def test_only_months_that_a_range_parts_are_read_by_day():
    spans = [Span(date(2024, 1, 1), date(2024, 3, 15)), Span(date(2024, 4, 10), NOW)]

    assert days_apart(spans, NOW) == [Span(date(2024, 3, 1), date(2024, 4, 30))]
    assert days_apart([Span(date(2024, 1, 1), date(2024, 2, 29))], NOW) == []

"""Periods: where days, ISO weeks, months, quarters and years begin and end, and what they are compared with."""

from datetime import date
from itertools import pairwise

import pytest

from gdftu_app.queries.periods import (
    GRAIN_OF,
    MOST_PERIODS,
    Grain,
    Preset,
    Span,
    before,
    fitting,
    periods,
    sound_span,
    span_of,
    year_before,
)


def texts(grain: Grain, first: str, last: str) -> list[str]:
    found = periods(grain, Span(date.fromisoformat(first), date.fromisoformat(last)))
    return [f"{span.first}/{span.last}" for span in found]


class TestPeriods:
    def test_months_end_on_their_last_day_leap_years_too(self):
        assert texts(Grain.MONTH, "2024-01-31", "2024-03-01") == [
            "2024-01-31/2024-01-31",
            "2024-02-01/2024-02-29",
            "2024-03-01/2024-03-01",
        ]

    def test_weeks_begin_on_monday_across_the_turn_of_the_year(self):
        assert texts(Grain.WEEK, "2024-12-28", "2025-01-06") == [
            "2024-12-28/2024-12-29",
            "2024-12-30/2025-01-05",
            "2025-01-06/2025-01-06",
        ]

    def test_quarters_and_years_are_cut_where_the_range_is(self):
        assert texts(Grain.QUARTER, "2023-11-15", "2024-04-01") == [
            "2023-11-15/2023-12-31",
            "2024-01-01/2024-03-31",
            "2024-04-01/2024-04-01",
        ]
        assert texts(Grain.YEAR, "2023-11-15", "2025-01-01") == [
            "2023-11-15/2023-12-31",
            "2024-01-01/2024-12-31",
            "2025-01-01/2025-01-01",
        ]

    @pytest.mark.parametrize("grain", Grain)
    def test_every_day_of_a_range_is_in_exactly_one_of_them(self, grain: Grain):
        span = Span(date(2023, 12, 15), date(2025, 3, 2))

        found = periods(grain, span)

        assert (found[0].first, found[-1].last) == (span.first, span.last)
        assert sum(period.days for period in found) == span.days
        assert all((later.first - earlier.last).days == 1 for earlier, later in pairwise(found))

    def test_a_long_range_is_divided_more_coarsely(self):
        ten_years = Span(date(2016, 1, 1), date(2025, 12, 31))

        grain = fitting(Grain.DAY, ten_years)

        assert grain is Grain.QUARTER
        assert len(periods(grain, ten_years)) <= MOST_PERIODS


class TestComparing:
    @pytest.mark.parametrize(
        ("first", "last", "earlier"),
        [
            ("2024-03-01", "2024-03-31", "2024-02-01/2024-02-29"),
            ("2024-01-01", "2024-12-31", "2023-01-01/2023-12-31"),
            ("2024-03-01", "2024-03-10", "2024-02-20/2024-02-29"),
            ("2025-01-03", "2025-01-09", "2024-12-27/2025-01-02"),
        ],
    )
    def test_directly_before_lie_as_many_days_or_as_many_whole_months(self, first: str, last: str, earlier: str):
        found = before(Span(date.fromisoformat(first), date.fromisoformat(last)))

        assert f"{found.first}/{found.last}" == earlier

    @pytest.mark.parametrize(
        ("first", "last", "earlier"),
        [
            ("2024-02-01", "2024-02-29", "2023-02-01/2023-02-28"),
            ("2025-02-01", "2025-02-28", "2024-02-01/2024-02-29"),
            ("2024-02-29", "2024-03-05", "2023-02-28/2023-03-05"),
        ],
    )
    def test_a_year_earlier_lie_the_same_days_and_whole_months_stay_whole(self, first: str, last: str, earlier: str):
        found = year_before(Span(date.fromisoformat(first), date.fromisoformat(last)))

        assert f"{found.first}/{found.last}" == earlier


class TestRanges:
    @pytest.mark.parametrize(
        ("preset", "first"),
        [
            (Preset.SEVEN_DAYS, date(2024, 2, 24)),
            (Preset.THIRTY_DAYS, date(2024, 2, 1)),
            (Preset.THIS_MONTH, date(2024, 3, 1)),
            (Preset.THIS_QUARTER, date(2024, 1, 1)),
            (Preset.THIS_YEAR, date(2024, 1, 1)),
            (Preset.TWELVE_MONTHS, date(2023, 4, 1)),
            (Preset.THREE_YEARS, date(2021, 4, 1)),
        ],
    )
    def test_presets_end_today(self, preset: Preset, first: date):
        today = date(2024, 3, 1)

        assert span_of(preset, today) == Span(first, today)
        assert fitting(GRAIN_OF[preset], span_of(preset, today)) is GRAIN_OF[preset]

    def test_what_is_asked_for_is_put_in_order_and_never_lies_in_the_future(self):
        today = date(2024, 3, 1)

        assert sound_span(date(2030, 1, 1), date(2024, 2, 1), today) == Span(date(2024, 2, 1), today)
        assert sound_span(date(1, 1, 1), today, today).first == date(1949, 10, 1)

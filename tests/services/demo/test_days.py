"""The days of the demo, whichever day it is loaded on."""

from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise

import pytest

from gdftu_app.clock import BEIJING, day_of, frozen_at
from gdftu_app.models.unions import Union
from gdftu_app.services.demo.bases import base_drafts
from gdftu_app.services.demo.days import DAYS, last_morning, lived_days, morning_of, running_term, working_moment
from gdftu_app.services.demo.history import History, live_through
from gdftu_app.services.demo.invention import invention
from gdftu_app.services.union_drafts import row_of
from tests.services.demo.digests import no_report

# A Sunday, the last and the first of a year and of a month, and a day that few years have.
LAST_DAYS = [date(2026, 11, 22), date(2026, 12, 31), date(2027, 1, 1), date(2026, 9, 30), date(2028, 2, 29)]


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of a 29 February in China."""
    return datetime(2028, 2, 29, hour, minute, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("loaded_at", "last"),
    [
        (at(0), date(2028, 2, 28)),
        (at(10, 29), date(2028, 2, 28)),
        (at(10, 30), date(2028, 2, 29)),
        (at(23, 59), date(2028, 2, 29)),
    ],
)
def test_the_demo_ends_on_the_latest_morning_that_has_been(loaded_at: datetime, last: date):
    with frozen_at(loaded_at):
        assert last_morning() == morning_of(last) <= loaded_at


@pytest.mark.parametrize("last", LAST_DAYS)
def test_every_day_of_the_last_month_is_lived(last: date):
    days = lived_days(last)

    assert days[-31:] == [last - timedelta(days=ago) for ago in range(30, -1, -1)]
    assert {(later - day).days for day, later in pairwise(days[:-30])} == {3}
    assert (last - days[0]).days == DAYS - 3


@pytest.mark.parametrize("days", range(14))
def test_what_was_handed_in_lies_in_the_working_hours_of_its_day(days: int):
    random = invention(f"days {days}")

    with frozen_at(morning_of(date(2028, 3, 1))):
        moments = [working_moment(random, days) for _ in range(200)]

    assert {day_of(moment) for moment in moments} == {date(2028, 3, 1) - timedelta(days=days)}
    assert {8 <= moment.astimezone(BEIJING).hour < 18 for moment in moments} == {True}
    assert max(moments) <= datetime(2028, 3, 1, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "starts_on"),
    [
        (date(2008, 2, 28), date(2028, 2, 28)),
        (date(2008, 3, 1), date(2023, 3, 1)),
        (date(2012, 1, 1), date(2027, 1, 1)),
        (date(2012, 12, 28), date(2027, 12, 28)),
        (date(2028, 2, 28), date(2028, 2, 28)),
    ],
)
def test_a_term_of_five_years_runs_on_the_day(first: date, starts_on: date):
    starts, ends = running_term(first, date(2028, 2, 29))

    assert starts == starts_on <= date(2028, 2, 29) < ends
    assert (ends.year - starts.year) == 5


def lived_through(last: date) -> History:
    """The history of twenty unions."""
    drafts = base_drafts(invention("unions"), "石牌街道", "广州市", 20, count(1), division_code="440106006", last=last)
    unions = [
        Union(**row_of(draft, number, superior_id=None, superior_path="")) for number, draft in enumerate(drafts, 1)
    ]
    return live_through(invention("days"), [(union, 60) for union in unions], last, report=no_report)


@pytest.mark.parametrize("last", LAST_DAYS)
def test_the_same_comes_about_up_to_whichever_day(last: date):
    usual = lived_through(date(2026, 11, 20))

    history = lived_through(last)

    apart = last - date(2026, 11, 20)
    assert [event.day for event in history.events] == [event.day + apart for event in usual.events]
    assert [event.kind for event in history.events] == [event.kind for event in usual.events]
    assert {person.verified_on for person in history.people} - {None} <= set(history.days)
    assert max(event.day for event in history.events) == last

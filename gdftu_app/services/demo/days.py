"""The days of the demo, which end when it is loaded: the last week is the last week of whoever looks."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from gdftu_app.clock import now, today

# Three years, one day in three, and each of the last month, so that no short look falls on days between.
DAYS, STEP, DAILY = 3 * 365, 3, 30
TERM = 5


def morning_of(day: date) -> datetime:
    """A moment of a day's working hours in China."""
    return datetime.combine(day, time(2, 30), UTC)


def last_morning() -> datetime:
    """The latest of these moments that has been: whatever is dated by it is over, at any hour of the load."""
    morning = morning_of(today())
    return morning if morning <= now() else morning - timedelta(days=1)


def lived_days(last: date) -> list[date]:
    """The days on which something happens, up to the last."""
    places = [*range(STEP, DAYS - DAILY, STEP), *range(DAYS - DAILY, DAYS + 1)]
    return [last - timedelta(days=DAYS - place) for place in places]


def working_moment(random: Random, days: int) -> datetime:
    """A moment of the working hours so many days ago, of today before now."""
    return now() - timedelta(days=days, minutes=random.randrange(-400 if days else 0, 100))


def running_term(first: date, day: date) -> tuple[date, date]:
    """The first and the last day of the term of office (years) that runs on a day, when one began on `first`."""
    years = day.year - first.year - ((day.month, day.day) < (first.month, first.day))
    starts_on = first.replace(year=first.year + years // TERM * TERM)
    return starts_on, starts_on.replace(year=starts_on.year + TERM)

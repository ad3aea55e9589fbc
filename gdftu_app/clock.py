"""The clock: the one place that asks what time it is, so that tests can say."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
_frozen: datetime | None = None


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen or datetime.now(UTC)


def today() -> date:
    """The calendar day in China, which is the day that rules and figures mean."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The calendar day in China on which an aware moment falls."""
    return moment.astimezone(BEIJING).date()


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Hold the clock at a moment; for tests and for demo data that must be the same at every load."""
    global _frozen
    before, _frozen = _frozen, moment
    try:
        yield
    finally:
        _frozen = before


def travel(by: timedelta) -> None:
    """Move a frozen clock on; an error when it is running."""
    global _frozen
    if _frozen is None:
        raise RuntimeError("the clock is not frozen")
    _frozen += by

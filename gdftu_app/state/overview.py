"""Overview (概览, 手册 三): the acting union's own figures, how they changed, and how its subordinates stand."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from gdftu_app.charts.drawing import EARLIER, Series, bars
from gdftu_app.config import settings
from gdftu_app.errors import NotAllowed
from gdftu_app.i18n import LANGUAGES, msg
from gdftu_app.queries.comparisons import Compared
from gdftu_app.queries.overviews import Growth, Overview, get_overview
from gdftu_app.queries.own_account import password_days_left
from gdftu_app.queries.union_details import get_own_details
from gdftu_app.state.actions import action
from gdftu_app.state.asking import Asking
from gdftu_app.state.dates import Texts, day
from gdftu_app.state.figures import Change, Figure, change_of_count, change_of_rate, figures_of, percent, whole
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.union_details import DetailField, details_of

LOW_BELOW = 0.65
WEEKDAYS = (msg("周一"), msg("周二"), msg("周三"), msg("周四"), msg("周五"), msg("周六"), msg("周日"))
_YESTERDAY, _LAST_MONTH = msg("较昨日"), msg("较上月末")


@dataclass
class GrowthRow:
    """One of the last seven days."""

    day: str
    weekday: Texts
    growth: str
    before: str
    verified: str


@dataclass
class LeagueRow:
    """A direct subordinate and its place; `share` is its rate of 0 to 100 for the bar."""

    place: int
    id: int
    name: str
    rate: str
    share: float
    is_low: bool
    growth: str


class OverviewState(Asking, rx.State):
    """概览."""

    figures: rx.Field[list[Figure]] = rx.field(default_factory=list)
    details: rx.Field[list[DetailField]] = rx.field(default_factory=list)
    week: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    days: rx.Field[list[GrowthRow]] = rx.field(default_factory=list)
    week_growth: rx.Field[str] = rx.field("")
    today: rx.Field[Texts] = rx.field(default_factory=dict)
    leading: rx.Field[list[LeagueRow]] = rx.field(default_factory=list)
    lagging: rx.Field[list[LeagueRow]] = rx.field(default_factory=list)
    growing: rx.Field[list[LeagueRow]] = rx.field(default_factory=list)
    may_view: rx.Field[bool] = rx.field(True)
    is_loaded: rx.Field[bool] = rx.field(False)
    password_is_due: rx.Field[bool] = rx.field(False)
    password_days: rx.Field[int] = rx.field(0)

    @action
    async def load(self):
        """Show the figures of the acting union with everything below it, and what is recorded of it."""
        left = await self._ask_as_account(password_days_left)
        self.password_is_due = left is not None and left <= settings().password_notice_days
        self.password_days = max(0, left or 0)
        try:
            overview: Overview = await self._ask(get_overview)
        except NotAllowed:
            self.may_view, self.figures, self.details, self.is_loaded = False, [], [], True
            return
        self.may_view = True
        self.figures = _figures(overview)
        self.week = week_chart(overview.days)
        self.days = [_day(row) for row in reversed(overview.days)]
        self.week_growth = signed(sum(row.growth for row in overview.days))
        self.today = day(overview.days[-1].day)
        leagues = overview.leagues
        self.leading = [_placed(row, place) for place, row in enumerate(leagues.leading, 1)] if leagues else []
        self.lagging = (
            [_placed(row, place) for place, row in zip(range(leagues.count, 0, -1), leagues.lagging, strict=False)]
            if leagues
            else []
        )
        self.growing = [_placed(row, place) for place, row in enumerate(leagues.growing, 1)] if leagues else []
        self.details = details_of(await self._ask(get_own_details))
        self.is_loaded = True


def week_chart(days: list[Growth]) -> dict[str, Any]:
    """近七天实名会员增长 beside the seven days before."""
    places = [
        {language: f"{name}<br>{row.day:%m-%d}" for language, name in in_every_language(_weekday(row)).items()}
        for row in days
    ]
    earlier = Series(in_every_language(msg("前七天")), [row.growth_before for row in days], EARLIER)
    lately = Series(in_every_language(msg("近七天")), [row.growth for row in days], is_written=True)
    return bars(places, [earlier, lately])


def signed(number: int) -> str:
    """A change with its sign: +12, 0, −3."""
    return f"+{whole(number)}" if number > 0 else whole(number).replace("-", "−")


def _weekday(row: Growth) -> str:
    return WEEKDAYS[row.day.weekday()]


def _day(row: Growth) -> GrowthRow:
    return GrowthRow(
        day=row.day.isoformat(),
        weekday=in_every_language(_weekday(row)),
        growth=signed(row.growth),
        before=signed(row.growth_before),
        verified=whole(row.verified),
    )


def _placed(row: Compared, place: int) -> LeagueRow:
    rate = row.rate or 0.0
    return LeagueRow(
        place=place,
        id=row.id,
        name=row.name,
        rate=percent(row.rate),
        share=round(rate * 100, 1),
        is_low=rate < LOW_BELOW,
        growth=signed(row.growth),
    )


def _figures(overview: Overview) -> list[Figure]:
    head, figures = overview.head, figures_of(overview.head, own=True)
    changes: dict[str, list[Change | None]] = {
        "unions": [_entered(overview.registered)],
        "members": [
            change_of_count(_YESTERDAY, head.members, overview.yesterday.members),
            change_of_count(_LAST_MONTH, head.members, overview.last_month.members),
        ],
        "women": [_share_of(head.women, head.members)],
        "migrant": [_share_of(head.migrant, head.members)],
        "verified": [
            change_of_count(_YESTERDAY, head.verified, overview.yesterday.verified),
            change_of_count(_LAST_MONTH, head.verified, overview.last_month.verified),
        ],
        "rate": [
            change_of_rate(_YESTERDAY, head.rate, overview.yesterday.rate),
            change_of_rate(_LAST_MONTH, head.rate, overview.last_month.rate),
        ],
    }
    for figure in figures:
        figure.changes = [change for change in changes[figure.key] if change is not None]
    return figures


def _entered(count: int) -> Change:
    return Change(in_every_language(msg("本月新登记")), in_every_language(msg("{count} 个"), count=whole(count)), False)


def _share_of(part: int, whole_of: int) -> Change | None:
    if not whole_of:
        return None
    words = dict.fromkeys(LANGUAGES, f"{part / whole_of * 100:.1f}%")
    return Change(in_every_language(msg("占会员")), words, False)

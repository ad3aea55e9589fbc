"""Overview (概览, 手册 三): the acting union's own figures, how they changed, and how its subordinates stand."""

from typing import Any

import reflex as rx

from gdftu_app.config import settings
from gdftu_app.errors import NotAllowed
from gdftu_app.queries.overviews import Overview, get_overview
from gdftu_app.queries.own_account import password_days_left
from gdftu_app.queries.union_details import get_own_details
from gdftu_app.state.actions import action
from gdftu_app.state.asking import Asking
from gdftu_app.state.dates import Texts, day
from gdftu_app.state.figures import Figure, signed
from gdftu_app.state.overview_shown import (
    GrowthRow,
    LeagueRow,
    day_rows,
    own_figures,
    placed,
    week_chart,
)
from gdftu_app.state.union_details import DetailField, details_of


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
        self.figures = own_figures(overview)
        self.week, self.days = week_chart(overview.days), day_rows(overview.days)
        self.week_growth = signed(sum(row.growth for row in overview.days))
        self.today = day(overview.days[-1].day)
        leagues = overview.leagues
        self.leading = placed(leagues.leading) if leagues else []
        self.lagging = placed(leagues.lagging, leagues.count, -1) if leagues else []
        self.growing = placed(leagues.growing) if leagues else []
        self.details = await self._own_details()
        self.is_loaded = True

    async def _own_details(self) -> list[DetailField]:
        try:
            return details_of(await self._ask(get_own_details))
        except NotAllowed:
            # Analysts see totals alone.
            return []

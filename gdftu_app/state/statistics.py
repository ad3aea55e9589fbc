"""统计 on screen (手册 四): which union, which days, which measure; all of it stands in the address."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import reflex as rx
from pydantic import StringConstraints

from gdftu_app.clock import today
from gdftu_app.errors import NotFound
from gdftu_app.queries.periods import GRAIN_OF, Grain, Preset, Span, sound_span, span_of
from gdftu_app.queries.statistics import Statistics, Wanted, view_statistics
from gdftu_app.security.permissions import Permission
from gdftu_app.state.actions import action
from gdftu_app.state.asking import Asking
from gdftu_app.state.city_maps import CityRow, cities_among, city_rows, map_of
from gdftu_app.state.compositions_shown import DivisionShown, divisions_shown, pairs_shown
from gdftu_app.state.figures import Figure
from gdftu_app.state.measures import Measure
from gdftu_app.state.statistics_shown import (
    ComparedRow,
    PeriodRow,
    StepRow,
    compared_rows,
    comparison_chart,
    development_chart,
    figures_shown,
    period_rows,
    steps_of,
)
from gdftu_app.state.union_tree import UnionId

MAY_VIEW = Permission.STATISTICS_VIEW
FREE = "free"
Day = Annotated[str, StringConstraints(max_length=10, pattern=r"^(\d{4}-\d{2}-\d{2})?$")]
PresetName = Literal["7d", "30d", "month", "quarter", "year", "12m", "3y"]
GrainName = Literal["day", "week", "month", "quarter", "year"]
MeasureName = Literal[
    "members", "rate", "newly_verified", "joined", "transferred_in", "transferred_out", "removed", "other", "registered"
]


class StatisticsState(Asking, rx.State):
    """统计."""

    union_id: rx.Field[int] = rx.field(0)
    union_name: rx.Field[str] = rx.field("")
    trail: rx.Field[list[StepRow]] = rx.field(default_factory=list)
    is_above_base: rx.Field[bool] = rx.field(False)
    below: rx.Field[bool] = rx.field(True)
    preset: rx.Field[str] = rx.field(Preset.TWELVE_MONTHS.value)
    first_day: rx.Field[str] = rx.field("")
    last_day: rx.Field[str] = rx.field("")
    last_possible: rx.Field[str] = rx.field("")
    grain: rx.Field[str] = rx.field(Grain.MONTH.value)
    measure: rx.Field[str] = rx.field(Measure.MEMBERS.value)
    figures: rx.Field[list[Figure]] = rx.field(default_factory=list)
    development: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    rows: rx.Field[list[PeriodRow]] = rx.field(default_factory=list)
    comparison: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    compared: rx.Field[list[ComparedRow]] = rx.field(default_factory=list)
    compared_total: rx.Field[int] = rx.field(0)
    city_map: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    cities: rx.Field[list[CityRow]] = rx.field(default_factory=list)
    pairs: rx.Field[list[DivisionShown]] = rx.field(default_factory=list)
    divisions: rx.Field[list[DivisionShown]] = rx.field(default_factory=list)
    query: rx.Field[str] = rx.field("")
    workbook: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)
    is_missing: rx.Field[bool] = rx.field(False)

    @action(MAY_VIEW)
    async def load(self):
        """Open the page as its address says."""
        self._read_address(self.router.url.query_parameters)
        self.is_missing = False
        try:
            await self._show()
        except NotFound:
            self.is_missing, self.is_loaded = True, True

    @action(MAY_VIEW)
    async def choose_preset(self, preset: PresetName):
        """One of the usual ranges, divided as is usual for it."""
        self._take_preset(Preset(preset))
        await self._show()

    @action(MAY_VIEW)
    async def begin_on(self, first: Day):
        """The first day of a free range."""
        self._span()
        self.first_day, self.preset = _iso(first) or self.first_day, FREE
        await self._show()

    @action(MAY_VIEW)
    async def end_on(self, last: Day):
        """The last day of a free range, inclusive."""
        self._span()
        self.last_day, self.preset = _iso(last) or self.last_day, FREE
        await self._show()

    @action(MAY_VIEW)
    async def choose_grain(self, grain: GrainName):
        """时间维度; a coarser one where there would be too many periods."""
        self.grain = grain
        await self._show()

    @action(MAY_VIEW)
    async def choose_measure(self, measure: MeasureName):
        """What both charts show."""
        self.measure = measure
        await self._show()

    @action(MAY_VIEW)
    async def look_below(self, below: bool):
        """本级及以下, or the union alone."""
        self.below = below
        await self._show()

    @action(MAY_VIEW)
    async def open_union(self, union_id: UnionId):
        """Look into a subordinate, or back into a superior within reach."""
        self.union_id, self.below = union_id, True
        await self._show()

    @action(MAY_VIEW)
    async def open_place(self, place: int):
        """Look into the subordinate whose bar was pressed."""
        await self._open_one_of(self.compared, place)

    @action(MAY_VIEW)
    async def open_city(self, place: int):
        """Look into the city whose square was pressed."""
        await self._open_one_of(self.cities, place)

    async def _open_one_of(self, rows: Sequence[ComparedRow | CityRow], place: int) -> None:
        if 0 <= place < len(rows):
            self.union_id, self.below = rows[place].id, True
            await self._show()

    def _take_preset(self, preset: Preset) -> None:
        span = span_of(preset, today())
        self.preset, self.grain = preset.value, GRAIN_OF[preset].value
        self.first_day, self.last_day = span.first.isoformat(), span.last.isoformat()

    def _span(self) -> Span:
        if not self.first_day:
            self._take_preset(Preset.TWELVE_MONTHS)
        return sound_span(date.fromisoformat(self.first_day), date.fromisoformat(self.last_day), today())

    async def _show(self) -> None:
        span, measure = self._span(), Measure(self.measure)
        wanted = Wanted(span.first, span.last, Grain(self.grain), self.below, self.union_id or None)
        found: Statistics = await self._ask(view_statistics, wanted=wanted)
        if measure is Measure.REGISTERED and not found.is_above_base:
            measure = Measure.MEMBERS
        self.union_id, self.union_name = found.union.id, found.union.name
        self.trail, self.is_above_base, self.below = steps_of(found), found.is_above_base, found.below
        self.first_day, self.last_day, self.last_possible = (
            span.first.isoformat(),
            span.last.isoformat(),
            today().isoformat(),
        )
        self.grain, self.measure = found.grain.value, measure.value
        self.figures = figures_shown(found)
        self.development, self.rows = development_chart(found, measure), period_rows(found)
        self.comparison, self.compared = comparison_chart(found, measure), compared_rows(found, measure)
        self.compared_total = len(found.subordinates)
        cities = cities_among(found.subordinates, measure)
        self.city_map, self.cities = map_of(cities, measure), city_rows(cities, measure)
        self._compose(found)
        await self._write_address(found)
        self.is_loaded = True

    def _compose(self, found: Statistics) -> None:
        # They are of today, and mostly the same after another choice: then nothing is sent, and nothing drawn again.
        pairs, divisions = pairs_shown(found.compositions), divisions_shown(found.compositions)
        if (pairs, divisions) != (self.pairs, self.divisions):
            self.pairs, self.divisions = pairs, divisions

    def _read_address(self, asked: Any) -> None:
        union = asked.get("union", "")
        self.union_id = int(union) if union.isascii() and union.isdigit() and len(union) < 10 else 0
        self.below = asked.get("own", "") != "1"
        named = asked.get("range", "")
        self._take_preset(Preset(named) if named in list(Preset) else Preset.TWELVE_MONTHS)
        first, last = _iso(asked.get("from", "")), _iso(asked.get("to", ""))
        if first and last:
            self.preset, self.first_day, self.last_day = FREE, first, last
        if asked.get("by", "") in list(Grain):
            self.grain = asked["by"]
        self.measure = asked["show"] if asked.get("show", "") in list(Measure) else Measure.MEMBERS.value

    async def _write_address(self, found: Statistics) -> None:
        from gdftu_app.state.current import CurrentUnion

        is_free = self.preset == FREE
        asked = {
            "union": found.union.id if len(found.trail) > 1 else "",
            "own": "" if found.below else "1",
            "range": "" if is_free or self.preset == Preset.TWELVE_MONTHS.value else self.preset,
            "from": self.first_day if is_free else "",
            "to": self.last_day if is_free else "",
            "by": "" if not is_free and self.grain == GRAIN_OF[Preset(self.preset)].value else self.grain,
            "show": "" if self.measure == Measure.MEMBERS.value else self.measure,
        }
        self.query = urlencode({name: value for name, value in asked.items() if value})
        acting = (await self.get_state(CurrentUnion))._acting_id
        wanted = {
            "acting": acting,
            "union": found.union.id,
            "own": "" if found.below else "1",
            "from": self.first_day,
            "to": self.last_day,
            "by": self.grain,
        }
        self.workbook = "/statistics-workbook?" + urlencode({name: value for name, value in wanted.items() if value})


def _iso(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if len(text) == 10 else ""
    except ValueError:
        return ""

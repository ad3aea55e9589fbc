"""Statistics as the page shows them: strips, rows and charts in every language."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from gdftu_app.charts.drawing import Series, bars, lines
from gdftu_app.charts.rankings import ranking
from gdftu_app.i18n import LANGUAGES, msg
from gdftu_app.queries.comparisons import Compared, ranked
from gdftu_app.queries.flows import PeriodFigures
from gdftu_app.queries.periods import Grain
from gdftu_app.queries.statistics import Statistics
from gdftu_app.state.dates import Texts
from gdftu_app.state.figures import Change, Figure, change_of_count, change_of_rate, counted, rate_figure
from gdftu_app.state.measures import HELP, LABELS, STANDING, Measure, cell
from gdftu_app.state.notices import in_every_language

DRAWN, LISTED = 20, 100
_BEFORE, _YEAR_BEFORE = msg("环比"), msg("同比")
_UNITS = {Measure.REGISTERED: msg("个")}


@dataclass
class StepRow:
    """A union on the way from the acting one to the one shown."""

    id: int
    name: str


@dataclass
class PeriodRow:
    """A period and its figures, in the order of `Measure`."""

    key: str
    label: Texts
    cells: list[str]


@dataclass
class ComparedRow:
    """A direct subordinate and its figures, in the order of `Measure`."""

    id: int
    name: str
    cells: list[str]


def steps_of(found: Statistics) -> list[StepRow]:
    """The way down to the union shown."""
    return [StepRow(union.id, union.name) for union in found.trail]


def measures_of(found: Statistics) -> list[Measure]:
    """What the strip shows of this union: registrations only of those that have subordinates, and nothing other."""
    left_out = {Measure.OTHER} if found.is_above_base else {Measure.OTHER, Measure.REGISTERED}
    return [measure for measure in Measure if measure not in left_out]


def figures_shown(found: Statistics) -> list[Figure]:
    """The strip: each measure over the whole range, with 环比 and 同比."""
    return [_figure(found, measure) for measure in measures_of(found)]


def _figure(found: Statistics, measure: Measure) -> Figure:
    now = getattr(found.whole, measure)
    if measure is Measure.RATE:
        figure = rate_figure(LABELS[measure], now)
    else:
        figure = counted(measure.value, LABELS[measure], now, _UNITS.get(measure, msg("人")))
    figure.help = in_every_language(HELP[measure])
    earlier = ((_BEFORE, found.before), (_YEAR_BEFORE, found.year_before))
    changes = [_change(measure, since, now, figures) for since, figures in earlier if figures is not None]
    figure.changes = [change for change in changes if change is not None]
    return figure


def _change(measure: Measure, since: str, now: Any, earlier: PeriodFigures) -> Change | None:
    before = getattr(earlier, measure)
    return change_of_rate(since, now, before) if measure is Measure.RATE else change_of_count(since, now, before)


def development_chart(found: Statistics, measure: Measure) -> dict[str, Any]:
    """发展: a line of what stands at the end of each period, or bars of what each brought; nothing without values."""
    series = Series(in_every_language(LABELS[measure]), [getattr(row, measure) for row in found.periods])
    if all(value is None for value in series.values):
        return {}
    places = [period_label(found.grain, row.first, row.last) for row in found.periods]
    if measure in STANDING:
        return lines(places, [series], is_share=measure is Measure.RATE)
    return bars(places, [Series(series.name, series.values, is_written=True)])


def period_rows(found: Statistics) -> list[PeriodRow]:
    """The periods, the latest first."""
    return [
        PeriodRow(row.first.isoformat(), period_label(found.grain, row.first, row.last), _cells(row))
        for row in reversed(found.periods)
    ]


def comparison_chart(found: Statistics, measure: Measure) -> dict[str, Any]:
    """下级对比: the first of the direct subordinates by a measure."""
    rows = ranked(found.subordinates, measure)[:DRAWN]
    if not rows:
        return {}
    values = [getattr(row, measure) for row in rows]
    if all(value is None for value in values):
        return {}
    return ranking([row.name for row in rows], values, is_share=measure is Measure.RATE)


def compared_rows(found: Statistics, measure: Measure) -> list[ComparedRow]:
    """The first hundred of them."""
    return [ComparedRow(row.id, row.name, _cells(row)) for row in ranked(found.subordinates, measure)[:LISTED]]


def period_label(grain: Grain, first: date, last: date) -> Texts:
    """What a period is called; a part of one says which days it has."""
    if grain is Grain.DAY:
        return dict.fromkeys(LANGUAGES, f"{first:%m-%d}")
    if grain is Grain.WEEK:
        year, week, _ = first.isocalendar()
        return in_every_language(msg("{year} 年第 {week} 周"), year=year, week=week)
    if grain is Grain.MONTH:
        return dict.fromkeys(LANGUAGES, f"{first:%Y-%m}")
    if grain is Grain.QUARTER:
        return in_every_language(msg("{year} 年 {quarter} 季度"), year=first.year, quarter=(last.month + 2) // 3)
    return in_every_language(msg("{year} 年"), year=first.year)


def _cells(row: PeriodFigures | Compared) -> list[str]:
    return [cell(measure, getattr(row, measure)) for measure in Measure]

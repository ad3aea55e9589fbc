"""统计 (手册 四): how a union developed over a time, period by period, and how its direct subordinates compare."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from gdftu_app.clock import today
from gdftu_app.queries.comparisons import Compared, compare, ranked
from gdftu_app.queries.compositions import Composition, compositions_of
from gdftu_app.queries.flows import PeriodFigures, Place, flows_of, place_within
from gdftu_app.queries.periods import Grain, Span, before, fitting, periods, sound_span, year_before
from gdftu_app.queries.unions import UnionRef
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a union: which days, how they are divided, and whether everything below it counts."""

    first: date
    last: date
    grain: Grain = Grain.MONTH
    below: bool = True
    union: int | None = None


@dataclass(frozen=True, slots=True)
class Statistics:
    """A union over a range of days; `periods` are those of `grain`, which may be coarser than the one asked for.

    `trail` leads from the acting union to it. `before` and `year_before` (环比, 同比) are None where it had no members
    and nothing happened. Subordinates are compared where everything below counts.
    """

    union: UnionRef
    trail: list[UnionRef]
    is_above_base: bool
    grain: Grain
    below: bool
    whole: PeriodFigures
    before: PeriodFigures | None
    year_before: PeriodFigures | None
    periods: list[PeriodFigures]
    subordinates: list[Compared]
    compositions: list[Composition]


@requires(Permission.STATISTICS_VIEW)
def view_statistics(session: Session, actor: Actor, *, wanted: Wanted) -> Statistics:
    """The statistics of a union within reach (本级及以下); raises NotFound."""
    place = place_within(session, actor, wanted.union)
    span = sound_span(wanted.first, wanted.last, today())
    grain = fitting(wanted.grain, span)
    below = wanted.below or not place.is_above_base
    earlier, year_earlier = before(span), year_before(span)
    parts = periods(grain, span)
    flows = flows_of(session, place, below=below, spans=[span, earlier, year_earlier, *parts])
    return Statistics(
        union=UnionRef(place.id, place.name),
        trail=list(place.trail),
        is_above_base=place.is_above_base,
        grain=grain,
        below=below,
        whole=flows.of(span.first, span.last),
        before=_if_any(flows.of(earlier.first, earlier.last)),
        year_before=_if_any(flows.of(year_earlier.first, year_earlier.last)),
        periods=[flows.of(period.first, period.last) for period in parts],
        subordinates=_subordinates(session, place, span, below),
        compositions=compositions_of(session, actor, place, flows.figures, below=below),
    )


def _subordinates(session: Session, place: Place, span: Span, below: bool) -> list[Compared]:
    return ranked(compare(session, place.id, span), "members") if below and place.is_above_base else []


def _if_any(figures: PeriodFigures) -> PeriodFigures | None:
    happened = figures.joined + figures.transferred_in + figures.transferred_out + figures.removed
    return figures if figures.members or happened else None

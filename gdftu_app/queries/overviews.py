"""概览 (手册 三): the acting union at a glance: its figures and how they changed, the last days, its subordinates."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from gdftu_app.clock import today
from gdftu_app.queries.comparisons import Compared, compare, ranked
from gdftu_app.queries.compositions import suppressed
from gdftu_app.queries.figures import Figures
from gdftu_app.queries.flows import Flows, PeriodFigures, Place, flows_of, place_within
from gdftu_app.queries.periods import Span
from gdftu_app.queries.unions import UnionHead, UnionRef, rate_of
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission

DAYS, PLACES = 7, 5


@dataclass(frozen=True, slots=True)
class Growth:
    """One day: by how much the verified members grew, and how many there were at its end; a week earlier as well."""

    day: date
    growth: int
    verified: int
    growth_before: int


@dataclass(frozen=True, slots=True)
class Leagues:
    """Direct subordinates with members: first and last by 实名率, and first by the growth of the last days.

    Nobody stands in both of the first two; `count` is how many there are.
    """

    count: int
    leading: list[Compared]
    lagging: list[Compared]
    growing: list[Compared]


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of the acting union with everything below it now, at the end of yesterday and of last month.

    `registered` are the unions entered below it this month; `days` are the last seven, the latest last. What is
    `kept_back` is of so few people that it is not told to whoever may not see members.
    """

    head: UnionHead
    yesterday: PeriodFigures
    last_month: PeriodFigures
    registered: int
    registered_today: int
    days: list[Growth]
    leagues: Leagues | None
    kept_back: frozenset[str]


@requires(Permission.UNIONS_VIEW, instead=Permission.STATISTICS_VIEW)
def get_overview(session: Session, actor: Actor) -> Overview:
    """The overview of the acting union; its subordinates for whoever may see them."""
    now = today()
    month = now.replace(day=1)
    yesterday, last_month = now - timedelta(days=1), month - timedelta(days=1)
    days = [Span(day, day) for day in (now - timedelta(days=back) for back in range(2 * DAYS))]
    place = place_within(session, actor, None)
    spans = [*days, Span(month, now), Span(last_month, last_month)]
    flows = flows_of(session, place, below=True, spans=spans)
    return Overview(
        head=_head(place, flows.figures),
        yesterday=flows.of(yesterday, yesterday),
        last_month=flows.of(last_month, last_month),
        registered=flows.of(month, now).registered,
        registered_today=flows.of(now, now).registered,
        days=[_growth(flows, now - timedelta(days=back)) for back in reversed(range(DAYS))],
        leagues=_leagues(session, actor, now) if _may_compare(actor) else None,
        kept_back=_kept_back(actor, flows.figures),
    )


def _kept_back(actor: Actor, figures: Figures) -> frozenset[str]:
    if actor.may(Permission.MEMBERS_VIEW):
        return frozenset()
    parts = {"women": figures.women_sub, "migrant": figures.migrant_sub}
    return frozenset(
        name for name, part in parts.items() if suppressed({name: part, "others": figures.members_sub - part})
    )


def _may_compare(actor: Actor) -> bool:
    """Whether the actor may see what is compared; base unions compare nobody."""
    return actor.is_above_base and (actor.may(Permission.SUBORDINATES_VIEW) or actor.may(Permission.STATISTICS_VIEW))


def _head(place: Place, figures: Figures) -> UnionHead:
    return UnionHead(
        id=place.id,
        name=place.name,
        category=place.category,
        level=place.level,
        status=place.status,
        is_above_base=place.is_above_base,
        path=[UnionRef(place.id, place.name)],
        direct=figures.unions_direct,
        subordinates=figures.unions_sub,
        members=figures.members_sub,
        verified=figures.verified_sub,
        women=figures.women_sub,
        migrant=figures.migrant_sub,
        rate=rate_of(figures.verified_sub, figures.members_sub),
    )


def _growth(flows: Flows, day: date) -> Growth:
    earlier = day - timedelta(days=DAYS)
    verified = flows.of(day, day).verified
    return Growth(
        day=day,
        growth=verified - flows.verified_before(day),
        verified=verified,
        growth_before=flows.of(earlier, earlier).verified - flows.verified_before(earlier),
    )


def _leagues(session: Session, actor: Actor, now: date) -> Leagues:
    compared = compare(session, actor.union_id, Span(now - timedelta(days=DAYS - 1), now))
    rows = ranked([row for row in compared if row.members], "rate")
    leading = rows[:PLACES]
    return Leagues(
        count=len(rows),
        leading=leading,
        lagging=rows[len(leading) :][::-1][:PLACES],
        growing=[row for row in ranked(rows, "growth")[:PLACES] if row.growth > 0],
    )

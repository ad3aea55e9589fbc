"""What overview and statistics are asked, for unions of all sizes: the pages, the naive counts, the floor."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Engine, event, text
from sqlmodel import Session

from bench.asking import actor_in, ask
from bench.timing import Timing, timed
from gdftu_app.clock import today
from gdftu_app.queries.comparisons import compare
from gdftu_app.queries.figures import Figures, figures_of
from gdftu_app.queries.flows import Flows, flows_of, place_within
from gdftu_app.queries.overviews import get_overview
from gdftu_app.queries.periods import Grain, Preset, Span, span_of
from gdftu_app.queries.statistics import Wanted, view_statistics
from gdftu_app.security.actors import Actor

REPEAT, WARM_UP, DIRECT = 40, 4, 1_000
# Each: the name, and which unions are meant, the first of them being taken.
PLACES = (
    ("province", "category = 'provincial' ORDER BY id"),
    ("largest city", "category = 'city' ORDER BY unions_sub DESC"),
    ("largest county", "category = 'county' ORDER BY unions_sub DESC"),
    ("largest street", "category = 'town' ORDER BY unions_direct DESC"),
    ("median street", "category = 'town' ORDER BY abs(unions_sub - 60)"),
    ("largest base union", "category IN ('single_base', 'joint_base') ORDER BY members_own DESC"),
    ("small base union", "category = 'single_base' ORDER BY abs(members_own - 10)"),
    ("federation with members", "TRUE ORDER BY members_own DESC"),
)
_CHOSEN = (
    "SELECT union_id, path, unions_direct, unions_sub, members_sub FROM unions"
    " JOIN union_figures ON union_id = id WHERE {} LIMIT 1"
)
# The statements that the kept figures stand instead of.
NAIVE_MEMBERS = (
    "SELECT count(*), sum(CASE WHEN memberships.verified THEN 1 ELSE 0 END) FROM memberships"
    " JOIN unions ON unions.id = memberships.union_id"
    " WHERE memberships.status = 1 AND unions.path >= :first AND unions.path < :last"
)
NAIVE_MONTHS = (
    "SELECT {month}, count(*), sum(change) FROM membership_events JOIN unions ON unions.id = membership_events.union_id"
    " WHERE unions.path >= :first AND unions.path < :last AND day >= :since GROUP BY 1"
)
_MONTHS = {"postgresql": "date_trunc('month', day)", "sqlite": "date(day, 'start of month')"}
_RAISED = (
    "UPDATE unions SET superior_id = :superior WHERE id IN (SELECT id FROM unions WHERE is_above_base"
    " AND category NOT IN ('provincial', 'city') AND id <> :superior ORDER BY id DESC LIMIT :many)"
)
_LOWERED = "UPDATE unions SET superior_id = :other WHERE superior_id = :superior AND NOT is_above_base"


@dataclass(frozen=True)
class Place:
    """A union whose administrator asks."""

    name: str
    union: int
    path: str
    direct: int
    unions: int
    members: int

    @property
    def branch(self) -> dict[str, str]:
        return {"first": self.path, "last": f"{self.path[:-1]}0"}


@dataclass(frozen=True)
class Measured:
    """What one page costs: milliseconds, and statements."""

    timing: Timing
    statements: int

    def __str__(self) -> str:
        return f"{self.timing.median:.1f} / {self.timing.p95:.1f} ({self.statements})"


def places(database: Engine) -> list[Place]:
    """A place of each kind."""
    with database.connect() as connection:
        return [Place(name, *connection.execute(text(_CHOSEN.format(meant))).one()) for name, meant in PLACES]


def pages(database: Engine, place: Place) -> dict[str, Callable[[], Any]]:
    """The questions of a place, as the screens ask them."""
    actor = actor_in(database, place.union)
    years, edges, days = spans()
    wanted = {
        "3 years by month": Wanted(years.first, years.last),
        "3 years between other days": Wanted(edges.first, edges.last),
        "30 days by day": Wanted(days.first, days.last, Grain.DAY),
        "the union alone, 3 years": Wanted(years.first, years.last, below=False),
    }
    asking = {name: partial(ask, database, view_statistics, actor, wanted=asked) for name, asked in wanted.items()}
    return {"overview": partial(ask, database, get_overview, actor)} | asking


def kept(database: Engine, place: Place) -> tuple[float, float]:
    """Median milliseconds of the numbers that `naive` counts, as they are kept: the members, and three years of months.

    Both are exact, what is pending included.
    """
    actor = actor_in(database, place.union)
    years, _, _ = spans()

    def months(session: Session, asking: Actor) -> Flows:
        return flows_of(session, place_within(session, asking, None), below=True, spans=[years])

    def members(session: Session, asking: Actor) -> Figures:
        return figures_of(session, asking.union_id)

    asked = (measured(database, partial(ask, database, question, actor)) for question in (members, months))
    members_kept, months_kept = (each.timing.median for each in asked)
    return members_kept, months_kept


def spans() -> tuple[Span, Span, Span]:
    """Three years, three years between days in the middle of months, and thirty days."""
    years, days = (span_of(preset, today()) for preset in (Preset.THREE_YEARS, Preset.THIRTY_DAYS))
    return years, Span(years.first - timedelta(days=50), years.last - timedelta(days=40)), days


def comparisons(database: Engine, street: Place) -> Iterator[tuple[str, Measured]]:
    """A thousand direct subordinates over three years: base unions, and others put in their place for as long."""
    years, edges, _ = spans()
    with Session(database) as session:
        for kind in (f"{street.direct:,} base unions", f"{DIRECT:,} unions above the base"):
            if kind.startswith(f"{DIRECT:,}"):
                _put_in_place(session, street)
            for name, span in (("3 years", years), ("3 years between other days", edges)):
                yield f"{kind}, {name}", measured(database, partial(compare, session, street.union, span))
        session.rollback()
    _tidy_up(database)


def _tidy_up(database: Engine) -> None:
    """Remove what the unions put in place left behind in the indexes: the next reader would have to step over it."""
    if database.dialect.name == "postgresql":
        with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (INDEX_CLEANUP ON) unions"))


def _put_in_place(session: Session, street: Place) -> None:
    asked = {"superior": street.union, "many": DIRECT, "other": 1}
    for statement in (_LOWERED, _RAISED):
        session.connection().execute(text(statement), asked)


def measured(database: Engine, call: Callable[[], Any], repeat: int = REPEAT) -> Measured:
    """Ask so often, after a few times unmeasured."""
    with _counting(database) as sent:
        call()
    for _ in range(WARM_UP):
        call()
    return Measured(Timing([timed(call) for _ in range(repeat)]), len(sent))


def naive(database: Engine, place: Place) -> tuple[float, float]:
    """Milliseconds of counting the members of a branch, and of three years of its months; once each, after once."""
    years, _, _ = spans()
    months = NAIVE_MONTHS.format(month=_MONTHS[database.dialect.name])
    asked = place.branch | {"since": years.first}

    def count(statement: str, parameters: dict[str, Any]) -> None:
        with database.connect() as connection:
            if database.dialect.name == "postgresql":
                # Counting is let use all processors that the server has for it.
                connection.exec_driver_sql("SET LOCAL max_parallel_workers_per_gather = 2")
            connection.execute(text(statement), parameters).all()

    found: list[float] = []
    for statement, parameters in ((NAIVE_MEMBERS, place.branch), (months, asked)):
        count(statement, parameters)
        found.append(timed(partial(count, statement, parameters)))
    return found[0], found[1]


@contextmanager
def _counting(database: Engine) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(database, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database, "before_cursor_execute", note)

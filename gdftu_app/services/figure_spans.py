"""Figures of months and years: adding to them what days bring, and checking them against days and events."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cache

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Insert,
    RowMapping,
    Subquery,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
)
from sqlalchemy import true as always
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from gdftu_app.db import Dialect, dialect
from gdftu_app.models.carried_days import CarriedDays
from gdftu_app.models.figures import DailyFigures
from gdftu_app.models.memberships import MembershipEvent
from gdftu_app.models.moments import day_of_moment, month_of_day, year_of_day
from gdftu_app.models.paths import ids_along
from gdftu_app.models.span_figures import MONTH, YEAR, SpanFigures
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.movements import movements, registrations
from gdftu_app.queries.pending_figures import DAILY, pending_days
from gdftu_app.services.figure_balances import balance

_SPANS, _UNIONS, _CARRIED = table_of(SpanFigures), table_of(Union), table_of(CarriedDays)
_KEYS = ("union_id", "months", "first")


def adding_to_spans(rows: Rows, dialect: Dialect) -> Insert:
    """The statement that adds rows of union, day and the figures of `DAILY`, in this order, to months and years."""
    days = rows.subquery("days")
    union_id, day, *figures = days.c
    lengths = union_all(select(literal(MONTH).label("months")), select(literal(YEAR))).subquery("lengths")
    first = case((lengths.c.months == MONTH, month_of_day(day)), else_=year_of_day(day)).label("first")
    spans = select(union_id, lengths.c.months, first, *figures).join(lengths, always()).subquery("spans")
    by, sums = list(spans.c)[:3], list(spans.c)[3:]
    return _adding(select(*by, *map(func.sum, sums)).where(literal(1) == 1).group_by(*by), dialect)


def count_spans_anew(session: Session) -> None:
    """Write all months and years from the days kept and from events, whatever is there; nothing is pending."""
    run(session, delete(_SPANS))
    for due in (_months_due(), _years_due()):
        counted = due.subquery()
        rows = select(counted).order_by(*(counted.c[key] for key in _KEYS))
        run(session, insert(_SPANS).from_select([*_KEYS, *DAILY], rows))


def rebuild_spans(session: Session) -> None:
    """Set every month and year to its recount; the days are right already, and nothing is pending."""
    for due, months in ((_months_due, MONTH), (_years_due, YEAR)):
        lacking = balance(due(), [_kept(months)], _KEYS, DAILY).subquery()
        run(session, _adding(select(lacking).where(literal(1) == 1), dialect(session)))
    run(session, delete(_SPANS).where(*(_SPANS.c[name] == 0 for name in DAILY)))


def drifting_spans(session: Session, days: Iterable[tuple[int, date, str, int]]) -> list[tuple[int, date, str, int]]:
    """What must be added to months and years: union, first day, figure and how much; nothing when all is well.

    Months are checked against the days kept, of which `days` lack so much themselves, and those of base unions against
    events less what is pending; years against the months. Each is one statement.
    """
    months: Counter[tuple[int, date, str]] = Counter()
    for union_id, day, name, lacking in days:
        months[union_id, day.replace(day=1), name] += lacking
    _count(months, run(session, _months_balance()).mappings())
    years: Counter[tuple[int, date, str]] = Counter()
    for (union_id, first, name), lacking in months.items():
        years[union_id, first.replace(month=1), name] += lacking
    _count(years, run(session, _years_balance()).mappings())
    return [
        (union_id, first, f"{word}_{name}", lacking)
        for word, found in (("month", months), ("year", years))
        for (union_id, first, name), lacking in found.items()
        if lacking
    ]


@cache
def _months_balance() -> Rows:
    return balance(_months_due(), [_kept(MONTH), _pending_of_base()], _KEYS, DAILY)


@cache
def _years_balance() -> Rows:
    return balance(_years_due(), [_kept(YEAR)], _KEYS, DAILY)


def _count(found: Counter[tuple[int, date, str]], rows: Iterable[RowMapping]) -> None:
    for row in rows:
        for name in DAILY:
            found[row["union_id"], row["first"], name] += int(row[name])


def _adding(rows: Rows, dialect: Dialect) -> Insert:
    """The select must have a WHERE clause: SQLite would otherwise take ON CONFLICT for a join condition."""
    insert_into = postgresql.insert if dialect == "postgresql" else sqlite.insert
    adding = insert_into(_SPANS).from_select([*_KEYS, *DAILY], rows)
    return adding.on_conflict_do_update(
        index_elements=_KEYS, set_={name: _SPANS.c[name] + adding.excluded[name] for name in DAILY}
    )


def _kept(months: int) -> Rows:
    return select(_SPANS).where(_SPANS.c.months == months)


def _years_due() -> Rows:
    return _spans(_SPANS, YEAR, year_of_day(_SPANS.c.first)).where(_SPANS.c.months == MONTH)


def _months_due() -> Rows:
    """Rows of union, length, first day and figures: from the days of above-base unions, and the events of base unions.

    Events are summed by month before they are carried up to the base unions above, of which most have none.
    """
    days = table_of(DailyFigures)
    lines, month = _base_lines(), month_of_day(col(MembershipEvent.day))
    entered = month_of_day(day_of_moment(_UNIONS.c.created_at))
    counted = union_all(
        select(col(MembershipEvent.union_id), month.label("first"), *movements()).group_by(
            col(MembershipEvent.union_id), month
        ),
        select(_UNIONS.c.superior_id, entered, *registrations())
        .where(_UNIONS.c.superior_id.is_not(None))
        .group_by(_UNIONS.c.superior_id, entered),
    ).subquery()
    of_base = union_all(
        select(lines.c.line_id.label("union_id"), counted.c.first, *(counted.c[name] for name in DAILY)).join_from(
            counted, lines, lines.c.union_id == counted.c.union_id
        ),
        select(_CARRIED.c.union_id, month_of_day(_CARRIED.c.day), *(_CARRIED.c[name] for name in DAILY)).where(
            _CARRIED.c.union_id.in_(_base_unions())
        ),
    ).subquery()
    both = union_all(_spans(days, MONTH, month_of_day(days.c.day)), _spans(of_base, MONTH, of_base.c.first)).subquery()
    return select(both)


def _pending_of_base() -> Rows:
    pending = pending_days(every=True).subquery()
    return _spans(pending, MONTH, month_of_day(pending.c.day)).where(pending.c.union_id.in_(_base_unions()))


def _spans(rows: FromClause, months: int, first: ColumnElement[date]) -> Rows:
    """Rows of union and figures summed by the first day."""
    sums = (func.sum(rows.c[name]).label(name) for name in DAILY)
    by = (rows.c.union_id, first.label("first"))
    return select(by[0], literal(months).label("months"), by[1], *sums).group_by(rows.c.union_id, first)


def _base_unions() -> Rows:
    return select(_UNIONS.c.id).where(_UNIONS.c.is_above_base.is_(False))


def _base_lines() -> Subquery:
    """Each base union, branch and team with every such union on its path, itself too."""
    line = _UNIONS.alias("line")
    along = ids_along(_UNIONS.c.path)
    return (
        select(_UNIONS.c.id.label("union_id"), line.c.id.label("line_id"))
        .select_from(_UNIONS)
        .join(along, always())
        .join(line, line.c.id == along.c.value)
        .where(_UNIONS.c.is_above_base.is_(False), line.c.is_above_base.is_(False))
        .subquery()
    )

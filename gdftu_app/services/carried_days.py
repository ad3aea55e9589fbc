"""What a move of a branch does to the days of its superiors: their past stays, the day of the move takes the change."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Date, FromClause, Subquery, delete, func, literal, select, true, union_all
from sqlmodel import Session

from gdftu_app.db import dialect
from gdftu_app.models.carried_days import CarriedDays
from gdftu_app.models.figures import DailyFigures
from gdftu_app.models.paths import ids_listed
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.pending_figures import DAILY
from gdftu_app.security.actors import within
from gdftu_app.services.figure_recounts import movements_within, registrations_of
from gdftu_app.services.figure_spans import adding_to_spans
from gdftu_app.services.figure_writes import adding_to_days

_DAYS, _CARRIED, _UNIONS = table_of(DailyFigures), table_of(CarriedDays), table_of(Union)


def keep_past(
    session: Session,
    union: Union,
    day: date,
    *,
    left: Sequence[int],
    entered: Sequence[int],
    members: int,
    verified: int,
) -> None:
    """Let superiors keep their days although a branch is theirs no more, or theirs from today, `day`, on.

    Those left lose its members who count now, and those entered gain them. What the branch brought before stays with
    those left: it is carried, since a recount will find it below the others. The caller has seized the tree and folded
    the branch; `left` and `entered` are the superiors on one of both paths alone.
    """
    present = dict.fromkeys(DAILY, 0) | {"members": members, "verified_members": verified}
    superiors = _signed(left, entered)
    if members or verified:
        _change(session, superiors, day, present)
    run(session, adding_to_days(_carried(superiors, _history(union, day, present)), dialect(session), _CARRIED))
    both = ids_listed([*left, *entered])
    is_nothing = (_CARRIED.c[name] == 0 for name in DAILY)
    run(session, delete(_CARRIED).where(_CARRIED.c.union_id.in_(select(both.c.value)), *is_nothing))


def _change(session: Session, superiors: Subquery, day: date, present: Mapping[str, int]) -> None:
    changes = select(
        superiors.c.value, literal(day, Date).label("day"), *(-superiors.c.sign * present[name] for name in DAILY)
    )
    above = changes.join(_UNIONS, _UNIONS.c.id == superiors.c.value).where(_UNIONS.c.is_above_base)
    run(session, adding_to_days(above, dialect(session)))
    run(session, adding_to_spans(changes, dialect(session)))


def _carried(superiors: Subquery, history: Subquery) -> Rows:
    return (
        select(superiors.c.value, history.c.day, *(func.sum(superiors.c.sign * history.c[name]) for name in DAILY))
        .join_from(superiors, history, true())
        .where(literal(1) == 1)
        .group_by(superiors.c.value, history.c.day)
    )


def _signed(left: Sequence[int], entered: Sequence[int]) -> Subquery:
    parts = [
        select(listed.c.value, literal(sign).label("sign"))
        for listed, sign in ((ids_listed(ids), sign) for ids, sign in ((left, 1), (entered, -1)) if ids)
    ]
    return union_all(*parts).subquery("superiors")


def _history(union: Union, day: date, present: Mapping[str, int]) -> Subquery:
    """Day and figures of the branch by recount, its own registration with them, less who counts on the day of the move.

    The days kept of an above-base union are its recount and what was carried; those of a base union are not kept.
    """
    if union.is_above_base:
        kept = [_of(_DAYS, union, 1), _of(_CARRIED, union, -1), registrations_of(_UNIONS.c.id == union.id)]
    else:
        kept = [movements_within(union.path), registrations_of(within(Union, union.path))]
    counting = select(literal(day, Date).label("day"), *(literal(-present[name]).label(name) for name in DAILY))
    return union_all(*kept, counting).subquery("history")


def _of(days: FromClause, union: Union, sign: int) -> Rows:
    return select(days.c.day, *((sign * days.c[name]).label(name) for name in DAILY)).where(days.c.union_id == union.id)

"""Checking what memberships keep of their people against the people: the part of `figure_checks` that is about copies.

Names are read in lists and counted nowhere; a proof of identity is what the history of the membership says of it.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, SmallInteger, and_, cast, extract, func, or_, select, update
from sqlmodel import Session

from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.tables import run, table_of

_MEMBERS, _PEOPLE = table_of(Membership), table_of(Person)
_SAME = ("sex", "is_migrant", "occupation", "education")


def outdated_copies(session: Session) -> Iterator[tuple[int, int]]:
    """Each union in which current memberships say something else than their people, and how many of them do."""
    wrong = select(_MEMBERS.c.union_id, func.count().label("count")).where(_is_outdated())
    for row in run(session, wrong.group_by(_MEMBERS.c.union_id).order_by(_MEMBERS.c.union_id)).mappings():
        yield row["union_id"], int(row["count"])


def renew_outdated_copies(session: Session) -> None:
    """Let current memberships say what their people do; the caller has seized the tree, and recounts the figures."""
    run(session, update(_MEMBERS).where(_is_outdated()).values(_originals()))


def _is_outdated() -> ColumnElement[bool]:
    differs = (_MEMBERS.c[name].is_distinct_from(value) for name, value in _originals().items())
    is_current = _MEMBERS.c.status.in_((MembershipStatus.CURRENT, MembershipStatus.RETAINED))
    return and_(is_current, _PEOPLE.c.id == _MEMBERS.c.person_id, or_(*differs))


def _originals() -> dict[str, ColumnElement[Any]]:
    year = cast(extract("year", _PEOPLE.c.born_on), SmallInteger())
    return {"born_year": year, **{name: _PEOPLE.c[name] for name in _SAME}}

"""The rows of a demo history, written by the thousand: people, their memberships and the events of these.

They are what `services/people`, `memberships` and `verifications` would have written day by day; the figures are
counted afterwards.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, func, select, text
from sqlmodel import Session

from gdftu_app.db import dialect
from gdftu_app.models.memberships import Membership, MembershipEvent
from gdftu_app.models.people import Person, birth_year
from gdftu_app.models.tables import run, table_of
from gdftu_app.queries.areas import areas_of
from gdftu_app.security.personal_data import Sealer
from gdftu_app.services.demo.days import morning_of
from gdftu_app.services.demo.history import Happening, History, Somebody, Stay
from gdftu_app.services.many_rows import write_rows
from gdftu_app.services.people import DOCUMENT_FIELD, PHONE_FIELD, row_of

_AT_ONCE = 2_000
# What a membership keeps of its person as it is (`membership_records.copies_of`).
_COPIED = ("name", "sex", "is_migrant", "occupation", "education")


def write_history(session: Session, history: History) -> None:
    """Write all that came about in a history."""
    persons, memberships = table_of(Person), table_of(Membership)
    people = dict(zip(history.people, _new_ids(session, persons, len(history.people)), strict=True))
    numbers = _new_ids(session, memberships, len(history.stays))
    areas = areas_of(session, {union.path for union in history.unions})
    documents, phones = Sealer(DOCUMENT_FIELD), Sealer(PHONE_FIELD)
    rows = [{"id": people[somebody], **_person(somebody, documents, phones)} for somebody in history.people]
    _write(session, persons, rows)
    copies = {row["id"]: _copies(row) for row in rows}
    _write(
        session,
        memberships,
        [
            {
                "id": numbers[stay.order],
                "person_id": people[stay.person],
                "area_id": areas[stay.union.path],
                **_membership(stay),
                **copies[people[stay.person]],
            }
            for stay in history.stays
        ],
    )
    _write(
        session,
        table_of(MembershipEvent),
        [{"membership_id": numbers[event.stay.order], **_event(event)} for event in history.events],
    )


def _person(somebody: Somebody, documents: Sealer, phones: Sealer) -> dict[str, Any]:
    verified_at = morning_of(somebody.verified_on) if somebody.verified_on else None
    return row_of(somebody.draft, documents, phones) | {
        "verification": somebody.verification,
        "verified_at": verified_at,
        "created_at": morning_of(somebody.recorded_on),
    }


def _copies(person: Mapping[str, Any]) -> dict[str, Any]:
    return {name: person[name] for name in _COPIED} | {"born_year": birth_year(person["born_on"])}


def _membership(stay: Stay) -> dict[str, Any]:
    return {
        "union_id": stay.union.id,
        "status": stay.status,
        "joined_on": stay.joined_on,
        "since": stay.since,
        "ended_on": stay.ended_on,
        "verified": stay.verified,
    }


def _event(event: Happening) -> dict[str, Any]:
    return {
        "union_id": event.stay.union.id,
        "kind": event.kind,
        "change": event.change,
        "verified_change": event.verified_change,
        "day": event.day,
        "at": morning_of(event.day),
        "reason": event.reason,
        "operator_id": None,
    }


def _new_ids(session: Session, table: Table, count: int) -> list[int]:
    if dialect(session) == "postgresql":
        numbers = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return list(run(session, numbers, {"name": table.name, "count": count}).scalars())
    last = run(session, select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
    return list(range(last + 1, last + 1 + count))


def _write(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    for first in range(0, len(rows), _AT_ONCE):
        write_rows(session, table, rows[first : first + _AT_ONCE])

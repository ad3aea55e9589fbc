"""One member's record (会员详情): what is recorded, masked, and what became of the membership before and since."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlmodel import Session

from gdftu_app.errors import NotFound
from gdftu_app.models.accounts import Account
from gdftu_app.models.member_fields import MEMBER_FIELDS, MIGRANT, NO, PHONE, YES
from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.members import MemberRow, masked_phone, rows_of
from gdftu_app.queries.unions import UnionRef, ids_from, references
from gdftu_app.security.actors import Actor, requires, within_asked
from gdftu_app.security.permissions import Permission

_EVENTS, _MEMBERS, _UNIONS, _ACCOUNTS, _PEOPLE = map(table_of, (MembershipEvent, Membership, Union, Account, Person))
_WITHIN_REACH = (
    select(_MEMBERS.c.person_id, _MEMBERS.c.since, _UNIONS.c.path)
    .join_from(_MEMBERS, _UNIONS, _UNIONS.c.id == _MEMBERS.c.union_id)
    .where(_MEMBERS.c.id == bindparam("member"), within_asked(_UNIONS.c.path))
)
_OF_PEOPLE = (
    *("id", "name", "born_on", "doc_type", "phone_enc", "phone_bidx", "verified_at"),
    *(key for key in MEMBER_FIELDS if key not in ("name", PHONE)),
)
_PERSON = select(*(_PEOPLE.c[name] for name in _OF_PEOPLE)).where(_PEOPLE.c.id == bindparam("person"))
_HISTORY = (
    select(
        *(_EVENTS.c[name] for name in ("id", "membership_id", "kind", "day", "reason")),
        _UNIONS.c.id.label("union_id"),
        _UNIONS.c.name.label("union_name"),
        within_asked(_UNIONS.c.path).label("is_within"),
        _ACCOUNTS.c.name.label("operator"),
    )
    .select_from(
        _MEMBERS.join(_EVENTS, _EVENTS.c.membership_id == _MEMBERS.c.id)
        .join(_UNIONS, _UNIONS.c.id == _EVENTS.c.union_id)
        .outerjoin(_ACCOUNTS, _ACCOUNTS.c.id == _EVENTS.c.operator_id)
    )
    .where(_MEMBERS.c.person_id == bindparam("person"))
    .order_by(_EVENTS.c.id.desc())
    .limit(200)
)
_CURRENT = (
    select(_MEMBERS.c.id, _UNIONS.c.id, _UNIONS.c.name)
    .join_from(_MEMBERS, _UNIONS, _UNIONS.c.id == _MEMBERS.c.union_id)
    .where(
        _MEMBERS.c.person_id == bindparam("person"),
        _MEMBERS.c.status != int(MembershipStatus.ENDED),
        within_asked(_UNIONS.c.path),
    )
)


@dataclass(frozen=True, slots=True)
class MembershipChange:
    """会籍变动: one event of a person's history. Beyond reach neither union nor operator nor reason is told."""

    id: int
    kind: str
    day: date
    reason: str
    union: UnionRef | None
    operator: str


@dataclass(frozen=True, slots=True)
class CurrentMembership:
    """Where somebody who left is a member now, within reach."""

    id: int
    union: UnionRef


@dataclass(frozen=True, slots=True)
class MemberDetails:
    """A member's record. `values` are the fields that can be corrected, as kept, the phone masked.

    `path` leads from the acting union down to the member's. `is_own`: the member is the acting union's own; that
    union alone changes anything. `may_change`, `may_correct` and `may_reveal` say what this actor may do about it.
    """

    row: MemberRow
    since: date
    born_on: date | None
    document_type: str
    verified_at: datetime | None
    values: dict[str, str]
    path: list[UnionRef]
    history: list[MembershipChange]
    current: CurrentMembership | None
    is_own: bool
    may_change: bool
    may_correct: bool
    may_reveal: bool


@requires(Permission.MEMBERS_VIEW)
def get_member(session: Session, actor: Actor, *, member: int) -> MemberDetails:
    """The record of a membership within reach; raises NotFound."""
    reach = actor.reach_asked()
    found = run(session, _WITHIN_REACH, reach | {"member": member}).first()
    if found is None:
        raise NotFound
    person = run(session, _PERSON, {"person": found.person_id}).one()
    [row] = rows_of(session, [member])
    has_left = row.status is MembershipStatus.ENDED
    is_own = row.union.id == actor.union_id
    return MemberDetails(
        row=row,
        since=found.since,
        born_on=person.born_on,
        document_type=person.doc_type or "",
        verified_at=person.verified_at,
        values=values_of_member(person),
        path=references(session, ids_from(actor, found.path)),
        history=[_change(event) for event in run(session, _HISTORY, reach | {"person": found.person_id})],
        current=_current(session, found.person_id, reach) if has_left else None,
        is_own=is_own,
        may_change=is_own and not has_left and actor.may(Permission.MEMBERS_REMOVE),
        may_correct=is_own and not has_left and actor.may(Permission.MEMBERS_IMPORT),
        may_reveal=not has_left and actor.may(Permission.MEMBERS_REVEAL),
    )


def values_of_member(person: Any) -> dict[str, str]:
    """The fields of a person that can be corrected, as kept; the phone is masked."""
    values = {key: str(getattr(person, key)) for key in MEMBER_FIELDS if key not in (PHONE, MIGRANT)}
    return values | {
        PHONE: masked_phone(person.phone_enc, person.phone_bidx),
        MIGRANT: YES if person.is_migrant else NO,
    }


def _change(event: Row[*tuple[Any, ...]]) -> MembershipChange:
    if not event.is_within:
        return MembershipChange(event.id, event.kind, event.day, "", None, "")
    union = UnionRef(event.union_id, event.union_name)
    return MembershipChange(event.id, event.kind, event.day, event.reason, union, event.operator or "")


def _current(session: Session, person: int, reach: dict[str, str]) -> CurrentMembership | None:
    found = run(session, _CURRENT, reach | {"person": person}).first()
    return None if found is None else CurrentMembership(found[0], UnionRef(found[1], found[2]))

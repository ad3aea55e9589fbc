"""What every change of a membership leaves behind: events of its history, and its share of the figures."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from gdftu_app.clock import now, today
from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipEventKind
from gdftu_app.models.people import Person, Sex
from gdftu_app.models.tables import run, table_of
from gdftu_app.services.figures import Change


def write_events(
    session: Session,
    members: Iterable[Membership],
    kind: MembershipEventKind,
    *,
    change: int = 0,
    reason: str | Mapping[int, str] = "",
    operator_id: int | None = None,
) -> None:
    """Add what happens to these memberships now to their histories (会籍变动).

    `change` is the effect of each on the member count of its union; reasons may differ by membership.
    """
    rows = [
        {
            "membership_id": member.id,
            "union_id": member.union_id,
            "kind": kind,
            "change": change,
            "day": today(),
            "at": now(),
            "reason": reason if isinstance(reason, str) else reason.get(member.id or 0, ""),
            "operator_id": operator_id,
        }
        for member in members
    ]
    if rows:
        run(session, insert(table_of(MembershipEvent)), rows)


def tally(member: Membership) -> dict[str, int]:
    """What one membership that counts adds to the totals of its union."""
    return {
        "members": 1,
        "verified": int(member.verified),
        "women": int(member.sex == Sex.FEMALE),
        "migrant": int(member.is_migrant),
    }


def change_of(members: list[Membership], *, change: int, **movements: int) -> Change:
    """What it does to the figures that each of these memberships, all of one union, counts `change` more."""
    tallies = [tally(member) for member in members]
    totals = {name: change * sum(each[name] for each in tallies) for name in tallies[0]}
    return Change(union_id=members[0].union_id, day=today(), **totals, **movements)


def copies_of(person: Person) -> dict[str, Any]:
    """What a membership keeps of its person, for lists and figures."""
    return {
        "name": person.name,
        "sex": person.sex,
        "verified": person.verified_at is not None,
        "is_migrant": person.is_migrant,
    }

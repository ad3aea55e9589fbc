"""What every change of a membership leaves behind: events of its history, and its share of the figures."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from gdftu_app.clock import now, today
from gdftu_app.models.cells import cells_of_member
from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipEventKind, MembershipStatus
from gdftu_app.models.people import Person, Sex, birth_year
from gdftu_app.models.tables import table_of
from gdftu_app.services.figures import Change
from gdftu_app.services.many_rows import write_rows

_PROOFS = {MembershipEventKind.VERIFIED: 1, MembershipEventKind.UNVERIFIED: -1}


def write_events(
    session: Session,
    members: Iterable[Membership],
    kind: MembershipEventKind,
    *,
    change: int = 0,
    reason: str | Mapping[int, str] = "",
    operator_id: int | None = None,
    day: date | Mapping[int, date] | None = None,
) -> None:
    """Add what happens to these memberships to their histories (会籍变动), recorded now.

    `change` is the effect of each on the member count of its union; reasons may differ by membership. `day` is when it
    happened, today unless it was earlier; it may differ by membership, too.
    """
    rows = [
        {
            "membership_id": member.id,
            "union_id": member.union_id,
            "kind": kind,
            "change": change,
            "verified_change": _verified_change(member, kind, change),
            "day": day[member.id or 0] if isinstance(day, Mapping) else day or today(),
            "at": now(),
            "reason": reason if isinstance(reason, str) else reason.get(member.id or 0, ""),
            "operator_id": operator_id,
        }
        for member in members
    ]
    write_rows(session, table_of(MembershipEvent), rows)


def _verified_change(member: Membership, kind: MembershipEventKind, change: int) -> int:
    if kind in _PROOFS:
        return _PROOFS[kind] * int(member.status == MembershipStatus.CURRENT)
    return change * int(member.verified)


def tally(member: Membership) -> dict[str, int]:
    """What one membership that counts adds to the totals of its union."""
    return {
        "members": 1,
        "verified": int(member.verified),
        "women": int(member.sex == Sex.FEMALE),
        "migrant": int(member.is_migrant),
    }


def change_of(members: Sequence[Membership], *, change: int, day: date | None = None, **movements: int) -> Change:
    """What it does to the figures that each of these memberships, all of one union, counts `change` more.

    `day` is the day it happened, today by default.
    """
    tallies = [tally(member) for member in members]
    totals = {name: change * sum(each[name] for each in tallies) for name in tallies[0]}
    cells = cells_of(members) if change else Counter[str]()
    return Change(
        union_id=members[0].union_id,
        day=day or today(),
        cells={name: change * count for name, count in cells.items()} or None,
        **totals,
        **movements,
    )


def cells_of(members: Iterable[Membership]) -> Counter[str]:
    """What memberships that count add to the cells of compositions."""
    return Counter(
        name for member in members for name in cells_of_member(member.born_year, member.education, member.occupation)
    )


def copies_of(person: Person) -> dict[str, Any]:
    """What a membership keeps of its person, for lists and figures."""
    return {
        "name": person.name,
        "sex": person.sex,
        "verified": person.verified_at is not None,
        "is_migrant": person.is_migrant,
        "occupation": person.occupation,
        "education": person.education,
        "born_year": birth_year(person.born_on),
    }

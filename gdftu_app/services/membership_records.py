"""What every change of a membership leaves behind: an event of its history, and its share of the figures."""

from gdftu_app.clock import now, today
from gdftu_app.models.figures import FigureDelta
from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipEventKind
from gdftu_app.models.people import Person, Sex


def event_of(
    membership: Membership, kind: MembershipEventKind, *, change: int = 0, reason: str = "", operator_id: int | None
) -> MembershipEvent:
    """The event (会籍变动) of a change made now; `change` is its effect on the union's member count."""
    assert membership.id is not None
    return MembershipEvent(
        membership_id=membership.id,
        union_id=membership.union_id,
        kind=kind,
        change=change,
        day=today(),
        at=now(),
        reason=reason,
        operator_id=operator_id,
    )


def delta_of(members: list[Membership], *, change: int, **movements: int) -> FigureDelta:
    """What it does to the figures of one union that these memberships, all of this union, count more or less."""
    return FigureDelta(
        union_id=members[0].union_id,
        day=today(),
        members=change * len(members),
        verified=change * sum(member.verified for member in members),
        women=change * sum(member.sex == Sex.FEMALE for member in members),
        migrant=change * sum(member.is_migrant for member in members),
        **movements,
    )


def copies_of(person: Person) -> dict[str, object]:
    """What a membership keeps of its person, for lists and figures."""
    return {
        "name": person.name,
        "sex": person.sex,
        "verified": person.verified_at is not None,
        "is_migrant": person.is_migrant,
    }

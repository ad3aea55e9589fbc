"""Real-name verification (实名认证) of people, and the copies that their memberships keep of them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, col, select

from gdftu_app.clock import now, today
from gdftu_app.models.memberships import Membership, MembershipEventKind, MembershipStatus
from gdftu_app.models.people import Person, VerificationStatus
from gdftu_app.services.figures import Change, record
from gdftu_app.services.membership_records import cells_of, copies_of, tally, write_events
from gdftu_app.services.membership_rows import CURRENT, hold
from gdftu_app.services.tree_locks import share_tree


def mark_verified(session: Session, person: Person, *, operator_id: int | None = None) -> None:
    """Record that a person's name and document were proven now; nothing happens to one already verified."""
    mark_all_verified(session, [person], operator_id=operator_id)


def mark_all_verified(session: Session, people: Sequence[Person], *, operator_id: int | None = None) -> None:
    """`mark_verified` for several people at once."""
    share_tree(session)
    newly = [person for person in hold(session, people) if person.verified_at is None]
    for person in newly:
        person.verification = VerificationStatus.VERIFIED
        person.verified_at = now()
    _record(session, _renew(session, newly, operator_id))


def take_back_verification(session: Session, person: Person) -> None:
    """Let a person's name and document count as proven no more, as when consent is withdrawn; the figures follow.

    What was proven until then stays in the history of the memberships. Nothing happens to somebody not verified.
    """
    share_tree(session)
    [held] = hold(session, [person])
    if held.verified_at is None:
        return
    held.verification, held.verified_at = VerificationStatus.UNVERIFIED, None
    session.add(held)
    _record(session, _renew(session, [held], None))


def renew_copies(session: Session, person: Person) -> None:
    """Bring the copies that a membership keeps of its person up to date (see `copies_of`), and the figures too.

    For whoever corrects one of them, in the same transaction, after changing the person.
    """
    share_tree(session)
    _record(session, _renew(session, hold(session, [person]), None))


@dataclass(slots=True)
class _Renewed:
    """What renewing copies changes in the figures of one union, on the day that its history has it."""

    day: date
    totals: Counter[str] = field(default_factory=Counter[str])
    cells: Counter[str] = field(default_factory=Counter[str])


def _renew(session: Session, people: Sequence[Person], operator_id: int | None) -> dict[int, _Renewed]:
    """Renew the current memberships of these people; what that changes in the figures, by union.

    Those that become verified by it, or are so no more, are it from now on, by an event of their histories.
    """
    by_id = {person.id: person for person in people}
    current = select(Membership).where(col(Membership.person_id).in_(by_id), col(Membership.status).in_(CURRENT))
    session.flush()
    members = list(session.exec(current.order_by(col(Membership.id)).execution_options(populate_existing=True)).all())
    day = today()
    changes: defaultdict[int, _Renewed] = defaultdict(lambda: _Renewed(day))
    proven: list[Membership] = []
    no_more: list[Membership] = []
    for member in members:
        before, cells_before = tally(member), cells_of([member])
        for name, value in copies_of(by_id[member.person_id]).items():
            setattr(member, name, value)
        if member.status == MembershipStatus.CURRENT:
            change = changes[member.union_id]
            change.totals.update(tally(member))
            change.totals.subtract(before)
            change.cells.update(cells_of([member]))
            change.cells.subtract(cells_before)
        if member.verified and not before["verified"]:
            changes[member.union_id].totals["newly_verified"] += 1
            proven.append(member)
        if before["verified"] and not member.verified:
            no_more.append(member)
    write_events(session, proven, MembershipEventKind.VERIFIED, operator_id=operator_id, day=day)
    write_events(session, no_more, MembershipEventKind.UNVERIFIED, operator_id=operator_id, day=day)
    return changes


def _record(session: Session, changes: dict[int, _Renewed]) -> None:
    record(
        session,
        *(
            Change(union_id=union_id, day=change.day, cells=cells or None, **change.totals)
            for union_id, change in changes.items()
            for cells in [{name: count for name, count in change.cells.items() if count}]
            if cells or any(change.totals.values())
        ),
    )

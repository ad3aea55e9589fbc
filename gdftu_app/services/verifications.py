"""Real-name verification (实名认证) of people, and the copies that their memberships keep of them."""

from collections import Counter
from collections.abc import Sequence

from sqlmodel import Session, col, select

from gdftu_app.clock import now, today
from gdftu_app.models.memberships import Membership, MembershipEventKind, MembershipStatus
from gdftu_app.models.people import Person, VerificationStatus
from gdftu_app.services.figures import Change, record
from gdftu_app.services.membership_records import copies_of, tally, write_events
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
    members, changes = _renew(session, newly)
    for member in members:
        changes.setdefault(member.union_id, Counter())["newly_verified"] += 1
    write_events(session, members, MembershipEventKind.VERIFIED, operator_id=operator_id)
    _record(session, changes)


def renew_copies(session: Session, person: Person) -> None:
    """Bring the copies that a membership keeps of its person (name, sex, migrant) up to date, and the figures too.

    For whoever corrects one of them, in the same transaction, after changing the person.
    """
    share_tree(session)
    _, changes = _renew(session, hold(session, [person]))
    _record(session, changes)


def _renew(session: Session, people: Sequence[Person]) -> tuple[list[Membership], dict[int, Counter[str]]]:
    """Renew the current memberships of these people; what that changes in the totals, by union."""
    by_id = {person.id: person for person in people}
    current = select(Membership).where(col(Membership.person_id).in_(by_id), col(Membership.status).in_(CURRENT))
    session.flush()
    members = list(session.exec(current.order_by(col(Membership.id)).execution_options(populate_existing=True)).all())
    changes: dict[int, Counter[str]] = {}
    for member in members:
        before = tally(member)
        for name, value in copies_of(by_id[member.person_id]).items():
            setattr(member, name, value)
        if member.status == MembershipStatus.CURRENT:
            change = changes.setdefault(member.union_id, Counter())
            change.update(tally(member))
            change.subtract(before)
    return members, changes


def _record(session: Session, changes: dict[int, Counter[str]]) -> None:
    record(
        session,
        *(
            Change(union_id=union_id, day=today(), **change)
            for union_id, change in changes.items()
            if any(change.values())
        ),
    )

"""Real-name verification (实名认证) of people, and the copies their memberships keep of them."""

from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, select

from gdftu_app.clock import now, today
from gdftu_app.models.figures import FigureDelta
from gdftu_app.models.memberships import Membership, MembershipEventKind, MembershipStatus
from gdftu_app.models.people import Person, Sex, VerificationStatus
from gdftu_app.services.figures import record
from gdftu_app.services.membership_records import copies_of, event_of
from gdftu_app.services.memberships import hold
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
    members = _renew_copies(session, newly)
    session.add_all(event_of(member, MembershipEventKind.VERIFIED, operator_id=operator_id) for member in members)
    session.flush()
    record(session, *(_verified(member) for member in members))


def renew_copies(session: Session, person: Person) -> None:
    """Bring the copies that a membership keeps of its person (name, sex, migrant) up to date, and the figures too.

    For whoever corrects one of them, in the same transaction, after changing the person.
    """
    share_tree(session)
    _renew_copies(session, hold(session, [person]))


def _renew_copies(session: Session, people: Iterable[Person]) -> list[Membership]:
    """Give the memberships of these people that are current, renewed, their changes of totals recorded."""
    session.flush()
    by_id = {person.id: person for person in people}
    current = (
        select(Membership)
        .where(
            col(Membership.person_id).in_(by_id),
            col(Membership.status).in_((MembershipStatus.CURRENT, MembershipStatus.RETAINED)),
        )
        .order_by(col(Membership.id))
        .execution_options(populate_existing=True)
    )
    ...
    return []

"""Own membership (我的会籍): where an account's person is a member, since when, and everything that led there."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from gdftu_app.errors import SignedOut
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account
from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipEventKind, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.person_merges import MERGED, MERGED_LABEL
from gdftu_app.models.removal_reasons import REMOVAL_REASON_LABELS
from gdftu_app.models.unions import Union
from gdftu_app.queries.superiors import names_above

HELD = (MembershipStatus.CURRENT, MembershipStatus.RETAINED)
EVENT_LABELS: dict[MembershipEventKind, str] = {
    MembershipEventKind.JOINED: msg("入会"),
    MembershipEventKind.TRANSFERRED_IN: msg("转入"),
    MembershipEventKind.TRANSFERRED_OUT: msg("转出"),
    MembershipEventKind.RETAINED: msg("保留会籍"),
    MembershipEventKind.RESTORED: msg("恢复会籍"),
    MembershipEventKind.WITHDRAWN: msg("退会"),
    MembershipEventKind.EXPELLED: msg("除名"),
    MembershipEventKind.REMOVED: msg("会员移出"),
    MembershipEventKind.VERIFIED: msg("实名认证"),
    MembershipEventKind.UNVERIFIED: msg("实名认证失效"),
}
_REASONS: dict[str, str] = {
    MERGED: MERGED_LABEL,
    **{reason.value: label for reason, label in REMOVAL_REASON_LABELS.items()},
}


@dataclass(frozen=True, slots=True)
class OwnMember:
    """The person behind an account; `person_id` is None, and nothing is verified, until an identity was proven."""

    account_id: int
    person_id: int | None
    name: str
    verified_at: datetime | None

    @property
    def is_verified(self) -> bool:
        """Whether this person may apply for anything."""
        return self.verified_at is not None


@dataclass(frozen=True, slots=True)
class OwnMembership:
    """The membership held now. `joined_on` is the first 入会时间, `since` when it began in this union."""

    id: int
    union_id: int
    union: str
    path: tuple[str, ...]
    joined_on: date
    since: date
    is_retained: bool


@dataclass(frozen=True, slots=True)
class MembershipStep:
    """One thing that happened; `label` and `reason` are messages."""

    day: date
    label: str
    union: str
    reason: str = ""


def own_member(session: Session, *, account_id: int) -> OwnMember:
    """Who an account stands for; `SignedOut` without an account."""
    row = session.exec(
        select(Account.name, Person.id, Person.verified_at)
        .join(Person, col(Person.id) == Account.person_id, isouter=True)
        .where(Account.id == account_id, col(Account.disabled_at).is_(None))
    ).first()
    if row is None:
        raise SignedOut
    name, person_id, verified_at = row
    return OwnMember(account_id, person_id, name, verified_at)


def own_membership(session: Session, *, account_id: int) -> OwnMembership | None:
    """The membership that the person of an account holds, the retained included; only a verified person is told."""
    member = own_member(session, account_id=account_id)
    if not member.is_verified:
        return None
    row = session.exec(
        select(Membership, Union.name, Union.path)
        .join(Union, col(Union.id) == Membership.union_id)
        .where(Membership.person_id == member.person_id, col(Membership.status).in_(HELD))
    ).first()
    if row is None:
        return None
    membership, union, path = row
    return OwnMembership(
        id=membership.id or 0,
        union_id=membership.union_id,
        union=union,
        path=names_above(session, [path])[path],
        joined_on=membership.joined_on,
        since=membership.since,
        is_retained=membership.status == MembershipStatus.RETAINED,
    )


def own_history(session: Session, *, account_id: int) -> list[MembershipStep]:
    """会籍变动: what happened to the person's memberships, the latest first, whatever unions they were in."""
    member = own_member(session, account_id=account_id)
    if not member.is_verified:
        return []
    rows = session.exec(
        select(MembershipEvent, Union.name)
        .join(Membership, col(Membership.id) == MembershipEvent.membership_id)
        .join(Union, col(Union.id) == MembershipEvent.union_id)
        .where(Membership.person_id == member.person_id)
        .order_by(col(MembershipEvent.id).desc())
    )
    return [_step(event, union) for event, union in rows]


def _step(event: MembershipEvent, union: str) -> MembershipStep:
    # What an administrator typed stays with the union; the reasons of the list are told.
    return MembershipStep(
        event.day, EVENT_LABELS[MembershipEventKind(event.kind)], union, _REASONS.get(event.reason, "")
    )

"""会员移出 (手册 十二): members of the acting union, one or up to a thousand at once, leave it for good."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from gdftu_app.clock import now, today
from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipEventKind, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.removal_reasons import EVENT_OF_REASON, RemovalReason
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission
from gdftu_app.services.audit import record_each
from gdftu_app.services.figures import Change, record
from gdftu_app.services.members_within import own_members
from gdftu_app.services.membership_records import change_of, write_events
from gdftu_app.services.membership_rows import CURRENT, hold
from gdftu_app.services.tree_locks import share_tree

MOST_AT_ONCE = 1_000
NOT_HERE = msg("没有找到。可能已被移动，或不在当前工会的管理范围内。")
HAS_LEFT = msg("已不在本工会，没有重复移出。")
BEFORE_LAST_CHANGE = msg("移出日期早于最近一次会籍变动（{day}），没有移出。")
DAY = "day"
_AGAIN_WITHIN = timedelta(days=1)
_PROOFS = (MembershipEventKind.VERIFIED, MembershipEventKind.UNVERIFIED)


@dataclass(frozen=True, slots=True)
class RemovalOutcome:
    """What became of one member; `problem`, a message with its `values`, says why nobody was removed."""

    member: int
    name: str
    problem: str = ""
    values: dict[str, str] = field(default_factory=dict)

    @property
    def is_removed(self) -> bool:
        """Whether the membership ended by this, be it by the same click sent twice."""
        return not self.problem


@requires(Permission.MEMBERS_REMOVE)
def remove_members(
    session: Session, actor: Actor, *, members: Sequence[int], reason: RemovalReason, day: date | None = None
) -> list[RemovalOutcome]:
    """End these memberships of the acting union, retained ones too; an outcome for each, in the order given.

    `day` is when the membership ended, today unless it was earlier; the figures of that day tell of it. It is not
    before anything else that happened to the membership.
    All that can be removed are, in one transaction; the others are told apart. What this account removed within a day
    for the same reason and day counts as removed, so that a second click changes and says nothing else. Raises
    InvalidInput for none, for more than a thousand, and for a day to come (field `day`).
    """
    numbers = list(dict.fromkeys(members))
    if not numbers or len(numbers) > MOST_AT_ONCE:
        raise InvalidInput(msg("请选择 1 至 {limit} 名会员。"), field="members", limit=MOST_AT_ONCE)
    ended_on = day or today()
    if ended_on > today():
        raise InvalidInput(msg("移出日期不能晚于今天。"), field=DAY)
    share_tree(session)
    found = _locked(session, actor, numbers)
    here = [membership for membership in found.values() if membership.status in CURRENT]
    last = _last_changes(session, here)
    ending = [member for member in here if last[member.id or 0] <= ended_on]
    too_early = {member.id or 0: last[member.id or 0] for member in here if last[member.id or 0] > ended_on}
    removed = {member.id for member in ending}
    _end(session, ending, reason, actor, ended_on)
    left = [number for number in found if number not in removed and number not in too_early]
    removed |= _removed_before(session, actor, left, reason, ended_on)
    return [_outcome(number, found.get(number), removed, too_early) for number in numbers]


def _outcome(
    number: int, membership: Membership | None, removed: set[int | None], too_early: dict[int, date]
) -> RemovalOutcome:
    if membership is None:
        return RemovalOutcome(number, "", NOT_HERE)
    if number in too_early:
        return RemovalOutcome(number, membership.name, BEFORE_LAST_CHANGE, {"day": too_early[number].isoformat()})
    return RemovalOutcome(number, membership.name, "" if number in removed else HAS_LEFT)


def _last_changes(session: Session, members: Sequence[Membership]) -> dict[int, date]:
    """When something last happened to these memberships; their proofs of identity end nothing and are left out."""
    events = (
        select(MembershipEvent.membership_id, func.max(col(MembershipEvent.day)))
        .where(
            col(MembershipEvent.membership_id).in_([member.id for member in members]),
            col(MembershipEvent.kind).not_in(_PROOFS),
        )
        .group_by(col(MembershipEvent.membership_id))
    )
    last = dict(session.exec(events).all()) if members else {}
    return {member.id or 0: last.get(member.id or 0, member.since) for member in members}


def _locked(session: Session, actor: Actor, numbers: Sequence[int]) -> dict[int, Membership]:
    """The acting union's own among the memberships, as they are once all their people are held."""
    people = {membership.person_id for membership in own_members(session, actor, numbers).values()}
    found = session.exec(select(Person).where(col(Person.id).in_(people))).all()
    hold(session, sorted(found, key=lambda person: person.id or 0))
    return own_members(session, actor, numbers)


def _end(session: Session, members: Sequence[Membership], reason: RemovalReason, actor: Actor, ended_on: date) -> None:
    counted = [member for member in members if member.status == MembershipStatus.CURRENT]
    retained = [member for member in members if member.status == MembershipStatus.RETAINED]
    undone = _as_of(session, counted, ended_on)
    for member in members:
        member.status, member.ended_on = MembershipStatus.ENDED, ended_on
    kind = EVENT_OF_REASON[reason]
    for some, change in ((counted, -1), (retained, 0)):
        write_events(session, some, kind, change=change, reason=reason, operator_id=actor.account_id, day=ended_on)
    record(session, *undone, *_changes(counted, retained, ended_on))
    detail = {"reason": reason.value, "day": ended_on.isoformat()}
    details = {f"memberships:{member.id}": detail for member in members}
    record_each(session, "members:remove", actor=actor, details=details)


def _as_of(session: Session, members: Sequence[Membership], day: date) -> list[Change]:
    """Let memberships of one union be as verified as they were on a day; what that changes in the figures since.

    What was proven later was not proven of a member, or there would be fewer verified members than none.
    """
    if not members or day == today():
        return []
    by_id, changes = {member.id: member for member in members}, Counter[date]()
    later = select(MembershipEvent).where(
        col(MembershipEvent.membership_id).in_(by_id),
        col(MembershipEvent.kind).in_(_PROOFS),
        MembershipEvent.day > day,
        MembershipEvent.verified_change != 0,
    )
    for event in session.exec(later.order_by(col(MembershipEvent.id).desc())).all():
        by_id[event.membership_id].verified = event.verified_change < 0
        changes[event.day] -= event.verified_change
        event.verified_change = 0
    return [Change(union_id=members[0].union_id, day=on, verified=change) for on, change in changes.items()]


def _changes(counted: Iterable[Membership], retained: Iterable[Membership], day: date) -> Iterator[Change]:
    """All of them are of the acting union."""
    for some, change in ((list(counted), -1), (list(retained), 0)):
        if some:
            yield change_of(some, change=change, day=day, removed=len(some))


def _removed_before(
    session: Session, actor: Actor, members: Sequence[int], reason: RemovalReason, ended_on: date
) -> set[int | None]:
    """Those of the memberships that this very account ended lately, for the same reason and day."""
    if not members:
        return set()
    last = (
        select(func.max(col(MembershipEvent.id)))
        .where(col(MembershipEvent.membership_id).in_(members))
        .group_by(col(MembershipEvent.membership_id))
    )
    same = select(MembershipEvent.membership_id).where(
        col(MembershipEvent.id).in_(last),
        MembershipEvent.kind == EVENT_OF_REASON[reason],
        MembershipEvent.reason == reason,
        MembershipEvent.day == ended_on,
        MembershipEvent.at >= now() - _AGAIN_WITHIN,
        MembershipEvent.operator_id == actor.account_id,
    )
    return set(session.exec(same))

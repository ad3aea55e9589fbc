"""会员移出 (手册 十二): members of the acting union, one or up to a thousand at once, leave it for good."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from gdftu_app.clock import today
from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.removal_reasons import EVENT_OF_REASON, RemovalReason
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission
from gdftu_app.services.audit import record_each
from gdftu_app.services.figures import Change, record
from gdftu_app.services.members_within import own_members
from gdftu_app.services.membership_records import tally, write_events
from gdftu_app.services.membership_rows import CURRENT, hold
from gdftu_app.services.tree_locks import share_tree

MOST_AT_ONCE = 1_000
NOT_HERE = msg("没有找到。可能已被移动，或不在当前工会的管理范围内。")
HAS_LEFT = msg("已不在本工会，没有重复移出。")


@dataclass(frozen=True, slots=True)
class RemovalOutcome:
    """What became of one member; `problem`, a message, says why nobody was removed."""

    member: int
    name: str
    problem: str = ""

    @property
    def is_removed(self) -> bool:
        """Whether the membership ended by this, be it by the same click sent twice."""
        return not self.problem


@requires(Permission.MEMBERS_REMOVE)
def remove_members(
    session: Session, actor: Actor, *, members: Sequence[int], reason: RemovalReason
) -> list[RemovalOutcome]:
    """End these memberships of the acting union, retained ones too; an outcome for each, in the order given.

    All that can be removed are, in one transaction; the others are told apart. What this account removed today for the
    same reason counts as removed, so that a second click changes and says nothing else. Raises InvalidInput for none,
    or for more than a thousand.
    """
    numbers = list(dict.fromkeys(members))
    if not numbers or len(numbers) > MOST_AT_ONCE:
        raise InvalidInput(msg("请选择 1 至 {limit} 名会员。"), field="members", limit=MOST_AT_ONCE)
    share_tree(session)
    found = _locked(session, actor, numbers)
    here = [membership for membership in found.values() if membership.status in CURRENT]
    here_before = {membership.id for membership in here}
    _end(session, here, reason, actor)
    left = [number for number in found if number not in here_before]
    before = _removed_before(session, actor, left, reason)
    return [_outcome(number, found.get(number), here_before | before) for number in numbers]


def _outcome(number: int, membership: Membership | None, removed: set[int | None]) -> RemovalOutcome:
    if membership is None:
        return RemovalOutcome(number, "", NOT_HERE)
    return RemovalOutcome(number, membership.name, "" if number in removed else HAS_LEFT)


def _locked(session: Session, actor: Actor, numbers: Sequence[int]) -> dict[int, Membership]:
    """The acting union's own among the memberships, as they are once all their people are held."""
    people = {membership.person_id for membership in own_members(session, actor, numbers).values()}
    found = session.exec(select(Person).where(col(Person.id).in_(people))).all()
    hold(session, sorted(found, key=lambda person: person.id or 0))
    return own_members(session, actor, numbers)


def _end(session: Session, members: Sequence[Membership], reason: RemovalReason, actor: Actor) -> None:
    counted = [member for member in members if member.status == MembershipStatus.CURRENT]
    retained = [member for member in members if member.status == MembershipStatus.RETAINED]
    for member in members:
        member.status, member.ended_on = MembershipStatus.ENDED, today()
    kind = EVENT_OF_REASON[reason]
    for some, change in ((counted, -1), (retained, 0)):
        write_events(session, some, kind, change=change, reason=reason, operator_id=actor.account_id)
    record(session, *_changes(counted, retained))
    details = {f"memberships:{member.id}": {"reason": reason.value} for member in members}
    record_each(session, "members:remove", actor=actor, details=details)


def _changes(counted: Iterable[Membership], retained: Iterable[Membership]) -> list[Change]:
    totals: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for member in counted:
        totals[member.union_id].subtract(tally(member))
        totals[member.union_id]["removed"] += 1
    for member in retained:
        totals[member.union_id]["removed"] += 1
    return [Change(union_id=union_id, day=today(), **total) for union_id, total in totals.items()]


def _removed_before(session: Session, actor: Actor, members: Sequence[int], reason: RemovalReason) -> set[int | None]:
    """Those of the memberships that this very account ended today, for the same reason."""
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
        MembershipEvent.day == today(),
        MembershipEvent.operator_id == actor.account_id,
    )
    return set(session.exec(same))

"""Memberships (会籍): admitting, transferring, retaining, restoring and removing members.

The verbs of the core, without a guard: guarded services decide who may call them. Each locks the tree against moves
and the person against other changes, and writes the membership, its history and the figures together.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, func, select

from gdftu_app.clock import today
from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.memberships import Membership, MembershipEventKind, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.removal_reasons import EVENT_OF_REASON, RemovalReason
from gdftu_app.models.unions import Union
from gdftu_app.services.figures import Change, record
from gdftu_app.services.membership_records import change_of, write_events
from gdftu_app.services.membership_rows import (
    CURRENT,
    hold,
    person_of,
    require_all,
    take,
    take_many,
    write_memberships,
    write_new_memberships,
)
from gdftu_app.services.tree_locks import share_tree
from gdftu_app.services.union_rules import require_holding_members
from gdftu_app.services.unions import get_union, get_unions


def admit(
    session: Session,
    person: Person,
    union: Union,
    *,
    joined_on: date | None = None,
    reason: str = "",
    operator_id: int | None = None,
) -> Membership:
    """Make a person a member of a union (入会). `joined_on`, the 入会时间, is today unless it was earlier.

    Raises AlreadyMember, NotFound for a dissolved union, InvalidInput for one that holds no members directly.
    """
    return admit_many(session, [(person, union)], joined_on=joined_on, reason=reason, operator_id=operator_id)[0]


def admit_many(
    session: Session,
    admissions: Sequence[tuple[Person, Union]],
    *,
    joined_on: date | Sequence[date] | None = None,
    reason: str = "",
    operator_id: int | None = None,
) -> list[Membership]:
    """Make several people members, each of a union, in the order given; refuses all of them or none, like `admit`.

    `joined_on` is one day for all, or one for each. The figures of that day tell of it; of whoever was a member before,
    those of the day on which that ended, if it is later.
    """
    share_tree(session)
    for union in get_unions(session, [union for _, union in admissions]):
        require_holding_members(union)
    days = [joined_on or today()] * len(admissions) if not isinstance(joined_on, Sequence) else list(joined_on)
    if any(day > today() for day in days):
        raise InvalidInput(msg("入会时间不能晚于今天。"), field="joined_on")
    people = hold(session, [person for person, _ in admissions])
    unions = [union for _, union in admissions]
    made = admit_held(session, people, unions, joined_on=days, reason=reason, operator_id=operator_id)
    return require_all(people, made)


def admit_held(
    session: Session,
    people: Sequence[Person],
    unions: Sequence[Union],
    *,
    joined_on: Sequence[date],
    reason: str = "",
    operator_id: int | None = None,
    areas: Mapping[str, int] | None = None,
) -> dict[int, Membership]:
    """Make people members, each of the union at the same place and from the day there on, but for who is one already.

    Gives the memberships by person. The caller shares the tree, has read the unions since (with their `areas`, by path,
    perhaps), and holds the people.
    """
    made = write_new_memberships(session, people, unions, joined_on=joined_on, areas=areas)
    members = list(made.values())
    kind, counted_from = MembershipEventKind.JOINED, _counted_from(session, members)
    days_of = {member.id or 0: counted_from[member.person_id] for member in members}
    write_events(session, members, kind, change=1, reason=reason, operator_id=operator_id, day=days_of)
    by_day: defaultdict[tuple[int, date], list[Membership]] = defaultdict(list)
    for member in members:
        by_day[member.union_id, days_of[member.id or 0]].append(member)
    record(
        session,
        *(change_of(joined, change=1, joined=len(joined), day=day) for (_, day), joined in by_day.items()),
    )
    return made


def _counted_from(session: Session, members: Sequence[Membership]) -> dict[int, date]:
    """The day from which each new member counts, by person: nobody counts twice on a day, however early they joined."""
    days = {member.person_id: member.joined_on for member in members}
    early = [number for number, day in days.items() if day < today()]
    if early:
        ended = select(Membership.person_id, func.max(col(Membership.ended_on))).where(
            col(Membership.person_id).in_(early), col(Membership.ended_on).is_not(None)
        )
        for number, day in session.exec(ended.group_by(col(Membership.person_id))):
            days[number] = max(days[number], day or days[number])
    return days


def transfer(
    session: Session, membership: Membership, union: Union, *, reason: str = "", operator_id: int | None = None
) -> Membership:
    """Carry a membership over to another union (会籍转移); the first 入会时间 stays. Gives the new membership.

    A retained member counts again in the new union. Raises MembershipChanged for one that has ended.
    """
    return transfer_many(session, [membership], union, reasons=[reason], operator_id=operator_id)[0]


def transfer_many(
    session: Session,
    memberships: Sequence[Membership],
    union: Union,
    *,
    reasons: Sequence[str],
    operator_id: int | None = None,
) -> list[Membership]:
    """Carry several memberships over to a union, each for its reason; refuses all of them or none, like `transfer`."""
    share_tree(session)
    union = get_union(session, union.id)
    require_holding_members(union)
    leaving = take_many(session, memberships, *CURRENT)
    if any(membership.union_id == union.id for membership in leaving):
        raise InvalidInput(msg("该会员已经在这个工会，请选择其他工会。"), field="union_id")
    people = [person_of(session, membership) for membership in leaving]
    left: defaultdict[tuple[int, int], list[Membership]] = defaultdict(list)
    for membership in leaving:
        left[membership.union_id, int(membership.status == MembershipStatus.CURRENT)].append(membership)
        end(membership)
    session.flush()
    days = [membership.joined_on for membership in leaving]
    carried = write_memberships(session, people, [union] * len(people), joined_on=days)
    why_out = {membership.id or 0: reason for membership, reason in zip(leaving, reasons, strict=True)}
    why_in = {membership.id or 0: reason for membership, reason in zip(carried, reasons, strict=True)}
    out, into = MembershipEventKind.TRANSFERRED_OUT, MembershipEventKind.TRANSFERRED_IN
    changes: list[Change] = []
    day = today()
    for (_, counted), gone in left.items():
        write_events(session, gone, out, change=-counted, reason=why_out, operator_id=operator_id, day=day)
        changes.append(change_of(gone, change=-counted, transferred_out=len(gone), day=day))
    write_events(session, carried, into, change=1, reason=why_in, operator_id=operator_id, day=day)
    record(session, *changes, change_of(carried, change=1, transferred_in=len(carried), day=day))
    return carried


def retain(session: Session, membership: Membership, *, reason: str = "", operator_id: int | None = None) -> Membership:
    """Retain a membership (保留会籍): still the person's, but outside the member count."""
    share_tree(session)
    membership = take(session, membership, MembershipStatus.CURRENT)
    membership.status = MembershipStatus.RETAINED
    _happen(session, membership, MembershipEventKind.RETAINED, change=-1, reason=reason, operator_id=operator_id)
    return membership


def restore(
    session: Session, membership: Membership, *, reason: str = "", operator_id: int | None = None
) -> Membership:
    """Let a retained membership count again (恢复会籍); NotFound when its union was dissolved meanwhile."""
    share_tree(session)
    membership = take(session, membership, MembershipStatus.RETAINED)
    require_holding_members(get_union(session, membership.union_id))
    membership.status = MembershipStatus.CURRENT
    _happen(session, membership, MembershipEventKind.RESTORED, change=1, reason=reason, operator_id=operator_id)
    return membership


def remove(
    session: Session, membership: Membership, reason: RemovalReason, *, operator_id: int | None = None
) -> Membership:
    """End a membership for good (会员移出); the person remains and may apply to join again."""
    share_tree(session)
    membership = take(session, membership, *CURRENT)
    counted = int(membership.status == MembershipStatus.CURRENT)
    end(membership)
    kind = EVENT_OF_REASON[reason]
    _happen(session, membership, kind, change=-counted, reason=reason, operator_id=operator_id, removed=1)
    return membership


def _happen(
    session: Session,
    membership: Membership,
    kind: MembershipEventKind,
    *,
    change: int,
    reason: str,
    operator_id: int | None,
    **movements: int,
) -> None:
    """Write down what happens to one membership; history and figures have it on one day, even about midnight."""
    day = today()
    write_events(session, [membership], kind, change=change, reason=reason, operator_id=operator_id, day=day)
    record(session, change_of([membership], change=change, day=day, **movements))


def end(membership: Membership) -> None:
    """Let a membership end today; the caller holds its person, and writes history and figures."""
    membership.status = MembershipStatus.ENDED
    membership.ended_on = today()

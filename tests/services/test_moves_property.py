"""Whatever moves, joins, leaves or is entered later: every day ends for every union as it did when it ended."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from gdftu_app.clock import frozen_at, today, travel
from gdftu_app.errors import Refusal
from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipEventKind, MembershipStatus
from gdftu_app.models.people import Person, Sex
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.unions import Union, UnionCategory, UnionLevel
from gdftu_app.queries.flows import Place, flows_of
from gdftu_app.queries.periods import Span
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.services.figure_checks import rebuild, verify
from gdftu_app.services.figures import fold
from gdftu_app.services.member_removals import remove_members
from gdftu_app.services.memberships import admit, restore, retain, transfer
from gdftu_app.services.union_moves import move
from gdftu_app.services.unions import dissolve
from gdftu_app.services.verifications import mark_verified, renew_copies
from tests.factories import id_of, make_account, make_administrator, make_federation, make_person, make_union

START = datetime(2024, 2, 26, 4, tzinfo=UTC)
VERBS = (
    "join",
    "join_early",
    "leave",
    "transfer",
    "retain",
    "restore",
    "prove",
    "correct",
    "establish",
    "dissolve",
    "move_holder",
    "move_branch",
    "move_team",
    "move_holder",
    "move_branch",
    "next_day",
    "next_day",
    "next_day",
    "fold",
    "rebuild",
)
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=30)
THERE_AND_BACK = [
    ("next_day", 0, 0),
    ("move_team", 0, 1),
    ("move_branch", 2, 4),
    ("join", 0, 0),
    ("next_day", 0, 0),
    ("join_early", 0, 2),
    ("leave", 0, 9),
    ("move_branch", 0, 4),
    ("next_day", 0, 0),
    ("move_branch", 2, 1),
    ("move_branch", 0, 0),
    ("leave", 4, 9),
    ("join_early", 3, 9),
    ("next_day", 0, 0),
    ("dissolve", 3, 0),
]


@dataclass
class World:
    """A small federation, and a ledger of how many counted for each union when each day ended."""

    session: Session
    superiors: list[Union] = field(default_factory=list)
    holders: list[Union] = field(default_factory=list)
    members: list[Membership] = field(default_factory=list)
    places: defaultdict[int, list[tuple[date, int]]] = field(default_factory=lambda: defaultdict(list))
    ledger: Counter[tuple[int, date, str]] = field(default_factory=Counter)
    days: list[date] = field(default_factory=list)
    keepers: dict[int, Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        world = make_federation(self.session)
        federation = make_union(
            self.session, world.city, category=UnionCategory.INDUSTRY_FEDERATION, level=UnionLevel.CITY
        )
        team = make_union(self.session, world.factory, category=UnionCategory.BRANCH)
        self.superiors = [world.city, world.district, world.street, federation, world.other_city, world.province]
        self.holders = [world.factory, world.other_factory, federation, team]
        self.members = [admit(self.session, make_person(self.session), holder) for holder in self.holders]
        for union in (*self.superiors, *self.holders):
            self._note_place(union)

    def do(self, verb: str, first: int, second: int) -> None:
        """One step; what the rules refuse changes nothing."""
        try:
            with self.session.begin_nested():
                getattr(self, verb)(first, second)
        except Refusal:
            self.session.expire_all()

    def join(self, first: int, second: int) -> None:
        person = make_person(self.session, verified=second % 2 == 0)
        self.members.append(admit(self.session, person, self._holder(first)))

    def join_early(self, first: int, second: int) -> None:
        """Somebody new, or somebody who had left, joined earlier."""
        left = [member.person_id for member in self.members if member.status == MembershipStatus.ENDED]
        person = self.session.get_one(Person, left[-1]) if left and second % 3 == 0 else make_person(self.session)
        day = today() - timedelta(days=second)
        member = admit(self.session, person, self._holder(first), joined_on=day)
        self.members.append(member)
        self._enter_later(member, 1, self._proven_since(member))

    def leave(self, first: int, second: int) -> None:
        """Left some days ago, at the earliest when something last happened to the membership."""
        member = self._member(first)
        counted = member.status == MembershipStatus.CURRENT
        happened = [event.day for event in self._events(member) if event.kind != MembershipEventKind.VERIFIED]
        proven = self._proven_since(member)
        day = max(today() - timedelta(days=second), *happened)
        keeper = self._keeper(member.union_id)
        [outcome] = remove_members(
            self.session, keeper, members=[id_of(member)], reason=RemovalReason.WITHDRAWN, day=day
        )
        if counted and outcome.is_removed:
            self._enter_later(member, -1, proven)

    def transfer(self, first: int, second: int) -> None:
        self.members.append(transfer(self.session, self._member(first), self._holder(second)))

    def retain(self, first: int, _second: int) -> None:
        retain(self.session, self._member(first))

    def restore(self, _first: int, second: int) -> None:
        retained = [member for member in self.members if member.status == MembershipStatus.RETAINED]
        if retained:
            restore(self.session, retained[second % len(retained)])

    def prove(self, first: int, _second: int) -> None:
        mark_verified(self.session, self.session.get_one(Person, self._member(first).person_id))

    def correct(self, first: int, second: int) -> None:
        person = self.session.get_one(Person, self._member(first).person_id)
        person.sex = (Sex.MALE, Sex.FEMALE)[second % 2]
        renew_copies(self.session, person)

    def establish(self, first: int, _second: int) -> None:
        self.holders.append(make_union(self.session, self._superior(first)))
        self._note_place(self.holders[-1])

    def dissolve(self, first: int, _second: int) -> None:
        dissolve(self.session, self._holder(first))

    def move_holder(self, first: int, second: int) -> None:
        self._move(self._holder(first), self._superior(second))

    def move_branch(self, first: int, second: int) -> None:
        self._move(self._superior(first), self._superior(second))

    def move_team(self, _first: int, second: int) -> None:
        self._move(self.holders[3], self._holder(second))

    def next_day(self, _first: int, _second: int) -> None:
        """The day ends; what every union has then is written down, climbing the superiors one by one."""
        for member in self.session.exec(select(Membership).where(Membership.status == MembershipStatus.CURRENT)):
            for union_id in self._line(member.union_id, today()):
                self._write(union_id, today(), member.verified, 1)
        self.days.append(today())
        travel(timedelta(days=1))

    def fold(self, first: int, _second: int) -> None:
        fold(self.session, limit=first + 1)

    def rebuild(self, _first: int, _second: int) -> None:
        rebuild(self.session)

    def seen(self) -> Counter[tuple[int, date, str]]:
        """What the statistics say about the end of each day; what is nothing is left out."""
        found: Counter[tuple[int, date, str]] = Counter()
        for union in self.session.exec(select(Union)):
            place = Place(*(getattr(union, name) for name in Place.__slots__ if name != "trail"))
            flows = flows_of(self.session, place, below=True, spans=[Span(day, day) for day in self.days])
            for day in self.days:
                period = flows.of(day, day)
                assert period.members >= period.verified >= 0
                found[place.id, day, "members"] = period.members
                found[place.id, day, "verified"] = period.verified
        return +found

    def _move(self, union: Union, superior: Union) -> None:
        move(self.session, union, superior)
        self._note_place(union)

    def _enter_later(self, member: Membership, change: int, proven: date) -> None:
        """Every day since it happened ended with one more, or less, for the superiors of that day."""
        last = max(self._events(member), key=id_of)
        for day in self.days:
            if day >= last.day:
                for union_id in self._line(member.union_id, day):
                    self._write(union_id, day, proven <= day, change)

    def _write(self, union_id: int, day: date, verified: bool, change: int) -> None:
        self.ledger[union_id, day, "members"] += change
        self.ledger[union_id, day, "verified"] += change * verified

    def _note_place(self, union: Union) -> None:
        since = today() if self.places[id_of(union)] else date.min
        self.places[id_of(union)].append((since, union.superior_id or 0))

    def _line(self, union_id: int, day: date) -> list[int]:
        """A union and its superiors as they were when a day ended."""
        found: list[int] = []
        while union_id:
            found.append(union_id)
            union_id = [superior for since, superior in self.places[union_id] if since <= day][-1]
        return found

    def _holder(self, number: int) -> Union:
        return self.holders[number % len(self.holders)]

    def _superior(self, number: int) -> Union:
        return self.superiors[number % len(self.superiors)]

    def _member(self, number: int) -> Membership:
        return self.members[number % len(self.members)]

    def _proven_since(self, member: Membership) -> date:
        if not member.verified:
            return date.max
        proofs = (event.day for event in self._events(member) if event.kind == MembershipEventKind.VERIFIED)
        return next(proofs, date.min)

    def _events(self, member: Membership) -> list[MembershipEvent]:
        events = select(MembershipEvent).where(MembershipEvent.membership_id == member.id)
        return [*self.session.exec(events)]

    def _keeper(self, union_id: int) -> Actor:
        if union_id not in self.keepers:
            account = make_account(self.session)
            make_administrator(self.session, account, self.session.get_one(Union, union_id))
            self.keepers[union_id] = get_actor(self.session, account_id=id_of(account), union_id=union_id)
        return self.keepers[union_id]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
@example(steps=THERE_AND_BACK)
def test_every_day_stays_as_it_ended(shared_engine: Engine, steps: list[tuple[str, int, int]]):
    with frozen_at(START), shared_engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            world = World(session)
            for verb, first, second in steps:
                world.do(verb, first, second)
            world.next_day(0, 0)

            assert world.seen() == +world.ledger
            assert verify(session) == []
            rebuild(session)
            assert world.seen() == +world.ledger
        transaction.rollback()

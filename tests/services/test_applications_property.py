"""Whatever is applied for, decided, removed or retained: one membership at a time, and its history tells how."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from gdftu_app.clock import frozen_at, today, travel
from gdftu_app.errors import Refusal
from gdftu_app.models.accounts import Account
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipStatus
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.transfer_applications import TransferApplication
from gdftu_app.models.unions import Union
from gdftu_app.queries.own_applications import ApplicationKind, own_applications
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.join_applications import apply_to_join, withdraw_join
from gdftu_app.services.join_reviews import JOINS
from gdftu_app.services.memberships import remove, restore, retain
from gdftu_app.services.reviews import ReviewQueue, approve, reject
from gdftu_app.services.transfer_applications import apply_to_transfer, withdraw_transfer
from gdftu_app.services.transfer_reviews import TRANSFERS
from tests.factories import id_of, make_account, make_administrator, make_federation

FIRST_MORNING = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
VERBS = (
    *("join", "transfer", "approve", "join_at_once", "transfer_at_once", "retain", "transfer_at_once", "remove"),
    *("reject", "withdraw", "restore", "join_at_once"),
)
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 5), st.integers(0, 5)), min_size=10, max_size=20)
HELD = (MembershipStatus.CURRENT, MembershipStatus.RETAINED)
QUEUES: tuple[ReviewQueue[JoinApplication] | ReviewQueue[TransferApplication], ...] = (JOINS, TRANSFERS)


@dataclass
class Held:
    """What a person should hold: a union, since when they are members of any, and whether it is retained."""

    union_id: int
    joined_on: date
    is_retained: bool = False


@dataclass
class World:
    """Three unions with a reviewer each, two people, and what each of these should be a member of."""

    session: Session
    unions: list[Union] = field(default_factory=list)
    reviewers: list[Actor] = field(default_factory=list)
    people: list[Account] = field(default_factory=list)
    held: dict[int, Held] = field(default_factory=dict)

    def __post_init__(self) -> None:
        world = make_federation(self.session)
        self.unions = [world.factory, world.other_factory, world.street]
        self.people = [make_account(self.session, name=name) for name in ("陈一", "陈二")]
        for union in self.unions:
            account = make_account(self.session)
            make_administrator(self.session, account, union)
            self.reviewers.append(get_actor(self.session, account_id=id_of(account), union_id=id_of(union)))

    def do(self, verb: str, first: int, second: int) -> None:
        """One step on a day of its own; what the rules refuse changes nothing."""
        travel(timedelta(days=1))
        try:
            with self.session.begin_nested():
                getattr(self, verb)(self.people[first % 2], second)
        except Refusal:
            self.session.expire_all()

    def join(self, account: Account, number: int) -> None:
        union_id = id_of(self.unions[number % 3])
        apply_to_join(self.session, account_id=id_of(account), union_id=union_id, details={"is_migrant": "yes"})
        assert account.person_id not in self.held

    def transfer(self, account: Account, number: int) -> None:
        union_id = id_of(self.unions[number % 3])
        apply_to_transfer(self.session, account_id=id_of(account), union_id=union_id, purpose="换了单位")
        assert self.held[account.person_id or 0].union_id != union_id

    def join_at_once(self, account: Account, number: int) -> None:
        self.join(account, number)
        self.approve(account, number)

    def transfer_at_once(self, account: Account, number: int) -> None:
        self.transfer(account, number)
        self.approve(account, number)

    def approve(self, _account: Account, _number: int) -> None:
        self._decide(lambda actor, queue, ids: approve(self.session, actor, queue=queue, ids=ids))

    def reject(self, _account: Account, number: int) -> None:
        chosen = QUEUES[number % 2]
        self._decide(
            lambda actor, queue, ids: (
                reject(self.session, actor, queue=queue, ids=ids, reason="否") if queue is chosen else []
            )
        )

    def _decide(self, decide: Callable[..., object]) -> None:
        """Every reviewer decides whatever waits."""
        for queue, actor in product(QUEUES, self.reviewers):
            model, union_id = queue.list.model, actor.union_id
            asked = select(model).where(model.status == ReviewStatus.PENDING, model.reviewing_union_id == union_id)
            requests = list(self.session.exec(asked.execution_options(populate_existing=True)))
            decide(actor, queue, [id_of(request) for request in requests])
            for request in requests:
                self.session.refresh(request)
                if request.status == ReviewStatus.APPROVED:
                    before = self.held.get(request.person_id)
                    self.held[request.person_id] = Held(union_id, before.joined_on if before else today())

    def withdraw(self, account: Account, _number: int) -> None:
        for own in own_applications(self.session, account_id=id_of(account)):
            withdrawing = withdraw_join if own.kind is ApplicationKind.JOIN else withdraw_transfer
            withdrawing(self.session, account_id=id_of(account), application_id=own.id)

    def remove(self, account: Account, number: int) -> None:
        remove(self.session, self._membership(account), list(RemovalReason)[number])
        del self.held[account.person_id or 0]

    def retain(self, account: Account, _number: int) -> None:
        retain(self.session, self._membership(account))
        self.held[account.person_id or 0].is_retained = True

    def restore(self, account: Account, _number: int) -> None:
        restore(self.session, self._membership(account))
        self.held[account.person_id or 0].is_retained = False

    def _membership(self, account: Account) -> Membership:
        last = select(Membership).where(Membership.person_id == account.person_id).order_by(col(Membership.id).desc())
        found = self.session.exec(last.limit(1)).first()
        if found is None:
            raise Refusal
        return found

    def check(self) -> None:
        """One current membership as it should be, and the events tell the same."""
        for account in self.people:
            person = account.person_id or 0
            mine = select(Membership).where(Membership.person_id == person)
            rows = list(self.session.exec(mine.execution_options(populate_existing=True)))
            current = [row for row in rows if row.status in HELD]
            expected = [self.held[person]] if person in self.held else []
            retained = MembershipStatus.RETAINED
            assert [Held(row.union_id, row.joined_on, row.status == retained) for row in current] == expected
            assert self._told([id_of(row) for row in rows]) == expected

    def _told(self, memberships: list[int]) -> list[Held]:
        """What the events alone say, from the first to the last."""
        events = select(MembershipEvent).where(col(MembershipEvent.membership_id).in_(memberships))
        holds: Held | None = None
        left: Held | None = None
        for event in self.session.exec(events.order_by(col(MembershipEvent.id))):
            match event.kind:
                case "joined":
                    assert holds is None
                    holds = Held(event.union_id, event.day)
                case "transferred_out":
                    left, holds = holds, None
                case "transferred_in":
                    assert left is not None
                    holds = Held(event.union_id, left.joined_on)
                case "retained" | "restored":
                    assert holds is not None
                    holds.is_retained = event.kind == "retained"
                case _:
                    assert holds is not None
                    assert event.union_id == holds.union_id
                    holds = None
        return [holds] if holds else []


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_there_is_one_membership_at_a_time_and_its_history_tells_how(
    shared_engine: Engine, steps: list[tuple[str, int, int]]
):
    with shared_engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session, frozen_at(FIRST_MORNING):
            world = World(session)
            for verb, first, second in [("join_at_once", 0, 0), *steps]:
                world.do(verb, first, second)

                world.check()
            assert verify(session) == []
        transaction.rollback()

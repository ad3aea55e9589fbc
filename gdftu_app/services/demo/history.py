"""Three years of demo memberships: who joined, was verified, moved on, was retained or removed, day by day."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random

from sqlmodel import Session

from gdftu_app.clock import frozen_at
from gdftu_app.models.memberships import Membership
from gdftu_app.models.people import Person, VerificationStatus
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.unions import Union
from gdftu_app.services.demo.drafts import invented_person
from gdftu_app.services.demo.people import DEMO_SIGN_INS
from gdftu_app.services.memberships import admit_many, remove, restore, retain, transfer
from gdftu_app.services.people import enrol_many
from gdftu_app.services.verifications import mark_all_verified

# Not the present day, so that loads of different days are the same.
LAST_DAY = date(2026, 11, 20)
DAYS, STEP = 3 * 365, 3
_REASONS = {
    RemovalReason.LABOUR_ENDED: 60,
    RemovalReason.WITHDRAWN: 18,
    RemovalReason.DEEMED_WITHDRAWN: 12,
    RemovalReason.EXPELLED: 1,
    RemovalReason.DECEASED: 4,
    RemovalReason.RECORDED_BY_MISTAKE: 5,
}


def morning_of(day: date) -> datetime:
    """A moment of a day's working hours in China."""
    return datetime.combine(day, time(2, 30), UTC)


@dataclass
class History:
    """What has come about so far."""

    session: Session
    random: Random
    unions: Sequence[Union]
    numbers: Iterator[int] = field(default_factory=lambda: count(len(DEMO_SIGN_INS)))
    settled: list[Membership] = field(default_factory=list)
    retained: list[Membership] = field(default_factory=list)
    to_verify: defaultdict[date, list[Person]] = field(default_factory=lambda: defaultdict(list))

    def live(self, day: date, joining: Sequence[Union]) -> None:
        """One day: the unions that somebody joins, once for each, and what else happens."""
        with frozen_at(morning_of(day)):
            people, joined = self._join(joining)
            self._verify(day)
            self._move_on(len(joining))
        self.settled += joined
        for person in people:
            self._plan_verification(day, person)

    def _join(self, joining: Sequence[Union]) -> tuple[list[Person], list[Membership]]:
        if not joining:
            return [], []
        drafts = [
            invented_person(self.random, next(self.numbers), workplace=union.name.removesuffix("工会委员会"))
            for union in joining
        ]
        people = enrol_many(self.session, drafts)
        return people, admit_many(self.session, list(zip(people, joining, strict=True)))

    def _plan_verification(self, day: date, person: Person) -> None:
        chance = self.random.random()
        if chance < 0.72:
            later = 0 if chance < 0.5 else self.random.randrange(90)
            self.to_verify[day + timedelta(days=(later // STEP + 1) * STEP)].append(person)
        elif chance < 0.76:
            person.verification = VerificationStatus.PENDING
        elif chance < 0.77:
            person.verification = VerificationStatus.FAILED

    def _verify(self, day: date) -> None:
        if due := self.to_verify.pop(day, []):
            mark_all_verified(self.session, due)

    def _move_on(self, joining: int) -> None:
        for chance, change in ((0.055, self._transfer), (0.045, self._remove), (0.016, self._retain)):
            for _ in range(self._how_many(joining * chance)):
                if self.settled:
                    change()
        for _ in range(self._how_many(joining * 0.01)):
            if self.retained:
                self.settled.append(restore(self.session, self._draw(self.retained)))

    def _how_many(self, expected: float) -> int:
        return int(expected) + (self.random.random() < expected % 1)

    def _transfer(self) -> None:
        member, union = self._draw(self.settled), self.random.choice(self.unions)
        if member.union_id == union.id:
            self.settled.append(member)
        else:
            self.settled.append(transfer(self.session, member, union, reason="工作变动"))

    def _remove(self) -> None:
        remove(self.session, self._draw(self.settled), self.random.choices(list(_REASONS), list(_REASONS.values()))[0])

    def _retain(self) -> None:
        self.retained.append(retain(self.session, self._draw(self.settled), reason="待岗"))

    def _draw(self, members: list[Membership]) -> Membership:
        place = self.random.randrange(len(members))
        members[place], members[-1] = members[-1], members[place]
        return members.pop()


def live_through(
    session: Session, random: Random, sizes: Sequence[tuple[Union, int]], *, report: Callable[[int, int], None]
) -> None:
    """Fill unions, each with about so many members, over three years."""
    steps = DAYS // STEP
    joining: defaultdict[int, list[Union]] = defaultdict(list)
    for union, size in sizes:
        for _ in range(size):
            joining[int(steps * random.random() ** 0.8)].append(union)
    history = History(session, random, [union for union, _ in sizes])
    for step in range(steps):
        history.live(LAST_DAY - timedelta(days=DAYS - STEP * (step + 1)), joining[step])
        report(step + 1, steps)

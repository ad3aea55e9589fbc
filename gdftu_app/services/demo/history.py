"""Three years of demo memberships: who joined, was verified, moved on, was retained or removed, day by day.

Lived through in memory by the rules of `services/memberships`; `history_rows` writes what came of it.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random

from gdftu_app.models.memberships import MembershipEventKind, MembershipStatus
from gdftu_app.models.people import VerificationStatus
from gdftu_app.models.removal_reasons import EVENT_OF_REASON, RemovalReason
from gdftu_app.models.unions import Union
from gdftu_app.services.demo.days import DAYS, lived_days
from gdftu_app.services.demo.drafts import invented_person
from gdftu_app.services.demo.people import DEMO_SIGN_INS
from gdftu_app.services.people import PersonDraft

_REASONS = {
    RemovalReason.LABOUR_ENDED: 60,
    RemovalReason.WITHDRAWN: 18,
    RemovalReason.DEEMED_WITHDRAWN: 12,
    RemovalReason.EXPELLED: 1,
    RemovalReason.DECEASED: 4,
    RemovalReason.RECORDED_BY_MISTAKE: 5,
}


@dataclass(slots=True, eq=False)
class Somebody:
    """A person, recorded on a day, with the membership that is theirs now."""

    draft: PersonDraft
    recorded_on: date
    verification: VerificationStatus = VerificationStatus.UNVERIFIED
    verified_on: date | None = None
    stay: "Stay | None" = None


@dataclass(slots=True, eq=False)
class Stay:
    """A membership; the copy of `verified` stays behind once it has ended."""

    order: int
    person: Somebody
    union: Union
    joined_on: date
    since: date
    verified: bool
    status: MembershipStatus = MembershipStatus.CURRENT
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of a membership's history."""

    stay: Stay
    kind: MembershipEventKind
    day: date
    change: int
    verified_change: int
    reason: str


@dataclass
class History:
    """What has come about so far: all of it, and who may move on."""

    random: Random
    unions: Sequence[Union]
    days: Sequence[date]
    people: list[Somebody] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    events: list[Happening] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(len(DEMO_SIGN_INS)))
    _settled: list[Stay] = field(default_factory=list)
    _retained: list[Stay] = field(default_factory=list)
    _to_verify: defaultdict[int, list[Somebody]] = field(default_factory=lambda: defaultdict(list))

    def live(self, place: int, joining: Sequence[Union]) -> None:
        """One of the days: the unions that somebody joins, once for each, and what else happens."""
        day = self.days[place]
        joined = self._join(day, joining)
        self._verify(place, day)
        self._move_on(day, len(joining))
        self._settled += joined
        for stay in joined:
            self._plan_verification(day, stay.person)

    def _join(self, day: date, joining: Sequence[Union]) -> list[Stay]:
        people = [
            Somebody(
                invented_person(self.random, next(self._numbers), workplace=union.name.removesuffix("工会委员会")), day
            )
            for union in joining
        ]
        self.people += people
        joined = [self._enter(person, union, day, day) for person, union in zip(people, joining, strict=True)]
        for stay in joined:
            self._tell(stay, MembershipEventKind.JOINED, day, change=1)
        return joined

    def _enter(self, person: Somebody, union: Union, joined_on: date, since: date) -> Stay:
        person.stay = Stay(len(self.stays), person, union, joined_on, since, person.verified_on is not None)
        self.stays.append(person.stay)
        return person.stay

    def _tell(self, stay: Stay, kind: MembershipEventKind, day: date, *, change: int, reason: str = "") -> None:
        self.events.append(Happening(stay, kind, day, change, change * int(stay.verified), reason))

    def _plan_verification(self, day: date, person: Somebody) -> None:
        chance = self.random.random()
        if chance < 0.72:
            later = 0 if chance < 0.5 else self.random.randrange(90)
            self._to_verify[bisect_right(self.days, day + timedelta(days=later))].append(person)
        elif chance < 0.76:
            person.verification = VerificationStatus.PENDING
        elif chance < 0.77:
            person.verification = VerificationStatus.FAILED

    def _verify(self, place: int, day: date) -> None:
        due = self._to_verify.pop(place, [])
        for person in due:
            person.verification, person.verified_on = VerificationStatus.VERIFIED, day
        for stay in sorted((person.stay for person in due if person.stay), key=lambda stay: stay.order):
            stay.verified, counted = True, int(stay.status == MembershipStatus.CURRENT)
            self.events.append(Happening(stay, MembershipEventKind.VERIFIED, day, 0, counted, ""))

    def _move_on(self, day: date, joining: int) -> None:
        for chance, change in ((0.055, self._transfer), (0.045, self._remove), (0.016, self._retain)):
            for _ in range(self._how_many(joining * chance)):
                if self._settled:
                    change(day)
        for _ in range(self._how_many(joining * 0.01)):
            if self._retained:
                self._restore(day)

    def _how_many(self, expected: float) -> int:
        return int(expected) + (self.random.random() < expected % 1)

    def _transfer(self, day: date) -> None:
        left, union = self._draw(self._settled), self.random.choice(self.unions)
        if left.union is union:
            self._settled.append(left)
            return
        self._end(left, day)
        self._tell(left, MembershipEventKind.TRANSFERRED_OUT, day, change=-1, reason="工作变动")
        entered = self._enter(left.person, union, left.joined_on, day)
        self._tell(entered, MembershipEventKind.TRANSFERRED_IN, day, change=1, reason="工作变动")
        self._settled.append(entered)

    def _remove(self, day: date) -> None:
        left = self._draw(self._settled)
        reason = self.random.choices(list(_REASONS), list(_REASONS.values()))[0]
        self._end(left, day)
        self._tell(left, EVENT_OF_REASON[reason], day, change=-1, reason=reason)

    def _retain(self, day: date) -> None:
        stay = self._draw(self._settled)
        stay.status = MembershipStatus.RETAINED
        self._tell(stay, MembershipEventKind.RETAINED, day, change=-1, reason="待岗")
        self._retained.append(stay)

    def _restore(self, day: date) -> None:
        stay = self._draw(self._retained)
        stay.status = MembershipStatus.CURRENT
        self._tell(stay, MembershipEventKind.RESTORED, day, change=1)
        self._settled.append(stay)

    def _end(self, stay: Stay, day: date) -> None:
        stay.status, stay.ended_on, stay.person.stay = MembershipStatus.ENDED, day, None

    def _draw(self, stays: list[Stay]) -> Stay:
        place = self.random.randrange(len(stays))
        stays[place], stays[-1] = stays[-1], stays[place]
        return stays.pop()


def live_through(
    random: Random, sizes: Sequence[tuple[Union, int]], last: date, *, report: Callable[[int, int], None]
) -> History:
    """The history that fills unions, each with about so many members, over the three years up to a day."""
    days = lived_days(last)
    joining: defaultdict[int, list[Union]] = defaultdict(list)
    for union, size in sizes:
        for _ in range(size):
            wanted = last - timedelta(days=DAYS - 1 - int(DAYS * random.random() ** 0.8))
            joining[bisect_left(days, wanted)].append(union)
    history = History(random, [union for union, _ in sizes], days)
    for place in range(len(days)):
        history.live(place, joining[place])
        report(place + 1, len(days))
    return history

"""Members of the bulk scales, made in worker processes: people, their memberships and the history, by the ten thousand.

The rules that the rows follow are those of `services/memberships`; `gdftu figures verify` proves it afterwards.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from gdftu_app.models.identifiers import DocumentType, birth_date_of, sex_of
from gdftu_app.models.people import Sex
from gdftu_app.security.personal_data import Sealer
from gdftu_app.services.demo.bulk_lines import ABSENT, Block, joined
from gdftu_app.services.demo.drafts import invented_person, invented_phone, invented_resident_id
from gdftu_app.services.demo.invention import invention
from gdftu_app.services.demo.names import person_name
from gdftu_app.services.people import DOCUMENT_FIELD, PHONE_FIELD

# Nearly eleven years, from the first day to the last.
DAYS = 3_977
# Of all who ever joined: left for good, retained, transferred; the others stay where they joined.
REMOVED, RETAINED, TRANSFERRED = 0.03, 0.04, 0.10
STAYING = 1 - RETAINED
_VERIFIED, _VERIFIED_LATER = 0.62, 0.15
_PROFILES, _NAMES = 2_000, 20_000
MEMBERSHIPS_EACH, EVENTS_EACH = 2, 4


@dataclass(frozen=True, slots=True)
class Crowd:
    """People who join one union: how many, and the last day (counted from the first) on which one joins."""

    union_id: int
    size: int
    until: int


@dataclass(frozen=True, slots=True)
class Areas:
    """The area of each union: of all unions from each of `firsts`, in order, to the next one."""

    firsts: Sequence[int]
    areas: Sequence[int]

    def of(self, union_id: int) -> int:
        """The area of a union."""
        return self.areas[bisect_right(self.firsts, union_id) - 1]


@dataclass(frozen=True, slots=True)
class Share:
    """What one call of `member_block` makes, from `first_day` on; transfers come from base unions, `first_base` to
    `last_base`."""

    number: int
    first_day: date
    first_person: int
    crowds: Sequence[Crowd]
    first_base: int
    last_base: int
    areas: Areas


def member_block(share: Share) -> Block:
    """The rows of a share's members; the same whichever process makes them."""
    random = invention(f"bulk members {share.number}")
    making = _Making(random, share, _profiles())
    person_id = share.first_person
    for crowd in share.crowds:
        founding = int(crowd.until * random.random() ** 1.7)
        for _ in range(crowd.size):
            making.add(person_id, crowd, founding)
            person_id += 1
    return joined({"persons": making.persons, "memberships": making.memberships, "membership_events": making.events})


@cache
def _days(first: date) -> tuple[str, ...]:
    return tuple((first + timedelta(days=day)).isoformat() for day in range(DAYS))


@cache
def _names(sex: Sex) -> list[str]:
    random = invention(f"names {sex.value}")
    return [person_name(random, sex) for _ in range(_NAMES)]


@cache
def _profiles() -> list[tuple[str, str, str]]:
    """Ethnicity; education to workplace; migrant and occupation, the way they stand in a row of people."""
    random = invention("profiles")
    drafts = [invented_person(random, number) for number in range(_PROFILES)]
    return [
        (
            draft.ethnicity,
            "\t".join((draft.education, draft.politics, draft.household, draft.employment, draft.skill, "")),
            f"{int(draft.is_migrant)}\t{draft.occupation}",
        )
        for draft in drafts
    ]


class _Making:
    """Lines in the making."""

    def __init__(self, random: Random, share: Share, profiles: list[tuple[str, str, str]]) -> None:
        self.random, self.share, self.profiles, self.days = random, share, profiles, _days(share.first_day)
        self.names = {sex.value: _names(sex) for sex in Sex}
        self.seal_document, self.seal_phone = Sealer(DOCUMENT_FIELD).seal, Sealer(PHONE_FIELD).seal
        self.persons: list[str] = []
        self.memberships: list[str] = []
        self.events: list[str] = []

    def add(self, person_id: int, crowd: Crowd, founding: int) -> None:
        chance = self.random.random
        joined = founding if chance() < 0.4 else founding + int((crowd.until + 1 - founding) * chance())
        later = joined + int((DAYS - joined) * chance())
        is_verified = chance() < _VERIFIED
        is_verified_later = is_verified and chance() < _VERIFIED_LATER
        name, sex, born, profile = self._person(person_id, is_verified, later if is_verified_later else joined)
        migrant, _, occupation = profile[2].partition("\t")
        education = profile[1].partition("\t")[0]
        copies = (f"{name}\t{sex}\t{int(is_verified)}\t{migrant}", f"{occupation}\t{education}\t{born}")
        number, union_id, days = person_id * MEMBERSHIPS_EACH, crowd.union_id, self.days
        proven = int(is_verified and not is_verified_later)
        is_counted = 1
        fate = chance()
        if REMOVED <= fate < TRANSFERRED and fate >= RETAINED:
            before = self._elsewhere(union_id)
            self._membership(number - 1, person_id, before, 3, days[joined], days[joined], days[later], copies)
            self._membership(number, person_id, union_id, 1, days[joined], days[later], ABSENT, copies)
            self._event(person_id, 0, number - 1, before, f"joined\t1\t{proven}", joined)
            self._event(person_id, 1, number - 1, before, f"transferred_out\t-1\t{-proven}", later)
            self._event(person_id, 2, number, union_id, f"transferred_in\t1\t{proven}", later)
        else:
            status = 3 if fate < REMOVED else 2 if fate < RETAINED else 1
            ended = days[later] if status == 3 else ABSENT
            self._membership(number, person_id, union_id, status, days[joined], days[joined], ended, copies)
            self._event(person_id, 0, number, union_id, f"joined\t1\t{proven}", joined)
            if status != 1:
                is_counted = 0
                left = "removed" if status == 3 else "retained"
                self._event(person_id, 2, number, union_id, f"{left}\t-1\t{-proven}", later)
        if is_verified_later:
            self._event(person_id, 3, number, union_id, f"verified\t0\t{is_counted}", later)

    def _person(
        self, person_id: int, is_verified: bool, verified_on: int
    ) -> tuple[str, int, int, tuple[str, str, str]]:
        document = invented_resident_id(person_id)
        sex, born_on = sex_of(document), birth_date_of(document)
        name = self.names[sex][int(self.random.random() * _NAMES)]
        profile = self.profiles[int(self.random.random() * _PROFILES)]
        ethnicity, background, work = profile
        sealed, phone = self.seal_document(document), self.seal_phone(invented_phone(person_id))
        moment = f"{self.days[verified_on]} 02:30:00.000000"
        verification = f"verified\t{moment}" if is_verified else f"unverified\t{ABSENT}"
        self.persons.append(
            f"{person_id}\t{name}\t{sex}\t{born_on}\t{ethnicity}\t{DocumentType.RESIDENT_ID}"
            f"\t{sealed.enc}\t{sealed.bidx}\t{phone.enc}\t{phone.bidx}\t{background}\t{work}\t{verification}\t{moment}"
        )
        return name, sex, born_on.year, profile

    def _membership(
        self,
        number: int,
        person_id: int,
        union_id: int,
        status: int,
        joined: str,
        since: str,
        ended: str,
        copies: tuple[str, str],
    ) -> None:
        head, area = f"{number}\t{person_id}\t{union_id}\t{status}", self.share.areas.of(union_id)
        self.memberships.append(f"{head}\t{joined}\t{since}\t{ended}\t{copies[0]}\t{area}\t{copies[1]}")

    def _event(self, person_id: int, order: int, membership_id: int, union_id: int, what: str, day: int) -> None:
        number, on = person_id * EVENTS_EACH + order, self.days[day]
        moment = f"{on}\t{on} 02:30:00.000000"
        self.events.append(f"{number}\t{membership_id}\t{union_id}\t{what}\t{moment}\t\t{ABSENT}")

    def _elsewhere(self, union_id: int) -> int:
        other = self.random.randint(self.share.first_base, self.share.last_base)
        return other if other != union_id else self.share.first_base + (other == self.share.first_base)

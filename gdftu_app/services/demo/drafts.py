"""Invented people: drafts with documents and phones that are nobody's."""

from datetime import date, timedelta
from functools import cache
from random import Random
from typing import NamedTuple

from gdftu_app.models.codes import EDUCATION_LEVELS, ETHNIC_GROUPS
from gdftu_app.models.identifiers import sex_of
from gdftu_app.models.identifiers.resident_ids import CHECK_CHARACTERS, check_character_of
from gdftu_app.services.demo.names import person_name
from gdftu_app.services.people import PersonDraft

# Divisions that were never given out: no living person's number starts with one of them.
UNASSIGNED_DIVISIONS = tuple(f"4401{number}" for number in range(90, 100))
_FIRST_BIRTH, _BIRTH_DAYS, _PER_DAY = date(1964, 1, 1), 15_600, 1_000
_ALL = len(UNASSIGNED_DIVISIONS) * _BIRTH_DAYS * _PER_DAY
# Odd and coprime to the number of all numbers: neighbours look unrelated, and none comes twice.
_STRIDE = 61_803_407
_PHONES, _PHONE_STRIDE, _FIRST_PHONE = 98_000_000, 61_803_401, 1_000_000
_EDUCATION_WEIGHTS = (1, 4, 22, 27, 14, 20, 10, 2)
_POLITICS = {"13": 70, "03": 15, "01": 13, "12": 2}
_SKILLS = {"0": 60, "5": 16, "4": 13, "3": 8, "2": 2, "1": 1}
_EMPLOYMENT = {"1": 95, "2": 1, "3": 1, "4": 1, "8": 1, "9": 1}
_OCCUPATIONS = {"other": 88, "courier": 3, "food_courier": 4, "truck_driver": 3, "ride_hailing_driver": 2}


def invented_resident_id(number: int) -> str:
    """A well-formed resident ID of an unassigned division; different numbers below 156 million differ."""
    place = number * _STRIDE % _ALL
    day, order = divmod(place % (_BIRTH_DAYS * _PER_DAY), _PER_DAY)
    parts = _parts()
    division, birth, last = parts[0][place // (_BIRTH_DAYS * _PER_DAY)], parts[1][day], parts[2][order]
    check = CHECK_CHARACTERS[(division.remainder + birth.remainder + last.remainder) % len(CHECK_CHARACTERS)]
    return f"{division.digits}{birth.digits}{last.digits}{check}"


class _Part(NamedTuple):
    digits: str
    remainder: int


@cache
def _parts() -> tuple[list[_Part], list[_Part], list[_Part]]:
    """The parts that numbers consist of, with what each adds to the sum behind the check character."""
    births = [f"{_FIRST_BIRTH + timedelta(day):%Y%m%d}" for day in range(_BIRTH_DAYS)]
    return (
        [_part(division, division + "0" * 11) for division in UNASSIGNED_DIVISIONS],
        [_part(birth, f"000000{birth}000") for birth in births],
        [_part(f"{order:03d}", f"{order:017d}") for order in range(_PER_DAY)],
    )


def _part(digits: str, among_zeros: str) -> _Part:
    return _Part(digits, CHECK_CHARACTERS.index(check_character_of(among_zeros)))


def invented_phone(number: int) -> str:
    """A mobile number in normal form, apart from those of the demo sign-ins."""
    return f"+86199{_FIRST_PHONE + number * _PHONE_STRIDE % _PHONES:08d}"


def invented_person(
    random: Random, number: int, *, name: str = "", phone: str = "", workplace: str = ""
) -> PersonDraft:
    """The person of a number; name and phone are invented unless given."""
    document = invented_resident_id(number)
    is_migrant = random.random() < 0.38
    return PersonDraft(
        name=name or person_name(random, sex_of(document)),
        document_number=document,
        phone=phone or invented_phone(number),
        ethnicity="01" if random.random() < 0.96 else random.choice(ETHNIC_GROUPS.codes),
        education=random.choices(EDUCATION_LEVELS.codes, _EDUCATION_WEIGHTS)[0],
        politics=_one_of(random, _POLITICS),
        household="12" if is_migrant else random.choice(("10", "11", "20")),
        employment=_one_of(random, _EMPLOYMENT),
        skill=_one_of(random, _SKILLS),
        workplace=workplace,
        is_migrant=is_migrant,
        occupation=_one_of(random, _OCCUPATIONS),
    )


def _one_of(random: Random, weights: dict[str, int]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]

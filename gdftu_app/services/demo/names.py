"""Invented names: companies, institutions and people."""

from dataclasses import dataclass
from random import Random

from gdftu_app.models.identifiers import complete_uscc
from gdftu_app.models.people import Sex
from gdftu_app.services.demo.words import (
    FEMALE_SYLLABLES,
    FIRST_SYLLABLES,
    FORMS,
    FREQUENT_SURNAMES,
    INSTITUTIONS,
    MALE_SYLLABLES,
    NUMERALS,
    SECOND_SYLLABLES,
    SURNAMES,
    TRADES,
)

# No body registers under this division, so no code made with it is anybody's.
UNASSIGNED_DIVISION = "440199"
_FORM_WEIGHTS = [form.weight for form in FORMS]
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, slots=True)
class InventedEmployer:
    """An employer: name, code and what is recorded of it."""

    name: str
    uscc: str
    nature: str
    economy: str
    industry: str


def invented_uscc(prefix: str, number: int) -> str:
    """A well-formed code of the unassigned division; different numbers (below 31**7) give different codes."""
    digits = ""
    for _ in range(7):
        number, digit = divmod(number, 31)
        digits = _ORGANISATION_ALPHABET[digit] + digits
    return complete_uscc(f"{prefix}{UNASSIGNED_DIVISION}MA{digits}")


def employer_in(random: Random, place: str, number: int) -> InventedEmployer:
    """A company, or one time in twelve another kind of employer, at a place such as 石牌; `number` makes its code."""
    if random.random() < 1 / 12:
        kind = random.choice(INSTITUTIONS)
        name = place + kind.ending.format(number=random.choice(NUMERALS))
        return InventedEmployer(name, invented_uscc(kind.prefix, number), kind.nature, kind.economy, kind.industry)
    trade, form = random.choice(TRADES), random.choices(FORMS, _FORM_WEIGHTS)[0]
    brand = random.choice(FIRST_SYLLABLES) + random.choice(SECOND_SYLLABLES)
    prefix = "92" if form.nature == "600" else "91"
    return InventedEmployer(
        f"{place}{brand}{trade.words}{form.ending}",
        invented_uscc(prefix, number),
        form.nature,
        form.economy,
        trade.industry,
    )


def person_name(random: Random, sex: int) -> str:
    """A name of two or three characters for a man (1) or a woman (2)."""
    syllables = FEMALE_SYLLABLES if sex == Sex.FEMALE else MALE_SYLLABLES
    surname = random.choice(FREQUENT_SURNAMES if random.random() < 0.9 else SURNAMES)
    given = random.choice(syllables) if random.random() < 0.2 else random.choice(syllables) + random.choice(syllables)
    return surname + given

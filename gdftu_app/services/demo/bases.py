"""Demo base unions (基层工会): where they stand, which employers they cover."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from gdftu_app.models.unions import DataSource, Employer, Union, UnionCategory, UnionLevel, UnionStatus
from gdftu_app.services.demo.days import running_term
from gdftu_app.services.demo.drafts import invented_phone
from gdftu_app.services.demo.names import InventedEmployer, employer_in, invented_uscc, person_name
from gdftu_app.services.demo.words import FIRST_SYLLABLES, SECOND_SYLLABLES
from gdftu_app.services.union_drafts import UnionDraft

CROWDED_TOWN, LONG_NAME_TOWN = "440106006", "440606102"
LONGEST_NAME = "佛山市顺德区岭川精密注塑科技股份有限公司北滘分公司"
# How many of the province's base unions stand in each city, roughly.
_SHARES = {
    "4401": 18, "4402": 2, "4403": 20, "4404": 4, "4405": 3, "4406": 12, "4407": 4, "4408": 3, "4409": 2, "4412": 2,
    "4413": 5, "4414": 2, "4415": 1, "4416": 1, "4417": 1, "4418": 2, "4419": 12, "4420": 5, "4451": 1, "4452": 2,
    "4453": 1,
}  # fmt: skip
# Days before the last of the demo on which base unions were founded.
_YOUNGEST, _AGES = 1_300, 7_000
_SUFFIXES = ("街道", "镇", "乡", "总工会", "市", "区", "县")


def places_for(random: Random, unions: dict[str, Union], count: int, *, crowded: int) -> Counter[str]:
    """How many base unions each union of the tree gets: `count` in all, `crowded` of them in one town."""
    towns = [key for key in unions if len(key) == 9 and "/" not in key]
    in_city = Counter(key[:4] for key in towns)
    above = [key for key in unions if "/" in key or 4 < len(key) < 9]
    weights = [_SHARES[key[:4]] / in_city[key[:4]] * random.uniform(0.3, 1.7) for key in towns]
    others = count - crowded
    chosen = Counter(random.choices(towns, weights, k=others * 9 // 10))
    chosen.update(random.choices(above, k=others - others * 9 // 10 - 1))
    chosen[CROWDED_TOWN] += crowded
    chosen[LONG_NAME_TOWN] += 1
    return chosen


def base_drafts(
    random: Random, place: str, city: str, count: int, numbers: Iterator[int], *, division_code: str, last: date
) -> list[UnionDraft]:
    """Drafts of base unions at a place such as 石牌街道 in a city such as 广州市; one in thirty covers several.

    They were founded before the demo begins, and their committees are in office on its last day.
    """
    return [_draft(random, (place, city), next(numbers), division_code, last) for _ in range(count)]


def long_named(random: Random, number: int, last: date) -> UnionDraft:
    """The base union whose name tests every narrow column."""
    employer = InventedEmployer(LONGEST_NAME, invented_uscc("91", number * 4), "169", "6", "C")
    return _single(random, employer, number, LONG_NAME_TOWN, UnionStatus.ACTIVE, last)


def _draft(random: Random, places: Sequence[str], number: int, code: str, last: date) -> UnionDraft:
    short = [_short(place) for place in places]
    status = UnionStatus.PREPARING if random.random() < 0.02 else UnionStatus.ACTIVE
    if random.random() < 1 / 30:
        return _joint(random, short, number, code, status, last)
    return _single(random, employer_in(random, random.choice(short), number * 4), number, code, status, last)


def _single(
    random: Random, employer: InventedEmployer, number: int, code: str, status: UnionStatus, last: date
) -> UnionDraft:
    return _union(random, employer.name, UnionCategory.SINGLE_BASE, [employer], number, code, status, last)


def _joint(random: Random, short: Sequence[str], number: int, code: str, status: UnionStatus, last: date) -> UnionDraft:
    building = random.choice(FIRST_SYLLABLES) + random.choice(SECOND_SYLLABLES)
    name = f"{short[0]}{building}{random.choice(('大厦', '产业园', '商圈', '村', '市场'))}联合"
    employers = [employer_in(random, random.choice(short), number * 4 + place) for place in range(random.randint(2, 4))]
    return _union(random, name, UnionCategory.JOINT_BASE, employers, number, code, status, last)


def _union(
    random: Random,
    name: str,
    category: UnionCategory,
    employers: Sequence[InventedEmployer],
    number: int,
    code: str,
    status: UnionStatus,
    last: date,
) -> UnionDraft:
    founded = last - timedelta(days=_YOUNGEST + random.randrange(_AGES))
    term_starts_on, term_ends_on = running_term(founded.replace(day=min(founded.day, 28)), last)
    return UnionDraft(
        name=f"{name}工会委员会",
        category=category,
        level=UnionLevel.BASE,
        uscc=invented_uscc("81", number),
        division_code=code,
        founded_on=founded,
        principal_name=person_name(random, random.choice((1, 2))),
        contact_name=person_name(random, random.choice((1, 2))),
        phone=invented_phone(number % 1_000_000),
        postcode=f"5{random.randint(10, 29)}{random.randint(0, 999):03d}",
        approval_number=f"工组〔{founded.year}〕{random.randint(1, 900)}号",
        term_starts_on=term_starts_on,
        term_ends_on=term_ends_on,
        status=status,
        data_source=random.choice((DataSource.REGISTRATION, DataSource.IMPORT, DataSource.ESTABLISHED)),
        employers=[_employer(random, employer, code) for employer in employers],
    )


def _employer(random: Random, employer: InventedEmployer, code: str) -> Employer:
    return Employer(
        name=employer.name,
        uscc=employer.uscc,
        address=f"{random.choice(FIRST_SYLLABLES)}{random.choice(SECOND_SYLLABLES)}路{random.randint(1, 399)}号",
        division_code=code,
        nature=employer.nature,
        economy=employer.economy,
        industry=employer.industry,
        employee_count=min(20_000, int(random.lognormvariate(3.6, 1.1)) + 3),
    )


def _short(place: str) -> str:
    for suffix in _SUFFIXES:
        if place.endswith(suffix) and len(place) > len(suffix) + 1:
            return place.removesuffix(suffix)
    return place

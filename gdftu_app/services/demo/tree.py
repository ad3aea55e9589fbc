"""The demo tree above the base: a union for every division, and federations and committees beside them."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from random import Random

from sqlmodel import Session

from gdftu_app.models.divisions import PROVINCE, Division, divisions
from gdftu_app.models.unions import DataSource, Union, UnionCategory, UnionLevel
from gdftu_app.services.demo.days import running_term
from gdftu_app.services.demo.drafts import invented_phone
from gdftu_app.services.demo.names import invented_uscc, person_name
from gdftu_app.services.division_unions import title_of
from gdftu_app.services.union_drafts import UnionDraft
from gdftu_app.services.unions import establish_many

EXPRESS_FEDERATION, TEACHERS, SOFTWARE_PARK = "express", "teachers", "park"
_BELOW_PROVINCE = (
    (EXPRESS_FEDERATION, "广东省快递行业工会联合会", UnionCategory.INDUSTRY_FEDERATION),
    (TEACHERS, "广东省教科文卫工会委员会", UnionCategory.INDUSTRY),
    ("organs", "广东省省级机关工会工作委员会", UnionCategory.WORK_COMMITTEE),
    ("group", "岭南云榕交通集团工会委员会", UnionCategory.GROUP),
    ("office", "广东省总工会粤北办事处", UnionCategory.OFFICE),
)


def plant(session: Session, random: Random, last: date) -> dict[str, Union]:
    """Establish the tree, led by committees that are in office on the last day of the demo.

    Its unions by division code, those beside a division by `code/what`, superiors first.
    """
    below: defaultdict[str, list[tuple[str, UnionDraft]]] = defaultdict(list)
    for division in divisions():
        below[division.parent_code].append((division.code, _union_of(division, random, last)))
        for what, draft in _beside(division, random, last):
            below[division.code].append((f"{division.code}/{what}", draft))
    unions: dict[str, Union] = {}
    for code, keyed in below.items():
        made = establish_many(session, unions.get(code), [draft for _, draft in keyed])
        unions |= zip((key for key, _ in keyed), made, strict=True)
    return unions


def _union_of(division: Division, random: Random, last: date) -> UnionDraft:
    name, category = title_of(division)
    return _draft(random, name, category, UnionLevel(division.level), division.code, last)


def _beside(division: Division, random: Random, last: date) -> Iterator[tuple[str, UnionDraft]]:
    """The unions directly below a division's that are no division's own."""
    level, short = UnionLevel(division.level), division.name.removesuffix("市")
    kinds: tuple[tuple[str, str, UnionCategory], ...] = ()
    if division.code == PROVINCE:
        kinds = _BELOW_PROVINCE
    elif level is UnionLevel.CITY:
        kinds = (
            (EXPRESS_FEDERATION, f"{short}网约配送行业工会联合会", UnionCategory.INDUSTRY_FEDERATION),
            (TEACHERS, f"{short}教育工会委员会", UnionCategory.INDUSTRY),
        )
    elif level is UnionLevel.COUNTY:
        kinds = ((SOFTWARE_PARK, f"{division.name}科创园区工会联合会", UnionCategory.REGIONAL_FEDERATION),)
    for what, name, category in kinds:
        yield what, _draft(random, name, category, level, division.code, last)


def _draft(random: Random, name: str, category: UnionCategory, level: UnionLevel, code: str, last: date) -> UnionDraft:
    number, founded = random.randrange(31**7), date(random.randint(1979, 2012), random.randint(1, 12), 1)
    elected = date(random.randint(2012, 2016), random.randint(1, 10), 1)
    term_starts_on, term_ends_on = running_term(elected, last)
    return UnionDraft(
        name=name,
        category=category,
        level=level,
        uscc=invented_uscc("89", number),
        division_code=code,
        founded_on=founded,
        principal_name=person_name(random, 1 + number % 2),
        contact_name=person_name(random, 1 + number % 3 % 2),
        phone=invented_phone(number % 1_000_000),
        postcode=f"5{random.randint(10, 29)}{random.randint(0, 999):03d}",
        approval_number=f"粤工组〔{founded.year}〕{random.randint(1, 400)}号",
        term_starts_on=term_starts_on,
        term_ends_on=term_ends_on,
        data_source=DataSource.IMPORT,
    )

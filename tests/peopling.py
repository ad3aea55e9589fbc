"""A peopled branch for lists of members: hundreds of unions, members who came mixed and members who came in loads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from gdftu_app.clock import now
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.people import Person, VerificationStatus
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.unions import Union, UnionCategory, UnionLevel
from gdftu_app.queries.areas import areas_of
from gdftu_app.services.demo.invention import invention
from gdftu_app.services.unions import UnionDraft, establish_many
from tests.factories import Federation, id_of, make_federation

FIRST_DAY, DAYS = date(2016, 1, 1), 400
NAMES = ("陈一", "陈一一", "陈二", "李三", "李三四", "欧阳五", "阿依古丽·买买提", "周六")
OCCUPATIONS, EDUCATIONS = ("", "", "", "courier", "truck_driver"), ("21", "21", "31", "11")


@dataclass(frozen=True)
class Peopled:
    """The unions of the world and every membership in it, as plain rows with `union_id` and the person's fields."""

    federation: Federation
    unions: Sequence[Union]
    members: Sequence[dict[str, Any]]

    def within(self, union: Union) -> set[int]:
        """The ids of a union and all below it."""
        return {id_of(other) for other in self.unions if other.path.startswith(union.path)}


def people(session: Session, *, unions: int = 240, members: int = 2_400, seed: int = 7) -> Peopled:
    """Write such a world; the same seed gives the same one. Figures are left alone."""
    chance = invention(f"members {seed}")
    federation = make_federation(session)
    all_unions = [*vars(federation).values()]
    for number in range(6):
        superior = (federation.city, federation.other_city)[number % 2]
        draft = UnionDraft(name=f"第{number}区总工会", category=UnionCategory.COUNTY, level=UnionLevel.COUNTY)
        [county] = establish_many(session, superior, [draft])
        draft = UnionDraft(name=f"第{number}街道总工会", category=UnionCategory.TOWN, level=UnionLevel.TOWN)
        [town] = establish_many(session, county, [draft])
        bases = [
            UnionDraft(name=f"第{number}-{place}厂工会", category=UnionCategory.SINGLE_BASE, level=UnionLevel.BASE)
            for place in range(unions // 6)
        ]
        half = len(bases) // 2
        all_unions += [county, town]
        all_unions += [*establish_many(session, county, bases[:half]), *establish_many(session, town, bases[half:])]
    session.flush()
    holders = [union for union in all_unions if not union.is_above_base]
    mixed = [_member(chance, chance.choice(holders)) for _ in range(members // 2)]
    # As after a load: one place after the other, and many of one day.
    loaded = [
        _member(chance, union, day=FIRST_DAY + timedelta(days=DAYS - chance.choice((0, 0, 0, 1, 2, 200))))
        for union in holders[: len(holders) // 2]
        for _ in range(members // len(holders))
    ]
    rows = [row | {"id": 1_000_000 + place} for place, row in enumerate((*mixed, *loaded))]
    paths = {id_of(union): union.path for union in all_unions}
    areas = areas_of(session, paths.values())
    _write(session, [row | {"area_id": areas[paths[row["union_id"]]]} for row in rows])
    return Peopled(federation, all_unions, rows)


def _member(chance: Random, union: Union, *, day: date | None = None) -> dict[str, Any]:
    status = chance.choices(list(MembershipStatus), weights=(85, 3, 12))[0]
    joined_on = day or FIRST_DAY + timedelta(days=chance.randrange(DAYS))
    return {
        "union_id": id_of(union),
        "status": int(status),
        "joined_on": joined_on,
        "since": joined_on,
        "ended_on": joined_on if status is MembershipStatus.ENDED else None,
        "name": chance.choice(NAMES),
        "sex": chance.choice((1, 2)),
        "verified": chance.random() < 0.6,
        "is_migrant": chance.random() < 0.05,
        "occupation": chance.choice(OCCUPATIONS),
        "education": chance.choice(EDUCATIONS),
    }


def _write(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    persons, memberships = table_of(Person), table_of(Membership)
    blank = {"verification": VerificationStatus.UNVERIFIED, "created_at": now()}
    blank |= dict.fromkeys(("ethnicity", "politics", "household", "employment", "skill", "workplace"), "")
    of_person = ("id", "name", "sex", "is_migrant", "occupation", "education")
    run(session, insert(persons), [blank | {name: row[name] for name in of_person} for row in rows])
    run(session, insert(memberships), [row | {"person_id": row["id"]} for row in rows])

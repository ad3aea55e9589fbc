"""The unions of Guangdong's divisions: what a new installation begins with."""

from collections import defaultdict
from dataclasses import dataclass

from sqlmodel import Session, select

from gdftu_app.errors import Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.divisions import PROVINCE, Division, divisions
from gdftu_app.models.unions import Union, UnionCategory, UnionLevel
from gdftu_app.services.audit import record
from gdftu_app.services.union_drafts import UnionDraft
from gdftu_app.services.unions import establish_many

_CATEGORIES = {
    UnionLevel.PROVINCE: UnionCategory.PROVINCIAL,
    UnionLevel.CITY: UnionCategory.CITY,
    UnionLevel.COUNTY: UnionCategory.COUNTY,
    UnionLevel.TOWN: UnionCategory.TOWN,
}
_TOWNS = ("镇", "街道", "乡")


class UnionsExist(Refusal):
    """The tree of the divisions is only planted in an empty database."""

    code = "unions_exist"
    default = msg("数据库中已有工会，没有改动。")


@dataclass(frozen=True, slots=True)
class Planted:
    """How many unions were established, and the id of the provincial one."""

    unions: int
    province_id: int


def title_of(division: Division) -> tuple[str, UnionCategory]:
    """Name and category of the union of a division; one that is no town has a working committee."""
    level = UnionLevel(division.level)
    if level is UnionLevel.TOWN and not division.name.endswith(_TOWNS):
        return f"{division.name}工会工作委员会", UnionCategory.WORK_COMMITTEE
    return f"{division.name}总工会", _CATEGORIES[level]


def establish_divisions(session: Session) -> Planted:
    """Establish 省、市、县、镇街 unions for all divisions, with their names and codes only; raises `UnionsExist`."""
    if session.exec(select(Union.id).limit(1)).first() is not None:
        raise UnionsExist
    below: defaultdict[str, list[tuple[str, UnionDraft]]] = defaultdict(list)
    for division in divisions():
        name, category = title_of(division)
        draft = UnionDraft(name=name, category=category, level=UnionLevel(division.level), division_code=division.code)
        below[division.parent_code].append((division.code, draft))
    unions: dict[str, Union] = {}
    for code, keyed in below.items():
        made = establish_many(session, unions.get(code), [draft for _, draft in keyed])
        unions |= zip((key for key, _ in keyed), made, strict=True)
    record(session, "unions:establish_divisions", detail={"unions": len(unions)})
    return Planted(len(unions), unions[PROVINCE].id or 0)

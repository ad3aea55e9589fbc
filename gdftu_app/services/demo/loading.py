"""Loading demo data into an empty installation, never into one in production."""

from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, col, select

from gdftu_app.config import settings
from gdftu_app.db import unit_of_work
from gdftu_app.errors import Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account
from gdftu_app.models.people import Person
from gdftu_app.models.unions import Union
from gdftu_app.queries.figures import figures_of
from gdftu_app.services.demo.bulk import CITY, PROVINCE, Volume, load_bulk
from gdftu_app.services.demo.small import Report, load_small
from gdftu_app.services.tree_locks import seize_tree


class Scale(StrEnum):
    """How much demo data: a tree to try things on, as much as a city has, as much as the province has."""

    SMALL, CITY, PROVINCE = "small", "city", "province"


class NotInProduction(Refusal):
    """Invented people have no place beside real ones."""

    code = "not_in_production"
    default = msg("生产环境（GDFTU_ENV=production）不能加载演示数据。")


class NotEmpty(Refusal):
    """There are unions, people or accounts already."""

    code = "not_empty"
    default = msg("数据库中已有数据，没有加载演示数据。请换一个空数据库，或先清空现有数据库。")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded: unions with the province's, and members who count."""

    unions: int
    members: int


def load(
    report: Report, *, scale: Scale = Scale.SMALL, unions: int | None = None, members: int | None = None
) -> Loaded:
    """Load the demo data of a scale, all of it or nothing. Raises NotInProduction and NotEmpty.

    `unions` and `members` are other numbers than a bulk scale's own. `report(part, done, total)` is called as the
    parts `unions`, `members` and, at the bulk scales, `figures` (with the indexes) come about.
    """
    _require_demo()
    with unit_of_work() as session:
        seize_tree(session)
        if not is_empty(session):
            raise NotEmpty
        if scale is Scale.SMALL:
            load_small(session, report)
        else:
            usual = CITY if scale is Scale.CITY else PROVINCE
            load_bulk(session, report, Volume(unions or usual.unions, members or usual.members))
        return _loaded(session)


def load_if_empty(report: Report) -> Loaded | None:
    """Load the small demo into an empty installation; None where there is something already, or in production."""
    if settings().is_production:
        return None
    with unit_of_work(reading=True) as session:
        if not is_empty(session):
            return None
    return load(report)


def is_empty(session: Session) -> bool:
    """Whether nobody has used this installation yet."""
    return not any(session.exec(select(model.id).limit(1)).first() is not None for model in (Union, Person, Account))


def _require_demo() -> None:
    if settings().is_production:
        raise NotInProduction


def _loaded(session: Session) -> Loaded:
    province = session.exec(select(Union).where(col(Union.superior_id).is_(None))).one()
    figures = figures_of(session, province)
    return Loaded(figures.unions_sub + 1, figures.members_sub)

"""All that is recorded of one union and of the employers it covers (domain facts, organisation)."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from gdftu_app.errors import NotFound
from gdftu_app.models.codes import ECONOMIC_TYPES, EMPLOYER_NATURES, INDUSTRIES, CodeTable
from gdftu_app.models.unions import Employer, Union
from gdftu_app.queries.divisions import division_name
from gdftu_app.queries.figures import figures_of
from gdftu_app.queries.union_values import employers_of, masked_phone
from gdftu_app.queries.unions import UnionRef, rate_of, reference_within
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission


@dataclass(frozen=True, slots=True)
class EmployerDetails:
    """单位: an employer; nature, economy and industry are msgids, empty when not recorded."""

    id: int
    name: str
    uscc: str
    address: str
    division: str
    nature: str
    economy: str
    industry_code: str
    industry: str
    employee_count: int


@dataclass(frozen=True, slots=True)
class UnionDetails:
    """工会: one union with its employers. Category, level, status and data source are words; the phone is masked.

    Its superior is not told to those who act for the union itself: it is beyond their reach. Member counts include
    everything below.
    """

    id: int
    name: str
    uscc: str | None
    superior: UnionRef | None
    founded_on: date | None
    category: str
    level: str
    status: str
    division: str
    principal_name: str
    contact_name: str
    phone: str
    postcode: str
    approval_number: str
    term_starts_on: date | None
    term_ends_on: date | None
    data_source: str
    updated_at: datetime
    members: int
    women: int
    migrant: int
    verified: int
    rate: float | None
    employers: list[EmployerDetails]


@requires(Permission.SUBORDINATES_VIEW)
def get_union_details(session: Session, actor: Actor, *, union: int) -> UnionDetails:
    """Everything recorded of a union within reach (手册 六); raises NotFound."""
    return _details(session, actor, union)


@requires(Permission.UNIONS_VIEW)
def get_own_details(session: Session, actor: Actor) -> UnionDetails:
    """Everything recorded of the acting union; its superior is named although it is beyond reach (手册 三、五)."""
    own = _details(session, actor, actor.union_id)
    superior = aliased(Union)
    above = select(superior.id, superior.name).join(Union, col(Union.superior_id) == superior.id)
    found = session.exec(above.where(Union.id == actor.union_id)).first()
    return replace(own, superior=UnionRef(found[0] or 0, found[1]) if found else None)


def _details(session: Session, actor: Actor, union: int) -> UnionDetails:
    found = session.exec(select(Union).where(Union.id == union, actor.reaches())).first()
    if found is None:
        raise NotFound
    figures = figures_of(session, union)
    return UnionDetails(
        id=union,
        name=found.name,
        uscc=found.uscc,
        superior=reference_within(session, actor, found.superior_id) if found.superior_id else None,
        founded_on=found.founded_on,
        category=found.category,
        level=found.level,
        status=found.status,
        division=division_name(found.division_code),
        principal_name=found.principal_name,
        contact_name=found.contact_name,
        phone=masked_phone(found),
        postcode=found.postcode,
        approval_number=found.approval_number,
        term_starts_on=found.term_starts_on,
        term_ends_on=found.term_ends_on,
        data_source=found.data_source,
        updated_at=found.updated_at,
        members=figures.members_sub,
        women=figures.women_sub,
        migrant=figures.migrant_sub,
        verified=figures.verified_sub,
        rate=rate_of(figures.verified_sub, figures.members_sub),
        employers=[_employer(employer) for employer in employers_of(session, union)],
    )


def _employer(employer: Employer) -> EmployerDetails:
    return EmployerDetails(
        id=employer.id or 0,
        name=employer.name,
        uscc=employer.uscc,
        address=employer.address,
        division=division_name(employer.division_code),
        nature=_label(EMPLOYER_NATURES, employer.nature),
        economy=_label(ECONOMIC_TYPES, employer.economy),
        industry_code=employer.industry,
        industry=_label(INDUSTRIES, employer.industry),
        employee_count=employer.employee_count,
    )


def _label(table: CodeTable, code: str) -> str:
    return table.label(code) if code in table else ""

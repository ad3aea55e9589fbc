"""Drafts of unions: the facts of one that is to be established, and the row they make."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.cells import joint_industry
from gdftu_app.models.identifiers import normalise_uscc
from gdftu_app.models.paths import path_below
from gdftu_app.models.unions import (
    BELOW_BASE,
    DataSource,
    Employer,
    Union,
    UnionCategory,
    UnionLevel,
    UnionStatus,
)
from gdftu_app.security.personal_data import seal
from gdftu_app.services.initials import initials_of
from gdftu_app.services.union_rules import require_level, require_superior

LONGEST_NAME = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class UnionDraft:
    """The facts of a union to be established, apart from its place in the tree; `phone` is plain, in normal form."""

    name: str
    category: UnionCategory
    level: UnionLevel
    uscc: str | None = None
    division_code: str | None = None
    founded_on: date | None = None
    principal_name: str = ""
    contact_name: str = ""
    phone: str | None = None
    postcode: str = ""
    approval_number: str = ""
    term_starts_on: date | None = None
    term_ends_on: date | None = None
    status: UnionStatus = UnionStatus.ACTIVE
    data_source: DataSource = DataSource.ESTABLISHED
    employers: Sequence[Employer] = ()


def require_sound(draft: UnionDraft, superior: Union | None) -> None:
    """Raise InvalidInput unless a draft can stand below a superior."""
    require_level(draft.category, draft.level)
    require_superior(draft.category, draft.level, superior)
    if draft.uscc and draft.category in BELOW_BASE:
        raise InvalidInput(msg("分会和工会小组没有统一社会信用代码。"), field="uscc")
    if draft.term_starts_on and draft.term_ends_on and draft.term_starts_on > draft.term_ends_on:
        raise InvalidInput(msg("任期的结束日期早于开始日期，请修改。"), field="term_ends_on")


def tidy_name(name: str) -> str:
    """A name without superfluous spaces; raises InvalidInput for none at all, or one too long."""
    tidy = " ".join(name.split())
    if not tidy:
        raise InvalidInput(msg("请填写工会名称。"), field="name")
    if len(tidy) > LONGEST_NAME:
        raise InvalidInput(msg("工会名称不能超过 {limit} 个字。"), field="name", limit=LONGEST_NAME)
    return tidy


def row_of(
    draft: UnionDraft, number: int, *, superior_id: int | None, superior_path: str, superior_industry: str = ""
) -> dict[str, Any]:
    """The columns of a union to be written below a superior: checked, sealed, with its path and initials.

    Branches and teams are of the industry of their superior, all others of that of their employers.
    """
    name = tidy_name(draft.name)
    own_industry = joint_industry([employer.industry for employer in draft.employers])
    sealed = seal("unions.phone", draft.phone) if draft.phone else None
    return {
        "id": number,
        "superior_id": superior_id,
        "path": path_below(superior_path, number),
        "level": draft.level,
        "category": draft.category,
        "status": draft.status,
        "name": name,
        "initials": initials_of(name),
        "uscc": normalise_uscc(draft.uscc) if draft.uscc else None,
        "division_code": draft.division_code,
        "founded_on": draft.founded_on,
        "principal_name": draft.principal_name,
        "contact_name": draft.contact_name,
        "phone_enc": sealed.enc if sealed else None,
        "phone_bidx": sealed.bidx if sealed else None,
        "postcode": draft.postcode,
        "approval_number": draft.approval_number,
        "term_starts_on": draft.term_starts_on,
        "term_ends_on": draft.term_ends_on,
        "data_source": draft.data_source,
        "industry": superior_industry if draft.category in BELOW_BASE else own_industry,
    }

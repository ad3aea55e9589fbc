"""Lists of members (会员列表, 手册 十一): those of the acting union, or of any below it, page by page, masked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlmodel import Session

from gdftu_app.errors import NotFound
from gdftu_app.models.identifiers import mask_document, mask_phone
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.paths import TAKEN, ids_taken, listed
from gdftu_app.models.people import Person, Sex
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.areas import AREA_LEVELS, areas_of
from gdftu_app.queries.figures import Figures, figures_of
from gdftu_app.queries.gram_statistics import branch_size
from gdftu_app.queries.member_filters import ORDERS, MemberFilter, MemberSort, Place
from gdftu_app.queries.member_finding import Budgets, Found, Scope, find_members
from gdftu_app.queries.member_numbers import asked_by, people_with
from gdftu_app.queries.unions import UnionRef
from gdftu_app.security.actors import Actor, requires, within_asked
from gdftu_app.security.permissions import Permission
from gdftu_app.security.personal_data import Unsealable, unseal

PAGE_SIZES = (20, 50, 100)
MOST_WITH_A_NUMBER = 50
_MEMBERS, _PEOPLE, _UNIONS = map(table_of, (Membership, Person, Union))
_OF_MEMBERSHIPS = (
    *("id", "name", "sex", "status", "joined_on", "ended_on", "union_id"),
    *("is_migrant", "occupation", "education"),
)
_OF_PEOPLE = ("phone_enc", "phone_bidx", "doc_enc", "doc_bidx", "verification", "employment")
_WITHIN_REACH = select(_UNIONS.c.path, _UNIONS.c.is_above_base, _UNIONS.c.level).where(
    _UNIONS.c.id == bindparam("union"), within_asked(_UNIONS.c.path)
)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A membership as lists show it: phone and document masked, codes as kept, `verification` and `status` words."""

    id: int
    name: str
    sex: int | None
    phone: str
    document: str
    verification: str
    status: MembershipStatus
    joined_on: date
    ended_on: date | None
    union: UnionRef
    occupation: str
    education: str
    employment: str
    is_migrant: bool


@dataclass(frozen=True, slots=True)
class MemberPage:
    """One page of a list. `before` and `after` are where the pages around it begin, None where there is none.

    `total` is told where it is known without counting.
    """

    rows: list[MemberRow]
    before: Place | None
    after: Place | None
    total: int | None


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which page: its size, and the place it begins behind, or, `backwards`, ends before."""

    size: int = PAGE_SIZES[0]
    place: Place | None = None
    backwards: bool = False


EVERYBODY, FIRST_PAGE, USUAL = MemberFilter(), PageAsked(), Budgets()


@requires(Permission.MEMBERS_VIEW)
def list_members(
    session: Session,
    actor: Actor,
    *,
    union: int | None = None,
    below: bool = False,
    wanted: MemberFilter = EVERYBODY,
    sort: MemberSort = MemberSort.NEWEST,
    page: PageAsked = FIRST_PAGE,
    budgets: Budgets = USUAL,
) -> MemberPage:
    """Members of a union within reach (the acting one for None), or, `below`, of its whole branch; raises NotFound."""
    scope = _scope(session, actor, union, below=below)
    order = ORDERS[sort]
    size = min(max(page.size, 1), PAGE_SIZES[-1])
    total = _total(figures_of(session, scope.union), wanted, is_branch=scope.is_branch)
    find = partial(find_members, session, scope, wanted, limit=size + 1, budgets=budgets)
    if page.backwards and page.place is not None:
        found = find(order.turned(), after=page.place)
        if len(found) >= size:
            rows = found[:size][::-1]
            before = rows[0].place if len(found) > size else None
            return MemberPage(_rows(session, rows), before, rows[-1].place, total)
        # So near to the beginning, the first page is shown instead.
        page = replace(page, place=None, backwards=False)
    found = find(order, after=page.place)
    rows = found[:size]
    more = rows[-1].place if len(found) > size else None
    before = None if page.place is None else rows[0].place if rows else page.place
    return MemberPage(_rows(session, rows), before, more, total)


@requires(Permission.MEMBERS_VIEW)
def find_members_by_number(session: Session, actor: Actor, *, number: str) -> MemberPage:
    """Memberships within reach of whoever has exactly this phone or document, those that count first.

    Raises NoWholeNumber (an InvalidInput) for anything but a whole number.
    """
    numbers = asked_by(number)
    having = _having(frozenset(numbers))
    found = list(run(session, having, numbers | actor.reach_asked()).scalars())
    return MemberPage(rows_of(session, found), None, None, len(found))


@cache
def _having(kinds: frozenset[str]) -> Rows:
    return (
        select(_MEMBERS.c.id)
        .join_from(_MEMBERS, _PEOPLE, _PEOPLE.c.id == _MEMBERS.c.person_id)
        .join(_UNIONS, _UNIONS.c.id == _MEMBERS.c.union_id)
        .where(people_with(kinds), within_asked(_UNIONS.c.path))
        .order_by(_MEMBERS.c.status, _MEMBERS.c.since.desc(), _MEMBERS.c.id.desc())
        .limit(MOST_WITH_A_NUMBER)
    )


def _scope(session: Session, actor: Actor, union: int | None, *, below: bool) -> Scope:
    number = union or actor.union_id
    found = run(session, _WITHIN_REACH, actor.reach_asked() | {"union": number}).first()
    if found is None:
        raise NotFound
    # Union and path alone decide what is reached, and both are within the actor's own.
    reach = replace(actor, union_id=number, union_path=found.path).reach_asked()
    is_branch = below and found.is_above_base
    is_within_area = is_branch and found.level not in AREA_LEVELS
    area = areas_of(session, [found.path])[found.path] if is_within_area else None
    return Scope(number, is_branch, branch_size(session, number), reach, area)


def _total(figures: Figures, wanted: MemberFilter, *, is_branch: bool) -> int | None:
    """How many match, where the figures tell."""
    if wanted.status is not MembershipStatus.CURRENT:
        return None
    end = "sub" if is_branch else "own"
    members = int(getattr(figures, f"members_{end}"))
    women, verified, migrant = (int(getattr(figures, f"{name}_{end}")) for name in ("women", "verified", "migrant"))
    match wanted.of_memberships():
        case {"status": _, **others} if not others:
            return members
        case {"status": _, "sex": Sex.FEMALE, **others} if not others:
            return women
        case {"status": _, "verified": is_verified, **others} if not others:
            return verified if is_verified else members - verified
        case {"status": _, "is_migrant": is_migrant, **others} if not others:
            return migrant if is_migrant else members - migrant
        case _:
            return None


@cache
def _shown() -> Rows:
    return (
        select(*(_MEMBERS.c[name] for name in _OF_MEMBERSHIPS), *(_PEOPLE.c[name] for name in _OF_PEOPLE))
        .add_columns(_UNIONS.c.name.label("union_name"))
        .join_from(_MEMBERS, _PEOPLE, _PEOPLE.c.id == _MEMBERS.c.person_id)
        .join(_UNIONS, _UNIONS.c.id == _MEMBERS.c.union_id)
        .where(_MEMBERS.c.id.in_(select(ids_taken().c.value)))
    )


def rows_of(session: Session, ids: Sequence[int]) -> list[MemberRow]:
    """These memberships as lists show them, in the order given; the caller knows that they are within reach."""
    if not ids:
        return []
    rows = {row.id: row for row in run(session, _shown(), {TAKEN: listed(ids)})}
    return [_row(rows[number]) for number in ids]


def _rows(session: Session, members: Iterable[Found]) -> list[MemberRow]:
    return rows_of(session, [member.id for member in members])


def _row(row: Row[*tuple[Any, ...]]) -> MemberRow:
    return MemberRow(
        id=row.id,
        name=row.name,
        sex=row.sex,
        phone=masked_phone(row.phone_enc, row.phone_bidx),
        document=masked_document(row.doc_enc, row.doc_bidx),
        verification=row.verification,
        status=MembershipStatus(row.status),
        joined_on=row.joined_on,
        ended_on=row.ended_on,
        union=UnionRef(row.union_id, row.union_name),
        occupation=row.occupation,
        education=row.education,
        employment=row.employment,
        is_migrant=row.is_migrant,
    )


def masked_phone(enc: str | None, bidx: str | None) -> str:
    """138****1234; empty when none is recorded, or none can be opened."""
    return mask_phone(_opened("persons.phone", enc, bidx))


def masked_document(enc: str | None, bidx: str | None) -> str:
    """4401************12; empty when none is recorded, or none can be opened."""
    return mask_document(_opened("persons.document", enc, bidx))


def _opened(field: str, enc: str | None, bidx: str | None) -> str:
    try:
        return unseal(field, enc, bidx) if enc and bidx else ""
    except Unsealable:
        return ""

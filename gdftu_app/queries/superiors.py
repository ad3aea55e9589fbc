"""Superiors (上级工会) that a union may be registered with: found by name or initials, each with its path (手册 二)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Boolean, String, bindparam, literal_column, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.paths import ids_of
from gdftu_app.models.people import Person
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.queries.applicants import require_verified
from gdftu_app.queries.union_matching import Form, form_of, matches, parameters_of, terms_of
from gdftu_app.queries.unions import references
from gdftu_app.security.actors import GRANT_COUNTS
from gdftu_app.security.permissions import Permission

HITS = 20
_UNIONS = table_of(Union)


@dataclass(frozen=True, slots=True)
class SuperiorHit:
    """A union that may be chosen; `path` names those above it, from the top."""

    id: int
    name: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuperiorHits:
    """What a keyword finds, in the order of the tree; `is_cut` says that a longer keyword would tell more."""

    hits: tuple[SuperiorHit, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Superior:
    """A union that was named as superior, whatever it is; `is_open` when it takes registrations."""

    id: int
    name: str
    path: tuple[str, ...]
    status: str
    is_above_base: bool

    @property
    def is_open(self) -> bool:
        """Whether a single base union may be registered with it (领域说明 §2)."""
        return self.is_above_base and self.status == UnionStatus.ACTIVE


def search_superiors(session: Session, *, account_id: int, keyword: str) -> SuperiorHits:
    """Above-base unions that are active and whose name, initials or code hold each part of the keyword.

    For any verified account, which has no reach yet: nothing is told of a union but its name and those above it.
    """
    require_verified(session, account_id)
    terms = terms_of(keyword)
    if not terms:
        return SuperiorHits()
    asked = parameters_of(terms) | {"most": HITS + 1}
    rows = run(session, _matching(tuple(map(form_of, terms))), asked).all()
    paths = names_above(session, [row.path for row in rows[:HITS]])
    hits = tuple(SuperiorHit(row.id, row.name, paths[row.path]) for row in rows[:HITS])
    return SuperiorHits(hits, is_cut=len(rows) > HITS)


def find_superior(session: Session, union_id: int) -> Superior | None:
    """The union of an id with the names of those above it; None when there is none."""
    columns = (_UNIONS.c[name] for name in ("name", "path", "status", "is_above_base"))
    row = run(session, select(*columns).where(_UNIONS.c.id == union_id)).first()
    if row is None:
        return None
    return Superior(union_id, row.name, names_above(session, [row.path])[row.path], row.status, row.is_above_base)


def names_above(session: Session, paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By the paths of some unions, the names of those above each, from the top."""
    above = {path: ids_of(path)[:-1] for path in paths}
    numbers = sorted({number for ids in above.values() for number in ids})
    names = {union.id: union.name for union in references(session, numbers)} if numbers else {}
    return {path: tuple(names[number] for number in ids) for path, ids in above.items()}


def has_reviewer(session: Session, union_id: int, *, besides: int) -> bool:
    """Whether anybody but one account may review registrations in a union at present."""
    granted = (
        select_rows(Administrator)
        .join(Account, col(Account.id) == Administrator.account_id)
        .join(Person, col(Person.id) == Account.person_id)
        .join(Union, col(Union.id) == Administrator.union_id)
        .where(Administrator.union_id == union_id, Administrator.account_id != besides, GRANT_COUNTS)
    )
    return any(Permission.REGISTRATIONS_REVIEW.value in grant.permissions for grant in session.exec(granted))


@lru_cache(256)
def _matching(forms: tuple[Form, ...]) -> Rows:
    # Written out, for SQLite would otherwise be asked for `= 1`, which its partial index does not answer.
    is_above_base = literal_column("unions.is_above_base", Boolean())
    is_active = _UNIONS.c.status == literal_column("'active'", String())
    found = select(*(_UNIONS.c[name] for name in ("id", "name", "path")))
    found = found.where(is_above_base, is_active, matches(forms, _UNIONS.c))
    return found.order_by(_UNIONS.c.path).limit(bindparam("most"))

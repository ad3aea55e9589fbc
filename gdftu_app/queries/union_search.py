"""Finding a union (搜索工会) below the acting one by name, code or pinyin initials (手册 六)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Subquery, select
from sqlmodel import Session

from gdftu_app.models.tables import Rows, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.gram_statistics import gram_statistics
from gdftu_app.queries.union_counts import among_taken, read_counts
from gdftu_app.queries.union_finding import Wanted, find_unions
from gdftu_app.queries.union_matching import terms_of
from gdftu_app.queries.unions import UnionRef, ids_from, rate_of
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission

MOST_HITS = 200


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A union found; `path` leads from the acting union to its superior, the figures include everything below it."""

    id: int
    name: str
    superior_id: int
    path: list[UnionRef]
    category: str
    status: str
    subordinates: int
    members: int
    verified: int
    rate: float | None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The unions found; `is_cut` says that there are more, or may be, and that a longer keyword would tell."""

    hits: list[SearchHit]
    is_cut: bool


@requires(Permission.SUBORDINATES_VIEW)
def search_unions(
    session: Session, actor: Actor, *, keyword: str, category: str = "", status: str = "", limit: int = 50
) -> SearchPage:
    """Unions below the acting one whose name, pinyin initials or code hold the keyword, or each part of it.

    Above-base unions come first, then the others, both in the order of the tree. A blank keyword finds nothing.
    """
    terms = terms_of(keyword)
    if not terms:
        return SearchPage([], is_cut=False)
    wanted = Wanted(actor, terms, category, status, min(max(limit, 1), MOST_HITS))
    found = find_unions(session, wanted, gram_statistics(session))
    paths = {match.id: ids_from(actor, match.path) for match in found.matches}
    shown = sorted({number for path in paths.values() for number in path})
    unions = {union[0]: union for union in read_counts(session, _unions, shown)}
    superiors = {number for path in paths.values() for number in path[:-1]}
    references = {number: UnionRef(number, unions[number][1]) for number in superiors}
    hits = [_hit(unions[number], [references[above] for above in path[:-1]]) for number, path in paths.items()]
    return SearchPage(hits, found.is_cut)


def _hit(union: Row[*tuple[Any, ...]], path: list[UnionRef]) -> SearchHit:
    number, name, superior_id, category, status, subordinates, members, verified = union[:8]
    rate = rate_of(verified, members)
    return SearchHit(number, name, superior_id, path, category, status, subordinates, members, verified, rate)


def _unions(counts: Subquery) -> Rows:
    unions = table_of(Union)
    return (
        select(
            *(unions.c[name] for name in ("id", "name", "superior_id", "category", "status")),
            *(counts.c[name] for name in ("subordinates", "members", "verified")),
        )
        .join_from(unions, counts, counts.c.union_id == unions.c.id)
        .where(among_taken(unions.c.id))
    )

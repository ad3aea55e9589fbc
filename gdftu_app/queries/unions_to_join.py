"""Unions that people may be members of (入会、转会选择工会): found by name or initials, or named by an entry code."""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from gdftu_app.models.tables import run, table_of
from gdftu_app.models.unions import HOLDING_MEMBERS, Union, UnionStatus
from gdftu_app.queries.accounts import name_and_verification
from gdftu_app.queries.gram_statistics import gram_statistics
from gdftu_app.queries.superiors import names_above
from gdftu_app.queries.union_finding import Wanted, find_unions
from gdftu_app.queries.union_matching import terms_of
from gdftu_app.queries.union_reviewers import accounts_that_may
from gdftu_app.security.actors import Actor
from gdftu_app.security.permissions import Permission

HITS, FURTHEST_HIT = 20, 200
_UNIONS = table_of(Union)


@dataclass(frozen=True, slots=True)
class UnionToJoin:
    """A union by name; `path` names those above it, from the top. `is_open` when people may be members of it.

    `joins_decided` and `transfers_decided` say whether anybody else reviews such applications there at present; they
    are known of a union that was chosen.
    """

    id: int
    name: str
    path: tuple[str, ...]
    is_open: bool
    joins_decided: bool = True
    transfers_decided: bool = True


@dataclass(frozen=True, slots=True)
class UnionsToJoin:
    """What a keyword finds, in the order of the tree; `is_cut` says that a longer keyword would tell more."""

    hits: tuple[UnionToJoin, ...] = ()
    is_cut: bool = False


def search_unions_to_join(session: Session, *, account_id: int, keyword: str, skip: int = 0) -> UnionsToJoin:
    """Unions of the whole tree that hold members and whose name, initials or code hold each part of the keyword.

    Twenty of them, after the first `skip`; whoever has to go on beyond two hundred needs a longer keyword. For any
    account, which has no reach: nothing is told of a union but its name and those above it. `SignedOut`.
    """
    name_and_verification(session, account_id)
    terms = terms_of(keyword)
    if not terms:
        return UnionsToJoin()
    ids: list[int] = []
    is_cut = False
    limit = min(max(skip, 0), FURTHEST_HIT - HITS) + HITS
    for top in session.exec(select_rows(Union).where(col(Union.superior_id).is_(None)).order_by(col(Union.path))):
        # Nobody's actor: it may do nothing, and only says that the branch to be searched is the whole tree.
        everywhere = Actor(account_id, "", top.id or 0, top.path, is_above_base=True, role="")
        wanted = Wanted(everywhere, terms, category="", status="", limit=limit, holds_members=True)
        found = find_unions(session, wanted, gram_statistics(session))
        ids += [match.id for match in found.matches]
        is_cut |= found.is_cut or len(ids) > limit
    return UnionsToJoin(tuple(_named(session, ids[limit - HITS : limit])), is_cut)


def find_union_to_join(session: Session, *, account_id: int, union_id: int) -> UnionToJoin | None:
    """The union that an entry code or a choice names; None when there is none. Raises `SignedOut`."""
    name_and_verification(session, account_id)
    found = next(iter(_named(session, [union_id])), None)
    if found is None or not found.is_open:
        return found

    def is_decided(permission: Permission) -> bool:
        return any(number != account_id for number in accounts_that_may(session, [union_id], permission)[union_id])

    return replace(
        found,
        joins_decided=is_decided(Permission.JOINS_REVIEW),
        transfers_decided=is_decided(Permission.TRANSFERS_REVIEW),
    )


def _named(session: Session, ids: list[int]) -> list[UnionToJoin]:
    columns = (_UNIONS.c[name] for name in ("id", "name", "path", "category", "status"))
    rows = {row.id: row for row in run(session, select(*columns).where(_UNIONS.c.id.in_(ids)))}
    paths = names_above(session, [row.path for row in rows.values()])
    return [
        UnionToJoin(
            id=number,
            name=rows[number].name,
            path=paths[rows[number].path],
            is_open=rows[number].status != UnionStatus.DISSOLVED and rows[number].category in HOLDING_MEMBERS,
        )
        for number in ids
        if number in rows
    ]

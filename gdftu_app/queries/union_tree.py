"""The tree of unions (组织树): one level at a time, in pages, and the way down to one union (手册 六)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from sqlalchemy import Row, Subquery, and_, bindparam, exists, func, or_, select, union_all
from sqlmodel import Session

from gdftu_app.models.paths import TAKEN, listed
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.union_counts import among_taken, read_counts
from gdftu_app.queries.unions import UnionRef, path_of
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission

BRANCH_SIZE = 200

_UNIONS = table_of(Union)


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A union in the tree; `count` is how many unions stand below it at any depth, without the dissolved."""

    id: int
    name: str
    count: int
    has_children: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """Some children of a union: those from `offset` on, out of `total`."""

    parent: int
    offset: int
    total: int
    nodes: list[TreeNode]


@dataclass(frozen=True, slots=True)
class Trail:
    """The way from the acting union down to one union, and the page of siblings around each step."""

    path: list[UnionRef]
    branches: list[Branch]


@requires(Permission.SUBORDINATES_VIEW)
def branch(session: Session, actor: Actor, *, parent: int, offset: int = 0, limit: int = BRANCH_SIZE) -> Branch:
    """Children of a union from an offset on: those above the base first, then the others, each as they were founded.

    At most `BRANCH_SIZE` at a time. Dissolved unions have their place too: what is linked to can be shown. Raises
    NotFound.
    """
    path_of(session, actor, parent)
    [step] = _steps(session, [parent])
    return _branches(session, [_Page(step, max(offset, 0), min(max(limit, 1), BRANCH_SIZE))])[0]


@requires(Permission.SUBORDINATES_VIEW)
def trail(session: Session, actor: Actor, *, union: int) -> Trail:
    """What the tree needs to open down to a union: for a shared address or a search result.

    Of each superior from the acting union on, the page of children that holds the next step; for the acting union
    itself, its first children. Raises NotFound.
    """
    ids = path_of(session, actor, union)
    steps = {step.id: step for step in _steps(session, ids)}
    pages = [
        _Page(steps[above], steps[below].place // BRANCH_SIZE * BRANCH_SIZE, BRANCH_SIZE)
        for above, below in pairwise(ids)
    ]
    return Trail(
        path=[UnionRef(number, steps[number].name) for number in ids],
        branches=_branches(session, pages or [_Page(steps[union], 0, BRANCH_SIZE)]),
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """Children of one union from an offset on; `parent` is its row of `_steps`."""

    parent: Row[*tuple[Any, ...]]
    offset: int
    limit: int

    def slices(self) -> Iterator[dict[str, Any]]:
        """The same as stretches of the children above the base and of the others, for an index serves each."""
        above, others = self.parent.above_base, self.parent.children - self.parent.above_base
        for is_above_base, count, before in ((True, above, 0), (False, others, above)):
            start = max(self.offset - before, 0)
            end = min(self.offset + self.limit - before, count)
            if start < end:
                yield {
                    "parent": self.parent.id,
                    "is_above_base": is_above_base,
                    "offset": start,
                    "limit": end - start,
                }


def _steps(session: Session, ids: Sequence[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Name, place among its siblings (from 0), children, and children above the base of each union."""
    return run(session, _taken_steps(), {TAKEN: listed(ids)}).all()


@cache
def _taken_steps() -> Rows:
    sibling, child = _UNIONS.alias("sibling"), _UNIONS.alias("child")
    comes_before = or_(
        and_(sibling.c.is_above_base, ~_UNIONS.c.is_above_base),
        and_(sibling.c.is_above_base == _UNIONS.c.is_above_base, sibling.c.id < _UNIONS.c.id),
    )
    place = select(func.count()).where(sibling.c.superior_id == _UNIONS.c.superior_id, comes_before)
    children = select(func.count()).where(child.c.superior_id == _UNIONS.c.id)
    return select(
        _UNIONS.c.id,
        _UNIONS.c.name,
        place.scalar_subquery().label("place"),
        children.scalar_subquery().label("children"),
        children.where(child.c.is_above_base).scalar_subquery().label("above_base"),
    ).where(among_taken(_UNIONS.c.id))


def _branches(session: Session, pages: Sequence[_Page]) -> list[Branch]:
    slices = [part for page in pages for part in page.slices()]
    asked = {f"{name}_{at}": value for at, part in enumerate(slices) for name, value in part.items()}
    rows: Sequence[Row[*tuple[Any, ...]]] = run(session, _nodes(len(slices)), asked).all() if slices else []
    counted = read_counts(session, _counted, [row.id for row in rows if row.has_children])
    counts = {row.union_id: row.subordinates for row in counted}
    nodes: dict[int, list[TreeNode]] = {page.parent.id: [] for page in pages}
    for row in sorted(rows, key=lambda row: (not row.is_above_base, row.id)):
        nodes[row.superior_id].append(TreeNode(row.id, row.name, counts.get(row.id, 0), row.has_children))
    return [Branch(page.parent.id, page.offset, page.parent.children, nodes[page.parent.id]) for page in pages]


@cache
def _nodes(slices: int) -> Rows:
    child = _UNIONS.alias("child")
    columns = (_UNIONS.c.superior_id, _UNIONS.c.id, _UNIONS.c.name, _UNIONS.c.is_above_base)
    has_children = exists().where(child.c.superior_id == _UNIONS.c.id).label("has_children")
    parts = [
        select(*columns, has_children)
        .where(
            _UNIONS.c.superior_id == bindparam(f"parent_{at}"),
            _UNIONS.c.is_above_base == bindparam(f"is_above_base_{at}"),
        )
        .order_by(_UNIONS.c.id)
        .offset(bindparam(f"offset_{at}"))
        .limit(bindparam(f"limit_{at}"))
        .subquery()
        for at in range(slices)
    ]
    return select(union_all(*(select(part) for part in parts)).subquery())


def _counted(counts: Subquery) -> Rows:
    return select(counts.c.union_id, counts.c.subordinates).where(among_taken(counts.c.union_id))

"""The tree of unions (组织树): one level at a time, in pages, and the way down to one union (手册 六)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from gdftu_app.models.unions import Union
from gdftu_app.queries.figures import figures_for
from gdftu_app.queries.unions import UnionRef, path_of
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission

BRANCH_SIZE = 200


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
    page = _Page(parent, max(offset, 0), min(max(limit, 1), BRANCH_SIZE), _children(session, parent))
    return _branches(session, [page])[0]


@requires(Permission.SUBORDINATES_VIEW)
def trail(session: Session, actor: Actor, *, union: int) -> Trail:
    """What the tree needs to open down to a union: for a shared address or a search result.

    Of each superior from the acting union on, the page of children that holds the next step; of the acting union
    itself, its first children. Raises NotFound.
    """
    ids = path_of(session, actor, union)
    steps = {row.id: row for row in session.execute(_steps(ids)).all()}
    path = [UnionRef(number, steps[number].name) for number in ids]
    pages = [
        _Page(above, steps[below].place // BRANCH_SIZE * BRANCH_SIZE, BRANCH_SIZE, steps[above].children)
        for above, below in zip(ids, ids[1:], strict=False)
    ]
    return Trail(path, _branches(session, pages or [_Page(union, 0, BRANCH_SIZE, steps[union].children)]))


@dataclass(frozen=True, slots=True)
class _Page:
    parent: int
    offset: int
    limit: int
    total: int


def _children(session: Session, parent: int) -> int:
    return session.exec(select(func.count()).where(Union.superior_id == parent)).one()


def _order(union: type[Union]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return col(union.is_above_base).desc(), col(union.id)


def _steps(ids: Sequence[int]) -> Select[Any]:
    sibling, child = aliased(Union), aliased(Union)
    comes_before = or_(
        and_(col(sibling.is_above_base), ~col(Union.is_above_base)),
        and_(col(sibling.is_above_base) == col(Union.is_above_base), col(sibling.id) < col(Union.id)),
    )
    place = select(func.count()).where(sibling.superior_id == Union.superior_id, comes_before)
    children = select(func.count()).where(child.superior_id == Union.id)
    return select(
        Union.id,
        Union.name,
        place.scalar_subquery().label("place"),
        children.scalar_subquery().label("children"),
    ).where(col(Union.id).in_(ids))


def _branches(session: Session, pages: Sequence[_Page]) -> list[Branch]:
    rows = session.execute(union_all(*(select(_nodes(page).subquery()) for page in pages))).all()
    counts = figures_for(session, [row.id for row in rows if row.has_children])
    nodes: dict[int, list[TreeNode]] = {page.parent: [] for page in pages}
    for row in sorted(rows, key=_place):
        count = counts[row.id].unions_sub if row.has_children else 0
        nodes[row.superior_id].append(TreeNode(row.id, row.name, count, row.has_children))
    return [Branch(page.parent, page.offset, page.total, nodes[page.parent]) for page in pages]


def _nodes(page: _Page) -> Select[Any]:
    child = aliased(Union)
    has_children = exists().where(col(child.superior_id) == Union.id).label("has_children")
    return (
        select(Union.superior_id, Union.id, Union.name, Union.is_above_base, has_children)
        .where(Union.superior_id == page.parent)
        .order_by(*_order(Union))
        .offset(page.offset)
        .limit(page.limit)
    )


def _place(row: Row[Any]) -> tuple[bool, int]:
    return not row.is_above_base, row.id

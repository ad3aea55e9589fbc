"""The direct subordinates (直属下级) of a union with their figures: filtered, sorted, in pages (手册 六)."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, Subquery, bindparam, case, cast, func, select
from sqlmodel import Session, col

from gdftu_app.models.unions import Union, UnionCategory
from gdftu_app.queries.pages import page_within
from gdftu_app.queries.union_counts import exact_counts
from gdftu_app.queries.unions import path_of, rate_of
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission

PAGE_SIZES = (20, 50, 100)
_CATEGORY_RANKS = {category.value: rank for rank, category in enumerate(UnionCategory)}


class SubordinateSort(StrEnum):
    """What the list of subordinates can be ordered by."""

    NAME, CATEGORY, SUBORDINATES, MEMBERS, VERIFIED, RATE = (
        "name",
        "category",
        "subordinates",
        "members",
        "verified",
        "rate",
    )


@dataclass(frozen=True, slots=True)
class SubordinateRow:
    """A direct subordinate; its figures include everything below it, `rate` is a fraction."""

    id: int
    name: str
    category: str
    status: str
    subordinates: int
    members: int
    verified: int
    rate: float | None


@dataclass(frozen=True, slots=True)
class SubordinateSum:
    """合计: the figures of all rows that the filter leaves, on whichever page they are."""

    subordinates: int
    members: int
    verified: int
    rate: float | None


@dataclass(frozen=True, slots=True)
class SubordinatePage:
    """One page of direct subordinates, counted from 1, out of `pages` (at least 1)."""

    rows: list[SubordinateRow]
    total: int
    page: int
    pages: int
    page_size: int
    sums: SubordinateSum


@requires(Permission.SUBORDINATES_VIEW)
def list_subordinates(
    session: Session,
    actor: Actor,
    *,
    union: int,
    sort: SubordinateSort = SubordinateSort.MEMBERS,
    descending: bool = True,
    page: int = 1,
    page_size: int = PAGE_SIZES[0],
    category: str = "",
    status: str = "",
) -> SubordinatePage:
    """The direct subordinates of a union, of one category and status when given; beyond the end, the last page.

    Names are ordered by their pinyin initials, categories from the province down; equal rows by name, then as they
    were founded. Unions without members come last in the order by rate. Raises NotFound.
    """
    path_of(session, actor, union)
    page_size = min(max(page_size, 1), PAGE_SIZES[-1])
    asked = {"superior": union} | {word: value for word, value in (("category", category), ("status", status)) if value}
    filters = frozenset(asked) - {"superior"}
    sums = session.execute(_sums(filters), asked).one()
    at = page_within(sums.total, page, page_size)
    rows = session.execute(
        _rows(filters, SubordinateSort(sort), descending), asked | {"skipped": at.offset, "shown": page_size}
    )
    return SubordinatePage(
        rows=[SubordinateRow(*row, rate=rate_of(row.verified, row.members)) for row in rows],
        total=sums.total,
        page=at.page,
        pages=at.pages,
        page_size=page_size,
        sums=SubordinateSum(sums.subordinates, sums.members, sums.verified, rate_of(sums.verified, sums.members)),
    )


@cache
def _sums(filters: frozenset[str]) -> Select[Any]:
    counts = _counts()
    return _direct(
        counts,
        filters,
        func.count().label("total"),
        _total(counts.c.subordinates).label("subordinates"),
        _total(counts.c.members).label("members"),
        _total(counts.c.verified).label("verified"),
    )


@cache
def _rows(filters: frozenset[str], sort: SubordinateSort, descending: bool) -> Select[Any]:
    counts = _counts()
    found = _direct(
        counts,
        filters,
        col(Union.id),
        col(Union.name),
        col(Union.category),
        col(Union.status),
        counts.c.subordinates,
        counts.c.members,
        counts.c.verified,
    )
    return found.order_by(*_order(counts, sort, descending)).offset(bindparam("skipped")).limit(bindparam("shown"))


def _counts() -> Subquery:
    direct = select(col(Union.id)).where(Union.superior_id == bindparam("superior"))
    return exact_counts(of=lambda number: number.in_(direct))


def _direct(counts: Subquery, filters: frozenset[str], *columns: ColumnElement[Any]) -> Select[Any]:
    found = (
        select(*columns)
        .join_from(Union, counts, counts.c.union_id == Union.id)
        .where(Union.superior_id == bindparam("superior"))
    )
    for word in sorted(filters):
        found = found.where(getattr(Union, word) == bindparam(word))
    return found


def _total(column: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(func.sum(column), 0)


def _order(counts: Subquery, sort: SubordinateSort, descending: bool) -> list[ColumnElement[Any]]:
    rate = cast(counts.c.verified, Float) / func.nullif(counts.c.members, 0)
    keys: dict[SubordinateSort, list[ColumnElement[Any]]] = {
        SubordinateSort.NAME: [],
        SubordinateSort.CATEGORY: [case(_CATEGORY_RANKS, value=Union.category)],
        SubordinateSort.SUBORDINATES: [counts.c.subordinates],
        SubordinateSort.MEMBERS: [counts.c.members],
        SubordinateSort.VERIFIED: [counts.c.verified],
        SubordinateSort.RATE: [rate],
    }
    by_name: list[ColumnElement[Any]] = [col(Union.initials), col(Union.name)]
    if sort is SubordinateSort.NAME and descending:
        by_name = [key.desc() for key in by_name]
    keyed = [(key.desc() if descending else key.asc()).nulls_last() for key in keys[sort]]
    return [*keyed, *by_name, col(Union.id)]

"""The direct subordinates (直属下级) of a union with their figures: filtered, sorted, in pages (手册 六)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Float, Row, Subquery, bindparam, case, cast, func, select
from sqlmodel import Session

from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union, UnionCategory
from gdftu_app.queries.union_counts import exact_counts
from gdftu_app.queries.unions import path_of, rate_of
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission

PAGE_SIZES = (20, 50, 100)

_UNIONS = table_of(Union)
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
    filters = {word: value for word, value in (("category", category), ("status", status)) if value}
    statement = _rows(frozenset(filters), SubordinateSort(sort), descending)
    asked = {"superior": union, "shown": min(max(page_size, 1), PAGE_SIZES[-1]), **filters}
    return _page(asked, *_shown(session, statement, asked, max(page, 1)))


def _shown(
    session: Session, statement: Rows, asked: dict[str, Any], page: int
) -> tuple[int, Sequence[Row[*tuple[Any, ...]]]]:
    """The page nearest to the one asked for, and its rows."""
    rows = run(session, statement, asked | {"skipped": (page - 1) * asked["shown"]}).all()
    if rows or page == 1:
        return page, rows
    _, first = _shown(session, statement, asked, 1)
    return _shown(session, statement, asked, _pages(first, asked)) if first else (1, first)


def _pages(rows: Sequence[Row[*tuple[Any, ...]]], asked: dict[str, Any]) -> int:
    return -(-rows[0].total // asked["shown"]) if rows else 1


def _page(asked: dict[str, Any], page: int, rows: Sequence[Row[*tuple[Any, ...]]]) -> SubordinatePage:
    total, subordinates, members, verified = rows[0][:4] if rows else (0, 0, 0, 0)
    return SubordinatePage(
        rows=[SubordinateRow(*row[4:], rate=rate_of(row.verified, row.members)) for row in rows],
        total=total,
        page=page,
        pages=_pages(rows, asked),
        page_size=asked["shown"],
        sums=SubordinateSum(subordinates, members, verified, rate_of(verified, members)),
    )


@cache
def _rows(filters: frozenset[str], sort: SubordinateSort, descending: bool) -> Rows:
    """Rows of the sums over all rows, then the row's own columns: one look at the direct subordinates gives all."""
    direct = _UNIONS.c.superior_id == bindparam("superior")

    def are_direct(number: ColumnElement[int]) -> ColumnElement[bool]:
        return number.in_(select(_UNIONS.c.id).where(direct))

    counts = exact_counts(of=are_direct)
    shown = (counts.c.subordinates, counts.c.members, counts.c.verified)
    return (
        select(
            func.count().over().label("total"),
            *(cast(func.sum(count).over(), BigInteger).label(f"all_{count.name}") for count in shown),
            *(_UNIONS.c[name] for name in ("id", "name", "category", "status")),
            *shown,
        )
        .join_from(_UNIONS, counts, counts.c.union_id == _UNIONS.c.id)
        .where(direct, *(_UNIONS.c[word] == bindparam(word) for word in sorted(filters)))
        .order_by(*_order(counts, sort, descending))
        .offset(bindparam("skipped"))
        .limit(bindparam("shown"))
    )


def _order(counts: Subquery, sort: SubordinateSort, descending: bool) -> list[ColumnElement[Any]]:
    keys: dict[SubordinateSort, ColumnElement[Any]] = {
        SubordinateSort.NAME: _UNIONS.c.initials,
        SubordinateSort.CATEGORY: case(_CATEGORY_RANKS, value=_UNIONS.c.category),
        SubordinateSort.SUBORDINATES: counts.c.subordinates,
        SubordinateSort.MEMBERS: counts.c.members,
        SubordinateSort.VERIFIED: counts.c.verified,
        SubordinateSort.RATE: cast(counts.c.verified, Float) / func.nullif(counts.c.members, 0),
    }
    key = keys[sort].desc() if descending else keys[sort].asc()
    return [key.nulls_last(), _UNIONS.c.initials, _UNIONS.c.name, _UNIONS.c.id]

"""Subordinate unions (下级工会管理, 手册 六): the tree, the list of the selected union, the search."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import reflex as rx
from pydantic import Field, StringConstraints

from gdftu_app.errors import NotFound
from gdftu_app.models.unions import UnionCategory, UnionStatus
from gdftu_app.queries.subordinate_views import ListOptions, SubordinatesView, view_subordinates
from gdftu_app.queries.subordinates import PAGE_SIZES, SubordinateRow, SubordinateSort
from gdftu_app.queries.union_details import get_union_details
from gdftu_app.queries.union_search import SearchHit
from gdftu_app.queries.union_tree import branch, trail
from gdftu_app.queries.unions import UnionRef
from gdftu_app.security.permissions import Permission
from gdftu_app.state.actions import action
from gdftu_app.state.figures import Figure, figures_of, percent, whole
from gdftu_app.state.union_details import DetailField, details_of
from gdftu_app.state.union_tree import UnionId, UnionTree

MAY_VIEW = Permission.SUBORDINATES_VIEW
LOW_RATE = 0.65
Keyword = Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)]


@dataclass
class UnionRow:
    """A union in the list or among the hits, figures written out; `path` names the superiors of a hit."""

    id: int
    name: str
    category: str
    status: str
    subordinates: str
    members: str
    verified: str
    rate: str
    rate_percent: float
    is_low: bool
    path: list[str]


def row_of(union: SubordinateRow | SearchHit) -> UnionRow:
    """A row as the table shows it."""
    rate = union.rate
    return UnionRow(
        id=union.id,
        name=union.name,
        category=union.category,
        status=union.status,
        subordinates=whole(union.subordinates) if union.subordinates else "—",
        members=whole(union.members),
        verified=whole(union.verified),
        rate="—" if rate is None else f"{percent(rate)}%",
        rate_percent=round((rate or 0) * 100, 1),
        is_low=rate is not None and rate < LOW_RATE,
        path=[superior.name for superior in union.path] if isinstance(union, SearchHit) else [],
    )


class SubordinatesState(UnionTree, rx.State):
    """下级工会管理."""

    name: rx.Field[str] = rx.field("")
    category: rx.Field[str] = rx.field("")
    path: rx.Field[list[UnionRef]] = rx.field(default_factory=list)
    figures: rx.Field[list[Figure]] = rx.field(default_factory=list)
    lists_subordinates: rx.Field[bool] = rx.field(True)
    rows: rx.Field[list[UnionRow]] = rx.field(default_factory=list)
    sums: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    total: rx.Field[int] = rx.field(0)
    page: rx.Field[int] = rx.field(1)
    pages: rx.Field[int] = rx.field(1)
    page_size: rx.Field[int] = rx.field(20)
    sort: rx.Field[str] = rx.field(SubordinateSort.MEMBERS.value)
    descending: rx.Field[bool] = rx.field(True)
    only_category: rx.Field[str] = rx.field("")
    only_status: rx.Field[str] = rx.field("")
    keyword: rx.Field[str] = rx.field("")
    search_round: rx.Field[int] = rx.field(0)
    hits: rx.Field[list[UnionRow]] = rx.field(default_factory=list)
    is_cut: rx.Field[bool] = rx.field(False)
    open_id: rx.Field[int] = rx.field(0)
    details: rx.Field[list[DetailField]] = rx.field(default_factory=list)
    own_details: rx.Field[list[DetailField]] = rx.field(default_factory=list)
    query: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)
    is_missing: rx.Field[bool] = rx.field(False)
    status: rx.Field[str] = rx.field("")
    may_care: rx.Field[bool] = rx.field(False)

    @action(MAY_VIEW)
    async def load(self):
        """Open the page as its address says: selected union, search, filters, order, page."""
        typed = self.keyword
        self._read_address(self.router.url.query_parameters)
        if self.keyword != typed:
            self.search_round += 1
        self.is_missing = False
        try:
            await self._show(union=self.selected or None, with_trail=True)
        except NotFound:
            self.is_missing, self.is_loaded = True, True

    @action(MAY_VIEW)
    async def select(self, union_id: UnionId):
        """A node of the tree: show its direct subordinates, and leave the search."""
        self._empty_search()
        await self._show(union=union_id)

    @action(MAY_VIEW)
    async def go_to(self, union_id: UnionId):
        """A union named elsewhere on the page: select it, and open the tree down to it."""
        self._empty_search()
        await self._show(union=union_id, with_trail=True)

    @action(MAY_VIEW)
    async def toggle_row(self, union_id: UnionId):
        """A row of the list: show its information under it, or close it again."""
        await self._toggle(union_id)

    @action(MAY_VIEW)
    async def open_hit(self, union_id: UnionId):
        """A search result: open its superiors in the tree, select it there, and show its information."""
        found = await self._ask(trail, union=union_id)
        self._open_to(found)
        await self._toggle(union_id)
        self._write_address()

    @action(MAY_VIEW)
    async def search(self, keyword: Keyword):
        """Find every union below the acting one by name, code or pinyin initials."""
        if keyword != self.keyword:
            self.keyword, self.page = keyword, 1
            await self._show(union=self.selected or None)

    @action(MAY_VIEW)
    async def leave_search(self):
        """清除搜索: back to the list of the selected union."""
        self._empty_search()
        await self._show(union=self.selected or None)

    @action(MAY_VIEW)
    async def sort_by(self, column: SubordinateSort):
        """Order the list by a column; the same column again turns it round."""
        is_same = column == self.sort
        self.descending = not self.descending if is_same else column is not SubordinateSort.NAME
        self.sort, self.page = column.value, 1
        await self._show(union=self.selected)

    @action(MAY_VIEW)
    async def turn_to(self, page: Annotated[int, Field(ge=1, le=1_000_000)]):
        """Another page of the list."""
        self.page = page
        await self._show(union=self.selected)

    @action(MAY_VIEW)
    async def choose_page_size(self, size: Literal["20", "50", "100"]):
        """Rows per page."""
        self.page_size, self.page = int(size), 1
        await self._show(union=self.selected)

    @action(MAY_VIEW)
    async def filter_by_category(self, category: str):
        """类型: one category, or all."""
        self.only_category, self.page = _one_of(category, list(UnionCategory), ""), 1
        await self._show(union=self.selected)

    @action(MAY_VIEW)
    async def filter_by_status(self, status: str):
        """状态: one status, or all."""
        self.only_status, self.page = _one_of(status, list(UnionStatus), ""), 1
        await self._show(union=self.selected)

    @action(MAY_VIEW)
    async def clear_filters(self):
        """清除筛选."""
        self.only_category, self.only_status, self.page = "", "", 1
        await self._show(union=self.selected)

    def _empty_search(self) -> None:
        self.keyword, self.page = "", 1
        self.search_round += 1

    async def _show(self, *, union: int | None, with_trail: bool = False) -> None:
        options = ListOptions(
            sort=SubordinateSort(self.sort),
            descending=self.descending,
            page=self.page,
            page_size=self.page_size,
            category=self.only_category,
            status=self.only_status,
        )
        view: SubordinatesView = await self._ask(
            view_subordinates, union=union, options=options, keyword=self.keyword, with_trail=with_trail
        )
        self._take(view)
        self.is_loaded = True
        self._write_address()

    def _take(self, view: SubordinatesView) -> None:
        head = view.head
        self.may_care, self.status = view.may_care, head.status
        self.selected, self.name, self.category = head.id, head.name, head.category
        self.path, self.figures = list(head.path[:-1]), figures_of(head)
        self.lists_subordinates = head.is_above_base
        self.own_details = details_of(view.details) if view.details else []
        self.open_id, self.details = 0, []
        if view.trail is not None and view.root is not None:
            self._plant(view.root)
            self._open_to(view.trail)
        if view.listed is not None:
            listed = view.listed
            self.rows, self.total = [row_of(row) for row in listed.rows], listed.total
            self.page, self.pages = listed.page, listed.pages
            self.sums = {
                "count": whole(listed.total),
                "subordinates": whole(listed.sums.subordinates),
                "members": whole(listed.sums.members),
                "verified": whole(listed.sums.verified),
                "rate": "—" if listed.sums.rate is None else f"{percent(listed.sums.rate)}%",
            }
        self.hits = [row_of(hit) for hit in view.found.hits] if view.found else []
        self.is_cut = view.found.is_cut if view.found else False

    async def _show_again(self, union: int, *others: int) -> None:
        """After something changed in the tree: a union, the tree down to it, and what is below it and some others."""
        self._empty_search()
        await self._show(union=union, with_trail=True)
        for parent in (union, *others):
            self._tell_of(await self._ask(branch, parent=parent))

    async def _toggle(self, union_id: int) -> None:
        if self.open_id == union_id:
            self.open_id, self.details = 0, []
            return
        self.details = details_of(await self._ask(get_union_details, union=union_id))
        self.open_id = union_id

    def _read_address(self, asked: Any) -> None:
        self.selected = _number(asked.get("union", ""), 0)
        self.keyword = asked.get("q", "").strip()[:60]
        self.only_category = _one_of(asked.get("type", ""), list(UnionCategory), "")
        self.only_status = _one_of(asked.get("status", ""), list(UnionStatus), "")
        self.sort = _one_of(asked.get("sort", ""), list(SubordinateSort), SubordinateSort.MEMBERS.value)
        self.descending = asked.get("dir", "") != "asc"
        self.page = max(_number(asked.get("page", ""), 1), 1)
        self.page_size = _one_of(_number(asked.get("size", ""), 20), PAGE_SIZES, 20)

    def _write_address(self) -> None:
        asked = {
            "union": self.selected if self.selected != self.root.get("id") else "",
            "q": self.keyword,
            "type": self.only_category,
            "status": self.only_status,
            "sort": self.sort if self.sort != SubordinateSort.MEMBERS else "",
            "dir": "" if self.descending else "asc",
            "page": self.page if self.page > 1 else "",
            "size": self.page_size if self.page_size != PAGE_SIZES[0] else "",
        }
        self.query = urlencode({name: value for name, value in asked.items() if value})


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _one_of(value: Any, known: Any, otherwise: Any) -> Any:
    return value if value in known else otherwise

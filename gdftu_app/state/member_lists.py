"""A list of members on screen: filters, order, pages; everything but a typed number stands in the address."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal, TypeVar
from urllib.parse import urlencode

import reflex as rx
from pydantic import Field, StringConstraints

from gdftu_app.errors import NotFound
from gdftu_app.models.codes import EDUCATION_LEVELS, OCCUPATION_GROUPS
from gdftu_app.queries.member_filters import MemberFilter, MemberSort, Place, tidy_name
from gdftu_app.queries.member_numbers import NoWholeNumber, is_number, masked_number
from gdftu_app.queries.member_views import MembersView, view_members
from gdftu_app.queries.members import PAGE_SIZES, MemberPage, PageAsked, find_members_by_number
from gdftu_app.security.permissions import Permission
from gdftu_app.state.actions import action
from gdftu_app.state.member_rows import SEXES, STATUSES, ListedMember, listed
from gdftu_app.state.union_tree import UnionId, UnionTree

MAY_VIEW = Permission.MEMBERS_VIEW
MemberId = Annotated[int, Field(ge=1, lt=2**63)]
Keyword = Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)]
Day = Annotated[str, StringConstraints(max_length=10, pattern=r"^(\d{4}-\d{2}-\d{2})?$")]
YES_NO = {"yes": True, "no": False}
# What each filter can be set to; everything else stands for all.
CHOICES: dict[str, tuple[str, ...]] = {
    "status": tuple(STATUSES),
    "sex": tuple(SEXES),
    "verified": tuple(YES_NO),
    "migrant": tuple(YES_NO),
    "occupation": OCCUPATION_GROUPS.codes,
    "education": EDUCATION_LEVELS.codes,
}
FilterName = Literal["status", "sex", "verified", "migrant", "occupation", "education"]
Value = TypeVar("Value")


class MemberList(UnionTree, rx.State, mixin=True):
    """Members of the selected union, page by page. `begins` is the place that the page on screen begins behind."""

    # Whether the unions below can be listed too, and are unless something else is chosen.
    looks_below: ClassVar[bool] = True

    union_name: rx.Field[str] = rx.field("")
    has_tree: rx.Field[bool] = rx.field(False)
    below: rx.Field[bool] = rx.field(True)
    rows: rx.Field[list[ListedMember]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(-1)
    page: rx.Field[int] = rx.field(1)
    pages: rx.Field[int] = rx.field(0)
    page_size: rx.Field[int] = rx.field(PAGE_SIZES[0])
    has_before: rx.Field[bool] = rx.field(False)
    has_after: rx.Field[bool] = rx.field(False)
    begins: rx.Field[str] = rx.field("")
    sort: rx.Field[str] = rx.field(MemberSort.NEWEST.value)
    filters: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    first_day: rx.Field[str] = rx.field("")
    last_day: rx.Field[str] = rx.field("")
    name: rx.Field[str] = rx.field("")
    number: rx.Field[str] = rx.field("")
    is_number_incomplete: rx.Field[bool] = rx.field(False)
    filter_round: rx.Field[int] = rx.field(0)
    query: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)
    is_missing: rx.Field[bool] = rx.field(False)
    _before: str = ""
    _after: str = ""

    @action(MAY_VIEW)
    async def load(self):
        """Open the list as its address says."""
        await self._open(self.router.url.query_parameters)

    @action(MAY_VIEW)
    async def select(self, union_id: UnionId):
        """A node of the tree: the members of this union, or of its branch."""
        self.selected = union_id
        await self._begin_again()

    @action(MAY_VIEW)
    async def look_below(self, below: bool):
        """本级及以下, or the union's own members alone."""
        self.below = below and self.looks_below
        await self._begin_again()

    @action(MAY_VIEW)
    async def search(self, keyword: Keyword):
        """A name, or its beginning; or a whole phone or document number, of which only the masked form is kept."""
        self.number, self.is_number_incomplete = "", False
        if not is_number(keyword):
            self.name = tidy_name(keyword)
            await self._begin_again()
            return
        try:
            found = await self._ask(find_members_by_number, number=keyword)
        except NoWholeNumber:
            self.is_number_incomplete = True
            return
        self.name, self.number = "", masked_number(keyword)
        self._take(found)
        self.page, self.begins = 1, ""

    @action(MAY_VIEW)
    async def filter_by(self, name: FilterName, value: Annotated[str, StringConstraints(max_length=30)]):
        """One of the filters: a value of it, or anything else for all."""
        self.filters = {key: kept for key, kept in self.filters.items() if key != name}
        if value in CHOICES[name]:
            self.filters = self.filters | {name: value}
        await self._begin_again()

    @action(MAY_VIEW)
    async def filter_from(self, first: Day):
        """入会时间 from a day on, inclusive."""
        self.first_day = _iso(first)
        await self._begin_again()

    @action(MAY_VIEW)
    async def filter_until(self, last: Day):
        """入会时间 up to a day, inclusive."""
        self.last_day = _iso(last)
        await self._begin_again()

    @action(MAY_VIEW)
    async def clear_filters(self):
        """清除筛选."""
        self.filters, self.first_day, self.last_day = {}, "", ""
        self.name, self.number, self.is_number_incomplete = "", "", False
        self.filter_round += 1
        await self._begin_again()

    @action(MAY_VIEW)
    async def sort_by(self, column: Literal["joined_on", "name"]):
        """入会时间 or 姓名; 入会时间 once more turns it round."""
        if column == "name":
            self.sort = MemberSort.NAME.value
        else:
            self.sort = (MemberSort.OLDEST if self.sort == MemberSort.NEWEST else MemberSort.NEWEST).value
        await self._begin_again()

    @action(MAY_VIEW)
    async def turn(self, to: Literal["first", "before", "after"]):
        """The first page, the page before, or the page after."""
        if to == "first":
            await self._begin_again()
        elif to == "before" and self._before:
            self.page = max(self.page - 1, 1)
            await self._show(place=self._before, backwards=True)
        elif to == "after" and self._after:
            self.page += 1
            await self._show(place=self._after)

    @action(MAY_VIEW)
    async def choose_page_size(self, size: Literal["20", "50", "100"]):
        """Rows per page."""
        self.page_size = int(size)
        await self._begin_again()

    async def _open(self, asked: Any) -> None:
        before = self._typed()
        self._read_address(asked)
        if self._typed() != before:
            self.filter_round += 1
        self.is_missing = False
        try:
            await self._show(with_trail=True)
        except NotFound:
            self.is_missing, self.is_loaded = True, True

    def _typed(self) -> tuple[str, ...]:
        """What the fields that are typed into begin with."""
        return self.name, self.number, self.first_day, self.last_day

    async def _begin_again(self) -> None:
        if self.number:
            # No longer what is listed: it must not stand in the search either.
            self.filter_round += 1
        self.page, self.number, self.is_number_incomplete = 1, "", False
        await self._show(place="")

    async def _show(self, *, place: str | None = None, backwards: bool = False, with_trail: bool = False) -> None:
        if place is not None:
            self.begins = place
        sort = self._sort()
        after = Place.of(self.begins, by_name=sort is MemberSort.NAME)
        if after is None:
            self.begins, self.page = "", 1
        view: MembersView = await self._ask(
            view_members,
            union=self.selected or None,
            below=self.below and self.looks_below,
            wanted=self._wanted(),
            sort=sort,
            page=PageAsked(self.page_size, after, backwards),
            with_trail=with_trail,
        )
        self.selected, self.union_name, self.has_tree = view.union.id, view.union.name, view.has_tree
        if view.trail is not None and view.root is not None:
            self._plant(view.root)
            self._open_to(view.trail)
        self._take(view.page)
        if backwards:
            self._begin_where_it_shows(view.page, sort)
        self._write_address()
        self.is_loaded = True

    def _begin_where_it_shows(self, page: MemberPage, sort: MemberSort) -> None:
        """After turning back: the first page begins at the beginning, any other behind the row before its first.

        The address keeps the place of the first row, whose page is asked for as the one that begins just before it.
        """
        if page.before is None:
            self.begins, self.page = "", 1
            return
        first = page.rows[0]
        key = first.name if sort is MemberSort.NAME else first.joined_on.isoformat()
        # The id next to the first row's, on the side the page comes from: nothing stands between the two.
        self.begins = str(Place(key, first.id + (1 if sort is MemberSort.NEWEST else -1)))

    def _take(self, page: MemberPage) -> None:
        self.rows = [listed(row) for row in page.rows]
        self.total = -1 if page.total is None else page.total
        self.pages = max(-(-self.total // self.page_size), 1) if self.total >= 0 else 0
        self._before, self._after = str(page.before or ""), str(page.after or "")
        self.has_before, self.has_after = bool(self._before), bool(self._after)

    def _sort(self) -> MemberSort:
        """Names are found in the order of names."""
        return MemberSort.NAME if self.name else MemberSort(self.sort)

    def _wanted(self) -> MemberFilter:
        chosen = self.filters
        return MemberFilter(
            status=STATUSES[chosen.get("status", "current")],
            sex=SEXES.get(chosen.get("sex", "")),
            verified=YES_NO.get(chosen.get("verified", "")),
            is_migrant=YES_NO.get(chosen.get("migrant", "")),
            joined_from=date.fromisoformat(self.first_day) if self.first_day else None,
            joined_to=date.fromisoformat(self.last_day) if self.last_day else None,
            occupation=chosen.get("occupation", ""),
            education=chosen.get("education", ""),
            name=self.name,
        )

    def _read_address(self, asked: Any) -> None:
        self.selected = _number(asked.get("union", ""), 0) if self.looks_below else 0
        self.below = self.looks_below and asked.get("own", "") != "1"
        named = {name: asked.get(name, "") for name in CHOICES}
        self.filters = {name: value for name, value in named.items() if value in CHOICES[name]}
        self.first_day, self.last_day = _iso(asked.get("from", "")), _iso(asked.get("to", ""))
        name = tidy_name(asked.get("q", ""))
        self.name, self.number, self.is_number_incomplete = "" if is_number(name) else name, "", False
        self.sort = _one_of(asked.get("sort", ""), [sort.value for sort in MemberSort], MemberSort.NEWEST.value)
        self.begins = asked.get("after", "")[:250]
        self.page = max(_number(asked.get("page", ""), 1), 1)
        self.page_size = _one_of(_number(asked.get("size", ""), PAGE_SIZES[0]), list(PAGE_SIZES), PAGE_SIZES[0])

    def _write_address(self) -> None:
        asked = {
            "union": self.selected if self.has_tree and self.selected != self.root.get("id") else "",
            "own": "" if self.below or not self.looks_below else "1",
            **self.filters,
            "from": self.first_day,
            "to": self.last_day,
            "q": self.name,
            "sort": self.sort if self.sort != MemberSort.NEWEST else "",
            "after": self.begins,
            "page": self.page if self.page > 1 else "",
            "size": self.page_size if self.page_size != PAGE_SIZES[0] else "",
        }
        self.query = urlencode({name: value for name, value in asked.items() if value})


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _one_of(value: Value, known: list[Value], otherwise: Value) -> Value:
    return value if value in known else otherwise


def _iso(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if len(text) == 10 else ""
    except ValueError:
        return ""

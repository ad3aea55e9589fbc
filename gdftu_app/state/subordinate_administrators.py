"""Administrators of subordinate unions (下级工会权限设置, 手册 十): the tree, and the list of the selected union."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

import reflex as rx
from pydantic import StringConstraints

from gdftu_app.errors import NotFound
from gdftu_app.queries.administrators import AdministratorsBelow, view_administrators_below
from gdftu_app.queries.unions import UnionRef
from gdftu_app.security.permissions import Permission
from gdftu_app.services.administrators import Appointed, appoint_below, change_below, dismiss_below
from gdftu_app.state.actions import action
from gdftu_app.state.administrator_pages import CURRENT, REMOVED, AdministratorsPage
from gdftu_app.state.union_tree import UnionId, UnionTree

MAY = Permission.SUBORDINATE_ADMINISTRATORS_MANAGE
Keyword = Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)]
LONGEST_NUMBER = 9


@dataclass
class FoundUnion:
    """A union that the search found; `path` names its superiors."""

    id: int
    name: str
    category: str
    path: list[str]


class SubordinateAdministratorsState(AdministratorsPage, UnionTree, rx.State):
    """下级工会权限设置."""

    name: rx.Field[str] = rx.field("")
    category: rx.Field[str] = rx.field("")
    path: rx.Field[list[UnionRef]] = rx.field(default_factory=list)
    is_own: rx.Field[bool] = rx.field(True)
    keyword: rx.Field[str] = rx.field("")
    search_round: rx.Field[int] = rx.field(0)
    hits: rx.Field[list[FoundUnion]] = rx.field(default_factory=list)
    is_cut: rx.Field[bool] = rx.field(False)
    is_missing: rx.Field[bool] = rx.field(False)

    @action(MAY)
    async def load(self):
        """Open the page as its address says: the selected union, and which of its lists."""
        asked: Any = self.router.url.query_parameters
        self._close()
        self.selected = _number(asked.get("union", ""))
        self.tab, self.page = REMOVED if asked.get("tab", "") == REMOVED else CURRENT, 1
        self._empty_search()
        self.is_missing = False
        try:
            await self._show(with_trail=True)
        except NotFound:
            self.is_missing, self.is_loaded = True, True

    @action(MAY)
    async def select(self, union_id: UnionId):
        """A node of the tree: show the administrators of that union."""
        await self._go_to(union_id)

    @action(MAY)
    async def go_to(self, union_id: UnionId):
        """A union named elsewhere on the page: select it, and open the tree down to it."""
        await self._go_to(union_id, with_trail=True)

    @action(MAY)
    async def search(self, keyword: Keyword):
        """Find a union below the acting one by name, code or pinyin initials."""
        if keyword != self.keyword:
            self.keyword = keyword
            await self._show()

    @action(MAY)
    async def leave_search(self):
        """清除搜索: back to the selected union."""
        self._empty_search()
        await self._show()

    async def _go_to(self, union_id: int, *, with_trail: bool = False) -> None:
        kept = self.selected
        self._empty_search()
        self.selected, self.page = union_id, 1
        try:
            await self._show(with_trail=with_trail)
        except NotFound:
            self.selected = kept
            raise

    def _empty_search(self) -> None:
        self.keyword = ""
        self.search_round += 1

    async def _show(self, *, with_trail: bool = False) -> None:
        view: AdministratorsBelow = await self._ask(
            view_administrators_below,
            union=self.selected or None,
            dismissed=self.tab == REMOVED,
            page=self.page,
            keyword=self.keyword,
            with_trail=with_trail,
        )
        self._close()
        self.selected, self.name, self.category = view.union.id, view.union.name, view.category
        self.path, self.is_own = list(view.path), not view.path
        if view.trail is not None and view.root is not None:
            self._plant(view.root)
            self._open_to(view.trail)
        if view.listed is not None:
            self._take(view.listed)
        elif self.is_own:
            self.rows, self.offered, self.grantable, self.grantable_roles = [], [], [], []
        self.hits = (
            [FoundUnion(hit.id, hit.name, hit.category, [above.name for above in hit.path]) for hit in view.found.hits]
            if view.found
            else []
        )
        self.is_cut = view.found.is_cut if view.found else False
        self.is_loaded = True
        self._write_address()

    async def _appoint(self, **asked: Any) -> Appointed:
        return await self._ask(appoint_below, union=self.selected, **asked)

    async def _change(self, **asked: Any) -> None:
        await self._ask(change_below, **asked)

    async def _dismiss(self, **asked: Any) -> None:
        await self._ask(dismiss_below, **asked)

    def _write_address(self) -> None:
        asked = {
            "union": "" if self.is_own else self.selected,
            "tab": REMOVED if self.tab == REMOVED else "",
        }
        self.query = urlencode({name: value for name, value in asked.items() if value})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0

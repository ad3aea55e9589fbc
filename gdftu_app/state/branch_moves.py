"""移动下级工会: to which superior, and a preview of what that changes."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from gdftu_app.errors import InvalidInput, NotFound, Refusal, SignedOut
from gdftu_app.i18n import msg
from gdftu_app.models.unions import BELOW_BASE, NOT_ABOVE_BASE, UnionCategory, UnionStatus
from gdftu_app.queries.union_search import SearchPage, search_unions
from gdftu_app.queries.unions import UnionHead, get_union
from gdftu_app.security.permissions import Permission
from gdftu_app.services.branch_moves import MovePreview, move_below, preview_move
from gdftu_app.state.actions import action
from gdftu_app.state.asking import Asking
from gdftu_app.state.dates import Texts
from gdftu_app.state.figures import whole
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.subordinates import Keyword, SubordinatesState
from gdftu_app.state.union_tree import UnionId

PATH_JOINT = " › "


@dataclass
class Place:
    """A union that another may be moved below; `path` names those above it."""

    id: int
    name: str
    path: str


class UnionMoveState(Asking, rx.State):
    """移动下级工会."""

    union_id: rx.Field[int] = rx.field(0)
    name: rx.Field[str] = rx.field("")
    keyword: rx.Field[str] = rx.field("")
    search_round: rx.Field[int] = rx.field(0)
    hits: rx.Field[list[Place]] = rx.field(default_factory=list)
    superior_id: rx.Field[int] = rx.field(0)
    before: rx.Field[str] = rx.field("")
    after: rx.Field[str] = rx.field("")
    unions: rx.Field[str] = rx.field("")
    members: rx.Field[str] = rx.field("")
    waits: rx.Field[bool] = rx.field(False)
    problem: rx.Field[Texts] = rx.field(default_factory=dict)
    _category: str = ""
    _topmost: Place = Place(0, "", "")
    _version: int = 0
    _left: int = 0

    @action(Permission.UNIONS_EDIT)
    async def begin(self, union_id: UnionId):
        """移动…: which union is it."""
        head: UnionHead = await self._ask(get_union, union=union_id)
        if len(head.path) < 2 or head.status == UnionStatus.DISSOLVED:
            raise NotFound
        self._forget()
        self.union_id, self.name, self._category = head.id, head.name, head.category
        self.before, self._left = head.path[-2].name, head.path[-2].id
        self._topmost = Place(head.path[0].id, head.path[0].name, "")
        self.hits = self._own_union("")
        self.search_round += 1

    @action(Permission.UNIONS_EDIT)
    async def search(self, keyword: Keyword):
        """Superiors by name, code or pinyin initials, within reach."""
        if not self.union_id:
            return
        found: SearchPage = await self._ask(search_unions, keyword=keyword)
        self.keyword, self.superior_id, self.problem = keyword, 0, {}
        below = [
            Place(hit.id, hit.name, PATH_JOINT.join(superior.name for superior in hit.path))
            for hit in found.hits
            if self._may_be_above(hit.category) and hit.status != UnionStatus.DISSOLVED and hit.id != self.union_id
        ]
        self.hits = [*self._own_union(keyword), *below]

    @action(Permission.UNIONS_EDIT)
    async def choose(self, superior_id: UnionId):
        """A new superior: what the move would change."""
        if not self.union_id:
            return
        self.superior_id, self.problem = 0, {}
        preview: MovePreview = await self._ask(preview_move, union=self.union_id, superior=superior_id)
        self.superior_id, self._version, self._left = superior_id, preview.version, preview.before.id
        self.before, self.after = preview.before.name, preview.after.name
        self.unions, self.members = whole(preview.unions), whole(preview.members)
        self.waits = preview.waits

    @action(Permission.UNIONS_EDIT)
    async def move(self):
        """移动, once the preview was seen; sent twice, it happens once."""
        if not (self.union_id and self.superior_id):
            return
        await self._ask(move_below, union=self.union_id, superior=self.superior_id, version=self._version)
        moved, name, superior, left = self.union_id, self.name, self.after, self._left
        self._forget()
        await self._notify(msg("「{union}」已移到「{superior}」之下。"), union=name, superior=superior)
        screen = await self.get_state(SubordinatesState)
        await screen._show_again(moved, left)

    @action(Permission.UNIONS_EDIT)
    async def close(self, is_open: bool):
        """取消."""
        if not is_open:
            self._forget()

    async def _refuse(self, refusal: Refusal) -> Any:
        """Why a superior is not possible is told in the dialog."""
        if not self.union_id or isinstance(refusal, NotFound | SignedOut):
            return await super()._refuse(refusal)
        if isinstance(refusal, InvalidInput) and not refusal.field:
            return await super()._refuse(refusal)
        self.superior_id, self.problem = 0, in_every_language(refusal.message, **refusal.values)
        return None

    def _may_be_above(self, category: str) -> bool:
        """Whether a union of a category could be above this one at all: base unions have branches and teams only."""
        is_above_base = category not in NOT_ABOVE_BASE
        return is_above_base is (UnionCategory(self._category) not in BELOW_BASE) and category not in BELOW_BASE

    def _own_union(self, keyword: str) -> list[Place]:
        """The acting union, which no search finds, where it could be the superior."""
        is_possible = self._left != self._topmost.id and UnionCategory(self._category) not in BELOW_BASE
        return [self._topmost] if is_possible and keyword in self._topmost.name else []

    def _forget(self) -> None:
        self.union_id, self.name, self.keyword, self.hits, self.superior_id = 0, "", "", [], 0
        self.before, self.after, self.unions, self.members, self.waits = "", "", "", "", False
        self.problem, self._version, self._left = {}, 0, 0

"""The union tree on screen: the browser keeps what it was told, the state only the latest answer (组织树)."""

from dataclasses import asdict
from typing import Annotated, Any

from pydantic import Field

from gdftu_app.errors import NotFound
from gdftu_app.queries.union_tree import Branch, Trail, branch
from gdftu_app.queries.unions import UnionHead
from gdftu_app.security.permissions import Permission
from gdftu_app.state.actions import action
from gdftu_app.state.asking import Asking

UnionId = Annotated[int, Field(ge=1, lt=2**31)]


class UnionTree(Asking, mixin=True):
    """A tree of the acting union and all below it; `answer` is what `components.tree` documents."""

    root: dict[str, Any] = {}
    answer: dict[str, Any] = {}
    selected: int = 0
    collapse_seq: int = 0
    _answers: int = 0

    @action(Permission.SUBORDINATES_VIEW)
    async def load_branch(self, parent: UnionId, offset: Annotated[int, Field(ge=0, le=1_000_000)]):
        """One page of a union's children, asked for by the tree as it opens."""
        try:
            found = asdict(await self._ask(branch, parent=parent, offset=offset))
        except NotFound:
            found = {"parent": parent, "offset": 0, "total": 0, "nodes": []}
        self._answer([found])

    @action(Permission.SUBORDINATES_VIEW)
    async def collapse_all(self):
        """全部收起."""
        self.collapse_seq += 1

    def _plant(self, head: UnionHead) -> None:
        self.root = {
            "id": head.id,
            "name": head.name,
            "count": head.subordinates,
            "has_children": head.subordinates > 0,
        }

    def _open_to(self, trail: Trail) -> None:
        self.selected = trail.path[-1].id
        self._answer([asdict(found) for found in trail.branches], reveal=self.selected)

    def _tell_of(self, found: Branch) -> None:
        """Tell the tree of another branch, along with what it is told already."""
        told = self.answer
        self._answer([*told["branches"], asdict(found)], reveal=told["reveal"])

    def _answer(self, branches: list[dict[str, Any]], reveal: int | None = None) -> None:
        self._answers += 1
        self.answer = {"seq": self._answers, "branches": branches, "reveal": reveal}

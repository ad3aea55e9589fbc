"""撤销下级工会: what stands in the way, and the name typed as confirmation."""

from typing import Annotated, Any

import reflex as rx
from pydantic import StringConstraints

from gdftu_app.errors import InvalidInput, NotFound, Refusal, SignedOut
from gdftu_app.i18n import msg
from gdftu_app.security.permissions import Permission
from gdftu_app.services.dissolutions import DissolutionPreview, dissolve_below, preview_dissolution
from gdftu_app.state.actions import action
from gdftu_app.state.asking import Asking
from gdftu_app.state.dates import Texts
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.subordinates import SubordinatesState
from gdftu_app.state.union_tree import UnionId

TypedName = Annotated[str, StringConstraints(max_length=400)]


class DissolutionState(Asking, rx.State):
    """撤销下级工会."""

    union_id: rx.Field[int] = rx.field(0)
    name: rx.Field[str] = rx.field("")
    subordinates: rx.Field[int] = rx.field(0)
    members: rx.Field[int] = rx.field(0)
    registrations: rx.Field[int] = rx.field(0)
    superior: rx.Field[str] = rx.field("")
    waits: rx.Field[bool] = rx.field(False)
    is_possible: rx.Field[bool] = rx.field(False)
    is_typed: rx.Field[bool] = rx.field(False)
    problem: rx.Field[Texts] = rx.field(default_factory=dict)

    @action(Permission.UNIONS_EDIT)
    async def begin(self, union_id: UnionId):
        """撤销…: what stands in the way."""
        found: DissolutionPreview = await self._ask(preview_dissolution, union=union_id)
        self._forget()
        self.union_id, self.name, self.waits = found.union.id, found.union.name, found.waits
        self.subordinates, self.members, self.registrations = found.subordinates, found.members, found.registrations
        self.superior, self.is_possible = found.superior.name, not (found.subordinates or found.members)

    @action(Permission.UNIONS_EDIT)
    async def type_name(self, typed_name: TypedName):
        """The name as confirmation: until it matches there is nothing to press."""
        self.is_typed, self.problem = bool(self.name) and typed_name.strip() == self.name, {}

    @action(Permission.UNIONS_EDIT)
    async def dissolve(self, typed_name: TypedName):
        """撤销; sent twice, it happens once."""
        if not self.union_id:
            return
        await self._ask(dissolve_below, union=self.union_id, typed_name=typed_name)
        name = self.name
        self._forget()
        await self._notify(msg("「{union}」已撤销。"), union=name)
        screen = await self.get_state(SubordinatesState)
        await screen._show_again(screen.selected)

    @action(Permission.UNIONS_EDIT)
    async def close(self, is_open: bool):
        """取消."""
        if not is_open:
            self._forget()

    async def _refuse(self, refusal: Refusal) -> Any:
        """Why it is not possible is told in the dialog."""
        if not self.union_id or isinstance(refusal, NotFound | SignedOut):
            return await super()._refuse(refusal)
        if isinstance(refusal, InvalidInput) and not refusal.field:
            return await super()._refuse(refusal)
        self.problem = in_every_language(refusal.message, **refusal.values)
        return None

    def _forget(self) -> None:
        self.union_id, self.name, self.is_possible, self.is_typed, self.problem = 0, "", False, False, {}
        self.subordinates, self.members, self.registrations, self.superior, self.waits = 0, 0, 0, "", False

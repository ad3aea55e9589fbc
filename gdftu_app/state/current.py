"""The current user and the selected union: what every page of the console shares."""

from typing import Annotated

import reflex as rx
from pydantic import Field

from gdftu_app.queries.endings import is_dissolved
from gdftu_app.queries.entrances import Entrance, find_entrance
from gdftu_app.services.entrances import enter
from gdftu_app.state.actions import account_action, public_action
from gdftu_app.state.asking import Asking
from gdftu_app.state.preferences import PreferencesState


class CurrentUser(Asking, rx.State):
    """当前账号: who is signed in."""

    name: rx.Field[str] = rx.field("")
    signed_out: rx.Field[bool] = rx.field(False)

    @public_action
    async def stay(self):
        """留在本页: look at what was typed once more; whatever is asked next says again that the session is over."""
        self.signed_out = False


class CurrentUnion(Asking, rx.State):
    """当前工会: the union acted for in this window, and what may be done there.

    The choice belongs to the window, so that two windows can act for two unions; it counts for nothing by itself:
    the grant behind it is read again at each event.
    """

    name: rx.Field[str] = rx.field("")
    category: rx.Field[str] = rx.field("")
    role: rx.Field[str] = rx.field("")
    features: rx.Field[list[str]] = rx.field(default_factory=list)
    manages_several: rx.Field[bool] = rx.field(False)
    has_ended: rx.Field[bool] = rx.field(False)
    is_dissolved: rx.Field[bool] = rx.field(False)
    _acting_id: int | None = None

    @account_action
    async def arrive(self):
        """On every page of the console: resume the union of this window, or the last one, or go and choose."""
        preferences = await self.get_state(PreferencesState)
        await preferences._load()
        entrance = await self._ask_as_account(find_entrance, union_id=self._acting_id)
        if self._acting_id is not None and (entrance is None or entrance.union_id != self._acting_id):
            # Nobody is led into another union unawares.
            await self._end()
            return None
        if entrance is None:
            self._acting_id = None
            return rx.redirect("/unions/")
        await self._take(entrance)

    @account_action
    async def enter_union(self, union_id: Annotated[int, Field(ge=1, lt=2**31)]):
        """选择工会: act for a union from now on, in this window."""
        await self._take(await self._ask_as_account(enter, union_id=union_id))
        return rx.redirect("/overview/")

    async def _end(self) -> None:
        """Nobody acts for this union any more in this window; whether it is still there is told as well."""
        # Asked as nobody, for this is no sign of life of whoever sits there.
        if not self.has_ended and await self._ask_as_visitor(is_dissolved, union_id=self._acting_id):
            self.is_dissolved = True
        self.has_ended = True

    async def _take(self, entrance: Entrance) -> None:
        user = await self.get_state(CurrentUser)
        user.name, user.signed_out = entrance.account_name, False
        self._acting_id, self.has_ended, self.is_dissolved = entrance.union_id, False, False
        self.name, self.category, self.role = entrance.union_name, entrance.category, entrance.role
        self.features, self.manages_several = list(entrance.features), entrance.manages_several

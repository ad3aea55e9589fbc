"""Administrators of the acting union (本级工会权限设置, 手册 九)."""

from typing import Any
from urllib.parse import urlencode

import reflex as rx

from gdftu_app.errors import Refusal
from gdftu_app.queries.administrators import list_administrators
from gdftu_app.security.permissions import Permission
from gdftu_app.services.administrators import Appointed, appoint, change, dismiss, resign
from gdftu_app.state.actions import action
from gdftu_app.state.administrator_pages import CURRENT, REMOVED, RESIGNING, AdministratorId, AdministratorsPage
from gdftu_app.state.current import CurrentUnion


class AdministratorsState(AdministratorsPage, rx.State):
    """本级工会权限设置."""

    @action(Permission.ADMINISTRATORS_MANAGE)
    async def load(self):
        """Open the page as its address says: those who administer the union, or those who did (`tab=removed`)."""
        asked: Any = self.router.url.query_parameters
        self._close()
        self.tab, self.page = REMOVED if asked.get("tab", "") == REMOVED else CURRENT, 1
        await self._show()

    @action(Permission.ADMINISTRATORS_MANAGE)
    async def open_resignation(self, administrator_id: AdministratorId):
        """退出管理."""
        self._open(RESIGNING, self._listed(administrator_id, lambda row: row.is_self))

    @action(Permission.ADMINISTRATORS_MANAGE)
    async def resign(self, administrator_id: AdministratorId):
        """退出管理, once it was confirmed: the own grant, after which there is no way but out of the union."""
        try:
            await self._ask(resign, administrator_id=administrator_id)
        except Refusal as refusal:
            await self._leave(refusal)
            return
        self._close()
        union = await self.get_state(CurrentUnion)
        union.has_ended = True

    async def _show(self) -> None:
        self._take(await self._ask(list_administrators, dismissed=self.tab == REMOVED, page=self.page))
        self.query = urlencode({"tab": REMOVED} if self.tab == REMOVED else {})
        self.is_loaded = True

    async def _appoint(self, **asked: Any) -> Appointed:
        return await self._ask(appoint, **asked)

    async def _change(self, **asked: Any) -> None:
        await self._ask(change, **asked)

    async def _dismiss(self, **asked: Any) -> None:
        await self._ask(dismiss, **asked)

"""Choosing a union (选择工会, 手册 一.3)."""

from typing import Annotated

import reflex as rx
from pydantic import StringConstraints

from gdftu_app.queries.accounts import ManagedUnion, managed_unions
from gdftu_app.queries.endings import endings_of
from gdftu_app.queries.entrances import Welcome, welcome_of
from gdftu_app.queries.registrations import is_applicant
from gdftu_app.state.actions import account_action
from gdftu_app.state.asking import Asking
from gdftu_app.state.bell import ToldRow, told_row
from gdftu_app.state.current import CurrentUnion, CurrentUser
from gdftu_app.state.preferences import PreferencesState

SHOWN_AT_MOST = 50


class UnionChooserState(Asking, rx.State):
    """The unions an account manages, the last one entered first."""

    unions: rx.Field[list[ManagedUnion]] = rx.field(default_factory=list)
    managed: rx.Field[int] = rx.field(0)
    endings: rx.Field[list[ToldRow]] = rx.field(default_factory=list)
    keyword: rx.Field[str] = rx.field("")
    is_applicant: rx.Field[bool] = rx.field(False)
    is_loaded: rx.Field[bool] = rx.field(False)

    @account_action
    async def load(self):
        """Show the unions to choose from; the only one is entered directly, and who only applies sees how that goes."""
        preferences = await self.get_state(PreferencesState)
        await preferences._load()
        welcome: Welcome = await self._ask_as_account(welcome_of)
        user = await self.get_state(CurrentUser)
        user.name, user.signed_out = welcome.account_name, False
        if not welcome.is_verified:
            return rx.redirect("/verify/")
        self.managed, self.keyword = welcome.managed, ""
        if welcome.only_union_id is not None:
            return CurrentUnion.enter_union(welcome.only_union_id)
        self.is_applicant = await self._ask_as_account(is_applicant)
        if self.is_applicant and not self.managed:
            return rx.redirect("/registrations/")
        self.endings = [] if self.managed else [told_row(told) for told in await self._ask_as_account(endings_of)]
        await self._show()
        self.is_loaded = True

    @account_action
    async def search(self, keyword: Annotated[str, StringConstraints(max_length=60)]):
        """By name, code or pinyin initials."""
        self.keyword = keyword
        await self._show()

    async def _show(self) -> None:
        found = await self._ask_as_account(managed_unions, keyword=self.keyword, limit=SHOWN_AT_MOST)
        self.unions = list(found)

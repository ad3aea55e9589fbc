"""导出会员: the list on screen, as it is filtered, as a workbook."""

from typing import Annotated

import reflex as rx
from pydantic import StringConstraints

from gdftu_app.errors import InvalidInput, Refusal
from gdftu_app.i18n import msg
from gdftu_app.queries.jobs import export_rights
from gdftu_app.security.permissions import Permission
from gdftu_app.services.member_exports import start_member_export
from gdftu_app.services.members_within import REASON
from gdftu_app.state.actions import action
from gdftu_app.state.asking import Asking
from gdftu_app.state.dates import Texts
from gdftu_app.state.members import MembersState
from gdftu_app.state.notices import in_every_language

MAY_EXPORT = Permission.MEMBERS_EXPORT


class MemberExportState(Asking, rx.State):
    """导出: asked for in a dialog, done by a job."""

    may_export: rx.Field[bool] = rx.field(False)
    may_reveal: rx.Field[bool] = rx.field(False)
    is_open: rx.Field[bool] = rx.field(False)
    reveals: rx.Field[bool] = rx.field(False)
    problem: rx.Field[Texts] = rx.field(default_factory=dict)

    @action(Permission.MEMBERS_VIEW)
    async def load(self):
        """The list was opened: whether it may be exported, and with whole numbers."""
        self.may_export, self.may_reveal = await self._ask(export_rights)

    @action(MAY_EXPORT)
    async def open(self):
        """导出: ask how."""
        self.is_open, self.reveals, self.problem = True, False, {}

    @action(MAY_EXPORT)
    async def close(self, is_open: bool):
        """The dialog was closed by its own means."""
        self.is_open = is_open

    @action(MAY_EXPORT)
    async def choose(self, reveals: bool):
        """Whether numbers are written in full."""
        self.reveals, self.problem = reveals, {}

    @action(MAY_EXPORT)
    async def start(self, reason: Annotated[str, StringConstraints(max_length=200)]):
        """Start the export of the list as it is filtered now, and go where it is found again."""
        members = await self.get_state(MembersState)
        await self._ask(
            start_member_export,
            union=members.selected or None,
            below=members.below and members.looks_below,
            wanted=members._wanted(),
            sort=members._sort(),
            reveals=self.reveals,
            reason=reason,
        )
        self.is_open = False
        await self._notify(msg("导出已开始，完成后在这里下载。"))
        return rx.redirect("/jobs/")

    async def _refuse(self, refusal: Refusal):
        if isinstance(refusal, InvalidInput) and refusal.field == REASON:
            self.problem = in_every_language(refusal.message, **refusal.values)
            return None
        return await super()._refuse(refusal)

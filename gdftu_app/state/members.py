"""会员列表 (手册 十一): the members of the acting union and below, and which of them is looked at."""

from typing import Literal

import reflex as rx

from gdftu_app.state.actions import action
from gdftu_app.state.member_lists import MAY_VIEW, MemberList

COLUMNS = ("sex", "document", "union", "occupation", "education", "employment", "is_migrant")
SHOWN_AT_FIRST = ("sex", "document", "union")


class MembersState(MemberList, rx.State):
    """会员列表."""

    columns: rx.Field[list[str]] = rx.field(default_factory=lambda: list(SHOWN_AT_FIRST))

    @action(MAY_VIEW)
    async def choose_column(
        self,
        column: Literal["sex", "document", "union", "occupation", "education", "employment", "is_migrant"],
        shown: bool,
    ):
        """列设置: show a column besides, or no longer."""
        chosen = {*self.columns, column} if shown else {*self.columns} - {column}
        self.columns = [name for name in COLUMNS if name in chosen]

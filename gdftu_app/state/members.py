"""会员列表 (手册 十一): the members of the acting union and below, in the columns and by the filters somebody keeps."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode

import reflex as rx
from pydantic import Field, StringConstraints

from gdftu_app.errors import InvalidInput, Refusal
from gdftu_app.queries.kept_member_lists import KeptList, MemberListHabits, member_list_habits
from gdftu_app.services.kept_member_lists import (
    COLUMNS,
    forget_member_list,
    keep_member_columns,
    keep_member_list,
    rename_member_list,
)
from gdftu_app.state.actions import action
from gdftu_app.state.dates import Texts
from gdftu_app.state.member_lists import MAY_VIEW, MemberList
from gdftu_app.state.notices import in_every_language

SHOWN_AT_FIRST = ("sex", "document", "union")
# An address says which columns it shows where those are not the usual ones; none at all is a word too.
NO_COLUMNS = "none"
KeptId = Annotated[int, Field(ge=1, lt=2**31)]
Typed = Annotated[str, StringConstraints(max_length=100)]


@dataclass
class KeptRow:
    """A filter kept under a name."""

    id: int
    name: str
    query: str


class MembersState(MemberList, rx.State):
    """会员列表. `renaming` is the filter whose name is typed over, 0 for none."""

    columns: rx.Field[list[str]] = rx.field(default_factory=lambda: list(SHOWN_AT_FIRST))
    kept: rx.Field[list[KeptRow]] = rx.field(default_factory=list)
    renaming: rx.Field[int] = rx.field(0)
    kept_round: rx.Field[int] = rx.field(0)
    kept_problem: rx.Field[Texts] = rx.field(default_factory=dict)
    _usual_columns: list[str] | None = None

    @action(MAY_VIEW)
    async def load(self):
        """Open the list as its address says, in the columns it names or the account is used to."""
        await self._recall()
        await self._open(self.router.url.query_parameters)

    @action(MAY_VIEW)
    async def choose_column(
        self,
        column: Literal["sex", "document", "union", "occupation", "education", "employment", "is_migrant"],
        shown: bool,
    ):
        """列设置: show a column besides, or no longer, here and from now on."""
        chosen = {*self.columns, column} if shown else {*self.columns} - {column}
        self.columns = [name for name in COLUMNS if name in chosen]
        self._write_address()
        yield
        await self._ask(keep_member_columns, columns=self.columns)

    @action(MAY_VIEW)
    async def keep(self, name: Typed):
        """保存筛选: what is listed now, under a name."""
        self.kept_problem = {}
        await self._ask(keep_member_list, name=name, query=self.query)
        await self._recall()
        self.kept_round += 1

    @action(MAY_VIEW)
    async def apply(self, kept: KeptId):
        """List what a kept filter says."""
        for row in self.kept:
            if row.id == kept:
                await self._open(dict(parse_qsl(row.query)))

    @action(MAY_VIEW)
    async def begin_renaming(self, kept: KeptId):
        """重命名: type over the name of a kept filter."""
        self.renaming, self.kept_problem = kept, {}

    @action(MAY_VIEW)
    async def rename(self, name: Typed):
        """保存 the new name."""
        self.kept_problem = {}
        await self._ask(rename_member_list, kept=self.renaming, name=name)
        self.renaming = 0
        await self._recall()

    @action(MAY_VIEW)
    async def forget(self, kept: KeptId):
        """删除 a kept filter."""
        self.renaming, self.kept_problem = 0, {}
        await self._ask(forget_member_list, kept=kept)
        await self._recall()

    async def _recall(self) -> None:
        habits: MemberListHabits = await self._ask(member_list_habits)
        self.kept = [_row(each) for each in habits.kept]
        self._usual_columns = habits.columns

    def _read_address(self, asked: Any) -> None:
        super()._read_address(asked)
        self.columns = self._columns_of(asked.get("cols", ""))

    def _columns_of(self, named: str) -> list[str]:
        if named:
            return [name for name in COLUMNS if name in named.split(",")]
        usual = SHOWN_AT_FIRST if self._usual_columns is None else self._usual_columns
        return [name for name in COLUMNS if name in usual]

    def _write_address(self) -> None:
        super()._write_address()
        if self.columns != list(SHOWN_AT_FIRST):
            shown = urlencode({"cols": ",".join(self.columns) or NO_COLUMNS})
            self.query = f"{self.query}&{shown}" if self.query else shown

    async def _refuse(self, refusal: Refusal) -> Any:
        """What is wrong with the name of a filter is told beside it."""
        if isinstance(refusal, InvalidInput) and refusal.field == "name":
            self.kept_problem = in_every_language(refusal.message, **refusal.values)
            return None
        return await super()._refuse(refusal)


def _row(kept: KeptList) -> KeptRow:
    return KeptRow(kept.id, kept.name, kept.query)

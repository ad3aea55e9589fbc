"""The history of a union on screen (变更记录)."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from gdftu_app.queries.changed_fields import ChangedField
from gdftu_app.queries.union_history import HistoryEntry, HistoryPage, own_history, union_history
from gdftu_app.security.permissions import Permission
from gdftu_app.state.actions import action
from gdftu_app.state.asking import Asking
from gdftu_app.state.dates import Texts, short_moment
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.union_details import texts_of
from gdftu_app.state.union_tree import UnionId


@dataclass
class ChangedRow:
    """A field that reads otherwise afterwards; `employer` tells the employers of one union apart."""

    label: Texts
    employer: str
    before: Texts
    after: Texts


@dataclass
class HistoryRow:
    """An entry of the history; `who` is empty for the platform, `acting` when somebody acted for the union itself."""

    id: int
    at: Texts
    verb: Texts
    who: str
    acting: str
    changes: list[ChangedRow]


def changed_row(field: ChangedField) -> ChangedRow:
    """A changed field as it is shown."""
    return ChangedRow(in_every_language(field.label), field.employer, texts_of(field.before), texts_of(field.after))


def _row(entry: HistoryEntry) -> HistoryRow:
    return HistoryRow(
        id=entry.id,
        at=short_moment(entry.at),
        verb=in_every_language(entry.verb),
        who=entry.who,
        acting=entry.acting,
        changes=[changed_row(field) for field in entry.changes],
    )


class UnionHistory(Asking, rx.State, mixin=True):
    """What happened to one union, read page by page."""

    entries: rx.Field[list[HistoryRow]] = rx.field(default_factory=list)
    earlier_before: rx.Field[int] = rx.field(0)
    is_read: rx.Field[bool] = rx.field(False)

    def _take(self, page: HistoryPage) -> None:
        self.entries = [*self.entries, *map(_row, page.entries)]
        self.earlier_before, self.is_read = page.before, True

    def _forget(self) -> None:
        self.entries, self.earlier_before, self.is_read = [], 0, False


class OwnHistoryState(UnionHistory, rx.State):
    """本级工会的变更记录."""

    @action(Permission.UNIONS_VIEW)
    async def read(self):
        """The latest entries."""
        self._forget()
        self._take(await self._ask(own_history))

    @action(Permission.UNIONS_VIEW)
    async def read_on(self):
        """Earlier ones, below those on screen."""
        if self.earlier_before:
            self._take(await self._ask(own_history, before=self.earlier_before))


class SubordinateHistoryState(UnionHistory, rx.State):
    """下级工会的变更记录."""

    union_id: rx.Field[int] = rx.field(0)

    @action(Permission.SUBORDINATES_VIEW)
    async def toggle(self, union_id: UnionId):
        """变更记录 of a union that is open in the list: show it, or close it again."""
        if self.union_id == union_id:
            self._leave()
            return
        page: Any = await self._ask(union_history, union=union_id)
        self._forget()
        self.union_id = union_id
        self._take(page)

    @action(Permission.SUBORDINATES_VIEW)
    async def read_on(self):
        """Earlier entries, below those on screen."""
        if self.union_id and self.earlier_before:
            self._take(await self._ask(union_history, union=self.union_id, before=self.earlier_before))

    def _leave(self) -> None:
        self._forget()
        self.union_id = 0

"""会员移出 (手册 十二): own members ticked, a reason, the word typed, and what became of each."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import reflex as rx
from pydantic import StringConstraints

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.security.permissions import Permission
from gdftu_app.services.member_removals import MOST_AT_ONCE, RemovalOutcome, remove_members
from gdftu_app.state.actions import action
from gdftu_app.state.dates import Texts
from gdftu_app.state.member_lists import MemberId, MemberList
from gdftu_app.state.notices import in_every_language

MAY_REMOVE = Permission.MEMBERS_REMOVE
# Typed as confirmation, in whichever language the page speaks.
CONFIRMATION = msg("移出")
Typed = Annotated[str, StringConstraints(max_length=40)]
Word = Annotated[str, StringConstraints(max_length=30)]


@dataclass
class Ticked:
    """A member chosen, on whichever page."""

    id: int
    name: str


@dataclass
class NotRemoved:
    """Somebody who was not removed, and why."""

    name: str
    why: Texts


def is_confirmed(typed: str) -> bool:
    """Whether the word of confirmation was typed, in any language of the console."""
    return typed.strip().casefold() in {word.casefold() for word in in_every_language(CONFIRMATION).values()}


class MemberRemovalsState(MemberList, rx.State):
    """会员移出."""

    looks_below: ClassVar[bool] = False

    ticked: rx.Field[list[Ticked]] = rx.field(default_factory=list)
    ticked_ids: rx.Field[list[int]] = rx.field(default_factory=list)
    is_asked: rx.Field[bool] = rx.field(False)
    reason: rx.Field[str] = rx.field("")
    is_typed: rx.Field[bool] = rx.field(False)
    not_removed: rx.Field[list[NotRemoved]] = rx.field(default_factory=list)

    @action(MAY_REMOVE)
    async def tick(self, member: MemberId):
        """Tick a member, or take the tick away; ticks stay while pages are turned and filters changed."""
        if member in self.ticked_ids:
            self._keep([each for each in self.ticked if each.id != member])
        elif len(self.ticked) < MOST_AT_ONCE:
            self._keep([*self.ticked, *(Ticked(row.id, row.name) for row in self.rows if row.id == member)])

    @action(MAY_REMOVE)
    async def tick_page(self):
        """All on screen, or none of them."""
        here = [Ticked(row.id, row.name) for row in self.rows if row.status != "ended"]
        others = [each for each in self.ticked if each.id not in {row.id for row in here}]
        is_whole = all(row.id in self.ticked_ids for row in here)
        self._keep(others if is_whole else [*others, *here][:MOST_AT_ONCE])

    @action(MAY_REMOVE)
    async def untick(self):
        """取消选择."""
        self._keep([])

    @action(MAY_REMOVE)
    async def ask(self):
        """移出…: reason and confirmation before it happens."""
        self.is_asked, self.reason, self.is_typed = bool(self.ticked), "", False

    @action(MAY_REMOVE)
    async def choose_reason(self, reason: Word):
        """移出原因."""
        self.reason = reason if reason in list(RemovalReason) else ""

    @action(MAY_REMOVE)
    async def type_word(self, typed: Typed):
        """The word as confirmation: until it stands there, there is nothing to press."""
        self.is_typed = is_confirmed(typed)

    @action(MAY_REMOVE)
    async def close_dialog(self, is_open: bool):
        """取消."""
        if not is_open:
            self.is_asked = False

    @action(MAY_REMOVE)
    async def remove(self, typed: Typed):
        """移出: it cannot be undone; sent twice, it happens once."""
        if not self.ticked:
            return
        if not is_confirmed(typed) or not self.reason:
            raise InvalidInput(msg("请选择移出原因，并输入「移出」。"))
        names = {each.id: each.name for each in self.ticked}
        outcomes: list[RemovalOutcome] = await self._ask(
            remove_members, members=list(names), reason=RemovalReason(self.reason)
        )
        removed = [outcome for outcome in outcomes if outcome.is_removed]
        self.not_removed = [
            NotRemoved(names[outcome.member], in_every_language(outcome.problem))
            for outcome in outcomes
            if not outcome.is_removed
        ]
        self.is_asked = False
        self._keep([])
        if removed:
            await self._notify(msg("已移出 {count} 名会员。"), count=len(removed))
        await self._begin_again()

    @action(MAY_REMOVE)
    async def close_not_removed(self):
        """The list of those who were not removed was read."""
        self.not_removed = []

    def _keep(self, ticked: list[Ticked]) -> None:
        self.ticked, self.ticked_ids = ticked, [each.id for each in ticked]

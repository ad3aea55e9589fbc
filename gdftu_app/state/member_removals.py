"""会员移出 (手册 十二): own members ticked, a reason, the word typed, and what became of each."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import reflex as rx
from pydantic import StringConstraints

from gdftu_app.clock import today
from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.security.permissions import Permission
from gdftu_app.services.member_removals import MOST_AT_ONCE, RemovalOutcome, remove_members
from gdftu_app.state.actions import action
from gdftu_app.state.dates import Texts
from gdftu_app.state.member_lists import Day, MemberId, MemberList
from gdftu_app.state.notices import in_every_language

MAY_REMOVE = Permission.MEMBERS_REMOVE
# Asks for the word that stands in its quotation marks, in whichever language the page speaks.
CONFIRMATION = msg("输入「移出」以确认")
_QUOTED = re.compile("[「“](.+?)[」”]")
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


def word_of(asking: str) -> Texts:
    """The word of confirmation that a message asks for in quotation marks, in every language of the console."""
    asked = {language: _QUOTED.search(text) for language, text in in_every_language(asking).items()}
    return {language: found[1] for language, found in asked.items() if found}


def is_confirmed(typed: str, asking: str = CONFIRMATION) -> bool:
    """Whether the word of confirmation was typed, in any language of the console."""
    return typed.strip().casefold() in {word.casefold() for word in word_of(asking).values()}


def day_typed(typed: str) -> date | None:
    """移出日期, None for none; raises InvalidInput for what is no day."""
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as reason:
        raise InvalidInput(msg("请填写正确的移出日期。")) from reason


class MemberRemovalsState(MemberList, rx.State):
    """会员移出."""

    looks_below: ClassVar[bool] = False

    ticked: rx.Field[list[Ticked]] = rx.field(default_factory=list)
    ticked_ids: rx.Field[list[int]] = rx.field(default_factory=list)
    is_asked: rx.Field[bool] = rx.field(False)
    today: rx.Field[str] = rx.field("")
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
        self.today = today().isoformat()

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
    async def remove(self, typed: Typed, day: Day):
        """移出, on a day, today unless it was earlier: it cannot be undone; sent twice, it happens once."""
        if not self.ticked:
            return
        if not is_confirmed(typed) or not self.reason:
            raise InvalidInput(msg("请选择移出原因，并输入「移出」。"))
        names = {each.id: each.name for each in self.ticked}
        outcomes: list[RemovalOutcome] = await self._ask(
            remove_members, members=list(names), reason=RemovalReason(self.reason), day=day_typed(day)
        )
        removed = [outcome for outcome in outcomes if outcome.is_removed]
        self.not_removed = [
            NotRemoved(names[outcome.member], in_every_language(outcome.problem, **outcome.values))
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

"""The bell (通知): what waits for the actor, what its account was told; kept up to date by the page itself."""

from dataclasses import dataclass, replace
from typing import Annotated

import reflex as rx
from pydantic import Field

from gdftu_app.i18n import LANGUAGES, render
from gdftu_app.models.notifications import MESSAGES_WITHIN, NOTIFICATION_TEXTS, NotificationKind
from gdftu_app.queries.waiting import MOST_COUNTED, Told, bell_of
from gdftu_app.services.entrances import enter
from gdftu_app.services.notifications import read_all
from gdftu_app.state.actions import action, unattended_action
from gdftu_app.state.asking import Asking
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.dates import short_moment
from gdftu_app.state.figures import whole


@dataclass
class ToldRow:
    """Something told; the texts are in every language."""

    id: int
    texts: dict[str, str]
    at: dict[str, str]
    link: str
    union_id: int
    is_read: bool


class BellState(Asking, rx.State):
    """通知."""

    waiting: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    waiting_total: rx.Field[str] = rx.field("")
    unread: rx.Field[int] = rx.field(0)
    told: rx.Field[list[ToldRow]] = rx.field(default_factory=list)

    @unattended_action
    async def look(self):
        """Every few seconds, by the page itself."""
        await self._look()

    @action
    async def read(self, is_open: bool):
        """The list was opened or closed: what it showed counts as read when it is closed."""
        if is_open:
            await self._look()
        elif self.unread:
            await self._ask_as_account(read_all)
            self.unread, self.told = 0, [replace(row, is_read=True) for row in self.told]

    @action
    async def follow(self, told_id: Annotated[int, Field(ge=1, lt=2**63)]):
        """Go where something told leads, acting for the union it is about."""
        row = next((row for row in self.told if row.id == told_id), None)
        if row is None or not row.link:
            return None
        union = await self.get_state(CurrentUnion)
        if row.union_id and row.union_id != union._acting_id:
            await union._take(await self._ask_as_account(enter, union_id=row.union_id))
        # Member pages are none of the console's: they open beside it.
        return rx.redirect(row.link, is_external=row.link.startswith("/m/"))

    async def _look(self) -> None:
        bell = await self._ask(bell_of)
        waiting = {key: _counted(count) for key, count in bell.waiting.items()}
        told = [told_row(told) for told in bell.told]
        # Mostly nothing is new, and then nothing is sent to the page.
        if (waiting, bell.unread, told) != (self.waiting, self.unread, self.told):
            total = sum(bell.waiting.values())
            self.waiting, self.waiting_total = waiting, _counted(total) if total else ""
            self.unread, self.told = bell.unread, told


def _counted(count: int) -> str:
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else whole(count)


def told_row(told: Told) -> ToldRow:
    """Something told, as it is shown."""
    kind = NotificationKind(told.kind)
    messages = MESSAGES_WITHIN.get(kind, ())
    texts: dict[str, str] = {}
    for language in LANGUAGES:
        within = {name: render(told.values[name], language, **told.values) for name in messages}
        texts[language] = render(NOTIFICATION_TEXTS[kind], language, **{**told.values, **within})
    return ToldRow(
        id=told.id,
        texts=texts,
        at=short_moment(told.created_at),
        link=told.link,
        union_id=told.union_id or 0,
        is_read=told.is_read,
    )

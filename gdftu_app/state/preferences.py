"""How a person likes the console: language and size, kept with the account, or with the visitor until sign-in."""

from typing import Literal

import reflex as rx

from gdftu_app.i18n import SOURCE_LANGUAGE
from gdftu_app.queries.preferences import preferences_of
from gdftu_app.services.preferences import Preferences, keep_preferences
from gdftu_app.state.actions import public_action
from gdftu_app.state.asking import Asking

Language = Literal["zh-CN", "zh-Hant", "en"]
SCALINGS = ("90%", "95%", "100%", "105%", "110%")


class PreferencesState(Asking, rx.State):
    """语言、放大、缩小、重置 (手册 十七)."""

    language: rx.Field[str] = rx.field(SOURCE_LANGUAGE)
    scaling: rx.Field[str] = rx.field("100%")

    @public_action
    async def load(self):
        """Show a page that has nothing else to load in its reader's language and size."""
        await self._load()

    async def _load(self) -> None:
        kept = await self._ask_as_visitor(preferences_of, cookie=self._caller().cookie)
        if kept is not None:
            self.language, self.scaling = kept

    async def _keep(self) -> None:
        chosen = Preferences(language=self.language, scaling=self.scaling)
        await self._ask_as_visitor(keep_preferences, cookie=self._caller().cookie, chosen=chosen)

    @public_action
    async def choose_language(self, language: Language):
        """Switch the language of everything on screen, at once, and remember it."""
        self.language = language
        yield
        await self._keep()

    @public_action
    async def zoom(self, steps: Literal[-1, 1]):
        """放大 (1) or 缩小 (-1) by one step of five per cent, within 90 to 110."""
        position = SCALINGS.index(self.scaling) + steps
        self.scaling = SCALINGS[min(max(position, 0), len(SCALINGS) - 1)]
        yield
        await self._keep()

    @public_action
    async def reset_zoom(self):
        """重置: back to 100 %."""
        self.scaling = "100%"
        yield
        await self._keep()

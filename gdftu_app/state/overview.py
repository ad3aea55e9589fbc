"""Overview (概览, 手册 三): the acting union's own figures."""

import reflex as rx

from gdftu_app.config import settings
from gdftu_app.errors import NotAllowed
from gdftu_app.queries.own_account import password_days_left
from gdftu_app.queries.union_details import get_own_details
from gdftu_app.queries.unions import get_own_union
from gdftu_app.state.actions import action
from gdftu_app.state.asking import Asking
from gdftu_app.state.figures import Figure, figures_of
from gdftu_app.state.union_details import DetailField, details_of


class OverviewState(Asking, rx.State):
    """概览."""

    figures: rx.Field[list[Figure]] = rx.field(default_factory=list)
    details: rx.Field[list[DetailField]] = rx.field(default_factory=list)
    may_view: rx.Field[bool] = rx.field(True)
    is_loaded: rx.Field[bool] = rx.field(False)
    password_is_due: rx.Field[bool] = rx.field(False)
    password_days: rx.Field[int] = rx.field(0)

    @action
    async def load(self):
        """Show the figures of the acting union with everything below it, and what is recorded of it."""
        left = await self._ask_as_account(password_days_left)
        self.password_is_due = left is not None and left <= settings().password_notice_days
        self.password_days = max(0, left or 0)
        try:
            head = await self._ask(get_own_union)
        except NotAllowed:
            self.may_view, self.figures, self.details, self.is_loaded = False, [], [], True
            return
        self.may_view = True
        self.figures = figures_of(head, own=True)
        self.details = details_of(await self._ask(get_own_details))
        self.is_loaded = True

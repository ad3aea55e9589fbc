"""Notices: results of one's own actions, drawn by the shell (handlers return no toasts: those need `eval`)."""

from dataclasses import dataclass
from typing import Annotated, Literal

import reflex as rx
from pydantic import StringConstraints

from gdftu_app.i18n import LANGUAGES, msg, render
from gdftu_app.state.actions import public_action
from gdftu_app.state.asking import Asking

Kind = Literal["ok", "bad"]
SHOWN = 3


@dataclass
class Notice:
    """One notice; `texts` holds it in every language, so that switching the language reaches it too."""

    number: int
    kind: str
    texts: dict[str, str]


def in_every_language(text: str, **values: object) -> dict[str, str]:
    """A message rendered in each language of the console."""
    return {language: render(text, language, **values) for language in LANGUAGES}


class Notices(Asking, rx.State):
    """The notices on screen, newest last."""

    shown: rx.Field[list[Notice]] = rx.field(default_factory=list)
    _count: int = 0

    def _add(self, kind: Kind, text: str, **values: object) -> None:
        self._count += 1
        self.shown = [*self.shown, Notice(self._count, kind, in_every_language(text, **values))][-SHOWN:]

    @public_action
    async def close(self, number: int):
        """Take a notice away."""
        self.shown = [notice for notice in self.shown if notice.number != number]

    @public_action
    async def report_failure(self, number: Annotated[str, StringConstraints(pattern=r"^[0-9A-F-]{4,16}$")]):
        """Say that something went wrong on the server, with the number under which it was logged."""
        self._add(
            "bad", msg("操作没有完成，已填写的内容仍然保留。请重试；若仍然出现，请报告编号 {number}。"), number=number
        )

"""The steps of something that takes several, and which of them it is at."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx
from reflex.vars import NumberVar

from gdftu_app.components.icons import icon


def step_bar(
    titles: Sequence[rx.Var[str]], *, at: NumberVar[int], label: rx.Var[str], go_to: Callable[[int], Any]
) -> rx.Component:
    """The steps of a form, counted from 1; each is a button that leads there."""
    return rx.el.nav(
        rx.el.ol(
            *[
                rx.el.li(
                    rx.el.button(
                        rx.el.span(rx.cond(at > place, icon("check", small=True), f"{place}"), class_name="no"),
                        rx.el.span(title, class_name="name-of-step"),
                        type="button",
                        on_click=go_to(place),
                        custom_attrs={"aria-current": rx.cond(at == place, "step", rx.Var("undefined"))},
                    ),
                    custom_attrs={"data-state": rx.cond(at > place, "done", rx.cond(at == place, "now", "next"))},
                )
                for place, title in enumerate(titles, start=1)
            ],
            class_name="steps",
        ),
        custom_attrs={"aria-label": label},
    )


def progress(*steps: tuple[Any, Any, rx.Var[str] | str]) -> rx.Component:
    """How far something has come: of each step its title, what is told below, and `done`, `now`, `next` or `bad`."""
    return rx.el.ol(
        *[
            rx.el.li(
                rx.el.span(_mark(state, place), class_name="no"),
                rx.el.span(rx.el.b(title), rx.el.span(below, class_name="small muted")),
                custom_attrs={"data-state": state},
            )
            for place, (title, below, state) in enumerate(steps, start=1)
        ],
        class_name="steps so-far",
    )


def _mark(state: rx.Var[str] | str, place: int) -> rx.Component:
    return rx.cond(
        state == "done",
        icon("check", small=True),
        rx.cond(state == "bad", icon("x", small=True), rx.fragment(f"{place}")),
    )

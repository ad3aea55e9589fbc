"""The search above a list: what is typed is asked for after a moment, and `/` goes to it."""

from typing import Any

import reflex as rx

from gdftu_app.components.icons import icon

QUIET_MS = 300
LONGEST = 60


def search_box(
    search: Any, *, key: rx.Var[int], value: rx.Var[str], label: rx.Var[str], hint: rx.Var[str], name: str
) -> rx.Component:
    """A search that begins with `value` and begins anew when `key` changes; `name` is its id, for the shortcut.

    Before the page is alive nothing can be typed: what stood there would be seen, and not be searched for.
    """
    return rx.input(
        rx.input.slot(icon("search", small=True)),
        rx.input.slot(rx.el.kbd("/"), side="right"),
        id=name,
        key=f"{name}-{key}",
        default_value=value,
        on_change=search.debounce(QUIET_MS),
        placeholder=hint,
        max_length=LONGEST,
        type="search",
        auto_complete="off",
        read_only=rx.cond(rx.State.is_hydrated, False, True),
        custom_attrs={"aria-label": label},
    )

"""Forms that the browser itself submits: what they carry never passes through an event."""

from typing import Any

import reflex as rx
from reflex_components_core.el.element import Element

from gdftu_app.components.icons import icon


class NativeForm(Element):
    """A plain HTML form; `rx.form` and `rx.el.form` would take the submission over."""

    tag = "form"

    action: rx.Var[str]

    method: rx.Var[str]

    auto_complete: rx.Var[str]

    no_validate: rx.Var[bool]


native_form = NativeForm.create


def told_wrong(name: rx.Var[str] | str, error: rx.Var[str]) -> dict[str, rx.Var | str]:
    """Attributes by which a control is known to be wrong, and by what message."""
    return {"aria-invalid": rx.cond(error != "", "true", "false"), "aria-describedby": f"{name}-error"}


def field(
    label: Any, control: rx.Component, *, name: rx.Var[str] | str, hint: Any = "", error: rx.Var[str] | str = ""
) -> rx.Component:
    """A control with its label above and its hint, or its error, below."""
    wrong = rx.Var.create(error) != ""
    has_hint = isinstance(hint, rx.Var) or bool(hint)
    return rx.el.div(
        rx.el.label(label, html_for=name),
        control,
        rx.cond(
            wrong,
            rx.el.div(icon("triangle-alert"), rx.el.span(error), class_name="err", id=f"{name}-error", role="alert"),
            rx.el.div(hint, class_name="hint") if has_hint else rx.fragment(),
        ),
        class_name=rx.cond(wrong, "field bad", "field"),
    )

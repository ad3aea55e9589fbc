"""A union's information, label over value."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ArrayVar, ObjectVar

from gdftu_app.components.texts import pick
from gdftu_app.state.union_details import DetailField


def details_grid(fields: ArrayVar[Sequence[DetailField]]) -> rx.Component:
    """All fields of a union, label over value."""
    return rx.el.dl(rx.foreach(fields, _detail), class_name="kv")


def _detail(field: ObjectVar[DetailField]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(pick(field.label)),
        rx.el.dd(pick(field.value)),
        class_name=rx.cond(field.is_wide, "w2", ""),
        custom_attrs={"data-begins": rx.cond(field.begins, "", rx.Var("undefined"))},
    )

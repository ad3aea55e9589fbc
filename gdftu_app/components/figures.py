"""The strip of figures above a page or a list."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ArrayVar, ObjectVar

from gdftu_app.components.texts import pick
from gdftu_app.state.figures import Change, Figure


def figure_strip(figures: ArrayVar[Sequence[Figure]], *, small: bool = False) -> rx.Component:
    """Label over number, hairlines between; the exact number is the title of a shortened one."""
    return rx.el.dl(rx.foreach(figures, _figure), class_name="figs sm" if small else "figs", margin="0 0 20px")


def _figure(figure: ObjectVar[Figure]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(pick(figure.label), title=pick(figure.help)),
        rx.el.dd(
            rx.el.div(
                pick(figure.value),
                rx.el.small(pick(figure.unit), class_name=rx.cond(figure.key == "rate", "", "u")),
                class_name="v",
                title=figure.exact,
            ),
            rx.foreach(figure.changes, _change),
        ),
        key=figure.key,
    )


def _change(change: ObjectVar[Change]) -> rx.Component:
    return rx.el.div(
        pick(change.since),
        " ",
        rx.el.b(pick(change.by)),
        class_name=rx.cond(change.is_fall, "d down", "d"),
    )

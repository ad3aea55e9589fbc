"""统计口径: what each figure of a page counts, when, and from where."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ArrayVar, ObjectVar

from gdftu_app.components.texts import pick, t
from gdftu_app.state.compositions_shown import DivisionShown


def counted_how(*explained: tuple[str, str], divisions: Sequence[ArrayVar] = ()) -> rx.Component:
    """Names with their explanations, both msgids, and those of compositions; unfolded by whoever wants to know."""
    return rx.el.details(
        rx.el.summary(t("统计口径")),
        rx.el.dl(
            *[rx.el.div(rx.el.dt(t(name)), rx.el.dd(t(explanation))) for name, explanation in explained],
            *[rx.foreach(each, _division) for each in divisions],
            class_name="counted",
        ),
        class_name="counted-how",
    )


def _division(division: ObjectVar[DivisionShown]) -> rx.Component:
    return rx.el.div(rx.el.dt(pick(division.label)), rx.el.dd(pick(division.help)), key=division.key)

"""The head of a page: what it is, in one line what it does, and its actions."""

import reflex as rx


def page_head(
    title: rx.Var | str, explanation: rx.Var | str | rx.Component = "", *actions: rx.Component
) -> rx.Component:
    """h1 with its explanation on the baseline, which a narrow screen leaves out; actions at the right."""
    return rx.el.div(
        rx.el.h1(title),
        rx.el.p(explanation, class_name="only-d"),
        rx.el.div(*actions, class_name="acts") if actions else rx.fragment(),
        class_name="head",
    )

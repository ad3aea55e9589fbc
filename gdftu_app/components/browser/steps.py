"""Wrapper of what a form in steps needs of the browser."""

import reflex as rx

_SCRIPT = rx.asset("steps.jsx", shared=True).importable_path


class StepFocus(rx.Component):
    """Goes to the first field that is wrong, else to the element marked `data-step`."""

    library = _SCRIPT
    tag = "StepFocus"

    turn: rx.Var[int]
    """It goes there whenever this number changes; 0 for not at all."""


step_focus = StepFocus.create

"""Wrappers of the keys of a list: one letter instead of a walk with the mouse."""

from typing import Any

import reflex as rx

_SCRIPT = rx.asset("keys.jsx", shared=True).importable_path


class ListKeys(rx.Component):
    """`j` and `k` move among rows marked `data-row`; any other key presses the button whose `data-key` it is.

    That is the button of the row at hand, else one outside of all rows. The focus goes to the button `o` of a row. What
    decides something is marked `data-decides`. Off while typing, while a dialog is open, and when switched off.
    """

    library = _SCRIPT
    tag = "ListKeys"

    list_id: rx.Var[str]
    """Id of the element that holds the rows."""

    rows: rx.Var[list[Any]]
    """What is listed; when it changes, the focus stays at its place in the list."""


class KeysSwitch(rx.Component):
    """Switches all single-letter keys on and off, for this browser."""

    library = _SCRIPT
    tag = "KeysSwitch"

    label: rx.Var[str]
    """The words beside it."""


list_keys = ListKeys.create
keys_switch = KeysSwitch.create

"""Icons: Lucide, drawn by the stylesheet's measures."""

import reflex as rx


def icon(name: str, *, small: bool = False) -> rx.Component:
    """An icon of 16 px, or 14 px inside controls; it says nothing to a screen reader."""
    return rx.icon(name, class_name="i s" if small else "i", custom_attrs={"aria-hidden": "true"})

"""Links: within the console, out of it by a full navigation, and those that look like buttons."""

from typing import Any

import reflex as rx
from reflex_components_core.el.element import Element

from gdftu_app.components.texts import t


class NativeLink(Element):
    """A plain HTML link: the browser loads the page anew, with a new socket and whatever cookie it has by then."""

    tag = "a"

    href: rx.Var[str]


native_link = NativeLink.create


def link_button(
    *children: Any, href: str | rx.Var[str], is_primary: bool = False, is_native: bool = False
) -> rx.Component:
    """A link that looks like a button; one per view is the primary one."""
    link = native_link(*children, href=href) if is_native else rx.el.a(*children, href=href)
    return _as_button(link, is_primary=is_primary)


def download_button(*children: Any, href: str | rx.Var[str]) -> rx.Component:
    """A link that looks like a button and saves a file.

    It says that it does: followed like any other, it would first tell the page to leave, which closes its socket.
    """
    return _as_button(native_link(*children, href=href, custom_attrs={"download": True}))


def _as_button(link: rx.Component, *, is_primary: bool = False) -> rx.Component:
    return rx.button(
        link, as_child=True, variant="solid" if is_primary else "surface", color_scheme="gray", high_contrast=True
    )


def skip_link() -> rx.Component:
    """跳到主要内容: the first stop of the Tab key on every page."""
    return native_link(t("跳到主要内容"), href="#main", class_name="skip")

"""The one theme of the console; everything else of the look is in `assets/console.css`."""

from typing import Any, Literal

import reflex as rx

Scaling = Literal["90%", "95%", "100%", "105%", "110%"]
SCALINGS: tuple[Scaling, ...] = ("90%", "95%", "100%", "105%", "110%")
"""Steps of 放大 and 缩小; 重置 is the middle one."""

STYLESHEETS = ["/console.css"]
"""For `rx.App(stylesheets=…)`: loaded after Radix Themes, whose rules it overrides."""


def console_theme(*children: rx.Component, scaling: rx.Var[Any] | Scaling = "100%") -> rx.Component:
    """White paper, black ink, one red seal.

    Without children it is the theme of the application (`RadixThemesPlugin(theme=console_theme())`). Around a page's
    content it applies a reader's scaling, which every length of the stylesheet and every Radix control follows.
    """
    return rx.theme(
        *children,
        accent_color="tomato",
        gray_color="sand",
        radius="small",
        scaling=scaling,
        panel_background="solid",
        has_background=True,
    )

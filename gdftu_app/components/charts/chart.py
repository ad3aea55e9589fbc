"""Wrapper of the chart component; a figure is what `gdftu_app.charts.drawing` makes."""

from typing import Any

import reflex as rx

from gdftu_app.components.texts import t
from gdftu_app.state.preferences import PreferencesState

_SCRIPT = rx.asset("chart.jsx", shared=True)


def _a_place(place: rx.Var[int]) -> tuple[rx.Var[int]]:
    return (place,)


class Chart(rx.Component):
    """A Plotly figure. Texts by language and colours by token are filled in here, again whenever the reader changes
    language, size, or light and dark. It moves nothing by itself."""

    library = _SCRIPT.importable_path
    tag = "Chart"
    lib_dependencies: list[str] = ["plotly.js-basic-dist-min@3.7.0"]

    figure: rx.Var[dict]
    """Plotly's `data` and `layout`; an empty dict draws nothing."""

    language: rx.Var[str]
    """The reader's language."""

    label: rx.Var[str]
    """What the picture shows, for whoever does not see it; the table beside it says the same."""

    save: rx.Var[str]
    """Text of the button that saves the picture; empty for none."""

    name: rx.Var[str]
    """Name of the saved picture, without its ending."""

    trouble: rx.Var[str]
    """What stands there when the picture cannot be drawn."""

    on_pick: rx.EventHandler[_a_place]
    """A bar was pressed: its place, from 0."""


def chart(figure: rx.Var[dict], *, label: rx.Var[str], name: rx.Var[str] | str, on_pick: Any = None) -> rx.Component:
    """A chart with a button that saves it as PNG."""
    events = {} if on_pick is None else {"on_pick": on_pick}
    return Chart.create(
        figure=figure,
        language=PreferencesState.language,
        label=label,
        name=name,
        save=t("下载图片"),
        trouble=t("图没有画出来，数字见表。"),
        **events,
    )

"""Drawing: bars and lines over periods.

A text may be a dict by language; a colour is the name of a token of the stylesheet (`--c1`). The component fills both
in for the reader.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gdftu_app.charts.axes import Words, ticks
from gdftu_app.charts.frames import Figure, axis, frame, scale, value

COLOURS = ("--c1", "--c2", "--c3", "--c4", "--c5", "--c6")
EARLIER = "--gray-7"
MOST_WRITTEN = 14
LEAST_SHARE = 0.04
# A scale of counts goes up to it at least, so that one person is no tall bar, and nobody stands below the top.
LEAST_COUNT = 4


@dataclass(frozen=True, slots=True)
class Series:
    """One row of values, in the order of the places they belong to; None where there is none."""

    name: Words
    values: Sequence[float | None]
    colour: str = COLOURS[0]
    is_written: bool = False


def bars(places: Sequence[Words], series: Sequence[Series]) -> Figure:
    """Counts at some places, such as days, as groups of standing bars; those of a written series carry their value."""
    drawn = [
        {
            "type": "bar",
            "name": row.name,
            "x": list(range(len(places))),
            "y": list(row.values),
            "marker": {"color": row.colour, "line": {"width": 0}},
            "hovertemplate": "%{y:,}",
            **(_written(row.values) if row.is_written and len(places) <= MOST_WRITTEN else {}),
        }
        for row in series
    ]
    return {"data": drawn, "layout": _layout(places, [*_known(series), LEAST_COUNT], has_legend=len(series) > 1)}


def lines(places: Sequence[Words], series: Sequence[Series], *, is_share: bool = False) -> Figure:
    """How counts, or shares of 0 to 1, went on from place to place; the scale need not begin at nothing."""
    drawn = [
        {
            "type": "scatter",
            "mode": "lines+markers" if len(places) <= MOST_WRITTEN * 3 else "lines",
            "name": row.name,
            "x": list(range(len(places))),
            "y": list(row.values),
            "line": {"color": row.colour, "width": 2},
            "marker": {"color": row.colour, "size": 5},
            "cliponaxis": False,
            "hovertemplate": "%{y:.1%}" if is_share else "%{y:,}",
        }
        for row in series
    ]
    layout = _layout(places, _known(series), has_legend=len(series) > 1, is_share=is_share, from_zero=False)
    return {"data": drawn, "layout": layout}


def _known(series: Sequence[Series]) -> list[float]:
    return [value for row in series for value in row.values if value is not None]


def _written(values: Sequence[float | None]) -> dict[str, Any]:
    return {
        "text": [value(number) for number in values],
        "textposition": "outside",
        "cliponaxis": False,
        "textangle": 0,
        "textfont": {"size": 13, "color": "--gray-12", "weight": 600},
    }


def _layout(
    places: Sequence[Words],
    values: Sequence[float],
    *,
    has_legend: bool,
    is_share: bool = False,
    from_zero: bool = True,
) -> dict[str, Any]:
    grid = ticks(values, from_zero=from_zero, least=LEAST_SHARE if is_share else 0)
    every = -(-len(places) // MOST_WRITTEN)
    shown = list(range(0, len(places), every))
    return {
        **frame(),
        "hovermode": "x unified",
        "height": 280,
        "margin": {"l": 8, "r": 8, "t": 32 if has_legend else 20, "b": 44},
        "barmode": "group",
        "bargap": 0.42,
        "bargroupgap": 0.12,
        "showlegend": has_legend,
        "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"},
        "xaxis": {
            **axis(),
            "tickvals": shown,
            "ticktext": [places[place] for place in shown],
            "range": [-0.6, len(places) - 0.4],
            "showline": True,
            "linecolor": "--gray-a8",
            "tickangle": 0,
        },
        "yaxis": {**scale(grid, is_share=is_share), "range": [grid[0], grid[-1]], "automargin": True},
    }

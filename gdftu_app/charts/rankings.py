"""Rankings and divisions: lying bars, each with its name before it and its value behind it."""

from collections.abc import Sequence
from typing import Any

from gdftu_app.charts.axes import Words, ticks
from gdftu_app.charts.frames import Figure, axis, clipped, frame, in_each, scale, value

COLOUR = "--c2"
BAR, PART = 30, 26


def ranking(names: Sequence[str], values: Sequence[float | None], *, is_share: bool = False) -> Figure:
    """The first at the top, such as subordinates by a measure; None where it has no value."""
    written = [value(number, is_share=is_share) for number in values]
    return _lying(names, values, written, height=BAR, is_share=is_share)


def division(names: Sequence[Words], counts: Sequence[int | None], written: Sequence[Words]) -> Figure:
    """The parts of a whole in their order; a count is None where it is kept back, and `written` says so."""
    return _lying(names, counts, written, height=PART, is_share=False)


def _lying(
    names: Sequence[Words],
    values: Sequence[float | None],
    written: Sequence[Words],
    *,
    height: int,
    is_share: bool,
) -> Figure:
    known = [number for number in values if number is not None]
    grid, places = ticks(known), list(range(len(names)))
    bar: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "y": places,
        "x": [number or 0 for number in values],
        "customdata": list(names),
        "text": list(written),
        "textposition": "outside",
        "cliponaxis": False,
        "textfont": {"size": 12, "color": "--gray-12"},
        "marker": {"color": COLOUR, "line": {"width": 0}},
        "hovertemplate": "%{customdata}<br>%{text}<extra></extra>",
    }
    # What stands behind a bar has room behind the longest; what stands in the place of one has the room of the bars.
    behind = [words for words, number in zip(written, values, strict=True) if number]
    longest = max((len(text) for words in behind for text in _texts(words)), default=0)
    layout = {
        **frame(),
        "hovermode": "closest",
        "height": 44 + height * len(names),
        "bargap": 0.34,
        "margin": {"l": 8, "r": max(72, 16 + 8 * longest), "t": 8, "b": 28},
        "xaxis": scale(grid, is_share=is_share) | {"range": [grid[0], grid[-1]]},
        "yaxis": {
            **axis(),
            "tickvals": places,
            "ticktext": [in_each(name, clipped) for name in names],
            "range": [len(names) - 0.5, -0.5],
            "automargin": True,
            "ticklabelstandoff": 8,
        },
    }
    return {"data": [bar], "layout": layout}


def _texts(words: Words) -> list[str]:
    return [words] if isinstance(words, str) else list(words.values())

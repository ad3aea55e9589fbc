"""The map of Guangdong's cities (方格地图): one square for each, roughly where it lies, the darker the more.

No outline is drawn, so that none has to be carried: the squares were laid by hand after the cities' places on the map.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gdftu_app.charts.axes import Words
from gdftu_app.charts.frames import Figure, axis, frame

# From north to south and from west to east, by the codes of the cities.
ROWS = (
    ("", "", "4418", "4402", "4416", "4414", "4451"),
    ("", "4412", "4406", "4401", "4413", "4452", "4405"),
    ("", "4453", "4407", "4419", "4403", "4415", ""),
    ("4409", "4417", "4420", "4404", "", "", ""),
    ("4408", "", "", "", "", "", ""),
)
CITIES: Mapping[str, tuple[int, int]] = {
    code: (row, column) for row, codes in enumerate(ROWS) for column, code in enumerate(codes) if code
}
# Pale to dark, all of one hue, so that they differ for everybody; words stand on the darker ones in another colour.
SHADES = ("--m1", "--m2", "--m3", "--m4", "--m5")
PALE_UP_TO = 3
UNKNOWN = "--gray-a3"
SIDE, GAP = 0.95, 0.05
TILE = 72


@dataclass(frozen=True, slots=True)
class Tile:
    """A city: its code, its short name, its value (None where there is none), and that value in words."""

    code: str
    name: str
    value: float | None
    written: Words


def city_map(tiles: Sequence[Tile]) -> Figure:
    """The cities with their values; a press on one tells its place among `tiles`."""
    places = [CITIES[tile.code] for tile in tiles]
    shades = shades_of([tile.value for tile in tiles])
    squares = {
        "type": "bar",
        "x": [column + 0.5 for _, column in places],
        "base": [len(ROWS) - row - SIDE for row, _ in places],
        "y": [SIDE - GAP] * len(tiles),
        "width": [SIDE] * len(tiles),
        "customdata": [tile.name for tile in tiles],
        "text": [_words(tile) for tile in tiles],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
        "insidetextfont": {"size": 13, "color": [_ink(shade) for shade in shades]},
        "marker": {"color": [UNKNOWN if shade is None else SHADES[shade] for shade in shades], "line": {"width": 0}},
        "hovertemplate": "%{text}<extra></extra>",
    }
    layout = {
        **frame(),
        "hovermode": "closest",
        "barmode": "overlay",
        "showlegend": False,
        "height": TILE * len(ROWS),
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "xaxis": {**axis(), "visible": False, "range": [0, len(ROWS[0])]},
        "yaxis": {**axis(), "visible": False, "range": [0, len(ROWS)]},
    }
    return {"data": [squares], "layout": layout}


def shades_of(values: Sequence[float | None]) -> list[int | None]:
    """The shade of each value, by its place among them: as many in each fifth; equal ones alike, None without one.

    >>> shades_of([10, 20, 20, 90, None])
    [0, 2, 2, 4, None]
    """
    known = sorted(value for value in values if value is not None)
    last = len(known) - 1
    return [None if value is None else _shade(known, value, last) for value in values]


def _shade(known: Sequence[float], value: float, last: int) -> int:
    if not last:
        return len(SHADES) // 2
    # In the middle of those that are equal.
    middle = known.index(value) + (known.count(value) - 1) / 2
    return min(int(middle / last * len(SHADES)), len(SHADES) - 1)


def _ink(shade: int | None) -> str:
    return "--gray-12" if shade is None or shade < PALE_UP_TO else "--m-ink"


def _words(tile: Tile) -> Words:
    if isinstance(tile.written, str):
        return f"<b>{tile.name}</b><br>{tile.written}"
    return {language: f"<b>{tile.name}</b><br>{text}" for language, text in tile.written.items()}

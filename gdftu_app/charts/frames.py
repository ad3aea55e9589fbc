"""What every chart stands in: its ground, its axes, and how values and long names are written."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias
from unicodedata import east_asian_width

from gdftu_app.charts.axes import Words, numbers, shares

Figure: TypeAlias = dict[str, Any]
# Wide characters count for two.
LONGEST_NAME = 32


def frame() -> Figure:
    """A clear ground without a mode bar, in the colours of the page."""
    clear = "rgba(0,0,0,0)"
    return {
        "autosize": True,
        "paper_bgcolor": clear,
        "plot_bgcolor": clear,
        "dragmode": False,
        "separators": ".,",
        "font": {"size": 12, "color": "--gray-11"},
        "hoverlabel": {
            "bgcolor": "--color-background",
            "bordercolor": "--gray-a6",
            "font": {"color": "--gray-12", "size": 13},
        },
    }


def axis() -> Figure:
    """An axis without lines that nobody can push about."""
    return {"fixedrange": True, "showgrid": False, "zeroline": False, "ticks": ""}


def scale(grid: Sequence[float], *, is_share: bool) -> Figure:
    """The axis of values, with a line at each of some round numbers."""
    return {
        **axis(),
        "showgrid": True,
        "gridcolor": "--gray-a4",
        "zeroline": True,
        "zerolinecolor": "--gray-a8",
        "tickvals": list(grid),
        "ticktext": shares(grid) if is_share else numbers(grid),
        "ticklabelstandoff": 6,
    }


def value(number: float | None, *, is_share: bool = False) -> str:
    """A value in full: 1,234 or 56.7%; a dash where there is none."""
    if number is None:
        return "—"
    return f"{number * 100:.1f}%" if is_share else f"{number:,}"


def in_each(words: Words, change: Callable[[str], str]) -> Words:
    """Words with the same done to them in every language."""
    if isinstance(words, str):
        return change(words)
    return {language: change(text) for language, text in words.items()}


def clipped(name: str, room: int = LONGEST_NAME) -> str:
    """A name cut where its room ends, which is measured in narrow characters.

    >>> clipped("佛山市顺德区岭川精密注塑科技股份有限公司工会委员会")
    '佛山市顺德区岭川精密注塑科技股…'
    """
    if sum(map(_width, name)) <= room:
        return name
    kept = ""
    for character in name:
        room -= _width(character)
        if room < 2:
            break
        kept += character
    return f"{kept.rstrip()}…"


def _width(character: str) -> int:
    return 2 if east_asian_width(character) in "WF" else 1

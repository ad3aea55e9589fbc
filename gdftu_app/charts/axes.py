"""Axes: where the lines of a grid stand, and what is written beside them in each language."""

from collections.abc import Sequence
from math import ceil, floor, log10

from gdftu_app.i18n import LANGUAGES

Words = str | dict[str, str]
MYRIADS_FROM = 100_000
_STEPS = (1, 2, 2.5, 4, 5, 10)


def ticks(values: Sequence[float], *, from_zero: bool = True, lines: int = 4, least: float = 0) -> list[float]:
    """Round numbers around some values, at about `lines` equal steps; from 0 to 1 where there is nothing.

    They span `least` at least, so that hardly different values look so.

    >>> ticks([665, 1419])
    [0, 400, 800, 1200, 1600]
    """
    low, high = (min(values), max(values)) if values else (0, 0)
    if from_zero:
        low, high = min(low, 0), max(high, 0)
    if high - low < least:
        low, high = (low + high - least) / 2, (low + high + least) / 2
    if low == high:
        low, high = (low - 1, high + 1) if low else (0, 1)
    rough = (high - low) / lines
    power = 10 ** floor(log10(rough))
    step = next(power * factor for factor in _STEPS if power * factor >= rough * 0.999)
    if all(float(value).is_integer() for value in values):
        step = max(round(step), 1)
    return [_clean(number * step) for number in range(floor(low / step), ceil(high / step) + 1)]


def numbers(values: Sequence[float]) -> list[Words]:
    """Numbers beside an axis: in full below 100,000, from there on in 万, or in thousands and millions in English."""
    if not values or max(map(abs, values)) < MYRIADS_FROM:
        return [f"{value:,.10g}" for value in values]
    return [{language: _shortened(value, language) for language in LANGUAGES} for value in values]


def shares(values: Sequence[float]) -> list[Words]:
    """Fractions beside an axis, as percentages."""
    return [f"{value * 100:.10g}%" for value in (round(value, 6) for value in values)]


def _shortened(value: float, language: str) -> str:
    if value == 0:
        return "0"
    if language == "en":
        return f"{value / 1_000_000:.10g}M" if abs(value) >= 1_000_000 else f"{value / 1_000:.10g}k"
    return f"{value / 10_000:,.10g} {'萬' if language == 'zh-Hant' else '万'}"


def _clean(value: float) -> float:
    return int(value) if float(value).is_integer() else round(value, 9)

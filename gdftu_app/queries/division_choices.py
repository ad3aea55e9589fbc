"""Choosing a division (所在政区) step by step: a city, one of its counties, one of their towns."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from gdftu_app.models.divisions import PROVINCE, Division, divisions


@dataclass(frozen=True, slots=True)
class DivisionStep:
    """One of the steps: the divisions to choose from, and the code of the one that is chosen, `""` for none yet.

    `whole` is the code that stands for not going further down: that of the division chosen one step before.
    """

    whole: str
    chosen: str
    options: tuple[Division, ...]


def is_division(code: str) -> bool:
    """Whether this is the code of a division that a union or an employer may stand in."""
    return code in _known()


def division_steps(code: str) -> list[DivisionStep]:
    """The steps down to a division, and the one that leads on from it; for an unknown code the first one, open."""
    way: list[str] = []
    at = code if is_division(code) else ""
    while at:
        way = [at, *way]
        at = _known()[at].parent_code
    steps = [DivisionStep(PROVINCE, way[1] if len(way) > 1 else way[0] if way else "", _below(PROVINCE))]
    for depth, above in enumerate(way[1:], start=2):
        if _below(above):
            steps.append(DivisionStep(above, way[depth] if len(way) > depth else above, _below(above)))
    return steps


@cache
def _known() -> Mapping[str, Division]:
    return {division.code: division for division in divisions()}


@cache
def _below(code: str) -> tuple[Division, ...]:
    return tuple(division for division in divisions() if division.parent_code == code)

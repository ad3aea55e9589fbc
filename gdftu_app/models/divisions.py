"""Guangdong's divisions (行政区划), from the province down to towns and streets, as the tree of unions follows them."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

PROVINCE = "44"
# 东莞 and 中山 have no counties: their towns stand directly below the city.
WITHOUT_COUNTIES = frozenset({"4419", "4420"})


@dataclass(frozen=True, slots=True)
class Division:
    """One division: its code, name, level (province, city, county, town) and the code of the one above it."""

    code: str
    name: str
    level: str
    parent_code: str


@cache
def divisions() -> tuple[Division, ...]:
    """All divisions that have a union of their own, superiors before subordinates."""
    return tuple(_read())


def _read() -> Iterator[Division]:
    lines = (files("gdftu_app") / "data" / "guangdong_divisions.csv").read_text("utf-8").splitlines()
    for row in csv.DictReader(lines):
        division = Division(**row)
        if division.level == "county" and division.parent_code in WITHOUT_COUNTIES:
            continue
        city = division.parent_code[:4]
        if division.level == "town" and city in WITHOUT_COUNTIES:
            division = replace(division, parent_code=city)
        yield division

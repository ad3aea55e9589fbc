"""The map of the cities (各市分布) as the page shows it, where direct subordinates are those of Guangdong."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from gdftu_app.charts.tiles import CITIES, Tile, city_map
from gdftu_app.i18n import LANGUAGES
from gdftu_app.models.divisions import divisions
from gdftu_app.queries.comparisons import Compared, ranked
from gdftu_app.services.division_unions import title_of
from gdftu_app.state.dates import Texts
from gdftu_app.state.figures import shortened
from gdftu_app.state.measures import Measure, cell

# With fewer, it is no map.
FEWEST_CITIES = len(CITIES) // 2


@dataclass
class CityRow:
    """A city's union with the value of the measure that the map shows."""

    id: int
    name: str
    value: str


@cache
def _cities() -> dict[str, tuple[str, str]]:
    """Code and short name of each city by the name of its union; all of them end with the word for city."""
    return {title_of(each)[0]: (each.code, each.name[:-1]) for each in divisions() if each.code in CITIES}


def cities_among(subordinates: list[Compared], measure: Measure) -> list[Compared]:
    """The cities' unions among some subordinates, in the order of a measure; none where they are too few for a map."""
    found = [row for row in subordinates if row.name in _cities()]
    return ranked(found, measure) if len(found) >= FEWEST_CITIES else []


def city_rows(cities: list[Compared], measure: Measure) -> list[CityRow]:
    """The table that says the same as the map."""
    return [CityRow(row.id, row.name, cell(measure, getattr(row, measure))) for row in cities]


def map_of(cities: list[Compared], measure: Measure) -> dict[str, Any]:
    """The map, its places in the order of the rows."""
    return city_map([_tile(row, measure) for row in cities]) if cities else {}


def _tile(row: Compared, measure: Measure) -> Tile:
    code, name = _cities()[row.name]
    value = getattr(row, measure)
    return Tile(code, name, value, _written(measure, value))


def _written(measure: Measure, value: Any) -> Texts:
    return dict.fromkeys(LANGUAGES, cell(measure, value)) if measure is Measure.RATE else shortened(value)

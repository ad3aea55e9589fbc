"""The parts of compositions (构成): counts by value as labelled cells, none left out that has anybody in it."""

from collections import Counter
from collections.abc import Mapping
from typing import TypeAlias

from gdftu_app.clock import today
from gdftu_app.i18n import msg
from gdftu_app.models.cells import MIXED
from gdftu_app.models.codes import EDUCATION_LEVELS, INDUSTRIES, OCCUPATION_GROUPS
from gdftu_app.models.unions import LEVEL_LABELS

# Key, label and count of each cell, empty ones too, in the order of the code table.
Cells: TypeAlias = list[tuple[str, str, int]]
NOT_RECORDED, OTHER = "", "other"
# Whatever their size, these come last.
LAST = (OTHER, MIXED, NOT_RECORDED)
# The greatest age of each band but the last.
_AGES = {
    24: msg("24岁及以下"),
    34: msg("25–34岁"),
    44: msg("35–44岁"),
    54: msg("45–54岁"),
    59: msg("55–59岁"),
}
_OLDEST, _OLDEST_LABEL = "60", msg("60岁及以上")


def by_age(counts: Mapping[str, int]) -> Cells:
    """Age bands from counts by year of birth: this year less the year of birth, whether the birthday is past or not."""
    bands: Counter[str] = Counter()
    for born, count in counts.items():
        bands[_band(today().year - int(born)) if born else NOT_RECORDED] += count
    return _cells(bands, {str(age): label for age, label in _AGES.items()} | {_OLDEST: _OLDEST_LABEL})


def by_education(counts: Mapping[str, int]) -> Cells:
    """Levels of education, the highest first."""
    return _cells(counts, EDUCATION_LEVELS.labels)


def by_occupation(counts: Mapping[str, int]) -> Cells:
    """Occupation groups."""
    return _cells(counts, OCCUPATION_GROUPS.labels)


def by_industry(counts: Mapping[str, int]) -> Cells:
    """Sections of GB/T 4754, and unions whose employers are of several."""
    return _cells(counts, {**INDUSTRIES.labels, MIXED: msg("多个行业")})


def by_level(counts: Mapping[str, int]) -> Cells:
    """Levels of unions, the highest first."""
    return _cells(counts, {level.value: label for level, label in LEVEL_LABELS.items()})


def _band(age: int) -> str:
    return next((str(greatest) for greatest in _AGES if age <= greatest), _OLDEST)


def _cells(counts: Mapping[str, int], labels: Mapping[str, str]) -> Cells:
    """The cells of a code table; codes that it does not hold are others."""
    unlisted = sum(count for value, count in counts.items() if value not in labels and value != NOT_RECORDED)
    shown = {**labels, OTHER: msg("其他")} if unlisted else labels
    listed = [
        (value, label, counts.get(value, 0) + (unlisted if value == OTHER else 0)) for value, label in shown.items()
    ]
    return [*listed, (NOT_RECORDED, msg("未登记"), counts.get(NOT_RECORDED, 0))]

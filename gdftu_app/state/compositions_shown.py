"""Compositions (构成) as the page shows them: pairs as short lists, the other traits as charts with their tables."""

from dataclasses import dataclass, field
from typing import Any

from gdftu_app.charts.axes import Words
from gdftu_app.charts.rankings import division
from gdftu_app.i18n import LANGUAGES, msg
from gdftu_app.queries.compositions import FEWEST, Composition, Part, Unit
from gdftu_app.state.dates import Texts
from gdftu_app.state.figures import whole
from gdftu_app.state.notices import in_every_language

HIDDEN = msg("少于 {fewest} 人或可推出")
_OF_UNIONS = msg("{trait}（按工会数）")
_COUNTS = {Unit.MEMBERS: msg("{count} 人"), Unit.UNIONS: msg("{count} 个")}
_TOTALS = {Unit.MEMBERS: msg("共 {count} 人"), Unit.UNIONS: msg("共 {count} 个工会")}
_HEADS = {Unit.MEMBERS: msg("会员数"), Unit.UNIONS: msg("工会数")}
# Traits of two parts, which need no picture.
PAIRS = frozenset({"sex", "migrant", "verified"})
# Two and two stand beside each other: of members and of unions by the same trait. Those not named come last.
_ORDER = ("age", "education", "level", "level_unions", "industry", "industry_unions")


@dataclass
class PartRow:
    """A part of a whole; `share` of 0 to 100 is for its bar, `number` is its count without a unit."""

    key: str
    label: Texts
    count: Texts
    number: Texts
    percent: str
    share: float


@dataclass
class DivisionShown:
    """构成: the members, or the unions, by one trait; a figure only where the parts are drawn."""

    key: str
    label: Texts
    total: Texts
    head: Texts
    help: Texts
    parts: list[PartRow]
    figure: dict[str, Any] = field(default_factory=dict)


def pairs_shown(compositions: list[Composition]) -> list[DivisionShown]:
    """The traits of two parts; nothing where there are no members."""
    return [_shown(each) for each in compositions if each.key in PAIRS and each.total]


def divisions_shown(compositions: list[Composition]) -> list[DivisionShown]:
    """The other traits, each with its chart; those without anybody, or any union, are left out."""
    drawn = [each for each in compositions if each.key not in PAIRS and each.total]
    drawn.sort(key=lambda each: _ORDER.index(each.key) if each.key in _ORDER else len(_ORDER))
    return [_shown(each, _drawn(each)) for each in drawn]


def _shown(each: Composition, figure: dict[str, Any] | None = None) -> DivisionShown:
    label = in_every_language(each.label)
    if each.unit is Unit.UNIONS:
        label = _of_unions(label)
    return DivisionShown(
        key=each.key,
        label=label,
        total=in_every_language(_TOTALS[each.unit], count=whole(each.total)),
        head=in_every_language(_HEADS[each.unit]),
        help=in_every_language(each.help),
        parts=[_part(each, part) for part in each.parts],
        figure=figure or {},
    )


def _of_unions(label: Texts) -> Texts:
    return {language: in_every_language(_OF_UNIONS, trait=words)[language] for language, words in label.items()}


def _drawn(each: Composition) -> dict[str, Any]:
    names: list[Words] = [in_every_language(part.label) for part in each.parts]
    return division(names, [part.count for part in each.parts], [_written(each, part) for part in each.parts])


def _written(each: Composition, part: Part) -> Words:
    if part.count is None:
        return in_every_language(HIDDEN, fewest=FEWEST)
    return f"{whole(part.count)} · {_percent(part.count, each)}"


def _part(each: Composition, part: Part) -> PartRow:
    label = in_every_language(part.label)
    if part.count is None:
        hidden = in_every_language(HIDDEN, fewest=FEWEST)
        return PartRow(part.key, label, hidden, hidden, "—", 0)
    return PartRow(
        key=part.key,
        label=label,
        count=in_every_language(_COUNTS[each.unit], count=whole(part.count)),
        number=dict.fromkeys(LANGUAGES, whole(part.count)),
        percent=_percent(part.count, each),
        share=round(part.count / each.total * 100, 1),
    )


def _percent(count: int, each: Composition) -> str:
    return f"{count / each.total * 100:.1f}%"

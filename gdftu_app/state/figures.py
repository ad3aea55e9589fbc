"""Figures as a page shows them: written out in every language, exact in the title."""

from dataclasses import dataclass

from gdftu_app.i18n import LANGUAGES, msg
from gdftu_app.queries.unions import UnionHead
from gdftu_app.state.notices import in_every_language

FULL_BELOW = 100_000
SHORTENED = {
    "zh-CN": (10_000, ".1f", "万{unit}"),
    "zh-Hant": (10_000, ".1f", "萬{unit}"),
    "en": (1_000_000, ".2f", "million"),
}
"""By language: what a large count is counted in, with how many decimals, and the words for it."""


@dataclass
class Figure:
    """One figure of a strip; `value` and `unit` by language, `exact` for the title."""

    key: str
    label: dict[str, str]
    value: dict[str, str]
    unit: dict[str, str]
    exact: str


def whole(number: int) -> str:
    """A number in full with thousands commas: 38,906."""
    return f"{number:,}"


def percent(rate: float | None) -> str:
    """A rate of 0 to 1 with one decimal, without its sign; a dash where there is none."""
    return "—" if rate is None else f"{rate * 100:.1f}"


def counted(key: str, label: str, number: int, unit: str) -> Figure:
    """A count: in full below 100,000, from there on shortened as each language does (214.6 万, 2.15 million)."""
    if number < FULL_BELOW:
        value = dict.fromkeys(LANGUAGES, whole(number))
        return Figure(key, in_every_language(label), value, in_every_language(unit), whole(number))
    names = in_every_language(unit)
    value = {language: f"{number / size:,{decimals}}" for language, (size, decimals, _) in SHORTENED.items()}
    units = {language: words.format(unit=names[language]) for language, (_, _, words) in SHORTENED.items()}
    return Figure(key, in_every_language(label), value, units, whole(number))


def figures_of(head: UnionHead, *, own: bool = False) -> list[Figure]:
    """The strip above a list of subordinates; with `own`, the fuller one of the union's own overview."""
    rate = percent(head.rate)
    rate_figure = Figure(
        "rate",
        in_every_language(msg("实名率")),
        dict.fromkeys(LANGUAGES, rate),
        dict.fromkeys(LANGUAGES, "" if head.rate is None else "%"),
        rate,
    )
    members = counted("members", msg("会员数"), head.members, msg("人"))
    verified = counted("verified", msg("实名会员数"), head.verified, msg("人"))
    if not own:
        return [counted("direct", msg("直属下级"), head.direct, msg("个")), members, verified, rate_figure]
    unions = [counted("unions", msg("组织数"), head.subordinates + 1, msg("个"))] if head.is_above_base else []
    women = counted("women", msg("女会员数"), head.women, msg("人"))
    migrant = counted("migrant", msg("农民工数"), head.migrant, msg("人"))
    return [*unions, members, women, migrant, verified, rate_figure]

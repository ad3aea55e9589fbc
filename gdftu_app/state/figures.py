"""Figures as a page shows them: written out in every language, exact in the title."""

from dataclasses import dataclass, field

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
class Change:
    """By how much a figure differs from an earlier one, in words: 较上月 ↑ 46."""

    since: dict[str, str]
    by: dict[str, str]
    is_fall: bool


@dataclass
class Figure:
    """One figure of a strip; `value` and `unit` by language, `exact` for the title, `help` on what is counted."""

    key: str
    label: dict[str, str]
    value: dict[str, str]
    unit: dict[str, str]
    exact: str
    changes: list[Change] = field(default_factory=list)
    help: dict[str, str] = field(default_factory=dict)


def whole(number: int) -> str:
    """A number in full with thousands commas: 38,906."""
    return f"{number:,}"


def signed(number: int) -> str:
    """A change with its sign: +12, 0, −3."""
    return f"+{whole(number)}" if number > 0 else whole(number).replace("-", "−")


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


def shortened(number: int) -> dict[str, str]:
    """A count in few characters: in full below 100,000, from there on 214.6 万 or 2.15M."""
    if abs(number) < FULL_BELOW:
        return dict.fromkeys(LANGUAGES, whole(number))
    words = {language: words.format(unit="") for language, (_, _, words) in SHORTENED.items()} | {"en": "M"}
    return {
        language: f"{number / size:,{decimals}}{'' if language == 'en' else ' '}{words[language]}"
        for language, (size, decimals, _) in SHORTENED.items()
    }


def change_of_count(since: str, now: int, before: int) -> Change:
    """By how much a count rose (↑) or fell (↓) since then; large differences are shortened like counts."""
    difference = now - before
    if not difference:
        return Change(in_every_language(since), in_every_language(msg("持平")), False)
    arrow, size = "↑" if difference > 0 else "↓", abs(difference)
    if size < FULL_BELOW:
        words = dict.fromkeys(LANGUAGES, f"{arrow} {whole(size)}")
    else:
        words = {
            language: f"{arrow} {size / divisor:,{decimals}} {unit.format(unit='').strip()}"
            for language, (divisor, decimals, unit) in SHORTENED.items()
        }
    return Change(in_every_language(since), words, difference < 0)


def change_of_rate(since: str, now: float | None, before: float | None) -> Change | None:
    """By how many percentage points a rate rose or fell; None where there was none."""
    if now is None or before is None:
        return None
    points = round(now * 100, 1) - round(before * 100, 1)
    if abs(points) < 0.05:
        return Change(in_every_language(since), in_every_language(msg("持平")), False)
    arrow = "↑" if points > 0 else "↓"
    words = in_every_language(msg("{arrow} {points} 个百分点"), arrow=arrow, points=f"{abs(points):.1f}")
    return Change(in_every_language(since), words, points < 0)


def rate_figure(label: str, rate: float | None) -> Figure:
    """A rate, with its sign where there is one."""
    unit = dict.fromkeys(LANGUAGES, "" if rate is None else "%")
    return Figure("rate", in_every_language(label), dict.fromkeys(LANGUAGES, percent(rate)), unit, percent(rate))


def figures_of(head: UnionHead) -> list[Figure]:
    """The strip above a list of subordinates."""
    return [
        counted("direct", msg("直属下级"), head.direct, msg("个")),
        counted("members", msg("会员数"), head.members, msg("人")),
        counted("verified", msg("实名会员数"), head.verified, msg("人")),
        rate_figure(msg("实名率"), head.rate),
    ]

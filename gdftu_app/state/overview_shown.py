"""The overview as the page shows it: its figures with their changes, the last days, and the leagues."""

from dataclasses import dataclass
from typing import Any

from gdftu_app.charts.drawing import EARLIER, Series, bars
from gdftu_app.i18n import LANGUAGES, msg
from gdftu_app.queries.comparisons import Compared
from gdftu_app.queries.compositions import FEWEST
from gdftu_app.queries.overviews import Growth, Overview
from gdftu_app.state.compositions_shown import HIDDEN
from gdftu_app.state.dates import Texts
from gdftu_app.state.figures import (
    Change,
    Figure,
    change_of_count,
    change_of_rate,
    counted,
    percent,
    rate_figure,
    signed,
    whole,
)
from gdftu_app.state.notices import in_every_language

LOW_BELOW = 0.65
WEEKDAYS = (msg("周一"), msg("周二"), msg("周三"), msg("周四"), msg("周五"), msg("周六"), msg("周日"))
_YESTERDAY, _LAST_MONTH = msg("较昨日"), msg("较上月末")
LABELS: dict[str, str] = {
    "unions": msg("下级工会数"),
    "members": msg("会员数"),
    "women": msg("女会员数"),
    "migrant": msg("农民工数"),
    "verified": msg("实名会员数"),
    "rate": msg("实名率"),
}
HELP: dict[str, str] = {
    "unions": msg("全部下级工会，不含本级和已撤销的。新登记按登记或建立当天计入。"),
    "members": msg("此刻在会的会员，含全部下级，不含保留会籍；审核通过、移出即时计入。"),
    "women": msg("此刻在会会员中性别登记为女的。"),
    "migrant": msg("此刻在会会员中登记为农民工的。"),
    "verified": msg("此刻在会会员中已通过实名认证的。"),
    "rate": msg("实名会员数占会员数的比例。"),
}
CHANGES_HELP = msg("与昨日、上月最后一天结束时相比。补录的入会计入其入会当天，以前的数字因此可能改变。")


@dataclass
class GrowthRow:
    """One of the last seven days."""

    day: str
    weekday: Texts
    growth: str
    before: str
    verified: str


@dataclass
class LeagueRow:
    """A direct subordinate and its place; `share` is its rate of 0 to 100 for the bar."""

    place: int
    id: int
    name: str
    rate: str
    share: float
    is_low: bool
    growth: str


def own_figures(overview: Overview) -> list[Figure]:
    """The strip: each figure with what it can be compared to; base unions have no subordinates to count."""
    head = overview.head
    counts = {
        "members": counted("members", LABELS["members"], head.members, msg("人")),
        "women": counted("women", LABELS["women"], head.women, msg("人")),
        "migrant": counted("migrant", LABELS["migrant"], head.migrant, msg("人")),
        "verified": counted("verified", LABELS["verified"], head.verified, msg("人")),
        "rate": rate_figure(LABELS["rate"], head.rate),
    }
    if head.is_above_base:
        counts = {"unions": counted("unions", LABELS["unions"], head.subordinates, msg("个"))} | counts
    changes = _changes(overview)
    for key, figure in counts.items():
        figure.help = in_every_language(HELP[key])
        if key in overview.kept_back:
            _keep_back(figure)
        else:
            figure.changes = [change for change in changes[key] if change is not None]
    return list(counts.values())


def week_chart(days: list[Growth]) -> dict[str, Any]:
    """近七天实名会员增长 beside the seven days before."""
    places = [
        {language: f"{name}<br>{row.day:%m-%d}" for language, name in in_every_language(_weekday(row)).items()}
        for row in days
    ]
    earlier = Series(in_every_language(msg("前七天")), [row.growth_before for row in days], EARLIER)
    lately = Series(in_every_language(msg("近七天")), [row.growth for row in days], is_written=True)
    return bars(places, [earlier, lately])


def day_rows(days: list[Growth]) -> list[GrowthRow]:
    """The last seven days, the latest first."""
    return [
        GrowthRow(
            day=row.day.isoformat(),
            weekday=in_every_language(_weekday(row)),
            growth=signed(row.growth),
            before=signed(row.growth_before),
            verified=whole(row.verified),
        )
        for row in reversed(days)
    ]


def placed(rows: list[Compared], first: int = 1, step: int = 1) -> list[LeagueRow]:
    """Subordinates with their places, which begin at `first` and go up, or down by a step of -1."""
    return [_league_row(row, first + step * number) for number, row in enumerate(rows)]


def _league_row(row: Compared, place: int) -> LeagueRow:
    rate = row.rate or 0.0
    return LeagueRow(
        place=place,
        id=row.id,
        name=row.name,
        rate=percent(row.rate),
        share=round(rate * 100, 1),
        is_low=rate < LOW_BELOW,
        growth=signed(row.growth),
    )


def _weekday(row: Growth) -> str:
    return WEEKDAYS[row.day.weekday()]


def _changes(overview: Overview) -> dict[str, list[Change | None]]:
    head, yesterday, last_month = overview.head, overview.yesterday, overview.last_month
    return {
        "unions": [
            _entered(msg("今日新登记"), overview.registered_today),
            _entered(msg("本月新登记"), overview.registered),
        ],
        "members": [
            change_of_count(_YESTERDAY, head.members, yesterday.members),
            change_of_count(_LAST_MONTH, head.members, last_month.members),
        ],
        "women": [_share_of(head.women, head.members)],
        "migrant": [_share_of(head.migrant, head.members)],
        "verified": [
            change_of_count(_YESTERDAY, head.verified, yesterday.verified),
            change_of_count(_LAST_MONTH, head.verified, last_month.verified),
        ],
        "rate": [
            change_of_rate(_YESTERDAY, head.rate, yesterday.rate),
            change_of_rate(_LAST_MONTH, head.rate, last_month.rate),
        ],
    }


def _keep_back(figure: Figure) -> None:
    figure.value, figure.unit, figure.exact = dict.fromkeys(LANGUAGES, "—"), dict.fromkeys(LANGUAGES, ""), "—"
    figure.changes = [Change(in_every_language(HIDDEN, fewest=FEWEST), dict.fromkeys(LANGUAGES, ""), False)]


def _entered(when: str, count: int) -> Change:
    return Change(in_every_language(when), in_every_language(msg("{count} 个"), count=whole(count)), False)


def _share_of(part: int, whole_of: int) -> Change | None:
    if not whole_of:
        return None
    words = dict.fromkeys(LANGUAGES, f"{part / whole_of * 100:.1f}%")
    return Change(in_every_language(msg("占会员")), words, False)

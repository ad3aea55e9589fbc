"""The overview as it is shown: every figure with what it can be compared to, and sense where there is nothing."""

from dataclasses import replace
from datetime import date, timedelta
from inspect import signature
from typing import Any

import pytest

from gdftu_app.i18n import LANGUAGES
from gdftu_app.queries.comparisons import Compared
from gdftu_app.queries.flows import PeriodFigures
from gdftu_app.queries.overviews import Growth, Overview
from gdftu_app.queries.unions import rate_of
from gdftu_app.state.figures import Figure, signed
from gdftu_app.state.overview_shown import day_rows, own_figures, placed, week_chart
from tests.state.test_figures import head

TODAY = date(2026, 3, 1)
DAYS = [Growth(TODAY - timedelta(days=back), 1 - back, 40, back) for back in range(6, -1, -1)]


def at_the_end(day: date, members: int, verified: int) -> PeriodFigures:
    nothing: dict[str, Any] = dict.fromkeys(signature(PeriodFigures).parameters, 0)
    counted: dict[str, Any] = {"members": members, "verified": verified, "rate": rate_of(verified, members)}
    return PeriodFigures(**{**nothing, **counted, "first": day, "last": day})


def subordinate(number: int, name: str, members: int = 10, rate: float | None = 0.5) -> Compared:
    nothing: dict[str, Any] = dict.fromkeys(signature(Compared).parameters, 0)
    return Compared(**(nothing | {"id": number, "name": name, "is_above_base": True, "members": members, "rate": rate}))


def overview(members: int = 38_906, verified: int = 34_704, **values) -> Overview:
    of_head = {name: values.pop(name) for name in ("women", "migrant", "is_above_base") if name in values}
    usual = {
        "head": head(members=members, verified=verified, rate=rate_of(verified, members), **of_head),
        "yesterday": at_the_end(TODAY - timedelta(days=1), 38_900, 34_704),
        "last_month": at_the_end(date(2026, 2, 28), 39_000, 30_000),
        "registered": 3,
        "registered_today": 1,
        "days": DAYS,
        "leagues": None,
        "kept_back": frozenset[str](),
    }
    return Overview(**(usual | values))


def shown(found: Overview) -> dict[str, Figure]:
    return {figure.key: figure for figure in own_figures(found)}


def changes(figure: Figure) -> list[tuple[str, str]]:
    return [(change.since["zh-CN"], change.by["zh-CN"]) for change in figure.changes]


class TestFigures:
    def test_say_how_they_changed_since_yesterday_and_last_month(self):
        strip = shown(overview())

        assert list(strip) == ["unions", "members", "women", "migrant", "verified", "rate"]
        assert strip["unions"].exact == "447"
        assert changes(strip["unions"]) == [("今日新登记", "1 个"), ("本月新登记", "3 个")]
        assert changes(strip["members"]) == [("较昨日", "↑ 6"), ("较上月末", "↓ 94")]
        assert changes(strip["verified"]) == [("较昨日", "持平"), ("较上月末", "↑ 4,704")]
        assert changes(strip["rate"]) == [("较昨日", "持平"), ("较上月末", "↑ 12.3 个百分点")]
        assert changes(strip["women"]) == [("占会员", "43.7%")]

    def test_all_say_what_they_count(self):
        assert all(figure.help.keys() == set(LANGUAGES) for figure in own_figures(overview()))

    def test_of_a_base_union_count_no_unions(self):
        assert "unions" not in shown(overview(is_above_base=False))

    def test_of_a_union_that_never_had_members_divide_by_nobody(self):
        nobody = at_the_end(TODAY, 0, 0)

        strip = shown(overview(0, 0, women=0, migrant=0, yesterday=nobody, last_month=nobody))

        assert (strip["rate"].value["zh-CN"], changes(strip["rate"]), changes(strip["women"])) == ("—", [], [])
        assert changes(strip["members"]) == [("较昨日", "持平"), ("较上月末", "持平")]

    def test_of_a_union_whose_last_member_left_say_so(self):
        strip = shown(overview(0, 0, women=0, migrant=0, yesterday=at_the_end(TODAY, 1, 1)))

        assert changes(strip["members"])[0] == ("较昨日", "↓ 1")
        assert (strip["rate"].value["zh-CN"], changes(strip["rate"])) == ("—", [])

    def test_of_one_member_are_whole(self):
        strip = shown(overview(1, 1, women=1, migrant=0))

        assert (strip["members"].exact, strip["rate"].exact, changes(strip["women"])) == (
            "1",
            "100.0",
            [("占会员", "100.0%")],
        )

    @pytest.mark.parametrize("key", ["women", "migrant"])
    def test_of_too_few_people_are_kept_back(self, key: str):
        figure = shown(overview(9, 3, women=3, migrant=4, kept_back=frozenset({key})))[key]

        assert (figure.value["en"], figure.exact, figure.unit["zh-CN"]) == ("—", "—", "")
        assert [since for since, _ in changes(figure)] == ["少于 5 人或可推出"]


def test_the_chart_and_its_table_hold_the_same_days():
    chart, rows = week_chart(DAYS), day_rows(DAYS)

    assert [signed(value) for value in reversed(chart["data"][1]["y"])] == [row.growth for row in rows]
    assert [signed(value) for value in reversed(chart["data"][0]["y"])] == [row.before for row in rows]
    assert rows[0].day == "2026-03-01"


def test_a_week_of_nothing_is_drawn_as_nothing_on_a_scale():
    chart = week_chart([replace(row, growth=0, growth_before=0) for row in DAYS])

    assert chart["data"][1]["text"] == ["0"] * 7
    assert chart["layout"]["yaxis"]["range"][0] == 0


def test_places_count_from_the_first_or_back_from_the_last():
    rows = [subordinate(number, f"{number}") for number in range(3)]

    assert [row.place for row in placed(rows)] == [1, 2, 3]
    assert [row.place for row in placed(rows, 34, -1)] == [34, 33, 32]

"""Statistics as they are shown: compositions, the map, and sense where there is nothing."""

from dataclasses import replace
from datetime import date

import pytest

from gdftu_app.charts.tiles import CITIES
from gdftu_app.i18n import LANGUAGES
from gdftu_app.models.divisions import divisions
from gdftu_app.queries.comparisons import Compared
from gdftu_app.queries.compositions import Composition, Part, Unit
from gdftu_app.queries.flows import PeriodFigures
from gdftu_app.queries.periods import Grain
from gdftu_app.queries.statistics import Statistics
from gdftu_app.queries.unions import UnionRef
from gdftu_app.state.city_maps import cities_among, city_rows, map_of
from gdftu_app.state.compositions_shown import divisions_shown, pairs_shown
from gdftu_app.state.figures import shortened
from gdftu_app.state.measures import HELP, LABELS, Measure
from gdftu_app.state.statistics_shown import comparison_chart, development_chart, figures_shown, period_rows
from tests.state.test_overview_shown import at_the_end, subordinate

NAMES = [f"{each.name}总工会" for each in divisions() if each.code in CITIES]
JANUARY = date(2026, 1, 31)


def composition(key: str, *parts: Part, unit: Unit = Unit.MEMBERS) -> Composition:
    total = sum(part.count or 0 for part in parts)
    return Composition(key=key, label="学历", unit=unit, help="按登记。", total=total, parts=[*parts])


def statistics(*periods: PeriodFigures, subordinates: list[Compared] | None = None) -> Statistics:
    return Statistics(
        union=UnionRef(1, "广东省总工会"),
        trail=[UnionRef(1, "广东省总工会")],
        is_above_base=True,
        grain=Grain.MONTH,
        below=True,
        whole=periods[-1],
        before=None,
        year_before=None,
        periods=list(periods),
        subordinates=subordinates or [],
        compositions=[],
    )


class TestCompositions:
    def test_pairs_are_lists_and_the_other_traits_charts_with_the_same_numbers_in_their_tables(self):
        sex = composition("sex", Part("women", "女", 1), Part("others", "男及未登记", 2))
        education = composition("education", Part("11", "博士", 3), Part("14", "硕士", 9))

        [pair], [drawn] = pairs_shown([sex, education]), divisions_shown([sex, education])

        assert (pair.key, pair.figure) == ("sex", {})
        assert drawn.figure["data"][0]["x"] == [3, 9]
        assert [part.number["zh-CN"] for part in drawn.parts] == ["3", "9"]
        assert [part.percent for part in drawn.parts] == ["25.0%", "75.0%"]
        assert drawn.total["zh-CN"] == "共 12 人"

    def test_of_nobody_are_left_out(self):
        nobody = composition("education", Part("11", "博士", 0))

        assert divisions_shown([nobody, composition("age")]) == []

    def test_kept_back_is_neither_drawn_nor_told(self):
        [drawn] = divisions_shown([composition("education", Part("11", "博士", None), Part("14", "硕士", 6))])

        assert drawn.figure["data"][0]["x"] == [0, 6]
        assert drawn.parts[0].number["zh-CN"] == "少于 5 人或可推出"
        assert (drawn.parts[0].percent, drawn.parts[0].share) == ("—", 0)

    def test_of_members_and_of_unions_by_one_trait_stand_side_by_side(self):
        keys = ("age", "education", "occupation", "industry", "level", "industry_unions", "level_unions")

        drawn = divisions_shown([composition(key, Part("x", "甲", 1)) for key in keys])

        assert [each.key for each in drawn] == [
            *("age", "education", "level", "level_unions", "industry", "industry_unions", "occupation")
        ]

    def test_of_unions_say_so(self):
        [drawn] = divisions_shown([composition("level_unions", Part("base", "基层", 4), unit=Unit.UNIONS)])

        assert (drawn.total["zh-CN"], drawn.head["zh-CN"]) == ("共 4 个工会", "工会数")
        assert drawn.label["zh-CN"] == "学历（按工会数）"
        assert drawn.parts[0].count["zh-CN"] == "4 个"


class TestTheMap:
    def test_stands_where_the_cities_are_compared_and_nowhere_else(self):
        cities = [subordinate(number, name, number) for number, name in enumerate(NAMES)]
        others = [subordinate(90 + number, f"第{number}产业工会", 5) for number in range(30)]

        assert {row.name for row in cities_among([*cities, *others], Measure.MEMBERS)} == set(NAMES)
        assert cities_among(others, Measure.MEMBERS) == []
        assert cities_among(cities[:3], Measure.MEMBERS) == []
        assert map_of([], Measure.MEMBERS) == {}

    def test_holds_the_numbers_of_its_table_in_the_same_order(self):
        members = [250_000, *range(20)]
        cities = cities_among(
            [subordinate(at, name, count) for at, (name, count) in enumerate(zip(NAMES, members, strict=True))],
            Measure.MEMBERS,
        )

        rows, square = city_rows(cities, Measure.MEMBERS), map_of(cities, Measure.MEMBERS)["data"][0]

        assert (rows[0].name, rows[0].value) == ("广州市总工会", "250,000")
        assert square["text"][0]["zh-CN"] == "<b>广州</b><br>25.0 万"
        assert [row.value for row in rows[1:3]] == ["19", "18"]
        assert "18" in square["text"][2]["en"]

    def test_a_city_without_members_has_no_rate(self):
        cities = cities_among([subordinate(at, name, 0, None) for at, name in enumerate(NAMES)], Measure.RATE)

        assert {row.value for row in city_rows(cities, Measure.RATE)} == {"—"}
        assert set(map_of(cities, Measure.RATE)["data"][0]["marker"]["color"]) == {"--gray-a3"}


class TestWhereThereIsNothing:
    NOBODY = at_the_end(JANUARY, 0, 0)

    def test_no_rate_is_drawn(self):
        found = statistics(self.NOBODY, subordinates=[subordinate(2, "甲总工会", 0, None)])

        assert development_chart(found, Measure.RATE) == comparison_chart(found, Measure.RATE) == {}

    @pytest.mark.parametrize("measure", [measure for measure in Measure if measure is not Measure.RATE])
    def test_nothing_is_drawn_on_a_scale(self, measure: Measure):
        found = statistics(self.NOBODY, subordinates=[subordinate(2, "甲总工会", 0, None)])

        low, high = development_chart(found, measure)["layout"]["yaxis"]["range"]
        assert low <= 0 < high

    def test_figures_and_rows_are_dashes_and_noughts(self):
        found = statistics(self.NOBODY)

        assert {figure.exact for figure in figures_shown(found)} == {"0", "—"}
        assert set(period_rows(found)[0].cells) == {"0", "—"}

    def test_the_last_member_that_left_is_a_fall(self):
        found = replace(statistics(self.NOBODY), before=at_the_end(date(2025, 12, 31), 1, 1))

        members = figures_shown(found)[0]

        assert [(each.since["zh-CN"], each.by["zh-CN"], each.is_fall) for each in members.changes] == [
            ("环比", "↓ 1", True)
        ]


def test_every_measure_has_a_name_and_says_what_it_counts():
    assert LABELS.keys() == HELP.keys() == set(Measure)


@pytest.mark.parametrize(
    ("number", "chinese", "english"),
    [(0, "0", "0"), (99_999, "99,999", "99,999"), (2_146_321, "214.6 万", "2.15M"), (100_000, "10.0 万", "0.10M")],
)
def test_large_counts_are_short_on_a_map(number: int, chinese: str, english: str):
    words = shortened(number)

    assert words.keys() == set(LANGUAGES)
    assert (words["zh-CN"], words["en"]) == (chinese, english)

"""Charts: what is drawn from plain rows, and what stands beside the axes."""

from typing import Any

import plotly.graph_objects as go
import pytest

from gdftu_app.charts.axes import numbers, shares, ticks
from gdftu_app.charts.drawing import Series, bars, lines
from gdftu_app.charts.rankings import division, ranking
from gdftu_app.charts.tiles import CITIES, Tile, city_map, shades_of
from gdftu_app.i18n import LANGUAGES
from gdftu_app.models.divisions import divisions

SIX_YEARS = [f"2020-{month}" for month in range(72)]


def as_read(value: Any, language: str = "en") -> Any:
    """A figure as the browser gets it: texts of one language, a colour for each token."""
    if isinstance(value, dict):
        return value[language] if language in value else {key: as_read(each, language) for key, each in value.items()}
    if isinstance(value, list):
        return [as_read(each, language) for each in value]
    return "#123456" if isinstance(value, str) and value.startswith("--") else value


class TestAxes:
    @pytest.mark.parametrize(
        ("values", "places"),
        [
            ([665, 1419], [0, 400, 800, 1200, 1600]),
            ([3], [0, 1, 2, 3]),
            ([0], [0, 1]),
            ([], [0, 1]),
            ([-3, 4], [-4, -2, 0, 2, 4]),
        ],
    )
    def test_grids_stand_at_round_numbers_around_what_there_is(self, values: list[float], places: list[float]):
        assert ticks(values) == places

    def test_a_line_need_not_begin_at_nothing_and_one_value_has_room(self):
        assert ticks([2_140_000, 2_146_321], from_zero=False)[0] == 2_140_000
        assert ticks([5, 5], from_zero=False) == [4, 5, 6]

    def test_hardly_differing_shares_are_not_blown_up(self):
        grid = ticks([0.7094, 0.7106], from_zero=False, least=0.04)

        assert grid[-1] - grid[0] >= 0.04
        assert shares(grid) == ["69%", "70%", "71%", "72%", "73%"]

    def test_large_numbers_are_written_as_each_language_does(self):
        assert numbers([0, 50_000]) == ["0", "50,000"]
        assert numbers([0, 250_000, 2_500_000])[1:] == [
            {"zh-CN": "25 万", "zh-Hant": "25 萬", "en": "250k"},
            {"zh-CN": "250 万", "zh-Hant": "250 萬", "en": "2.5M"},
        ]


class TestDrawing:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize(
        "figure",
        [
            bars(["周一", dict.fromkeys(LANGUAGES, "周二")], [Series("入会", [1, 2], is_written=True)]),
            bars(["a"], [Series("x", [1]), Series("y", [0])]),
            lines(SIX_YEARS, [Series("会员", [1_000_000 + month for month in range(72)])]),
            lines(["a", "b"], [Series("实名率", [None, 0.5])], is_share=True),
            lines(["a"], [Series("实名率", [None])], is_share=True),
            ranking(["甲工会", "乙工会"], [5, 0]),
            ranking(["甲工会"], [None], is_share=True),
            ranking([f"第{number}工会" for number in range(1_000)], list(range(1_000, 0, -1))),
            lines(["a"], [Series("会员", [0])]),
            lines(["a"], [Series("会员", [100_000])]),
            division(["女", dict.fromkeys(LANGUAGES, "男")], [3, None], ["3 · 60.0%", dict.fromkeys(LANGUAGES, "少")]),
            division(["高中"], [0], ["0 · 0.0%"]),
            division([], [], []),
            city_map([Tile(code, code, 0, "0") for code in CITIES]),
            city_map([Tile("4401", "广州", None, "—"), Tile("4402", "韶关", 0.5, dict.fromkeys(LANGUAGES, "50.0%"))]),
        ],
    )
    def test_plotly_takes_what_is_drawn(self, figure: dict[str, Any], language: str):
        go.Figure(as_read(figure, language))

    def test_one_person_less_is_a_short_bar_below_an_open_chart(self):
        figure = bars(["周一", "周二"], [Series("增长", [0, -1])])

        assert figure["layout"]["yaxis"]["range"] == [-2, 4]

    def test_values_stand_at_few_bars_and_not_at_many(self):
        few, many = (bars(["x"] * count, [Series("x", [1] * count, is_written=True)]) for count in (7, 40))

        assert few["data"][0]["text"] == ["1"] * 7
        assert "text" not in many["data"][0]

    def test_long_names_are_cut_beside_the_axis_and_whole_in_the_hint(self):
        name = "佛山市顺德区岭川精密注塑科技股份有限公司北滘分公司工会委员会"

        figure = ranking([name], [12])

        assert figure["layout"]["yaxis"]["ticktext"] == ["佛山市顺德区岭川精密注塑科技股…"]
        assert figure["data"][0]["customdata"] == [name]

    def test_long_words_are_cut_in_each_language_by_how_wide_they_are(self):
        words = {"zh-CN": "水利、环境和公共设施管理业", "en": "Water, environment and public facilities management"}

        [name] = division([words], [1], ["1"])["layout"]["yaxis"]["ticktext"]

        assert name == {"zh-CN": "水利、环境和公共设施管理业", "en": "Water, environment and public…"}

    def test_what_is_kept_back_has_no_bar_but_its_words(self):
        bar = division(["博士", "硕士"], [None, 6], ["少于 5 人", "6 · 60.0%"])["data"][0]

        assert (bar["x"], bar["text"]) == ([0, 6], ["少于 5 人", "6 · 60.0%"])

    def test_words_in_the_place_of_a_bar_take_no_room_from_the_bars(self):
        kept_back = division(["博士", "硕士"], [None, 6], ["fewer than 5, or would reveal them", "6 · 60.0%"])

        assert kept_back["layout"]["margin"] == division(["硕士"], [6], ["6 · 60.0%"])["layout"]["margin"]

    def test_the_scale_of_a_ranking_of_nobody_is_still_one(self):
        assert ranking(["甲工会"], [0])["layout"]["xaxis"]["range"] == [0, 1]


class TestTheMapOfCities:
    def test_has_a_square_of_its_own_for_each_city(self):
        assert CITIES.keys() == {each.code for each in divisions() if each.level == "city"}
        assert len(set(CITIES.values())) == len(CITIES)

    @pytest.mark.parametrize(
        ("north", "south"), [("4402", "4401"), ("4401", "4420"), ("4414", "4452"), ("4412", "4453"), ("4409", "4408")]
    )
    def test_north_is_above(self, north: str, south: str):
        assert CITIES[north][0] < CITIES[south][0]

    @pytest.mark.parametrize(
        ("west", "east"), [("4406", "4401"), ("4401", "4413"), ("4408", "4404"), ("4407", "4403"), ("4415", "4405")]
    )
    def test_west_is_left(self, west: str, east: str):
        assert CITIES[west][1] < CITIES[east][1]

    @pytest.mark.parametrize(
        ("values", "shades"),
        [
            (list(range(21)), [0] * 4 + [1] * 4 + [2] * 4 + [3] * 4 + [4] * 5),
            ([0, 0, 0], [2, 2, 2]),
            ([7], [2]),
            ([None, 1, 9], [None, 0, 4]),
            ([], []),
        ],
    )
    def test_the_more_the_darker_and_equal_ones_alike(self, values: list[float | None], shades: list[int | None]):
        assert shades_of(values) == shades

    def test_words_stand_out_from_every_shade(self):
        tiles = [Tile(code, code, number, "1") for number, code in enumerate(CITIES)]

        square = city_map(tiles)["data"][0]

        inks = dict(zip(square["marker"]["color"], square["insidetextfont"]["color"], strict=True))
        pale, dark = dict.fromkeys(("--m1", "--m2", "--m3"), "--gray-12"), dict.fromkeys(("--m4", "--m5"), "--m-ink")
        assert inks == pale | dark

"""Charts: what is drawn from plain rows, and what stands beside the axes."""

from typing import Any

import plotly.graph_objects as go
import pytest

from gdftu_app.charts.axes import numbers, shares, ticks
from gdftu_app.charts.drawing import Series, bars, lines, ranking
from gdftu_app.i18n import LANGUAGES

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

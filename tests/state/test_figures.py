"""Figures written out for reading."""

import pytest

from gdftu_app.i18n import LANGUAGES
from gdftu_app.queries.unions import UnionHead, UnionRef
from gdftu_app.state.figures import SHORTENED, counted, figures_of, percent


def head(**values):
    usual = {
        "id": 1,
        "name": "云山市总工会",
        "category": "city",
        "level": "city",
        "status": "active",
        "is_above_base": True,
        "path": [UnionRef(1, "云山市总工会")],
        "direct": 12,
        "subordinates": 447,
        "members": 38_906,
        "verified": 34_704,
        "women": 17_000,
        "migrant": 9_000,
        "rate": 34_704 / 38_906,
    }
    return UnionHead(**(usual | values))


@pytest.mark.parametrize(("rate", "text"), [(0.8920, "89.2"), (1.0, "100.0"), (0.0, "0.0"), (None, "—")])
def test_rates_have_one_decimal(rate, text):
    assert percent(rate) == text


def test_counts_are_in_full_below_a_hundred_thousand():
    figure = counted("members", "会员数", 99_999, "人")

    assert figure.value == dict.fromkeys(LANGUAGES, "99,999")


def test_every_language_shortens_large_counts():
    assert list(SHORTENED) == list(LANGUAGES)


def test_large_counts_are_shortened_as_each_language_does_and_stay_exact_in_the_title():
    figure = counted("members", "会员数", 2_146_321, "人")

    assert (figure.value["zh-CN"], figure.unit["zh-CN"]) == ("214.6", "万人")
    assert (figure.value["zh-Hant"], figure.unit["zh-Hant"]) == ("214.6", "萬人")
    assert (figure.value["en"], figure.unit["en"]) == ("2.15", "million")
    assert figure.exact == "2,146,321"


def test_the_strip_of_a_list_names_direct_subordinates_and_members():
    strip = figures_of(head())

    assert [figure.key for figure in strip] == ["direct", "members", "verified", "rate"]
    assert strip[-1].value["zh-CN"] == "89.2"


def test_without_members_there_is_no_rate():
    strip = figures_of(head(members=0, verified=0, rate=None))

    assert (strip[-1].value["en"], strip[-1].unit["en"]) == ("—", "")

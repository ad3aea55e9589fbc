"""Choosing a division step by step."""

import pytest

from gdftu_app.queries.division_choices import division_steps, is_division


def names(code: str) -> list[tuple[str, int]]:
    return [(step.chosen, len(step.options)) for step in division_steps(code)]


def test_each_step_offers_what_is_below_the_one_before():
    assert names("440606101") == [("4406", 21), ("440606", 5), ("440606101", 10)]
    assert [step.whole for step in division_steps("440606101")] == ["44", "4406", "440606"]


def test_a_division_that_goes_further_down_offers_so():
    assert [chosen for chosen, _ in names("440606")] == ["4406", "440606", "440606"]
    assert [chosen for chosen, _ in names("4406")] == ["4406", "4406"]
    assert names("44") == [("44", 21)]


def test_towns_stand_directly_below_the_two_cities_without_counties():
    city, town = division_steps("441900003")

    assert (city.chosen, town.chosen, town.whole) == ("4419", "441900003", "4419")
    assert len(division_steps("4419")) == 2


@pytest.mark.parametrize("code", ["", "441900", "999999", "11", "440606101x"])
def test_an_unknown_code_begins_anew(code: str):
    assert names(code) == [("", 21)]
    assert not is_division(code)

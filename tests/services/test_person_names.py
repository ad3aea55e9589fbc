"""Names as they are typed."""

import pytest

from gdftu_app.errors import InvalidInput
from gdftu_app.services.person_names import LONGEST_NAME, clean_name, is_same_name, mask_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("陈依", "陈依"),
        ("  MARIA \u3000 CLARA\n", "MARIA CLARA"),
        ("陈\u200b依\u202e", "陈依"),
        ("阿依·古丽", "阿依·古丽"),
    ],
)
def test_a_name_is_kept_on_one_line_without_what_cannot_be_seen(typed: str, kept: str):
    assert clean_name(typed) == kept


@pytest.mark.parametrize("wrong", ["", " \u200b\n", "陈" * (LONGEST_NAME + 1), "陈1", "陈１", "陈²"])
def test_what_is_no_name_is_refused_beside_its_field(wrong: str):
    with pytest.raises(InvalidInput) as refused:
        clean_name(wrong)

    assert refused.value.field == "name"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("陈依", "陈 依", True),
        ("阿依·古丽", "阿依•古丽", True),
        ("阿依·古丽", "阿依・古丽", True),
        ("Maria Clara", "ＭＡＲＩＡ CLARA", True),
        ("陈依", "陈衣", False),
        ("陈依", "陈", False),
    ],
)
def test_names_are_the_same_but_for_how_they_are_typed(one: str, other: str, same: bool):
    assert is_same_name(one, other) is is_same_name(other, one) is same


@pytest.mark.parametrize(("name", "masked"), [("陈依", "陈*"), ("陈", "陈"), ("MARIA", "M****"), ("", "")])
def test_a_masked_name_tells_its_first_character_and_its_length(name: str, masked: str):
    assert mask_name(name) == masked

"""Initials of names in pinyin."""

import pytest

from gdftu_app.services.initials import initials_of


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("广州市总工会", "gzszgh"),
        ("重庆银行", "cqyh"),
        ("Ａ１ 3D打印（深圳）ABC", "a13ddyszabc"),
        ("", ""),
        ("——、。", ""),
    ],
)
def test_letters_and_digits_are_kept_and_characters_give_their_first_letter(name: str, initials: str):
    assert initials_of(name) == initials

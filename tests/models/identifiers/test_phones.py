"""Mobile phone numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdftu_app.errors import InvalidInput
from gdftu_app.models.identifiers import mask_phone, national_phone, normalise_phone

NORMAL = "+8613800138000"

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


def reason_for(value: object) -> str:
    with pytest.raises(InvalidInput) as refused:
        normalise_phone(value)

    assert refused.value.field == "phone"
    return refused.value.text("zh-CN")


class TestNormalisePhone:
    @pytest.mark.parametrize(
        "typed",
        [
            "13800138000",
            " 138 0013 8000 ",
            "138-0013-8000",
            "138\u20130013\u20148000",
            "138－0013－8000",
            "+8613800138000",
            "+86 138 0013 8000",
            "＋８６ １３８ ００１３ ８０００",
            "8613800138000",
            "008613800138000",
            "0086-138-0013-8000",
            "(+86)13800138000",
            "（86）138 0013 8000",
            "１３８００１３８０００",
            "\u202d138 0013 8000\u202c",
        ],
    )
    def test_what_people_type_becomes_one_form(self, typed):
        assert normalise_phone(typed) == NORMAL

    @given(mobiles)
    def test_every_mobile_number_is_accepted(self, number):
        phone = normalise_phone(number)

        assert phone == "+86" + number
        assert normalise_phone(phone) == phone
        assert national_phone(phone) == number

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("1380013800", "应为 11 位，现为 10 位"),
            ("138001380000", "应为 11 位，现为 12 位"),
            ("013800138000", "应为 11 位，现为 12 位"),
            ("+861380013800", "应为 11 位，现为 10 位"),
            ("12800138000", "应以 13 至 19 开头"),
            ("10000000000", "应以 13 至 19 开头"),
            ("020-8888 8888", "应以 13 至 19 开头"),
            ("1380013800O", "第 11 位的「O」应为数字"),
            ("+86 138x0138000", "第 4 位的「X」应为数字"),
            ("138.0013.8000", "第 4 位的「.」应为数字"),
            ("1380013800٠", "第 11 位的「٠」应为数字"),
            ("手机13800138000", "第 1 位的「手」应为数字"),
            ("13800138000/13800138001", "第 12 位的「/」应为数字"),
            ("+85261234567", "只支持中国内地的手机号"),
            ("0085361234567", "只支持中国内地的手机号"),
            ("+1 202 555 0100", "只支持中国内地的手机号"),
            ("+86+8613800138000", "只支持中国内地的手机号"),
            ("-", "应为 11 位，现为 0 位"),
            ("+86", "应为 11 位，现为 0 位"),
        ],
    )
    def test_a_wrong_number_is_refused_with_what_is_wrong(self, typed, words):
        assert words in reason_for(typed)

    @pytest.mark.parametrize("nothing", [None, "", " ", "\u3000"])
    def test_nothing_at_all_asks_for_the_number(self, nothing):
        assert reason_for(nothing) == "请填写手机号。"

    @pytest.mark.parametrize("value", [True, False, 13800138000, 1.38e10, b"13800138000", ["13800138000"]])
    def test_what_is_not_text_is_refused(self, value):
        assert "文本格式" in reason_for(value)

    @given(st.text(max_size=20))
    def test_any_text_is_either_normal_or_refused(self, typed):
        try:
            phone = normalise_phone(typed)
        except InvalidInput:
            return

        assert normalise_phone(phone) == phone


class TestMaskPhone:
    @pytest.mark.parametrize("phone", ["+8613800131234", "13800131234"])
    def test_the_middle_four_digits_are_hidden(self, phone):
        assert mask_phone(phone) == "138****1234"

    @pytest.mark.parametrize("other", ["020-88888888", "1380013800", "+85261234567", "wrong"])
    def test_anything_else_is_hidden_whole(self, other):
        assert mask_phone(other) == "*" * len(other)

    def test_nothing_stays_nothing(self):
        assert mask_phone("") == ""

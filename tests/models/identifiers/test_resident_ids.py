"""Resident ID numbers; all of them generated in the unassigned division 440199 unless a test is about divisions."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from gdftu_app.clock import frozen_at
from gdftu_app.errors import InvalidInput
from gdftu_app.models.identifiers import birth_date_of, complete_resident_id, normalise_resident_id, sex_of
from gdftu_app.models.identifiers.resident_ids import check_character_of
from gdftu_app.models.people import Sex

TODAY = date(2026, 6, 1)
PROVINCES = [
    *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43"),
    *("44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83"),
]

first_parts = st.builds(
    lambda born, sequence: f"440199{born:%Y%m%d}{sequence:03}",
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
)


def number_of(*, division: str = "440199", born: str = "19900101", sequence: str = "001") -> str:
    return complete_resident_id(division + born + sequence)


def number_ending_in(check: str) -> str:
    return next(number for sequence in range(1000) if (number := number_of(sequence=f"{sequence:03}")).endswith(check))


def reason_for(value: object, *, today: date = TODAY) -> str:
    with pytest.raises(InvalidInput) as refused:
        normalise_resident_id(value, today=today)

    assert refused.value.field == "document_number"
    return refused.value.text("zh-CN")


class TestNormaliseResidentId:
    @given(first_parts)
    def test_a_completed_number_is_valid(self, first17):
        number = complete_resident_id(first17)

        assert normalise_resident_id(number, today=TODAY) == number
        assert mod_11_2.is_valid(number)

    @pytest.mark.parametrize("check", "0123456789X")
    def test_every_check_character_is_accepted(self, check):
        number = number_ending_in(check)

        assert normalise_resident_id(number, today=TODAY) == number

    def test_width_case_and_spaces_do_not_matter(self):
        number = number_ending_in("X")
        full_width = "".join(chr(ord(character) + 0xFEE0) for character in number)
        spaced = f" {number[:6]} {number[6:14]}\u3000{number[14:]} "

        assert normalise_resident_id(number.lower(), today=TODAY) == number
        assert normalise_resident_id(full_width, today=TODAY) == number
        assert normalise_resident_id(full_width.lower(), today=TODAY) == number
        assert normalise_resident_id(spaced, today=TODAY) == number

    @pytest.mark.parametrize("province", PROVINCES)
    def test_every_province_is_accepted(self, province):
        number = number_of(division=province + "0199")

        assert normalise_resident_id(number, today=TODAY) == number

    @pytest.mark.parametrize("prefix", [f"{code:02}" for code in range(100) if f"{code:02}" not in PROVINCES])
    def test_every_other_prefix_is_refused(self, prefix):
        assert reason_for(number_of(division=prefix + "0199")).startswith("第 1、2 位不是省级行政区代码")

    @pytest.mark.parametrize("division", ["440199", "449999", "440000", "830099", "719900"])
    def test_divisions_are_not_compared_with_any_present_list(self, division):
        number = number_of(division=division)

        assert normalise_resident_id(number, today=TODAY) == number

    @pytest.mark.parametrize("born", ["20000229", "20040229", "19000101", "19000228", "20260601"])
    def test_real_days_from_1900_to_today_are_accepted(self, born):
        number = number_of(born=born)

        assert normalise_resident_id(number, today=TODAY) == number

    @pytest.mark.parametrize(
        "born", ["20010229", "19000229", "19900431", "19900001", "19901301", "19900100", "19900132", "00000101"]
    )
    def test_a_day_that_never_was_is_refused(self, born):
        assert reason_for(number_of(born=born)).startswith("第 7 至 14 位不是真实的日期")

    @pytest.mark.parametrize("born", ["18991231", "20260602", "21000101", "99991231", "00010101"])
    def test_a_day_before_1900_or_after_today_is_refused(self, born):
        assert reason_for(number_of(born=born)).startswith("第 7 至 14 位的出生日期应在 1900 年至今天之间")

    def test_today_is_the_day_in_china(self):
        born_today_in_china = number_of(born="20260602")

        with frozen_at(datetime(2026, 6, 1, 16, 0, tzinfo=UTC)):
            assert normalise_resident_id(born_today_in_china) == born_today_in_china
        with frozen_at(datetime(2026, 6, 1, 15, 59, tzinfo=UTC)), pytest.raises(InvalidInput):
            normalise_resident_id(born_today_in_china)

    @given(st.data())
    def test_any_single_wrong_character_is_noticed(self, data):
        number = complete_resident_id(data.draw(first_parts))
        place = data.draw(st.integers(0, 17))
        other = data.draw(st.sampled_from([digit for digit in "0123456789X" if digit != number[place]]))

        reason_for(number[:place] + other + number[place + 1 :])

    @given(first_parts, st.integers(0, 16))
    def test_two_neighbours_swapped_are_noticed(self, first17, place):
        number = complete_resident_id(first17)
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

        if swapped != number:
            reason_for(swapped)

    def test_a_wrong_check_character_points_at_position_18(self):
        number = number_ending_in("X")

        assert reason_for(number[:-1] + "1").startswith("校验未通过，请核对第 18 位")

    @pytest.mark.parametrize("position", [1, 7, 17])
    def test_x_belongs_at_the_end_only(self, position):
        number = number_of()

        reason = reason_for(number[: position - 1] + "X" + number[position:])

        assert reason.startswith(f"第 {position} 位的「X」应为数字")

    @pytest.mark.parametrize(("position", "character"), [(1, "O"), (4, "-"), (18, "Y"), (9, "٣"), (2, "十")])
    def test_an_illegal_character_is_named_with_its_position(self, position, character):
        number = number_of()

        reason = reason_for(number[: position - 1] + character + number[position:])

        assert reason.startswith(f"第 {position} 位的「{character}」不是可用的字符")

    @pytest.mark.parametrize(
        ("length", "number"), [(17, number_of()[:-1]), (19, number_of() + "0"), (1, "4"), (2, "4X")]
    )
    def test_another_length_is_told_with_the_count(self, length, number):
        assert f"应为 18 位，现为 {length} 位" in reason_for(number)

    def test_a_number_of_the_first_generation_is_told_apart(self):
        assert reason_for("440199900101001").startswith("15 位的旧身份证号码已停用")

    @pytest.mark.parametrize("nothing", [None, "", " ", "\u3000"])
    def test_nothing_at_all_asks_for_the_number(self, nothing):
        assert reason_for(nothing) == "请填写居民身份证号码。"

    @pytest.mark.parametrize("value", [True, False, 0, 440199199001010010, 4.4e17, b"440199", {}])
    def test_what_is_not_text_is_refused(self, value):
        assert "文本格式" in reason_for(value)

    @pytest.mark.parametrize("word", ["True", "false", "null", "无", "000000000000000000", "X" * 18])
    def test_nonsense_is_refused(self, word):
        assert reason_for(word)

    @pytest.mark.parametrize(
        "number", [number_of()[:-1] + "Y", number_of(born="20990101"), number_of(division="990199"), number_of() + "00"]
    )
    def test_a_reason_never_repeats_the_number(self, number):
        with pytest.raises(InvalidInput) as refused:
            normalise_resident_id(number, today=TODAY)

        told = refused.value.text("zh-CN") + repr(refused.value)
        assert not any(number[start : start + 6] in told for start in range(13))


class TestWhatANumberTells:
    @given(first_parts)
    def test_the_birth_date_stands_in_it(self, first17):
        assert birth_date_of(complete_resident_id(first17)).strftime("%Y%m%d").zfill(8) == first17[6:14]

    @pytest.mark.parametrize(("sequence", "sex"), [("001", Sex.MALE), ("002", Sex.FEMALE), ("990", Sex.FEMALE)])
    def test_the_sex_stands_in_it(self, sequence, sex):
        assert sex_of(number_of(sequence=sequence)) == sex


class TestCheckCharacter:
    @given(first_parts)
    def test_it_agrees_with_another_implementation(self, first17):
        assert check_character_of(first17) == mod_11_2.calc_check_digit(first17)

    @pytest.mark.parametrize(
        "first17", ["", "4401991990010100", number_of(), "4401991990010100X", "440199199001010０1"]
    )
    def test_it_needs_17_digits(self, first17):
        with pytest.raises(ValueError, match="17 digits"):
            complete_resident_id(first17)

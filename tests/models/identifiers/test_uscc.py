"""Unified social credit codes."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as stdnum_uscc

from gdftu_app.errors import InvalidInput
from gdftu_app.models.identifiers import check_digit_of, complete_uscc, normalise_uscc, uscc_warnings
from gdftu_app.models.identifiers.uscc import ALPHABET

DIGITS = "0123456789"
PUBLISHED = [
    "91350100M000100Y43",
    "914403001922038216",
    "9144030071526726XG",
    "91330100799655058B",
    "91100000100003962T",
    "12100000400000624D",
    "91440000190398445E",
]
PAIRS = {
    *("11", "12", "13", "19", "21", "29", "31", "32", "33", "34", "35", "39", "41", "49", "51", "52", "53", "59"),
    *("61", "62", "69", "71", "72", "79", "81", "89", "91", "92", "93", "A1", "A9", "N1", "N2", "N3", "N9", "Y1"),
}
EXAMPLE = "91350100M000100Y43"

first_parts = st.builds(
    lambda pair, division, organisation: pair + division + organisation,
    st.sampled_from(sorted(PAIRS)),
    st.text(DIGITS, min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
)


def reason_for(value: object) -> str:
    with pytest.raises(InvalidInput) as refused:
        normalise_uscc(value)

    assert refused.value.field == "uscc"
    return refused.value.text("zh-CN")


def is_valid(value: str) -> bool:
    try:
        normalise_uscc(value)
    except InvalidInput:
        return False
    return True


class TestNormaliseUscc:
    @pytest.mark.parametrize("code", PUBLISHED)
    def test_published_codes_are_valid(self, code):
        assert normalise_uscc(code) == code

    @pytest.mark.parametrize("first17", ["A1440199000000001", "N2440199000000001", "Y1440199000000001"])
    def test_codes_that_start_with_a_letter_are_valid(self, first17):
        code = complete_uscc(first17)

        assert normalise_uscc(code) == code
        assert not stdnum_uscc.is_valid(code)

    @pytest.mark.parametrize(
        "typed",
        [
            "91350100m000100y43",
            "  91350100M000100Y43\n",
            "9135 0100 M000 100Y 43",
            "９１３５０１００Ｍ０００１００Ｙ４３",
            "９１３５０１００ｍ０００１００ｙ４３",
            "91350100\u3000M000\u00a0100Y43",
            "\ufeff91350100M000100Y43\u202c",
            "91350100\u200bM000100Y43",
        ],
    )
    def test_width_case_spaces_and_invisible_marks_do_not_matter(self, typed):
        assert normalise_uscc(typed) == EXAMPLE

    @given(first_parts)
    def test_the_normal_form_is_its_own_normal_form(self, first17):
        code = complete_uscc(first17)

        assert normalise_uscc(normalise_uscc(code.lower())) == code

    def test_the_pairs_of_the_standard_are_valid_and_no_others(self):
        written = {first + second for first, second in itertools.product(ALPHABET, repeat=2)}

        accepted = {pair for pair in written if is_valid(complete_uscc(pair + "44019900000000A"))}

        assert accepted == PAIRS

    @pytest.mark.parametrize("pair", ["94", "90", "73", "22", "A2", "Y9", "N4", "01", "B1", "XX"])
    def test_another_pair_is_refused_in_its_own_words(self, pair):
        reason = reason_for(complete_uscc(pair + "44019900000000A"))

        assert reason.startswith(f"前 2 位「{pair}」不是有效的登记管理部门和机构类别代码")

    @given(st.data())
    def test_any_single_wrong_character_is_noticed(self, data):
        code = complete_uscc(data.draw(first_parts))
        place = data.draw(st.integers(0, 17))
        other = data.draw(st.sampled_from([character for character in ALPHABET if character != code[place]]))

        reason_for(code[:place] + other + code[place + 1 :])

    @given(first_parts, st.integers(0, 16))
    def test_two_neighbours_swapped_are_noticed(self, first17, place):
        code = complete_uscc(first17)
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

        if swapped != code:
            reason_for(swapped)

    @pytest.mark.parametrize("check", [character for character in ALPHABET if character != "3"])
    def test_a_wrong_check_character_points_at_position_18(self, check):
        assert reason_for(EXAMPLE[:-1] + check).startswith("校验未通过，请核对第 18 位")

    @pytest.mark.parametrize("letter", "IOZSV")
    @pytest.mark.parametrize("position", [1, 9, 18])
    def test_a_letter_that_the_alphabet_lacks_is_named_with_its_position(self, letter, position):
        reason = reason_for(EXAMPLE[: position - 1] + letter + EXAMPLE[position:])

        assert reason.startswith(f"第 {position} 位的「{letter}」不能使用")
        assert "I、O、Z、S、V" in reason

    @pytest.mark.parametrize(
        ("typed", "position", "character"),
        [
            ("91350100M000100Y4-", 18, "-"),
            ("91-350100-M000100Y43", 3, "-"),
            ("91350100M000100Y4中", 18, "中"),
            ("9135 0100 M0*0 100Y43", 11, "*"),
            ("9135010٠M000100Y43", 8, "٠"),
        ],
    )
    def test_any_other_character_is_named_with_its_position(self, typed, position, character):
        assert reason_for(typed).startswith(f"第 {position} 位的「{character}」不是可用的字符")

    @pytest.mark.parametrize("position", range(3, 9))
    def test_the_division_is_made_of_digits(self, position):
        code = EXAMPLE[: position - 1] + "A" + EXAMPLE[position:]

        assert reason_for(code).startswith(f"第 {position} 位的「A」应为数字")

    @pytest.mark.parametrize(("code", "length"), [(EXAMPLE[:-1], 17), (EXAMPLE + "0", 19), ("MA59A00X1", 9), ("1", 1)])
    def test_another_length_is_told_with_the_count(self, code, length):
        assert f"应为 18 位，现为 {length} 位" in reason_for(code)

    @pytest.mark.parametrize("nothing", [None, "", " ", "\u3000\t\n", "\u200b"])
    def test_nothing_at_all_asks_for_the_code(self, nothing):
        assert reason_for(nothing) == "请填写统一社会信用代码。"

    @pytest.mark.parametrize("value", [True, False, 914403001922038216, 9.1e17, b"91350100M000100Y43", [], object()])
    def test_what_is_not_text_is_refused(self, value):
        assert "文本格式" in reason_for(value)

    @pytest.mark.parametrize("word", ["True", "none", "null", "无", "待办", "000000000000000000", "\ud800"])
    def test_nonsense_is_refused(self, word):
        assert reason_for(word)

    @given(st.text(max_size=40))
    def test_any_text_is_either_normal_or_refused(self, typed):
        try:
            code = normalise_uscc(typed)
        except InvalidInput:
            return

        assert len(code) == 18


class TestCheckDigit:
    @pytest.mark.parametrize("code", PUBLISHED)
    def test_it_is_the_last_character_of_published_codes(self, code):
        assert check_digit_of(code[:-1]) == code[-1]

    @given(first_parts)
    def test_it_agrees_with_another_implementation(self, first17):
        assert check_digit_of(first17) == stdnum_uscc.calc_check_digit(first17)

    @pytest.mark.parametrize("organisation", ["000000000", "00000001A", "00000003W"])
    def test_a_sum_that_31_divides_gives_zero(self, organisation):
        first17 = next(
            candidate
            for division in range(440100, 440200)
            if _weighted_sum(candidate := f"81{division}{organisation}") % 31 == 0
        )

        code = complete_uscc(first17)

        assert code[-1] == "0"
        assert normalise_uscc(code) == code

    def test_every_check_character_occurs(self):
        found = {check_digit_of(f"91440199{number:09}") for number in range(200)}

        assert found == set(ALPHABET)

    @pytest.mark.parametrize("first17", ["", "9135010", EXAMPLE, "9135010OM000100Y4", "91350100m000100Y4"])
    def test_it_needs_17_characters_of_the_alphabet(self, first17):
        with pytest.raises(ValueError, match="17 characters"):
            check_digit_of(first17)


class TestWarnings:
    @pytest.mark.parametrize(
        ("prefix", "of_union", "warned"),
        [
            ("81", "base", False),
            ("89", "base", True),
            ("13", "base", True),
            ("91", "base", True),
            ("89", "above_base", False),
            ("81", "above_base", False),
            ("13", "above_base", True),
            ("11", "above_base", True),
            ("91", None, False),
            ("81", None, False),
        ],
    )
    def test_an_unusual_prefix_of_a_unions_own_code_is_shown_to_the_reviewer(self, prefix, of_union, warned):
        code = normalise_uscc(complete_uscc(prefix + "44019900000000A"))

        assert bool(uscc_warnings(code, of_union=of_union)) is warned


def _weighted_sum(first17: str) -> int:
    return sum(ALPHABET.index(character) * 3**place for place, character in enumerate(first17))

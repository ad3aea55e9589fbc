"""Numbers of identity documents; specimens and invented numbers only."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdftu_app.errors import InvalidInput
from gdftu_app.models.identifiers import DocumentType, complete_resident_id, mask_document, normalise_document

TODAY = date(2026, 6, 1)
RESIDENT_ID = complete_resident_id("44019919900101001")
# Printed on the specimen cards that the issuing administration published in 2023.
RESIDENCE_SPECIMENS = ["932682198501010017", "911124198108030024"]


def reason_for(kind: DocumentType, number: object) -> str:
    with pytest.raises(InvalidInput) as refused:
        normalise_document(kind, number, today=TODAY)

    assert refused.value.field == "document_number"
    return refused.value.text("zh-CN")


class TestNormaliseDocument:
    @pytest.mark.parametrize(
        ("kind", "typed", "normal"),
        [
            (DocumentType.RESIDENT_ID, f" {RESIDENT_ID} ", RESIDENT_ID),
            (DocumentType.PASSPORT, "e00000000", "E00000000"),
            (DocumentType.PASSPORT, "ＥＡ ００００００１", "EA0000001"),
            (DocumentType.PASSPORT, "00000", "00000"),
            (DocumentType.HK_MACAO_PERMIT, "H00000000", "H00000000"),
            (DocumentType.HK_MACAO_PERMIT, "m00000000", "M00000000"),
            (DocumentType.HK_MACAO_PERMIT, "Ｈ００００００００", "H00000000"),
            (DocumentType.TAIWAN_PERMIT, "00000000", "00000000"),
            (DocumentType.PERMANENT_RESIDENCE, "xxa000000000000", "XXA000000000000"),
            (DocumentType.PERMANENT_RESIDENCE, RESIDENCE_SPECIMENS[0], RESIDENCE_SPECIMENS[0]),
            (DocumentType.PERMANENT_RESIDENCE, f" {RESIDENCE_SPECIMENS[1]}", RESIDENCE_SPECIMENS[1]),
        ],
    )
    def test_valid_numbers_take_their_normal_form(self, kind, typed, normal):
        assert normalise_document(kind, typed, today=TODAY) == normal

    @pytest.mark.parametrize("renewed", ["H00000000", "H0000000000", "H0000000007", "h00000000 12"])
    def test_a_renewed_hk_or_macao_permit_is_the_same_number(self, renewed):
        assert normalise_document(DocumentType.HK_MACAO_PERMIT, renewed) == "H00000000"

    @pytest.mark.parametrize("renewed", ["00000000", "0000000001", "0000000001(B)", "0000000002（ｂ）", "0000000002A"])
    def test_a_renewed_taiwan_permit_is_the_same_number(self, renewed):
        assert normalise_document(DocumentType.TAIWAN_PERMIT, renewed) == "00000000"

    @pytest.mark.parametrize(
        ("kind", "typed", "words"),
        [
            (DocumentType.PASSPORT, "E12-45678", "第 4 位的「-」不是可用的字符"),
            (DocumentType.PASSPORT, "护照0000", "第 1 位的「护」不是可用的字符"),
            (DocumentType.PASSPORT, "E000", "5 至 15 位"),
            (DocumentType.PASSPORT, "E" + "0" * 15, "5 至 15 位"),
            (DocumentType.PASSPORT, "PASSPORT", "5 至 15 位"),
            (DocumentType.HK_MACAO_PERMIT, "A00000000", "字母 H 或 M 加 8 位数字"),
            (DocumentType.HK_MACAO_PERMIT, "H0000000", "字母 H 或 M 加 8 位数字"),
            (DocumentType.HK_MACAO_PERMIT, "H000000000", "字母 H 或 M 加 8 位数字"),
            (DocumentType.HK_MACAO_PERMIT, "H000O0000", "第 5 位的「O」应为数字"),
            (DocumentType.HK_MACAO_PERMIT, "H000000000O", "第 11 位的「O」应为数字"),
            (DocumentType.HK_MACAO_PERMIT, "H0000000(0)", "第 9 位的「(」不是可用的字符"),
            (DocumentType.TAIWAN_PERMIT, "0000000", "应为 8 位数字"),
            (DocumentType.TAIWAN_PERMIT, "000000000", "应为 8 位数字"),
            (DocumentType.TAIWAN_PERMIT, "00000000(B)", "应为 8 位数字"),
            (DocumentType.TAIWAN_PERMIT, "T0000000", "第 1 位的「T」应为数字"),
            (DocumentType.TAIWAN_PERMIT, "000000000O", "第 10 位的「O」应为数字"),
            (DocumentType.PERMANENT_RESIDENCE, "XX0000000000000", "3 位字母加 12 位数字"),
            (DocumentType.PERMANENT_RESIDENCE, "XXA00000000000", "3 位字母加 12 位数字"),
            (DocumentType.PERMANENT_RESIDENCE, "XXA00O000000000", "第 6 位的「O」应为数字"),
            (DocumentType.PERMANENT_RESIDENCE, RESIDENT_ID, "以 9 开头的 18 位号码"),
            (DocumentType.PERMANENT_RESIDENCE, "93268219850101001O", "校验未通过"),
            (DocumentType.PERMANENT_RESIDENCE, "932682198501010018", "校验未通过"),
            (DocumentType.PERMANENT_RESIDENCE, "932682198513010017", "不是真实的日期"),
            (DocumentType.PERMANENT_RESIDENCE, "932682209901010017", "1900 年至今天之间"),
            (DocumentType.PERMANENT_RESIDENCE, "9326821985O1010017", "第 11 位的「O」应为数字"),
            (DocumentType.RESIDENT_ID, "E00000000", "第 1 位的「E」不是可用的字符"),
        ],
    )
    def test_a_wrong_number_is_refused_with_what_is_wrong(self, kind, typed, words):
        assert words in reason_for(kind, typed)

    @pytest.mark.parametrize("kind", DocumentType)
    @pytest.mark.parametrize("nothing", [None, "", " \u3000"])
    def test_nothing_at_all_asks_for_the_number(self, kind, nothing):
        assert reason_for(kind, nothing).startswith("请填写")

    @pytest.mark.parametrize("kind", DocumentType)
    @pytest.mark.parametrize("value", [True, 12345678, 1.5, b"00000000"])
    def test_what_is_not_text_is_refused(self, kind, value):
        assert "文本格式" in reason_for(kind, value)

    @pytest.mark.parametrize("kind", DocumentType)
    @given(st.text(max_size=24))
    def test_any_text_is_either_normal_or_refused(self, kind, typed):
        try:
            number = normalise_document(kind, typed, today=TODAY)
        except InvalidInput:
            return

        assert normalise_document(kind, number, today=TODAY) == number

    def test_the_kind_may_come_as_a_word(self):
        assert normalise_document("taiwan_permit", "00000000") == "00000000"

    @pytest.mark.parametrize("kind", ["", "id", "RESIDENT_ID", "居民身份证"])
    def test_an_unknown_kind_is_refused_beside_its_own_control(self, kind):
        with pytest.raises(InvalidInput) as refused:
            normalise_document(kind, RESIDENT_ID)

        assert refused.value.field == "document_type"

    @pytest.mark.parametrize("kind", DocumentType)
    def test_every_kind_has_a_name(self, kind):
        assert kind.label


class TestMaskDocument:
    @pytest.mark.parametrize(
        ("number", "masked"),
        [
            ("440199199001010010", "4401************10"),
            ("44019919900101004X", "4401************4X"),
            ("XXA000000000000", "XXA0*********00"),
            ("H12345678", "H123***78"),
            ("12345678", "1234**78"),
            ("E123456", "E******"),
            ("12345", "1****"),
            ("1", "1"),
            ("", ""),
        ],
    )
    def test_the_first_four_and_the_last_two_stay(self, number, masked):
        assert mask_document(number) == masked

    @given(st.text("0123456789X", min_size=2, max_size=20))
    def test_the_length_stays_and_something_is_hidden(self, number):
        masked = mask_document(number)

        assert len(masked) == len(number)
        assert "*" in masked

"""Reading workbooks that somebody sent: what is taken, and a clear answer to everything that is not."""

import zipfile
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from gdftu_app.workbooks import reading
from gdftu_app.workbooks.import_columns import SHEET, parse_row, read_headings
from gdftu_app.workbooks.import_template import template
from gdftu_app.workbooks.reading import BadWorkbook, Raw, has_more_rows_than, open_workbook, rows_of
from gdftu_app.workbooks.sheets import Column, Marked, write_list
from tests.workbooks_to_import import filled, id_number, made_of, member, saved

HEAD = ("姓名", "证件号码", "手机号", "入会时间", "学历")


def rows(content: bytes) -> list[tuple[int, list[Raw]]]:
    return list(rows_of(open_workbook(content, sheet=SHEET)))


def refusal(content: bytes) -> str:
    def read() -> None:
        read_headings(rows(content)[0][1])

    with pytest.raises(BadWorkbook) as caught:
        read()
    return caught.value.text("zh-CN")


def with_parts(content: bytes, **parts: bytes) -> bytes:
    made = BytesIO(content)
    with zipfile.ZipFile(made, "a") as archive:
        for name, body in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), body)
    return made.getvalue()


def problems(**cells: Any) -> dict[str, str]:
    values = {"name": "陈一", "document_number": id_number(1), **cells}
    row = parse_row(2, list(values), list(values.values()))
    return {key: message.format_map(told) for key, message, told in row.problems}


class TestRows:
    def test_a_filled_template_is_read(self):
        found = rows(filled([member(1), member(2)]))

        assert [number for number, _ in found] == [1, 2, 3]
        assert read_headings(found[0][1])[:4] == ["name", "document_type", "document_number", "phone"]
        assert found[1][1][:4] == ["陈一", None, id_number(1), "13800000001"]

    def test_dates_numbers_formulas_and_errors_are_told_apart(self):
        found = rows(
            made_of(
                [["a"], [date(2024, 5, 1), datetime.fromisoformat("2024-05-02 08:00"), 13800000001, 1.5, "=1+1", " "]]
            )
        )

        assert found[1][1] == [date(2024, 5, 1), date(2024, 5, 2), 13800000001, 1.5, reading.Formula, None]

    def test_empty_rows_are_passed_over_and_the_others_keep_their_numbers(self):
        book = Workbook()
        book.worksheets[0]["A1"], book.worksheets[0]["A9"] = "姓名", "陈一"

        assert [number for number, _ in rows(saved(book))] == [1, 9]

    def test_what_is_written_is_read_again(self):
        content = write_list(
            [Column("甲", 9)], [["=1+1", date(2024, 5, 1), 7, Marked("错"), None, "a\x00b"]], title="x"
        )

        assert rows(content)[1][1] == ["=1+1", date(2024, 5, 1), 7, "错", None, "ab"]

    def test_a_workbook_without_the_sheet_is_read_from_its_first(self):
        assert rows(made_of([["姓名"]])) == [(1, ["姓名"])]


class TestRefusals:
    def test_an_old_or_locked_file(self):
        assert "xls" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))

    @pytest.mark.parametrize("content", [b"", b"name,phone\n", b"PK\x03\x04 broken", b"%PDF-1.7", bytes(5_000)])
    def test_what_is_no_workbook(self, content: bytes):
        assert "文件无法读取" in refusal(content)

    def test_a_zip_of_something_else(self):
        assert "文件无法读取" in refusal(with_parts(b"", readme_dot_txt=b"hello"))

    def test_a_workbook_with_macros(self):
        assert "宏" in refusal(with_parts(filled([member(1)]), xl__vbaProject_dot_bin=b"macro"))

    def test_a_zip_bomb(self, monkeypatch):
        monkeypatch.setattr(reading, "LARGEST_UNPACKED", 1_000_000)
        made = BytesIO(filled([member(1)]))
        with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/media/bomb.bin", bytes(2_000_000))

        assert "展开后过大" in refusal(made.getvalue())

    def test_entities_that_would_be_expanded(self):
        parts = {"xl__evil_dot_xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}

        assert "文件无法读取" in refusal(with_parts(filled([member(1)]), **parts))

    def test_a_file_beyond_the_limit(self, monkeypatch):
        monkeypatch.setattr(reading, "LARGEST_WORKBOOK_BYTES", 1_000)

        assert "MB" in refusal(filled([member(1)]))

    def test_a_damaged_sheet(self):
        content = filled([member(1)])
        made = BytesIO()
        with zipfile.ZipFile(BytesIO(content)) as whole, zipfile.ZipFile(made, "w") as archive:
            for name in whole.namelist():
                body = whole.read(name)
                archive.writestr(name, body[: len(body) // 2] if name.endswith("sheet1.xml") else body)

        assert "文件无法读取" in refusal(made.getvalue())

    def test_columns_that_are_not_the_templates(self):
        assert "不认识的列：「工号」" in refusal(made_of([["姓名", "工号", "证件号码"]]))
        assert "缺少「证件号码」" in refusal(made_of([["姓名", "手机号"]]))
        assert "「姓名」一列重复了" in refusal(made_of([["姓名", "姓名", "证件号码"]]))

    def test_merged_headings(self):
        book = Workbook()
        sheet = book.worksheets[0]
        sheet["A1"] = "会员名册"
        sheet.merge_cells("A1:E1")
        sheet.append(HEAD)

        assert "不能合并单元格" in refusal(saved(book))


class TestManyRows:
    @pytest.fixture(scope="class")
    def a_million(self) -> bytes:
        """A heading and a million rows."""
        made, row = BytesIO(), b"<row><c><v>1</v></c></row>"
        with zipfile.ZipFile(BytesIO(made_of([HEAD]))) as whole, zipfile.ZipFile(made, "w", 8, True, 1) as archive:
            for name in whole.namelist():
                body = whole.read(name)
                archive.writestr(name, body.replace(b"</sheetData>", row * 1_000_000 + b"</sheetData>"))
        return made.getvalue()

    def test_a_million_and_one_rows_are_told_before_they_are_read(self, a_million: bytes):
        opened = open_workbook(a_million, sheet=SHEET)

        assert has_more_rows_than(opened, 1_000)
        assert not has_more_rows_than(opened, 1_000_001)

    def test_rows_that_are_only_formatted_do_not_count(self):
        book = Workbook()
        book.worksheets[0].append(HEAD)
        for row in range(2, 50):
            book.worksheets[0].cell(row, 1).number_format = "@"

        assert not has_more_rows_than(open_workbook(saved(book), sheet=SHEET), 1)


class TestCells:
    def test_whole_rows_have_no_problems(self):
        assert problems(phone="138 0000 0001", joined_on="2024/5/1", education="本科") == {}

    @pytest.mark.parametrize("typed", ["2024-05-01", "2024年5月1日", "２０２４－０５－０１", "20240501", 20240501])
    def test_dates_as_text_are_understood(self, typed: Any):
        row = parse_row(2, ["joined_on"], [typed])

        assert row.values["joined_on"] == "2024-05-01"

    @pytest.mark.parametrize("typed", ["2024-02-30", "去年", "5/1/2024", 1.5])
    def test_other_dates_are_wrong(self, typed: Any):
        assert "日期请写成" in problems(joined_on=typed)["joined_on"]

    def test_full_width_digits_are_taken(self):
        wide = id_number(1).translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
        row = parse_row(2, ["name", "document_number"], ["陈一", wide])

        assert (row.problems, row.values["document_number"]) == ([], id_number(1))

    def test_old_and_maimed_document_numbers_are_wrong(self):
        assert "15 位的旧身份证号码已停用" in problems(document_number="440111900101001")["document_number"]
        assert "15 位的旧身份证号码已停用" in problems(document_number=440111900101001)["document_number"]
        assert "以文本格式填写" in problems(document_number=440111199001010010)["document_number"]

    def test_formulas_errors_and_unknown_words_are_wrong(self):
        found = problems(name=reading.Formula, phone=reading.Broken, education="博士后", joined_on="2999-01-01")

        assert "公式" in found["name"]
        assert "#N/A" in found["phone"]
        assert "「博士后」不在列表中" in found["education"]
        assert "不能晚于今天" in found["joined_on"]

    def test_words_are_compared_without_regard_to_width(self):
        row = parse_row(2, ["employment"], ["待（下）岗"])

        assert row.values["employment"] == "2"


class TestTemplate:
    def test_it_has_lists_to_choose_from_and_numbers_stay_text(self):
        sheet = load_workbook(BytesIO(template()))[SHEET]

        lists = {str(each.sqref).split(":")[0]: each.formula1 for each in sheet.data_validations.dataValidation}
        assert lists["B2"] == "选项!$B$2:$B$6"
        assert sheet.column_dimensions["C"].number_format == "@"
        assert sheet.freeze_panes == "A2"

    def test_an_empty_template_holds_nothing_to_import(self):
        assert len(rows(template())) == 1

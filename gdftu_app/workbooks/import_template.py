"""The template of an import (会员导入模板): the sheet to fill in, with lists to choose from, examples and notes."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from gdftu_app.workbooks.import_columns import COLUMNS, SHEET
from gdftu_app.workbooks.sheets import EXAMPLE_COLOUR, Column, head, sheet_of

NAME = "会员导入模板.xlsx"
CHOICES_SHEET = "选项"
MOST_IMPORTED = 100_000
_NOTES = (
    "请在「会员」工作表中从第 2 行开始填写，每行一名会员；不要改动第 1 行的表头，不要合并单元格，不要使用公式。",
    f"一次最多导入 {MOST_IMPORTED:,} 行，文件不超过 50 MB。超过时请分成几个文件。",
    "带 * 的列必须填写。证件号码请以文本格式填写，否则 Excel 会丢失最后几位数字。",
    "导入前会先检查并显示结果，确认之后才写入。已是本工会会员的行会跳过；已是其他工会会员的不会导入，确认时可以邀请其转入，由本人决定。",
    "有错误的行会另存为一个工作簿，标出错误并说明原因；改好后可以直接上传那个工作簿。",
)


def template() -> bytes:
    """The workbook, in Chinese as its lists are."""
    book = Workbook()
    sheet = sheet_of(book, SHEET)
    head(sheet, [Column(f"{column.heading}{'*' if column.is_required else ''}", column.width) for column in COLUMNS])
    choices = book.create_sheet(CHOICES_SHEET)
    for number, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(number)
        # Text, so that long numbers keep their last digits.
        sheet.column_dimensions[letter].number_format = "@"
        if not column.choices:
            continue
        for row, word in enumerate((column.heading, *column.choices), start=1):
            choices.cell(row, number, word)
        listed = f"{CHOICES_SHEET}!${letter}$2:${letter}${len(column.choices) + 1}"
        chosen = DataValidation(type="list", formula1=listed, allow_blank=True, showErrorMessage=True)
        chosen.error, chosen.errorTitle = "请从列表中选择。", column.heading
        chosen.add(f"{letter}2:{letter}{MOST_IMPORTED + 1}")
        sheet.add_data_validation(chosen)
    choices.sheet_state = "hidden"
    _notes(book)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _notes(book: Workbook) -> None:
    sheet = book.create_sheet("填写说明")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 26
    sheet.column_dimensions["C"].width = 70
    for row, text in enumerate(_NOTES, start=1):
        sheet.cell(row, 1, f"{row}. {text}")
    first = len(_NOTES) + 2
    for place, heading in enumerate(("列", "示例", "说明"), start=1):
        sheet.cell(first, place, heading).font = Font(bold=True)
    for row, column in enumerate(COLUMNS, start=first + 1):
        sheet.cell(row, 1, f"{column.heading}{'*' if column.is_required else ''}")
        sheet.cell(row, 2, column.example).font = Font(color=EXAMPLE_COLOUR)
        note = column.note or ("请从列表中选择，可不填。" if column.choices else "可不填。")
        sheet.cell(row, 3, note).alignment = Alignment(wrap_text=True)

"""The workbook of a view of 统计: development, comparison and composition, numbers as numbers."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gdftu_app.i18n import msg, render
from gdftu_app.queries.compositions import Unit
from gdftu_app.queries.statistics import Statistics
from gdftu_app.workbooks.sheets import Column, head, plain_text, sheet_of

# Headings and fields, in the order in which the page has them.
MEASURES: tuple[tuple[str, str], ...] = (
    (msg("期末会员数"), "members"),
    (msg("期末实名会员数"), "verified"),
    (msg("期末实名率"), "rate"),
    (msg("新增实名"), "newly_verified"),
    (msg("入会"), "joined"),
    (msg("转入"), "transferred_in"),
    (msg("转出"), "transferred_out"),
    (msg("移出"), "removed"),
    (msg("其他变动"), "other"),
    (msg("新登记工会"), "registered"),
)


def statistics_workbook(found: Statistics, language: str) -> bytes:
    """The view as a workbook in one language; what is suppressed on screen is empty here."""

    def words(text: str) -> str:
        return render(text, language)

    measures = [Column(words(heading), 14) for heading, _ in MEASURES]
    book = Workbook()
    sheet = sheet_of(book, words(msg("发展")))
    head(sheet, [Column(words(msg("工会")), 36), Column(words(msg("起")), 12), Column(words(msg("止")), 12), *measures])
    for row in (*found.periods, found.whole):
        _append(sheet, [found.union.name, row.first, row.last, *_values(row)])
    if found.subordinates:
        sheet = book.create_sheet(words(msg("下级对比")))
        head(sheet, [Column(words(msg("工会")), 40), *measures])
        for row in found.subordinates:
            _append(sheet, [row.name, *_values(row)])
    sheet = book.create_sheet(words(msg("构成")))
    _compose(sheet, found, words)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _compose(sheet: Worksheet, found: Statistics, words: Callable[[str], str]) -> None:
    names = (msg("分类"), msg("项目"), msg("会员数"), msg("工会数"), msg("占比"))
    head(sheet, [Column(words(name), 16) for name in names])
    for each in found.compositions:
        for part in each.parts:
            share = None if part.count is None or not each.total else part.count / each.total
            counts = [part.count, None] if each.unit is Unit.MEMBERS else [None, part.count]
            _append(sheet, [words(each.label), words(part.label), *counts, share])


def _values(row: Any) -> list[Any]:
    return [getattr(row, field) for _, field in MEASURES]


def _append(sheet: Worksheet, values: Sequence[Any]) -> None:
    number = sheet.max_row + 1
    for column, value in enumerate(values, start=1):
        cell: Any = sheet.cell(number, column)
        if isinstance(value, str):
            # Text is text, whatever it begins with.
            cell.value = plain_text(value)
            cell.data_type, cell.quotePrefix = "s", value[:1] in "=+-@＝＋－＠"
        else:
            cell.value = value
            if isinstance(value, float):
                cell.number_format = "0.0%"

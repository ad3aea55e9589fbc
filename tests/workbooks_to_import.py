"""Workbooks as somebody fills them in: the template's columns, rows by heading, and people who do not exist."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

from gdftu_app.models.identifiers import complete_resident_id
from gdftu_app.workbooks.import_template import template


def id_number(number: int) -> str:
    """A valid resident ID of nobody: 440199 is no division."""
    return complete_resident_id(
        f"44019919{60 + number // 12_000:02d}{number // 1_000 % 12 + 1:02d}15{number % 1_000:03d}"
    )


def member(number: int, **fields: Any) -> dict[str, Any]:
    """A row that can be imported."""
    return {"姓名": "陈一", "证件号码": id_number(number), "手机号": f"138{number:08d}", **fields}


def filled(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The template with rows filled in."""
    book = load_workbook(BytesIO(template()))
    sheet = book["会员"]
    headings = [str(cell.value).rstrip("*") for cell in sheet[1]]
    for row, values in enumerate(rows, start=2):
        for heading, value in values.items():
            sheet.cell(row, headings.index(heading) + 1, value)
    return saved(book)


def made_of(rows: Sequence[Sequence[Any]]) -> bytes:
    """A workbook of plain rows, the first of them its headings."""
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    content = BytesIO()
    book.save(content)
    return content.getvalue()

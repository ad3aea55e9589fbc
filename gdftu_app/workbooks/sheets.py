"""Sheets of any length, written row by row: the frame is openpyxl's, the rows go straight into it.

Text is text: nothing that was typed becomes a formula, and what looks like one is marked so that it stays text when it
is edited or carried elsewhere (CWE-1236).
"""

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, TextIOWrapper
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_CELL_CHARACTERS = 32_767
_DAY_ZERO = date(1899, 12, 30)
# What XML cannot hold, and the halves of characters that are none.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ROWS_END = "</sheetData>"
# Readers would believe it and stop after the heading.
_EXTENT = re.compile("<dimension [^>]*/>")
HEAD_COLOUR, WRONG_COLOUR, EXAMPLE_COLOUR = "FFEDEBE6", "FFF8D7D3", "FF8A8A8A"


@dataclass(frozen=True, slots=True)
class Marked:
    """A value in a cell that stands out, because something is wrong with it."""

    value: str


Value: TypeAlias = str | int | date | Marked | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading and its width, in characters."""

    heading: str
    width: int


def write_list(
    columns: Sequence[Column], rows: Iterable[Sequence[Value]], *, title: str, notes: "Notes | None" = None
) -> bytes:
    """A workbook of one list, its heading fixed; the notes stand on a sheet behind it, read when all rows are."""
    book = Workbook()
    sheet = sheet_of(book, title)
    head(sheet, columns)
    styles = {"quoted": _styled(book, quoted=True), "date": _styled(book, is_date=True), "wrong": _styled(book)}
    count = book.create_sheet(notes.title) if notes else None
    frame = BytesIO()
    book.save(frame)
    made = BytesIO()
    with zipfile.ZipFile(frame) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as target:
        last = "xl/worksheets/sheet2.xml" if count is not None else ""
        # The notes say how many rows there were, so they are written after them.
        for name in [name for name in source.namelist() if name != last] + ([last] if last else []):
            text = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                _fill(target, name, text.decode(), rows, styles, first=2)
            elif name == last and notes is not None:
                _fill(target, name, text.decode(), notes.rows(), styles, first=1)
            else:
                target.writestr(name, text)
    return made.getvalue()


class Notes:
    """A sheet that says about a list what it is: pairs of a heading and a text."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.pairs: list[tuple[str, Value]] = []

    def rows(self) -> list[tuple[str, Value]]:
        """The pairs, once the list has been written."""
        return self.pairs


def sheet_of(book: Workbook, title: str) -> Worksheet:
    """The first sheet of a new workbook, named."""
    sheet = book.worksheets[0]
    sheet.title = title
    return sheet


def head(sheet: Worksheet, columns: Sequence[Column]) -> None:
    """Write the heading row, which stays in sight."""
    for number, column in enumerate(columns, start=1):
        cell = sheet.cell(1, number, column.heading)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=HEAD_COLOUR)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.freeze_panes = "A2"


def plain_text(text: str) -> str:
    """A text as a cell can hold it."""
    return _UNWRITABLE.sub("", text)[:MOST_CELL_CHARACTERS]


def _styled(book: Workbook, *, quoted: bool = False, is_date: bool = False) -> int:
    """The number of a style in the workbook, made by a cell that is taken back."""
    sheet = book.create_sheet("styles")
    cell: Any = sheet.cell(1, 1, "")
    if quoted:
        cell.quotePrefix = True
    elif is_date:
        cell.number_format = "yyyy-mm-dd"
    else:
        cell.fill = PatternFill("solid", fgColor=WRONG_COLOUR)
    number = int(cell.style_id)
    book.remove(sheet)
    return number


def _fill(
    target: zipfile.ZipFile,
    name: str,
    text: str,
    rows: Iterable[Sequence[Value]],
    styles: dict[str, int],
    *,
    first: int,
) -> None:
    whole = _EXTENT.sub("", text).replace("<sheetData/>", "<sheetData></sheetData>")
    before, _, after = whole.rpartition(_ROWS_END)
    with target.open(name, "w", force_zip64=True) as part, TextIOWrapper(part, "utf-8") as written:
        written.write(before)
        for number, row in enumerate(rows, start=first):
            cells = "".join(_cell(value, styles) for value in row)
            written.write(f'<row r="{number}">{cells}</row>')
        written.write(_ROWS_END + after)


def _cell(value: Value, styles: dict[str, int]) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, str):
        style = f' s="{styles["quoted"]}"' if value.startswith(_LIKE_A_FORMULA) else ""
        return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{escape(plain_text(value))}</t></is></c>'
    if isinstance(value, Marked):
        text = escape(plain_text(value.value))
        return f'<c t="inlineStr" s="{styles["wrong"]}"><is><t xml:space="preserve">{text}</t></is></c>'
    if isinstance(value, date):
        return f'<c s="{styles["date"]}"><v>{(value - _DAY_ZERO).days}</v></c>'
    return f"<c><v>{value}</v></c>"

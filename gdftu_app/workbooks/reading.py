"""Reading a workbook somebody sent: refused for a reason in words, or its rows one after another, memory staying flat.

openpyxl reads what stands around the rows (sheets, texts, formats); the rows themselves, by the hundred thousand, are
read straight from their XML, which takes a tenth of the time.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from typing import Any, TypeAlias

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  (compiled, without stubs)
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import from_excel
from openpyxl.xml.constants import SHEET_MAIN_NS

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg

FIELD = "file"
LARGEST_WORKBOOK_BYTES = 50 * 1024 * 1024
# Unpacked: of all parts, of the texts that cells share (they are kept in memory), and how many parts there may be.
LARGEST_UNPACKED, LARGEST_TEXTS, MOST_PARTS = 700 * 1024**2, 64 * 1024**2, 2_000
MOST_COLUMNS = 60
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = f"{{{SHEET_MAIN_NS}}}"
_VALUE, _INLINE, _FORMULA, _TEXT = (f"{_MAIN}{tag}" for tag in ("v", "is", "f", "t"))
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ROW, _ROW_TAG_BYTES = re.compile(rb"<row[ />]"), 5
_HEAD_BYTES, _CHUNK_BYTES = 4_096, 1024**2


class BadWorkbook(InvalidInput):
    """The file is no workbook that can be imported; its words say what to do."""

    code = "bad_workbook"
    default = msg("文件无法读取。请用下载的模板填写，并另存为 Excel 工作簿（.xlsx）后再上传。")


class TooLarge(BadWorkbook):
    """More than is read at all."""

    code = "workbook_too_large"
    default = msg("文件超过 {limit} MB，请分成几个文件上传。")


def too_large() -> TooLarge:
    """The refusal of a workbook that need not even be read."""
    return TooLarge(field=FIELD, limit=LARGEST_WORKBOOK_BYTES // 1024**2)


class Formula:
    """What a cell holds instead of a value."""


class Broken:
    """A cell whose formula failed (#N/A and the like)."""


Raw: TypeAlias = str | int | float | date | type[Formula] | type[Broken] | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A workbook that may be read: the part with the rows, texts that cells share, formats that mean dates."""

    content: bytes
    part: str
    texts: Sequence[str]
    date_formats: frozenset[int]
    epoch: datetime


def open_workbook(content: bytes, *, sheet: str) -> Opened:
    """Examine a file and find the sheet of this name in it, or the first one; raises `BadWorkbook`."""
    _examine(content)
    try:
        # Step by step, for the whole of it would read every row once only to learn how many there are.
        reader: Any = ExcelReader(BytesIO(content), read_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        book: Any = reader.wb
        apply_stylesheet(reader.archive, book)
        parts = {found.name: relation.target for found, relation in reader.parser.find_sheets()}
        part = parts[sheet] if sheet in parts else next(iter(parts.values()))
        texts, formats = [str(text) for text in reader.shared_strings], frozenset(book._date_formats)
        opened = Opened(content, part.lstrip("/"), texts, formats, book.epoch)
        reader.archive.close()
    except Exception as reason:  # openpyxl raises whatever a damaged part leads to
        raise BadWorkbook(field=FIELD) from reason
    return opened


def rows_of(opened: Opened) -> Iterator[tuple[int, list[Raw]]]:
    """The rows that are not empty, each with its number in the sheet; raises `BadWorkbook` where one is damaged."""
    try:
        with zipfile.ZipFile(BytesIO(opened.content)) as parts, parts.open(opened.part) as part:
            reading = etree.iterparse(
                part, events=("end",), tag=f"{_MAIN}row", resolve_entities=False, no_network=True, huge_tree=False
            )
            before = 0
            for _, row in reading:
                said = row.get("r")
                before = int(said) if said else before + 1
                values = _values(row, opened)
                if any(value is not None for value in values):
                    yield before, values
                row.clear()
                while row.getprevious() is not None:
                    del row.getparent()[0]
    except (etree.XMLSyntaxError, zipfile.BadZipFile, EOFError, OSError, ValueError, IndexError) as reason:
        raise BadWorkbook(field=FIELD) from reason


def has_more_rows_than(opened: Opened, limit: int) -> bool:
    """Whether more rows than that are not empty; of fewer rows in all none is read. Raises `BadWorkbook`."""
    try:
        with zipfile.ZipFile(BytesIO(opened.content)) as parts, parts.open(opened.part) as part:
            written, before = 0, b""
            while chunk := part.read(_CHUNK_BYTES):
                piece = before + chunk
                written += len(_ROW.findall(piece))
                # Too short to hold a whole tag, so that none is counted twice.
                before = piece[-_ROW_TAG_BYTES + 1 :]
    except (zipfile.BadZipFile, EOFError, OSError, ValueError) as reason:
        raise BadWorkbook(field=FIELD) from reason
    return written > limit and sum(1 for _ in islice(rows_of(opened), limit + 1)) > limit


def _examine(content: bytes) -> None:
    if len(content) > LARGEST_WORKBOOK_BYTES:
        raise too_large()
    if content.startswith(_OLD_OR_LOCKED):
        raise BadWorkbook(
            msg("这是旧版（.xls）或设有密码的文件。请去掉密码，另存为 Excel 工作簿（.xlsx）后再上传。"), field=FIELD
        )
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            entries = parts.infolist()
            names = {entry.filename for entry in entries}
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise BadWorkbook(
                    msg("文件带有宏，不能导入。请另存为不带宏的 Excel 工作簿（.xlsx）后再上传。"), field=FIELD
                )
            if "xl/workbook.xml" not in names:
                raise BadWorkbook(field=FIELD)
            texts = sum(entry.file_size for entry in entries if "sharedstrings" in entry.filename.lower())
            unpacked = sum(entry.file_size for entry in entries)
            if len(entries) > MOST_PARTS or unpacked > LARGEST_UNPACKED or texts > LARGEST_TEXTS:
                raise BadWorkbook(msg("文件展开后过大，不能导入。请删除多余的内容，只保留需要导入的行。"), field=FIELD)
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")):
                    with parts.open(entry) as part:
                        if _DECLARES.search(part.read(_HEAD_BYTES)):
                            raise BadWorkbook(field=FIELD)
    # `zipfile` raises the last two for a compression it does not know and for a part that is locked.
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as reason:
        raise BadWorkbook(field=FIELD) from reason


def _values(row: Any, opened: Opened) -> list[Raw]:
    values: list[Raw] = []
    for cell in row:
        address = cell.get("r")
        column = _column(address) if address else len(values)
        if column >= MOST_COLUMNS:
            break
        while len(values) < column:
            values.append(None)
        values.append(_value(cell, opened))
    return values


def _column(address: str) -> int:
    number = 0
    for character in address:
        if not "A" <= character <= "Z":
            break
        number = number * 26 + ord(character) - 64
    return number - 1


def _value(cell: Any, opened: Opened) -> Raw:
    kind, text, is_formula = cell.get("t", "n"), None, False
    for part in cell:
        tag = part.tag
        if tag == _VALUE:
            text = part.text
        elif tag == _INLINE:
            is_plain = len(part) == 1 and part[0].tag == _TEXT
            text = part[0].text if is_plain else "".join(piece.text or "" for piece in part.iter(_TEXT))
        elif tag == _FORMULA:
            is_formula = True
    if is_formula:
        return Formula
    if text is None or text == "":
        return None
    if kind == "s":
        text = opened.texts[int(text)]
    if kind in ("s", "str", "inlineStr"):
        return text if text.strip() else None
    if kind == "e":
        return Broken
    if kind == "d":
        return date.fromisoformat(text[:10])
    if kind == "b":
        return text
    return _number(float(text), text, int(cell.get("s") or 0) in opened.date_formats, opened.epoch)


def _number(value: float, text: str, is_date: bool, epoch: datetime) -> Raw:
    if is_date:
        try:
            found: Any = from_excel(value, epoch)
        except (OverflowError, ValueError):
            return text
        return found.date() if isinstance(found, datetime) else text
    return int(value) if value.is_integer() and abs(value) < 10**17 else value

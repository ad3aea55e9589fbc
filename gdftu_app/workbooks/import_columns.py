"""Columns of an import (会员导入): what each is called, what it takes, and how a row of cells is read.

Every problem is found at once, each beside its column, in words that say what to write instead.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from gdftu_app.clock import today
from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.codes import CodeTable
from gdftu_app.models.identifiers import DocumentType, normalise_document, normalise_phone, one_line
from gdftu_app.models.member_fields import LONGEST_WORKPLACE, MEMBER_FIELDS, MIGRANT, YES
from gdftu_app.models.people import Sex
from gdftu_app.workbooks.reading import FIELD, BadWorkbook, Broken, Formula, Raw

SHEET = "会员"
REASONS_HEADING = "错误原因"
LONGEST_NAME = 50
EARLIEST_JOINING = date(1921, 1, 1)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})", re.ASCII)
_SEXES = {"男": int(Sex.MALE), "女": int(Sex.FEMALE)}
Problem = tuple[str, str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """A column by its key: heading, width, whether every row needs it, the words it takes, an example, a note."""

    key: str
    heading: str
    width: int
    is_required: bool = False
    choices: tuple[str, ...] = ()
    example: str = ""
    note: str = ""


@dataclass(slots=True)
class ParsedRow:
    """A row as it was understood; `values` are in normal form, and whole only when there are no `problems`."""

    number: int
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    problems: list[Problem] = field(default_factory=list[Problem])


def _words(table: CodeTable | None) -> tuple[str, ...]:
    return tuple(table.labels.values()) if table else ()


_CODED = ("occupation", MIGRANT, "employment", "education", "skill", "politics", "household", "ethnicity")
_EXAMPLES = {"occupation": "其他", MIGRANT: "否", "employment": "在岗", "education": "本科", "ethnicity": "汉族"}
COLUMNS: tuple[ImportColumn, ...] = (
    ImportColumn("name", "姓名", 12, True, example="陈一", note="与证件一致。"),
    ImportColumn(
        "document_type",
        "证件类型",
        16,
        choices=tuple(kind.label for kind in DocumentType),
        example="居民身份证",
        note="不填即为居民身份证。",
    ),
    ImportColumn(
        "document_number",
        "证件号码",
        24,
        True,
        example="18 位公民身份号码",
        note="以文本格式填写；居民身份证应为 18 位。",
    ),
    ImportColumn("phone", "手机号", 15, example="11 位号码", note="中国内地 11 位手机号。"),
    ImportColumn("sex", "性别", 8, choices=("男", "女"), note="居民身份证不用填写，以证件号码为准。"),
    ImportColumn("born_on", "出生日期", 14, note="居民身份证不用填写，以证件号码为准。"),
    ImportColumn("joined_on", "入会时间", 14, example="2024-05-01", note="不填即为导入当天，不能晚于当天。"),
    ImportColumn("workplace", "工作单位", 30, example="榕江电器有限公司"),
    *(
        ImportColumn(
            key,
            MEMBER_FIELDS[key].label,
            14,
            choices=_words(MEMBER_FIELDS[key].table),
            example=_EXAMPLES.get(key, ""),
        )
        for key in _CODED
    ),
)
BY_HEADING: Mapping[str, ImportColumn] = {column.heading: column for column in COLUMNS}
HEADINGS: Mapping[str, str] = {column.key: column.heading for column in COLUMNS}


def read_headings(cells: Sequence[Raw]) -> list[str]:
    """The keys of a sheet's columns by its first row, "" for those to be passed over; raises `BadWorkbook`."""
    keys: list[str] = []
    for cell in cells:
        heading = _bare(cell).rstrip("*")
        if heading in ("", REASONS_HEADING):
            keys.append("")
            continue
        column = BY_HEADING.get(heading)
        if column is None:
            raise BadWorkbook(
                msg("第 1 行应为模板的表头，不能合并单元格，也不能增加列。不认识的列：「{heading}」。"),
                field=FIELD,
                heading=heading[:20],
            )
        if column.key in keys:
            raise BadWorkbook(msg("「{heading}」一列重复了，请只保留一列。"), field=FIELD, heading=heading)
        keys.append(column.key)
    missing = [column.heading for column in COLUMNS if column.is_required and column.key not in keys]
    if missing:
        raise BadWorkbook(
            msg("缺少「{heading}」一列。第 1 行应为模板的表头，不能合并单元格。请用下载的模板填写。"),
            field=FIELD,
            heading=missing[0],
        )
    return keys


def parse_row(number: int, keys: Sequence[str], cells: Sequence[Raw]) -> ParsedRow:
    """Read a row of cells under the headings' keys."""
    row = ParsedRow(number)
    given = {key: cell for key, cell in zip(keys, cells, strict=False) if key}
    for key, cell in given.items():
        if cell is Formula:
            row.problems.append((key, msg("单元格是公式，请改为数值（复制后选择性粘贴为数值）。"), {}))
        elif cell is Broken:
            row.problems.append((key, msg("单元格的内容出错（如 #N/A），请重新填写。"), {}))
    wrong = {key for key, _, _ in row.problems}
    for key, read in _READERS.items():
        if key in wrong:
            continue
        try:
            row.values[key] = read(given.get(key), row.values)
        except InvalidInput as refusal:
            row.problems.append((key, refusal.message, refusal.values))
    return row


def shown(cell: Raw) -> str:
    """A cell's content as a text, for showing a row again."""
    if cell is None or cell is Formula or cell is Broken:
        return "" if cell is None else "#"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _name(cell: Raw, _values: Mapping[str, Any]) -> str:
    name = unicodedata.normalize("NFC", one_line(shown(cell)))
    if not name:
        raise InvalidInput(msg("请填写姓名。"))
    if len(name) > LONGEST_NAME:
        raise InvalidInput(msg("不能超过 {limit} 个字。"), limit=LONGEST_NAME)
    if any(character.isdigit() for character in name):
        raise InvalidInput(msg("姓名不能有数字，请核对是否填错了列。"))
    return name


def _document_type(cell: Raw, _values: Mapping[str, Any]) -> str:
    word = _bare(cell)
    for kind in DocumentType:
        if word in (kind.label, kind.value):
            return kind.value
    if word:
        raise InvalidInput(msg("请从列表中选择。"))
    return DocumentType.RESIDENT_ID.value


def _document_number(cell: Raw, values: Mapping[str, Any]) -> str:
    # A spreadsheet keeps 15 digits of a number; beyond that it is not known what was meant.
    known = str(cell) if isinstance(cell, int) and len(str(cell)) <= 15 else cell
    return normalise_document(values.get("document_type", DocumentType.RESIDENT_ID), known)


def _phone(cell: Raw, _values: Mapping[str, Any]) -> str:
    return "" if cell is None else normalise_phone(str(cell) if isinstance(cell, int) else cell)


def _sex(cell: Raw, values: Mapping[str, Any]) -> int | None:
    word = _bare(cell)
    if not word or values.get("document_type") == DocumentType.RESIDENT_ID:
        return None
    if word not in _SEXES:
        raise InvalidInput(msg("请从列表中选择。"))
    return _SEXES[word]


def _born_on(cell: Raw, values: Mapping[str, Any]) -> str:
    if values.get("document_type") == DocumentType.RESIDENT_ID:
        return ""
    day = _date(cell)
    if day is not None and not date(1900, 1, 1) <= day <= today():
        raise InvalidInput(msg("出生日期应在 1900 年至今天之间，请核对。"))
    return day.isoformat() if day else ""


def _joined_on(cell: Raw, _values: Mapping[str, Any]) -> str:
    day = _date(cell)
    if day is not None and day > today():
        raise InvalidInput(msg("入会时间不能晚于今天。"))
    if day is not None and day < EARLIEST_JOINING:
        raise InvalidInput(msg("入会时间不能早于 {day}，请核对。"), day=EARLIEST_JOINING.isoformat())
    return day.isoformat() if day else ""


def _workplace(cell: Raw, _values: Mapping[str, Any]) -> str:
    text = one_line(shown(cell))
    if len(text) > LONGEST_WORKPLACE:
        raise InvalidInput(msg("不能超过 {limit} 个字。"), limit=LONGEST_WORKPLACE)
    return text


def _coded(key: str) -> Callable[[Raw, Mapping[str, Any]], str]:
    table = MEMBER_FIELDS[key].table
    codes = {_tidy(label): code for code, label in table.labels.items()} if table else {}

    def read(cell: Raw, _values: Mapping[str, Any]) -> str:
        word = _bare(cell)
        if word and word not in codes:
            raise InvalidInput(msg("「{word}」不在列表中，请从列表中选择。"), word=word[:20])
        return codes.get(word, "")

    return read


def _migrant(cell: Raw, values: Mapping[str, Any]) -> bool:
    return _IS_MIGRANT(cell, values) == YES


def _date(cell: Raw) -> date | None:
    if isinstance(cell, date):
        return cell
    text = _bare(cell)
    if not text:
        return None
    found = _DAY.fullmatch(text.removesuffix("00:00:00"))
    if found is not None:
        try:
            return date(*(int(part) for part in found.groups() if part is not None))
        except ValueError:
            pass
    raise InvalidInput(msg("日期请写成 2024-05-01 的形式，并核对是否真实。"))


def _bare(cell: Raw) -> str:
    return _tidy(shown(cell))


@lru_cache(maxsize=4_096)
def _tidy(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", one_line(text)).split())


_IS_MIGRANT = _coded(MIGRANT)
_READERS: dict[str, Callable[[Raw, Mapping[str, Any]], Any]] = {
    "name": _name,
    "document_type": _document_type,
    "document_number": _document_number,
    "phone": _phone,
    "sex": _sex,
    "born_on": _born_on,
    "joined_on": _joined_on,
    "workplace": _workplace,
    **{key: _migrant if key == MIGRANT else _coded(key) for key in _CODED},
}

"""Checking an import (检查): what each row is, and a workbook of those that cannot be taken, with the reasons."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from gdftu_app.db import unit_of_work
from gdftu_app.i18n import msg, render
from gdftu_app.integrations.file_store import Missing
from gdftu_app.models.jobs import ImportOutcome, ImportRow, JobStatus
from gdftu_app.models.tables import table_of
from gdftu_app.security.permissions import Permission
from gdftu_app.services.import_rows import Seals, find_known
from gdftu_app.services.job_files import read_sealed
from gdftu_app.services.job_running import Result, Run
from gdftu_app.services.many_rows import write_rows
from gdftu_app.workbooks.import_columns import (
    COLUMNS,
    HEADINGS,
    REASONS_HEADING,
    SHEET,
    ParsedRow,
    Problem,
    parse_row,
    read_headings,
    shown,
)
from gdftu_app.workbooks.import_template import MOST_IMPORTED
from gdftu_app.workbooks.reading import FIELD, BadWorkbook, Opened, Raw, has_more_rows_than, open_workbook, rows_of
from gdftu_app.workbooks.sheets import Column, Marked, Value, write_list

CHECKED_AT_ONCE = 1_000
FOUND = (ImportOutcome.NEW, ImportOutcome.HERE, ImportOutcome.ELSEWHERE, ImportOutcome.WRONG)
ERRORS_NAME = msg("未能导入的行.xlsx")
NOTHING = msg("没有找到要导入的行。请从「会员」工作表的第 2 行开始填写。")
TOO_MANY = msg("超过 {limit} 行，请分成几个文件导入。")
TWICE = msg("与第 {row} 行是同一个证件号码，请只保留一行。")
OTHER_NAME = msg("该证件号码已登记在其他姓名下，请核对姓名和证件号码。")
ELSEWHERE = msg("已是其他工会的会员，不能重复入会。确认导入时可以邀请其转入，由本人决定。")
_ROWS = table_of(ImportRow)


def check_import(run: Run) -> Result:
    """Read the whole workbook, a thousand rows at a time; nothing of it is written but what was read, sealed."""
    try:
        content = read_sealed(run.source_key)
    except Missing:
        raise BadWorkbook(msg("上传的文件已失效，请重新上传。"), field=FIELD) from None
    opened = open_workbook(content, sheet=SHEET)
    if has_more_rows_than(opened, MOST_IMPORTED + 1):
        raise too_many()
    keys, rows = _headed(opened)
    with unit_of_work() as session:
        # Whoever was at this before has left rows behind.
        session.exec(delete(ImportRow).where(col(ImportRow.job_id) == run.job_id))
        run.step(session, done=0)
    seals, counts = Seals(run.job_id), Counter[str]()
    first_rows: dict[str, int] = {}
    wrong: dict[int, list[Problem]] = {}
    while chunk := list(islice(rows, CHECKED_AT_ONCE)):
        parsed = [parse_row(number, keys, cells) for number, cells in chunk]
        for row in parsed:
            _mark_repeated(row, seals, first_rows)
        with unit_of_work() as session:
            kept = _compared(session, run, seals, parsed)
            counts.update(row["outcome"] for row in kept)
            if sum(counts.values()) > MOST_IMPORTED:
                raise too_many()
            write_rows(session, _ROWS, kept)
            run.step(session, done=sum(counts.values()))
        wrong |= {row.number: row.problems for row in parsed if row.problems}
    if not counts:
        raise BadWorkbook(NOTHING, field=FIELD)
    summary = {outcome.value: counts[outcome.value] for outcome in FOUND}
    is_open = counts[ImportOutcome.NEW] or counts[ImportOutcome.ELSEWHERE]
    status = JobStatus.WAITING if is_open else JobStatus.DONE
    errors = _errors(opened, wrong) if wrong else b""
    return Result(status, summary, workbook=errors, name=ERRORS_NAME, lets_source_go=True)


def too_many() -> BadWorkbook:
    """The refusal of more rows than are imported at a time."""
    return BadWorkbook(TOO_MANY, field=FIELD, limit=f"{MOST_IMPORTED:,}")


def _headed(opened: Opened) -> tuple[list[str], Iterator[tuple[int, list[Raw]]]]:
    rows = rows_of(opened)
    first = next(rows, None)
    if first is None or first[0] != 1:
        raise BadWorkbook(NOTHING if first is None else "", field=FIELD)
    return read_headings(first[1]), rows


def _mark_repeated(row: ParsedRow, seals: Seals, first_rows: dict[str, int]) -> None:
    """A document that stands in the workbook twice is wrong the second time."""
    if "document_number" not in row.values:
        return
    earlier = first_rows.setdefault(seals.document(row.values), row.number)
    if earlier != row.number:
        row.problems.append(("document_number", TWICE, {"row": earlier}))


def _compared(session: Session, run: Run, seals: Seals, parsed: Sequence[ParsedRow]) -> list[dict[str, Any]]:
    """The rows as they are kept, each with what is to become of it."""
    actor = run.actor(session)
    actor.require(Permission.MEMBERS_IMPORT)
    documents = {row.number: seals.document(row.values) for row in parsed if not row.problems}
    known = find_known(session, list(documents.values()))
    kept: list[dict[str, Any]] = []
    for row in parsed:
        document, outcome = documents.get(row.number), ImportOutcome.WRONG
        if document is not None:
            found = known.get(document)
            if found is not None and found.name != row.values["name"]:
                row.problems.append(("name", OTHER_NAME, {}))
            elif found is None or found.union_id is None:
                outcome = ImportOutcome.NEW
            elif found.union_id == actor.union_id:
                outcome = ImportOutcome.HERE
            else:
                outcome = ImportOutcome.ELSEWHERE
                row.problems.append(("document_number", ELSEWHERE, {}))
        # Of a member of another union no more is kept than whom to offer a transfer.
        needed = row.values if outcome == ImportOutcome.NEW else {}
        if outcome == ImportOutcome.ELSEWHERE:
            needed = {key: row.values[key] for key in ("document_type", "document_number")}
        kept.append(
            {
                "job_id": run.job_id,
                "number": row.number,
                "outcome": outcome.value,
                "document": document if needed else None,
                "values": seals.seal(row.number, needed) if needed else "",
                "problems": [
                    {"column": HEADINGS[key], "message": message, "values": values}
                    for key, message, values in row.problems
                ],
            }
        )
    return kept


def _errors(opened: Opened, wrong: dict[int, list[Problem]]) -> bytes:
    """The rows that cannot be taken, as they were sent, with the cells marked and the reasons in words."""
    keys, rows = _headed(opened)
    columns = [
        *(Column(f"{column.heading}{'*' if column.is_required else ''}", column.width) for column in COLUMNS),
        Column(REASONS_HEADING, 60),
    ]

    def listed() -> Iterator[list[Value]]:
        for number, cells in rows:
            problems = wrong.get(number)
            if problems is None:
                continue
            given = {key: shown(cell) for key, cell in zip(keys, cells, strict=False) if key}
            marked = {key for key, _, _ in problems}
            values: list[Value] = [
                Marked(given.get(column.key, "") or " ") if column.key in marked else given.get(column.key, "")
                for column in COLUMNS
            ]
            yield [*values, "；".join(_reason(problem) for problem in problems)]

    return write_list(columns, listed(), title=SHEET)


def _reason(problem: Problem) -> str:
    key, message, values = problem
    return f"{HEADINGS[key]}：{render(message, **values)}"

"""Rows of the bulk scales as lines of text, tabs between the values, the way PostgreSQL's COPY reads them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

ABSENT = "\\N"

COLUMNS: dict[str, tuple[str, ...]] = {
    "employers": ("id", "name", "uscc", "address", "division_code", "nature", "economy", "industry", "employee_count"),
    "union_employers": ("union_id", "employer_id"),
    "union_search": ("union_id", "grams"),
    "persons": (
        "id", "name", "sex", "born_on", "ethnicity", "doc_type", "doc_enc", "doc_bidx", "phone_enc", "phone_bidx",
        "education", "politics", "household", "employment", "skill", "workplace", "is_migrant", "occupation",
        "verification", "verified_at", "created_at",
    ),
    "memberships": (
        "id", "person_id", "union_id", "status", "joined_on", "since", "ended_on", "name", "sex", "verified",
        "is_migrant", "area_id", "occupation", "education", "born_year",
    ),
    "membership_events": (
        "id", "membership_id", "union_id", "kind", "change", "verified_change", "day", "at", "reason", "operator_id",
    ),
}  # fmt: skip


Block = dict[str, str]
"""Some rows of several tables, in the order in which the tables are to be written: one text of lines for each."""


def joined(lines: dict[str, list[str]]) -> Block:
    """The block of the lines of several tables."""
    return {table: "\n".join(rows) + "\n" for table, rows in lines.items() if rows}


def line_of(values: Iterable[Any]) -> str:
    """The line of a row."""
    return "\t".join(map(text_of, values))


def rows_of(text: str) -> list[tuple[str | None, ...]]:
    """The rows of a text of lines, for a database that takes values."""
    return [tuple(None if value == ABSENT else value for value in line.split("\t")) for line in text.splitlines()]


def text_of(value: Any) -> str:
    """A value as both databases read it: moments in UTC, truth as 1 and 0."""
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S.%f}"
    return str(value)

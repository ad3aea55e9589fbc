"""Rows of the bulk scales as lines of text, tabs between the values, the way PostgreSQL's COPY reads them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ABSENT = "\\N"
Lines = dict[str, list[str]]

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
        "is_migrant",
    ),
    "membership_events": ("id", "membership_id", "union_id", "kind", "change", "day", "at", "reason", "operator_id"),
}  # fmt: skip


@dataclass(slots=True)
class Block:
    """Some rows of several tables, in the order in which the tables are to be written."""

    lines: Lines = field(default_factory=dict)

    def add(self, table: str, values: Iterable[Any]) -> None:
        """One row."""
        self.lines.setdefault(table, []).append("\t".join(map(text_of, values)))


def text_of(value: Any) -> str:
    """A value as both databases read it: moments in UTC, truth as 1 and 0."""
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S.%f}"
    return str(value)

"""A request as a page shows it: its row, its fields, its documents, and why a batch did not decide it."""

from dataclasses import dataclass
from typing import Any

from gdftu_app.clock import BEIJING
from gdftu_app.i18n import msg
from gdftu_app.queries.reviews import ReviewDetails, ReviewField, ReviewList, ReviewRow
from gdftu_app.services.reviews import Outcome
from gdftu_app.state.dates import Texts, day, short_moment
from gdftu_app.state.documents import DocumentRow, document_row
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.union_details import texts_of


@dataclass
class RequestRow:
    """A request in the list; texts are in every language."""

    id: int
    title: str
    cells: list[list[Texts]]
    applicant: str
    is_own: bool
    submitted_at: Texts
    waiting: Texts
    urgency: str
    closed_at: Texts
    closed_by: str
    reason: str


@dataclass
class FieldRow:
    """A field of the open request."""

    label: Texts
    value: Texts
    before: Texts
    note: Texts
    is_wide: bool
    owner: str
    warnings: list[Texts]


@dataclass
class Undecided:
    """A request that a batch did not decide, and why."""

    title: str
    why: Texts


def row_of(row: ReviewRow, queue: ReviewList[Any]) -> RequestRow:
    """A request in the list of a queue."""
    days = row.waiting_days
    waiting = in_every_language(msg("{count} 天"), count=days) if days else in_every_language(msg("不到 1 天"))
    return RequestRow(
        id=row.id,
        title=row.title,
        cells=[[texts_of(words) for words in cell] for cell in row.cells],
        applicant=row.applicant,
        is_own=row.is_own,
        submitted_at=short_moment(row.submitted_at),
        waiting=waiting,
        urgency="late" if days >= queue.late_days else "soon" if days >= queue.soon_days else "",
        closed_at=short_moment(row.closed_at),
        closed_by=row.closed_by,
        reason=row.reason,
    )


def field_of(field: ReviewField) -> FieldRow:
    """A field of a request; what stays as it is has no value before."""
    return FieldRow(
        label=in_every_language(field.label),
        value=texts_of(field.value),
        before=texts_of(field.before) if field.before else {},
        note=texts_of(field.note) if field.note else {},
        is_wide=field.is_wide,
        owner=field.owner,
        warnings=[in_every_language(text, **values) for text, values in field.warnings],
    )


def documents_of(details: ReviewDetails) -> list[DocumentRow]:
    """The documents handed in with a request."""
    return [document_row(document) for document in details.attachments]


def remarks_of(details: ReviewDetails) -> list[Texts]:
    """What the reviewer has to know."""
    return [in_every_language(text, **values) for text, values in details.remarks]


def earlier_of(details: ReviewDetails) -> list[Texts]:
    """When, and why, the same was rejected before."""
    told: list[Texts] = []
    for closed, reason in details.earlier:
        days = day(closed.astimezone(BEIJING).date())
        texts = in_every_language(msg("{day}曾被驳回：{reason}"), day="{day}", reason=reason)
        told.append({language: text.replace("{day}", days[language], 1) for language, text in texts.items()})
    return told


def undecided_of(outcomes: list[Outcome]) -> list[Undecided]:
    """What a batch did not decide, and why."""
    return [
        Undecided(outcome.title or f"#{outcome.id}", in_every_language(outcome.message, **(outcome.values or {})))
        for outcome in outcomes
        if not outcome.is_decided
    ]

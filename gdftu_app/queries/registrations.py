"""Own registrations (登记申请): what an account submitted, where it stands, and what came of it (手册 三)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from gdftu_app.models.accounts import Administrator
from gdftu_app.models.registrations import Registration, RegistrationDraft
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.queries.files import FileInfo, files_by_id
from gdftu_app.queries.superiors import names_above

SHOWN_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class OwnRegistration:
    """A registration as its applicant sees it.

    `union_id` is set when the applicant may enter the union that approval made; `is_revisable` when it may be taken up
    again.
    """

    id: int
    status: ReviewStatus
    employer_name: str
    employer_uscc: str
    employer_certificate: FileInfo | None
    is_independent: bool
    union_name: str
    union_uscc: str
    union_certificate: FileInfo | None
    superior: str
    superior_path: tuple[str, ...]
    notes: dict[str, str]
    reason: str
    submitted_at: datetime
    closed_at: datetime | None
    union_id: int | None
    is_revisable: bool


def own_registrations(session: Session, *, account_id: int, limit: int = SHOWN_AT_MOST) -> list[OwnRegistration]:
    """The registrations of an account, the newest first."""
    rows = session.exec(
        select(Registration, Union.name, Union.path)
        .join(Union, col(Union.id) == Registration.reviewing_union_id)
        .where(Registration.submitted_by_id == account_id)
        .order_by(col(Registration.id).desc())
        .limit(limit)
    ).all()
    own = [row for row, _, _ in rows]
    above = names_above(session, {path for _, _, path in rows})
    files = files_by_id(session, {number for row in own for number in _certificates(row)})
    enterable = _administered(session, account_id, {row.union_id for row in own if row.union_id})
    revised = _revised(session, account_id, {row.id or 0 for row in own})
    return [
        OwnRegistration(
            id=row.id or 0,
            status=ReviewStatus(row.status),
            employer_name=row.employer_name,
            employer_uscc=row.employer_uscc,
            employer_certificate=files.get(row.employer_certificate_id),
            is_independent=row.is_independent,
            union_name=row.union_name,
            union_uscc=row.union_uscc or "",
            union_certificate=files.get(row.union_certificate_id or 0),
            superior=superior,
            superior_path=above[path],
            notes=row.notes,
            reason=row.reason,
            submitted_at=row.submitted_at,
            closed_at=row.closed_at,
            union_id=row.union_id if row.union_id in enterable else None,
            is_revisable=row.status in (ReviewStatus.REJECTED, ReviewStatus.WITHDRAWN) and row.id not in revised,
        )
        for row, superior, path in rows
    ]


def is_applicant(session: Session, *, account_id: int) -> bool:
    """Whether an account has ever submitted a registration, or has begun one."""
    submitted = select(Registration.id).where(Registration.submitted_by_id == account_id).limit(1)
    return session.exec(submitted).first() is not None or session.get(RegistrationDraft, account_id) is not None


def _certificates(row: Registration) -> tuple[int, ...]:
    return tuple(number for number in (row.employer_certificate_id, row.union_certificate_id) if number)


def _administered(session: Session, account_id: int, unions: Collection[int]) -> set[int]:
    if not unions:
        return set()
    live = (
        select(Administrator.union_id)
        .join(Union, col(Union.id) == Administrator.union_id)
        .where(
            Administrator.account_id == account_id,
            col(Administrator.union_id).in_(unions),
            col(Administrator.dismissed_at).is_(None),
            Union.status != UnionStatus.DISSOLVED,
        )
    )
    return set(session.exec(live))


def _revised(session: Session, account_id: int, ids: Collection[int]) -> set[int]:
    later = select(Registration.earlier_id).where(
        Registration.submitted_by_id == account_id, col(Registration.earlier_id).in_(ids)
    )
    return {number for number in session.exec(later) if number is not None}

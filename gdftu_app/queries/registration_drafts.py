"""Drafts of registrations (登记草稿): what an account has typed so far, with what is wrong or unusual about it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.models.files import StoredFile
from gdftu_app.models.registration_fields import (
    STEP_FIELDS,
    RegistrationField,
    RegistrationStep,
    RegistrationValues,
)
from gdftu_app.models.registrations import Registration, RegistrationDraft
from gdftu_app.models.unions import Union
from gdftu_app.queries.applicants import require_verified
from gdftu_app.queries.registration_checks import Checks, check_registration
from gdftu_app.queries.superiors import Superior, find_superior


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A certificate of a draft, by its key."""

    id: int
    key: str
    name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class EarlierRegistration:
    """The registration that a draft takes up: who decided, and the reason if it was rejected."""

    id: int
    superior: str
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its account sees it; `superior` is told only when it takes registrations."""

    values: RegistrationValues
    step: RegistrationStep
    checks: Checks
    files: dict[str, DraftFile]
    superior: Superior | None
    earlier: EarlierRegistration | None
    updated_at: datetime | None


def find_draft(session: Session, *, account_id: int, tried: int = 0) -> Draft | None:
    """The draft of a verified account, if there is one; what is missing is told for the steps that were `tried`."""
    require_verified(session, account_id)
    kept = session.get(RegistrationDraft, account_id)
    return None if kept is None else draft_of(session, kept, tried=tried)


def draft_of(session: Session, kept: RegistrationDraft, *, tried: int = 0) -> Draft:
    """A draft as it is kept, checked."""
    values, step = RegistrationValues.of(kept.values), RegistrationStep(kept.step)
    files = _files(session, kept.account_id, values.certificates)
    superior = None if values.superior_id is None else find_superior(session, values.superior_id)
    checks = check_registration(
        session, values, account_id=kept.account_id, files=files, superior=superior, required=fields_until(tried)
    )
    return Draft(
        values=values,
        step=step,
        checks=checks,
        files=files,
        superior=superior if superior is not None and superior.is_open else None,
        earlier=_earlier(session, kept),
        updated_at=kept.updated_at,
    )


def fields_until(step: int) -> tuple[RegistrationField, ...]:
    """The fields of all steps up to one, in their order; of none for 0."""
    return tuple(name for number, names in STEP_FIELDS.items() if number <= step for name in names)


def _files(session: Session, account_id: int, keys: Collection[str]) -> dict[str, DraftFile]:
    if not keys:
        return {}
    own = select(StoredFile.id, StoredFile.key, StoredFile.name, StoredFile.content_type).where(
        col(StoredFile.key).in_(keys),
        StoredFile.account_id == account_id,
        or_(col(StoredFile.kept_until).is_(None), col(StoredFile.kept_until) > now()),
    )
    return {key: DraftFile(number or 0, key, name, kind) for number, key, name, kind in session.exec(own)}


def _earlier(session: Session, kept: RegistrationDraft) -> EarlierRegistration | None:
    if kept.earlier_id is None:
        return None
    found = session.exec(
        select(Union.name, Registration.reason)
        .join(Registration, col(Registration.reviewing_union_id) == Union.id)
        .where(Registration.id == kept.earlier_id)
    ).one()
    return EarlierRegistration(kept.earlier_id, *found)

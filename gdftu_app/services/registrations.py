"""Registering a union (组织登记, 手册 二): submitting, withdrawing, and taking up again what was not approved."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from gdftu_app.clock import now
from gdftu_app.errors import InvalidInput, NotFound, Refusal, TooManyRequests
from gdftu_app.i18n import msg
from gdftu_app.models.files import StoredFile
from gdftu_app.models.registration_fields import RegistrationField, RegistrationStep, RegistrationValues
from gdftu_app.models.registrations import Registration, RegistrationDraft
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.queries.applicants import require_verified
from gdftu_app.queries.registration_checks import Remark
from gdftu_app.queries.registration_drafts import Draft, draft_of
from gdftu_app.services.audit import record
from gdftu_app.services.files import attach_again
from gdftu_app.services.reviews import withdraw
from gdftu_app.services.tree_locks import share_tree
from gdftu_app.services.turns import take_turns

# One person may look after several factories; nobody after dozens at once.
MOST_PENDING, MOST_A_DAY = 5, 20
_DAY = timedelta(days=1)
REVISABLE = (ReviewStatus.REJECTED, ReviewStatus.WITHDRAWN)


class NothingToSubmit(Refusal):
    """There is no draft: it was submitted or discarded already, perhaps in another window."""

    code = "nothing_to_submit"
    default = msg("没有可以提交的草稿，可能已经提交。")


class NotSound(InvalidInput):
    """The draft has problems; `problems` tells them all, the message and `field` the first."""

    code = "not_sound"

    def __init__(self, problems: Mapping[RegistrationField, Remark]) -> None:
        self.problems = dict(problems)
        name, first = next(iter(problems.items()))
        super().__init__(first.message, field=name, **first.values)


class TooManyPending(Refusal):
    """The account has as many registrations under review as it may."""

    code = "too_many_pending"
    default = msg("你已有 {limit} 件登记申请在审核，请等待结果，或撤回不需要的申请后再提交。")


class AlreadyDecided(Refusal):
    """The superior was quicker."""

    code = "already_decided"
    default = msg("这件申请已经审核，不能撤回。")


class NotToBeRevised(Refusal):
    """Only what was rejected or withdrawn is taken up again, and only once."""

    code = "not_to_be_revised"
    default = msg("这件申请正在审核、已经通过，或已重新提交，不能再修改。")


class DraftInTheWay(Refusal):
    """An account has one draft at a time."""

    code = "draft_in_the_way"
    default = msg("你还有一份没有提交的草稿，请先提交或放弃，再修改这件申请。")


def submit_registration(session: Session, *, account_id: int) -> int:
    """提交申请: hand the draft in to the superior it names, with its certificates; the id of the registration.

    Raises `NotSound`, `NothingToSubmit` (sent twice), `TooManyPending`, `TooManyRequests`, `NotVerified`; nothing is
    kept then, and the draft stays.
    """
    require_verified(session, account_id)
    take_turns(session, "registration", str(account_id))
    share_tree(session)
    kept = session.get(RegistrationDraft, account_id, with_for_update=True, populate_existing=True)
    if kept is None:
        raise NothingToSubmit
    draft = _sound(session, kept)
    _require_allowance(session, account_id)
    registration = _registration(draft, kept)
    try:
        with session.begin_nested():
            session.add(registration)
    except IntegrityError:
        # Somebody was quicker with the same code, and by now it can be seen who.
        _sound(session, kept)
        raise
    _hand_in(session, registration, draft)
    session.delete(kept)
    _note(session, registration, "submit", superior=registration.reviewing_union_id, union=registration.union_name)
    return registration.id or 0


def withdraw_registration(session: Session, *, account_id: int, registration_id: int) -> None:
    """撤回 a registration that nobody has decided yet; doing so twice changes nothing more.

    Raises `NotFound` for somebody else's, `AlreadyDecided`.
    """
    registration = _own(session, account_id, registration_id)
    if registration.status == ReviewStatus.WITHDRAWN:
        return
    if not withdraw(session, registration, account_id=account_id):
        raise AlreadyDecided
    _note(session, registration, "withdraw")


def revise_registration(session: Session, *, account_id: int, registration_id: int) -> None:
    """修改后重新提交: make what was rejected or withdrawn the draft, certificates included, and link the two.

    Raises `NotFound`, `NotToBeRevised`, `DraftInTheWay`, `NotVerified`.
    """
    require_verified(session, account_id)
    take_turns(session, "registration", str(account_id))
    registration = _own(session, account_id, registration_id)
    kept = session.get(RegistrationDraft, account_id, with_for_update=True, populate_existing=True)
    if kept is not None and kept.earlier_id == registration.id:
        return
    later = select(Registration.id).where(
        Registration.submitted_by_id == account_id, Registration.earlier_id == registration.id
    )
    if registration.status not in REVISABLE or session.exec(later.limit(1)).first() is not None:
        raise NotToBeRevised
    if kept is not None and RegistrationValues.of(kept.values).kept != RegistrationValues().kept:
        raise DraftInTheWay
    draft = kept or RegistrationDraft(account_id=account_id)
    draft.values = _values_of(session, registration).kept
    draft.step, draft.earlier_id, draft.updated_at = RegistrationStep.EMPLOYER, registration.id, now()
    session.add(draft)
    _note(session, registration, "revise")


def _own(session: Session, account_id: int, registration_id: int) -> Registration:
    registration = session.get(Registration, registration_id, populate_existing=True)
    if registration is None or registration.submitted_by_id != account_id:
        raise NotFound
    return registration


def _sound(session: Session, kept: RegistrationDraft) -> Draft:
    draft = draft_of(session, kept, tried=RegistrationStep.CHECK)
    if draft.checks.problems:
        raise NotSound(draft.checks.problems)
    return draft


def _require_allowance(session: Session, account_id: int) -> None:
    own = select(func.count()).where(Registration.submitted_by_id == account_id)
    if session.exec(own.where(Registration.status == ReviewStatus.PENDING)).one() >= MOST_PENDING:
        raise TooManyPending(limit=MOST_PENDING)
    if session.exec(own.where(col(Registration.submitted_at) > now() - _DAY)).one() >= MOST_A_DAY:
        raise TooManyRequests(msg("今天提交的次数过多，请明天再试。"), retry_after=int(_DAY.total_seconds()))


def _registration(draft: Draft, kept: RegistrationDraft) -> Registration:
    """The row of a sound draft; its certificates are handed in once it has an id."""
    values, codes = draft.values, draft.checks.codes
    is_independent = values.is_independent is True
    warned = {name.value for name in draft.checks.warnings}
    return Registration(
        reviewing_union_id=values.superior_id or 0,
        submitted_by_id=kept.account_id,
        employer_name=values.employer_name,
        employer_uscc=codes[RegistrationField.EMPLOYER_USCC],
        employer_certificate_id=draft.files[values.employer_certificate].id,
        is_independent=is_independent,
        union_name=values.union_name,
        union_uscc=codes[RegistrationField.UNION_USCC] if is_independent else None,
        union_certificate_id=draft.files[values.union_certificate].id if is_independent else None,
        # A note on what is no longer unusual would only puzzle the reviewer.
        notes={name: note for name, note in values.notes.items() if name in warned},
        earlier_id=kept.earlier_id,
    )


def _hand_in(session: Session, registration: Registration, draft: Draft) -> None:
    """Attach the certificates; those that belong to the earlier registration stay there and are copied."""

    def attached(key: str, name: RegistrationField) -> int:
        return attach_again(
            session,
            account_id=registration.submitted_by_id,
            key=key,
            subject=f"registrations:{registration.id}",
            field=name,
        )

    registration.employer_certificate_id = attached(
        draft.values.employer_certificate, RegistrationField.EMPLOYER_CERTIFICATE
    )
    if registration.is_independent:
        registration.union_certificate_id = attached(
            draft.values.union_certificate, RegistrationField.UNION_CERTIFICATE
        )
    session.add(registration)


def _values_of(session: Session, registration: Registration) -> RegistrationValues:
    ids = [registration.employer_certificate_id, registration.union_certificate_id]
    files = select(StoredFile.id, StoredFile.key).where(col(StoredFile.id).in_([one for one in ids if one]))
    keys = dict(session.exec(files).all())
    return RegistrationValues(
        employer_name=registration.employer_name,
        employer_uscc=registration.employer_uscc,
        employer_certificate=keys[registration.employer_certificate_id],
        is_independent=registration.is_independent,
        union_name=registration.union_name,
        union_uscc=registration.union_uscc or "",
        union_certificate=keys.get(registration.union_certificate_id, ""),
        superior_id=registration.reviewing_union_id,
        notes=dict(registration.notes),
    )


def _note(session: Session, registration: Registration, verb: str, **detail: object) -> None:
    session.flush()
    record(
        session,
        f"registrations:{verb}",
        account_id=registration.submitted_by_id,
        subject=f"registrations:{registration.id}",
        detail=detail,
    )
    session.flush()

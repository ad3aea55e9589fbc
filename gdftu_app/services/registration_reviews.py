"""工会登记审核 (手册 七): what a superior sees of a registration, and the union that its approval establishes."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, or_
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.errors import Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.identifiers import mask_phone
from gdftu_app.models.notifications import NotificationKind
from gdftu_app.models.registration_fields import FIELD_LABELS, RegistrationField
from gdftu_app.models.registrations import Registration
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.unions import (
    DataSource,
    Employer,
    Union,
    UnionCategory,
    UnionLevel,
    UnionStatus,
)
from gdftu_app.queries.accounts import phone_of
from gdftu_app.queries.employer_coverage import EmployerRegistered, covering_unions
from gdftu_app.queries.registration_checks import unusual_about
from gdftu_app.queries.reviews import (
    ReviewDetails,
    ReviewField,
    ReviewList,
    Words,
    attachments_of,
    earlier_rejections,
)
from gdftu_app.queries.union_checks import CODE_IN_USE
from gdftu_app.security.actors import Actor
from gdftu_app.security.permissions import ROLE_PERMISSIONS, Permission, Role, existing_at
from gdftu_app.services.audit import record_each
from gdftu_app.services.employer_changes import cover_in_turn
from gdftu_app.services.reviews import Approvals, ReviewQueue
from gdftu_app.services.union_drafts import UnionDraft
from gdftu_app.services.unions import UsccTaken, establish_many, get_union, known_employers

_REGISTRATIONS = table_of(Registration)


def approve_registrations(
    session: Session, actor: Actor, requests: Sequence[Registration], _seen: Mapping[int, int]
) -> Approvals:
    """Establish the unions asked for below the acting one, with their employers, and make each applicant its owner."""
    cover_in_turn(session)
    answers: Approvals = dict(_conflicts(session, requests))
    sound = [request for request in requests if request.id not in answers]
    employers = _employers(session, sound)
    drafts = [_draft(request, employers[request.employer_uscc]) for request in sound]
    superior = get_union(session, actor.union_id)
    unions = establish_many(session, superior, drafts) if drafts else []
    made = {union.id or 0: request for request, union in zip(sound, unions, strict=True)}
    _appoint_owners(session, actor, {number: request.submitted_by_id for number, request in made.items()})
    details = {
        f"unions:{number}": {"registration": request.id, "name": request.union_name, "superior": superior.name}
        for number, request in made.items()
    }
    record_each(session, "unions:register", actor=actor, details=details)
    answers.update({request.id or 0: {"union_id": number} for number, request in made.items()})
    return answers


def _appoint_owners(session: Session, actor: Actor, applicants: Mapping[int, int]) -> None:
    owner = sorted(word.value for word in existing_at(ROLE_PERMISSIONS[Role.OWNER], is_above_base=False))
    shared = {"role": Role.OWNER, "permissions": owner, "granted_by_id": actor.account_id, "granted_at": now()}
    rows = [{"union_id": union, "account_id": account, "version": 1, **shared} for union, account in applicants.items()]
    if rows:
        run(session, insert(table_of(Administrator)), rows)


def _draft(request: Registration, employer: Employer) -> UnionDraft:
    return UnionDraft(
        name=request.union_name,
        category=UnionCategory.SINGLE_BASE,
        level=UnionLevel.BASE,
        uscc=request.union_uscc,
        data_source=DataSource.REGISTRATION,
        employers=[employer],
    )


def _employers(session: Session, requests: Sequence[Registration]) -> dict[str, Employer]:
    """The employers by code: those known already, and new ones; a known one keeps what is recorded of it."""
    found = known_employers(session, {request.employer_uscc for request in requests})
    for request in requests:
        if request.employer_uscc not in found:
            found[request.employer_uscc] = Employer(name=request.employer_name, uscc=request.employer_uscc)
    return found


def _conflicts(session: Session, requests: Sequence[Registration]) -> dict[int, Refusal]:
    """Why some of the requests cannot be approved: their codes are in use by now."""
    covered = covering_unions(session, {request.employer_uscc for request in requests})
    taken = _bearing(session, {request.union_uscc for request in requests if request.union_uscc})
    refused: dict[int, Refusal] = {}
    seen: set[str] = set()
    for request in requests:
        number = request.id or 0
        if request.employer_uscc in covered:
            refused[number] = EmployerRegistered(union=covered[request.employer_uscc])
        elif request.union_uscc and request.union_uscc in taken:
            refused[number] = UsccTaken(CODE_IN_USE, union=taken[request.union_uscc])
        elif request.union_uscc and request.union_uscc in seen:
            refused[number] = UsccTaken(field="uscc")
        seen.add(request.union_uscc or "")
    return refused


def _bearing(session: Session, codes: set[str]) -> dict[str, str]:
    bearing = select(Union.uscc, Union.name).where(col(Union.uscc).in_(codes), Union.status != UnionStatus.DISSOLVED)
    return {uscc or "": name for uscc, name in session.exec(bearing).all()}


def registration_details(session: Session, _actor: Actor, request: Registration) -> ReviewDetails:
    """A registration as the superior reads it: what was typed, the certificates, and what is unusual about it."""
    applicant = session.get_one(Account, request.submitted_by_id)
    is_open = request.status == ReviewStatus.PENDING
    unusual = unusual_about(session, request) if is_open else {}

    def told(name: RegistrationField, value: Words, *, is_wide: bool = False) -> ReviewField:
        note = request.notes.get(name, "")
        return ReviewField(
            FIELD_LABELS[name],
            value,
            note=Words(note) if note else None,
            is_wide=is_wide or bool(note or unusual.get(name)),
            warnings=tuple((remark.message, remark.values) for remark in unusual.get(name, ())),
        )

    remarks = [
        (refusal.message, {name: str(value) for name, value in refusal.values.items()})
        for refusal in _conflicts(session, [request]).values()
        if is_open
    ]
    return ReviewDetails(
        id=request.id or 0,
        status=request.status,
        fields=[
            told(RegistrationField.EMPLOYER_NAME, Words(request.employer_name), is_wide=True),
            told(RegistrationField.EMPLOYER_USCC, Words(request.employer_uscc)),
            told(RegistrationField.UNION_NAME, Words(request.union_name), is_wide=True),
            told(
                RegistrationField.IS_INDEPENDENT,
                Words(msg("已独立建会") if request.is_independent else msg("未独立建会"), is_message=True),
            ),
            *([told(RegistrationField.UNION_USCC, Words(request.union_uscc))] if request.union_uscc else []),
            *([told(RegistrationField.SUPERIOR, Words(_superior(session, request)))] if _explains(request) else []),
            ReviewField(msg("申请人"), Words(f"{applicant.name} {mask_phone(phone_of(applicant))}")),
        ],
        attachments=attachments_of(
            session,
            [
                (request.employer_certificate_id, msg("单位统一社会信用代码证")),
                (request.union_certificate_id, msg("工会统一社会信用代码证")),
            ],
        ),
        remarks=remarks,
        earlier=earlier_rejections(
            session,
            Registration,
            or_(
                _REGISTRATIONS.c.id == request.earlier_id,
                _REGISTRATIONS.c.employer_uscc == request.employer_uscc,
            )
            & (_REGISTRATIONS.c.reviewing_union_id == request.reviewing_union_id)
            & (_REGISTRATIONS.c.id != request.id),
        ),
    )


def _explains(request: Registration) -> bool:
    """Whether the applicant said something on the superior itself, which its reviewers know otherwise."""
    return bool(request.notes.get(RegistrationField.SUPERIOR))


def _superior(session: Session, request: Registration) -> str:
    return get_union(session, request.reviewing_union_id).name


def _cells(row: Any) -> tuple[tuple[Words, ...], ...]:
    return ((Words(row.employer_name),), (Words(row.employer_uscc),))


REGISTRATIONS = ReviewQueue(
    list=ReviewList(
        key="registrations",
        model=Registration,
        permission=Permission.REGISTRATIONS_REVIEW,
        title=_REGISTRATIONS.c.union_name,
        columns=(msg("单位名称"), msg("统一社会信用代码")),
        shown=(_REGISTRATIONS.c.employer_name, _REGISTRATIONS.c.employer_uscc),
        cells=_cells,
        details=registration_details,
        searched=(_REGISTRATIONS.c.employer_name, _REGISTRATIONS.c.employer_uscc),
    ),
    on_approval=approve_registrations,
    subject_of=lambda request: request.union_id,
    approved=NotificationKind.REGISTRATION_APPROVED,
    rejected=NotificationKind.REGISTRATION_REJECTED,
    link="/unions/",
    reasons=(
        msg("证件图片不清晰，请重新上传统一社会信用代码证。"),
        msg("工会名称不符合命名规则，应为「单位名称」工会委员会。"),
        msg("信用代码与证件图片不一致，请核对后重新提交。"),
    ),
)

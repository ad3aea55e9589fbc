"""工会变更审核 (手册 八): what a superior sees of a change, field by field, and how its approval takes effect."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from gdftu_app.errors import NotFound, Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.notifications import NotificationKind
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.tables import table_of
from gdftu_app.models.union_fields import TAKEN_OFF, FieldKind, UnionField, employer_key, field_of
from gdftu_app.models.unions import Employer, Union, UnionEmployer, UnionStatus
from gdftu_app.queries.change_requests import documents_of
from gdftu_app.queries.changed_fields import added_names
from gdftu_app.queries.employer_coverage import (
    EmployerHasUnion,
    before_of,
    employers_in,
    require_coverable,
    taken_off_in,
)
from gdftu_app.queries.reviews import (
    ReviewDetails,
    ReviewField,
    ReviewList,
    Words,
    earlier_rejections,
)
from gdftu_app.queries.union_checks import warnings_about
from gdftu_app.queries.union_values import shown, values_of
from gdftu_app.security.actors import Actor
from gdftu_app.security.permissions import Permission
from gdftu_app.services.audit import record
from gdftu_app.services.employer_changes import add, require_sound_coverage, take_off
from gdftu_app.services.industry_changes import follow_industries, needs_the_tree
from gdftu_app.services.initials import initials_of
from gdftu_app.services.reviews import Approvals, ReviewQueue
from gdftu_app.services.union_index import reindex
from gdftu_app.services.unions import UsccTaken

_CHANGES, _UNIONS = table_of(ChangeRequest), table_of(Union)
_FOUND_BY = ("name", "uscc")


class ChangedMeanwhile(Refusal):
    """A field to be changed reads otherwise than when the change was asked for."""

    code = "changed_meanwhile"
    default = msg("提交之后「{field}」已有变动，请展开核对后单独通过。")


class UnionGone(Refusal):
    """The union was dissolved meanwhile."""

    code = "union_gone"
    default = msg("该工会已撤销，不能变更。")


def approve_changes(
    session: Session, actor: Actor, requests: Sequence[ChangeRequest], seen: Mapping[int, int]
) -> Approvals:
    """Put the new values in the place of the old ones; what changed meanwhile needs a reviewer who saw it."""
    locked = select(Union).where(col(Union.id).in_([request.union_id for request in requests])).with_for_update()
    rows = session.exec(locked.order_by(col(Union.id)).execution_options(populate_existing=True))
    unions = {union.id: union for union in rows}
    return {request.id or 0: _approve(session, actor, request, unions[request.union_id], seen) for request in requests}


def _approve(
    session: Session, actor: Actor, request: ChangeRequest, union: Union, seen: Mapping[int, int]
) -> Refusal | dict[str, Any]:
    if union.status == UnionStatus.DISSOLVED:
        return UnionGone()
    moved = _moved_meanwhile(session, request, union)
    if moved and seen.get(request.id or 0) != union.version:
        return ChangedMeanwhile(field=moved[0])
    try:
        with session.begin_nested():
            _apply(session, request, union)
    except IntegrityError as reason:
        if "uscc" in str(reason.orig):
            return UsccTaken()
        raise
    except Refusal as refusal:
        return refusal
    record(
        session,
        "unions:change",
        actor=actor,
        subject=f"unions:{union.id}",
        detail={"request": request.id, "changes": request.changes},
    )
    return {}


def _apply(session: Session, request: ChangeRequest, union: Union) -> None:
    is_found_otherwise = False
    added: dict[int, dict[str, Any]] = {}
    for change in request.changes:
        field, employer_id = field_of(change["field"])
        value = _value(field.kind, change["after"])
        if employer_id is not None and employer_id < 0:
            added.setdefault(employer_id, {})[field.name] = value
        elif employer_id is not None and field is TAKEN_OFF:
            take_off(session, request.union_id, employer_id)
        elif employer_id is not None:
            setattr(_employer(session, request.union_id, employer_id), field.name, value)
        elif field.kind is FieldKind.PHONE:
            union.phone_enc, union.phone_bidx = request.phone_enc, request.phone_bidx
        else:
            is_found_otherwise |= field.name in _FOUND_BY
            setattr(union, field.name, value)
    union.initials = initials_of(union.name)
    union.version += 1
    session.flush()
    if added:
        add(session, union, added)
    if added or taken_off_in(change["field"] for change in request.changes):
        require_sound_coverage(session, union)
    follow_industries(session, request)
    if is_found_otherwise:
        reindex(session, union)


def _employer(session: Session, union_id: int, employer_id: int) -> Employer:
    covered = (
        select(Employer)
        .join(UnionEmployer, col(UnionEmployer.employer_id) == Employer.id)
        .where(UnionEmployer.union_id == union_id, Employer.id == employer_id)
    )
    found = session.exec(covered).first()
    if found is None:
        raise NotFound
    return found


def _value(kind: FieldKind, text: str) -> Any:
    if kind is FieldKind.DATE:
        return date.fromisoformat(text) if text else None
    if kind is FieldKind.COUNT:
        return int(text or 0)
    if kind in (FieldKind.USCC, FieldKind.DIVISION):
        return text or None
    return text


def _moved_meanwhile(session: Session, request: ChangeRequest, union: Union) -> list[str]:
    """The labels of the fields that read otherwise than when the change was asked for."""
    if union.version == request.union_version and not any("." in change["field"] for change in request.changes):
        return []
    return _moved(request, values_of(session, union))


def _moved(request: ChangeRequest, present: Mapping[str, str]) -> list[str]:
    return [
        field_of(change["field"])[0].label
        for change in request.changes
        if before_of(present, change["field"]) != change["before"]
    ]


def change_details(session: Session, _actor: Actor, request: ChangeRequest) -> ReviewDetails:
    """A change as the superior reads it: what was and what is to be, the rest on demand, the documents."""
    union = session.get_one(Union, request.union_id)
    present = values_of(session, union)
    changed = {change["field"] for change in request.changes}
    gone, added = taken_off_in(changed), added_names(request.changes)
    owners = _owners(present, added)
    is_open = request.status == ReviewStatus.PENDING
    remarks: list[tuple[str, dict[str, str]]] = []
    if is_open and _moved(request, present):
        remarks.append((msg("提交之后，本级信息已有变动，现在的值见各字段。通过后以申请的值为准。"), {}))
    if is_open and (refusal := _conflict(session, union, request)) is not None:
        remarks.append((refusal.message, {name: str(value) for name, value in refusal.values.items()}))
    return ReviewDetails(
        id=request.id or 0,
        status=request.status,
        fields=[
            _changed(
                change,
                before_of(present, change["field"]) if is_open else None,
                owners,
                is_above_base=union.is_above_base,
            )
            for change in request.changes
        ],
        unchanged=[
            ReviewField(field.label, shown(field, value), owner=owners.get(employer or 0, ""))
            for key, value in present.items()
            for field, employer in [field_of(key)]
            if key not in changed and employer not in gone
        ],
        attachments=documents_of(session, request.id or 0),
        remarks=[*remarks, (msg("变更说明：{purpose}"), {"purpose": request.purpose})],
        earlier=earlier_rejections(
            session, ChangeRequest, (_CHANGES.c.union_id == request.union_id) & (_CHANGES.c.id != request.id)
        ),
        seen=union.version,
    )


def _conflict(session: Session, union: Union, request: ChangeRequest) -> EmployerHasUnion | None:
    """Why an employer cannot be added, as far as it can be told now."""
    codes = {
        change["after"]: change["field"]
        for change in request.changes
        for field, number in [field_of(change["field"])]
        if field.kind is FieldKind.USCC and (number or 0) < 0
    }
    try:
        require_coverable(session, union, codes)
    except EmployerHasUnion as refusal:
        return refusal
    return None


def _owners(present: Mapping[str, str], added: Mapping[int, str]) -> dict[int, str]:
    """The names of the employers by their ids, where several have to be told apart."""
    names = {number: present[employer_key(number, "name")] for number in employers_in(present)} | dict(added)
    return names if len(names) > 1 else {}


def _changed(
    change: Mapping[str, str], present: str | None, owners: Mapping[int, str], *, is_above_base: bool
) -> ReviewField:
    field, employer = field_of(change["field"])
    unusual = warnings_about(change["field"], change["after"], is_above_base=is_above_base)
    is_moved = present is not None and present != change["before"]
    return ReviewField(
        field.label,
        shown(field, change["after"]),
        before=shown(field, change["before"]),
        note=shown(field, present or "") if is_moved else None,
        warnings=tuple((text, {}) for text in unusual),
        owner="" if field is TAKEN_OFF else owners.get(employer or 0, ""),
    )


def _cells(row: Any) -> tuple[tuple[Words, ...], ...]:
    labels = dict.fromkeys(_tag(*field_of(change["field"])) for change in row.changes)
    return (tuple(Words(label, is_message=True) for label in labels),)


def _tag(field: UnionField, number: int | None) -> str:
    return msg("增加单位") if number is not None and number < 0 else field.label


CHANGES = ReviewQueue(
    list=ReviewList(
        key="changes",
        model=ChangeRequest,
        permission=Permission.CHANGES_REVIEW,
        title=_UNIONS.c.name,
        columns=(msg("变更内容"),),
        shown=(_CHANGES.c.changes,),
        cells=_cells,
        details=change_details,
        searched=(_UNIONS.c.initials,),
        has_tags=True,
        source=_CHANGES.join(_UNIONS, _UNIONS.c.id == _CHANGES.c.union_id),
    ),
    on_approval=approve_changes,
    seizes_tree=needs_the_tree,
    subject_of=lambda request: request.union_id,
    approved=NotificationKind.CHANGE_APPROVED,
    rejected=NotificationKind.CHANGE_REJECTED,
    link="/union/",
    reasons=(
        msg("证件图片不清晰，请重新上传统一社会信用代码证。"),
        msg("负责人变更需附选举结果批复，请补充材料后重新提交。"),
        msg("信用代码与证件图片不一致，请核对后重新提交。"),
    ),
)

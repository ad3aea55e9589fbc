"""工会变更申请 (手册 五): a union asks its superior that some of its fields read otherwise, and may take that back.

The live data stay as they are until the superior agrees (`change_reviews`). The province asks itself: another of its
administrators agrees.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from gdftu_app.errors import InvalidInput, NotFound, Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.identifiers import mask_phone, one_line
from gdftu_app.models.union_fields import EMPLOYER_FIELDS, TAKEN_OFF, FieldKind, covering_key, employer_key, field_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.change_checks import require_category, require_kept, require_own_code
from gdftu_app.queries.change_requests import pending_change_of, rejected_change
from gdftu_app.queries.employer_coverage import (
    NEEDED,
    added_in,
    before_of,
    covered_after,
    misfits,
    require_known_key,
    taken_off_in,
)
from gdftu_app.queries.union_checks import SeveralInvalid, misplaced, sound_value
from gdftu_app.queries.union_values import UNION_PHONE, values_of
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission
from gdftu_app.security.personal_data import SealedValue, seal, unseal
from gdftu_app.services.audit import record
from gdftu_app.services.files import attach_again
from gdftu_app.services.reviews import withdraw
from gdftu_app.services.tree_locks import share_tree
from gdftu_app.services.unions import known_employers

LONGEST_PURPOSE, MOST_DOCUMENTS = 200, 3
PURPOSE, DOCUMENTS, PHONE = "purpose", "documents", "phone"


class RequestOpen(Refusal):
    """The union has a request that is not decided yet."""

    code = "request_open"
    default = msg("本级工会已有一件变更申请在审核中，审核结束或撤回后才能再次提交。")


class NothingChanged(Refusal):
    """All that was handed in reads as it does already."""

    code = "nothing_changed"
    default = msg("没有改动任何一项，请修改后再提交。")


class AlreadyClosed(Refusal):
    """A request that was to be withdrawn is decided by now."""

    code = "already_closed"
    default = msg("这件申请已审核或已撤回，不能再撤回。")


class ReadOtherwise(InvalidInput):
    """A field that was typed over reads otherwise by now than the form showed."""

    code = "read_otherwise"
    default = msg("填写期间，这一项的现值已有变动，请核对后再提交。")


@requires(Permission.UNIONS_EDIT)
def submit_change(
    session: Session,
    actor: Actor,
    *,
    typed: Mapping[str, str],
    shown: Mapping[str, str],
    purpose: str,
    documents: Sequence[str] = (),
    again: int = 0,
) -> int:
    """提交变更申请: the id of the request; the same once more gives the same one.

    `typed` are the fields that were typed over, by their keys, and `shown` what the form showed for them. An employer
    is taken off by its own key without a value (`employers.12`), and added with its fields under a number below 0
    (`employers.-1.name`). `documents`
    are the keys of uploaded files, needed where a name or a code changes. `again` takes up a rejected request of the
    union, whoever handed it in: its phone stands unless another is typed, and its files may be handed in again.

    Raises SeveralInvalid with all that is wrong, NothingChanged, RequestOpen, and NotFound for a request that cannot be
    taken up.
    """
    # A move waits meanwhile: the request must reach whoever is the superior when it is written.
    share_tree(session)
    union = session.get_one(Union, actor.union_id, populate_existing=True)
    earlier = rejected_change(session, actor.union_id, again) if again else None
    present = values_of(session, union)
    after, problems = _after(session, union, present, typed, shown)
    phone = _phone(union, after.pop(PHONE, ""), earlier)
    why = one_line(purpose)
    changes = _changes(present, after, phone)
    if not changes and not problems:
        raise NothingChanged
    problems |= _missing(changes, why, documents)
    if problems:
        raise SeveralInvalid(problems)
    request = ChangeRequest(
        reviewing_union_id=union.superior_id or actor.union_id,
        submitted_by_id=actor.account_id,
        union_id=actor.union_id,
        union_version=union.version,
        changes=changes,
        phone_enc=phone.enc if phone else None,
        phone_bidx=phone.bidx if phone else None,
        purpose=why,
    )
    if (standing := pending_change_of(session, actor.union_id)) is not None:
        return _same(standing, request)
    _write(session, request)
    for key in dict.fromkeys(documents):
        attach_again(
            session,
            account_id=actor.account_id,
            key=key,
            subject=f"change_requests:{request.id}",
            field=DOCUMENTS,
            earlier=f"change_requests:{again}" if again else "",
        )
    record(
        session,
        "changes:submit",
        actor=actor,
        subject=f"change_requests:{request.id}",
        detail={"union": union.name, "changes": changes, "purpose": why},
    )
    return request.id or 0


@requires(Permission.UNIONS_EDIT)
def withdraw_change(session: Session, actor: Actor, *, request_id: int) -> None:
    """撤回: take a pending request of the acting union back, whoever of its administrators handed it in.

    Raises NotFound for any other union's, AlreadyClosed when it was decided or withdrawn before.
    """
    own = select(ChangeRequest).where(ChangeRequest.id == request_id, ChangeRequest.union_id == actor.union_id)
    request = session.exec(own).first()
    if request is None:
        raise NotFound
    if not withdraw(session, request, account_id=actor.account_id):
        raise AlreadyClosed
    record(session, "changes:withdraw", actor=actor, subject=f"change_requests:{request_id}")


def _after(
    session: Session, union: Union, present: Mapping[str, str], typed: Mapping[str, str], shown: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, InvalidInput]]:
    """The fields that are to read otherwise, in the form they are kept in, and what is wrong with any."""
    for key in typed:
        require_known_key(union, present, key)
    gone = set(taken_off_in(typed))
    kept = {key: value for key, value in present.items() if field_of(key)[1] not in gone}
    after: dict[str, str] = {covering_key(number): "" for number in gone}
    problems: dict[str, InvalidInput] = {}
    for key in typed:
        if field_of(key)[1] in gone:
            continue
        try:
            now, value = present.get(key, ""), _sound(session, union, present, typed, key)
            if value == now or (value == "0" and not now):
                continue
            if shown.get(key, "") != now and key != PHONE:
                raise ReadOtherwise(field=key)
            after[key] = value
        except InvalidInput as problem:
            problems[key] = problem
    problems |= {key: problem for key, problem in _missing_of_added(typed, after).items() if key not in problems}
    problems |= misfits(after.get("category", union.category), present, typed.keys())
    return _known_as_recorded(session, after), misplaced({**kept, **after}, after) | problems


def _missing_of_added(typed: Mapping[str, str], after: Mapping[str, str]) -> dict[str, InvalidInput]:
    needed = {employer_key(number, name): text for number in added_in(typed) for name, text in NEEDED.items()}
    return {key: InvalidInput(text, field=key) for key, text in needed.items() if not after.get(key)}


def _known_as_recorded(session: Session, after: dict[str, str]) -> dict[str, str]:
    """An employer that is to be added and known by its code: by the name it is known by, and nothing else of it."""
    codes = {after.get(employer_key(number, "uscc"), ""): number for number in added_in(after)}
    for code, employer in known_employers(session, codes.keys()).items() if codes else ():
        number = codes[code]
        after = {key: value for key, value in after.items() if field_of(key)[1] != number}
        after |= {employer_key(number, "name"): employer.name, employer_key(number, "uscc"): code}
    return after


def _sound(session: Session, union: Union, present: Mapping[str, str], typed: Mapping[str, str], key: str) -> str:
    kind = field_of(key)[0].kind
    if kind is FieldKind.CATEGORY:
        return require_category(union, typed[key], covered=covered_after(present, typed.keys()))
    value = sound_value(key, typed[key])
    require_kept(key, value, present)
    if kind is FieldKind.USCC and value and value != present.get(key):
        require_own_code(session, union, key, value)
    return value


def _phone(union: Union, typed: str, earlier: ChangeRequest | None) -> SealedValue | None:
    """The phone that is to stand, sealed: the one typed, or the one of an earlier request; None when it stays."""
    if typed:
        sealed = seal(UNION_PHONE, typed)
        return sealed if sealed.bidx != union.phone_bidx else None
    if earlier is None or earlier.phone_enc is None or earlier.phone_bidx in (None, union.phone_bidx):
        return None
    return SealedValue(earlier.phone_enc, earlier.phone_bidx or "")


def _changes(present: Mapping[str, str], after: Mapping[str, str], phone: SealedValue | None) -> list[dict[str, Any]]:
    """Before and after of each field, in the order of the form."""
    told = dict(after) | ({PHONE: mask_phone(unseal(UNION_PHONE, phone.enc, phone.bidx))} if phone else {})
    keys = [*present, *(key for key in told if field_of(key)[0] is TAKEN_OFF), *_keys_of_added(told)]
    return [{"field": key, "before": before_of(present, key), "after": told[key]} for key in keys if key in told]


def _keys_of_added(told: Mapping[str, str]) -> list[str]:
    numbers = sorted(added_in(told), reverse=True)
    return [employer_key(number, name) for number in numbers for name in EMPLOYER_FIELDS]


def _missing(changes: Sequence[Mapping[str, str]], purpose: str, documents: Sequence[str]) -> dict[str, InvalidInput]:
    problems: dict[str, InvalidInput] = {}
    if not purpose:
        problems[PURPOSE] = InvalidInput(msg("请填写变更说明，上级工会会看到。"), field=PURPOSE)
    elif len(purpose) > LONGEST_PURPOSE:
        problems[PURPOSE] = InvalidInput(msg("变更说明不能超过 {limit} 个字。"), field=PURPOSE, limit=LONGEST_PURPOSE)
    if not documents and any(field_of(change["field"])[0].needs_document for change in changes):
        problems[DOCUMENTS] = InvalidInput(msg("变更名称或统一社会信用代码，请上传相应的证书。"), field=DOCUMENTS)
    elif len(set(documents)) > MOST_DOCUMENTS:
        problems[DOCUMENTS] = InvalidInput(msg("附件最多 {limit} 个。"), field=DOCUMENTS, limit=MOST_DOCUMENTS)
    return problems


def _same(standing: ChangeRequest, request: ChangeRequest) -> int:
    """The open request if it is this one, sent again; raises RequestOpen otherwise."""
    columns = ("submitted_by_id", "changes", "phone_bidx", "purpose")
    if any(getattr(standing, name) != getattr(request, name) for name in columns):
        raise RequestOpen
    return standing.id or 0


def _write(session: Session, request: ChangeRequest) -> None:
    try:
        with session.begin_nested():
            session.add(request)
    except IntegrityError as reason:
        # Two windows at once: the database lets one of them in.
        if "uq_change_requests_pending" in str(reason.orig) or "change_requests.union_id" in str(reason.orig):
            raise RequestOpen from reason
        raise

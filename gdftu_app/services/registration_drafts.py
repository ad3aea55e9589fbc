"""Filling in a registration (组织登记, 手册 二): each field is kept as it is typed, until the whole is submitted."""

from dataclasses import replace
from typing import Any

from sqlmodel import Session

from gdftu_app.clock import now
from gdftu_app.models.identifiers import one_line
from gdftu_app.models.registration_fields import (
    CERTIFICATES,
    RegistrationField,
    RegistrationStep,
    RegistrationValues,
    step_of,
)
from gdftu_app.models.registrations import RegistrationDraft
from gdftu_app.models.union_names import proposed_union_name
from gdftu_app.queries.applicants import require_verified
from gdftu_app.queries.registration_drafts import Draft, draft_of
from gdftu_app.services.audit import record
from gdftu_app.services.files import discard, prolong
from gdftu_app.services.turns import take_turns

LONGEST_TYPED = 300


def fill(session: Session, *, account_id: int, field: RegistrationField, text: str, tried: int = 0) -> Draft:
    """Keep what was typed into a field, right or wrong; a certificate is typed as the key of its file, or as nothing.

    The union's name follows the employer's as long as it is the proposed one. `tried` as in `find_draft`.
    """
    kept = _held(session, account_id)
    values, typed = RegistrationValues.of(kept.values), one_line(text)[:LONGEST_TYPED]
    changed: dict[str, Any] = {field.value: typed}
    if field is RegistrationField.EMPLOYER_NAME and values.union_name == proposed_union_name(values.employer_name):
        changed["union_name"] = proposed_union_name(typed)
    if field in CERTIFICATES:
        _let_go(session, account_id, {getattr(values, field)} - {typed})
    return _keep(session, kept, replace(values, **changed), field, tried)


def say_independent(session: Session, *, account_id: int, is_independent: bool, tried: int = 0) -> Draft:
    """是否独立建会."""
    kept = _held(session, account_id)
    values = replace(RegistrationValues.of(kept.values), is_independent=is_independent)
    return _keep(session, kept, values, RegistrationField.IS_INDEPENDENT, tried)


def choose_superior(session: Session, *, account_id: int, union_id: int, tried: int = 0) -> Draft:
    """选择上级工会; one that takes no registrations is kept as a problem."""
    kept = _held(session, account_id)
    values = replace(RegistrationValues.of(kept.values), superior_id=union_id)
    return _keep(session, kept, values, RegistrationField.SUPERIOR, tried)


def explain(session: Session, *, account_id: int, field: RegistrationField, text: str, tried: int = 0) -> Draft:
    """说明: what the applicant says of something unusual; the superior reads it beside the field."""
    kept = _held(session, account_id)
    values = RegistrationValues.of(kept.values)
    others = {name: note for name, note in values.notes.items() if name != field}
    note = one_line(text)[:LONGEST_TYPED]
    return _keep(session, kept, replace(values, notes=others | ({field.value: note} if note else {})), field, tried)


def go_to(session: Session, *, account_id: int, step: RegistrationStep) -> Draft:
    """Turn to a step. Back at any time; forward only over steps without problems, otherwise to the first that has one.

    The draft that is given back tells what is missing in the steps that were gone over.
    """
    kept = _held(session, account_id)
    is_forward = step > kept.step
    draft = draft_of(session, kept, tried=step - 1 if is_forward else 0)
    reached = min([step, *map(step_of, draft.checks.problems)]) if is_forward else step
    if reached == kept.step:
        return draft
    kept.step = reached
    session.add(kept)
    session.flush()
    return replace(draft, step=RegistrationStep(reached))


def discard_draft(session: Session, *, account_id: int) -> None:
    """放弃草稿: forget what was typed and the files that were not handed in. Nothing happens without a draft."""
    take_turns(session, "registration", str(account_id))
    kept = session.get(RegistrationDraft, account_id, with_for_update=True, populate_existing=True)
    if kept is None:
        return
    _let_go(session, account_id, set(RegistrationValues.of(kept.values).certificates))
    session.delete(kept)
    record(
        session,
        "registration_drafts:discard",
        account_id=account_id,
        subject=f"registration_drafts:{account_id}",
    )
    session.flush()


def _held(session: Session, account_id: int) -> RegistrationDraft:
    """The draft of an account, locked; an empty one when there is none yet."""
    require_verified(session, account_id)
    take_turns(session, "registration", str(account_id))
    kept = session.get(RegistrationDraft, account_id, with_for_update=True, populate_existing=True)
    return kept or RegistrationDraft(account_id=account_id)


def _keep(
    session: Session, kept: RegistrationDraft, values: RegistrationValues, field: RegistrationField, tried: int
) -> Draft:
    if values.kept != RegistrationValues.of(kept.values).kept:
        kept.values, kept.updated_at = values.kept, now()
        session.add(kept)
        prolong(session, account_id=kept.account_id, keys=values.certificates)
        record(
            session,
            "registration_drafts:fill",
            account_id=kept.account_id,
            subject=f"registration_drafts:{kept.account_id}",
            detail={"field": field.value},
        )
        session.flush()
    return draft_of(session, kept, tried=tried)


def _let_go(session: Session, account_id: int, keys: set[str]) -> None:
    for key in filter(None, keys):
        discard(session, account_id=account_id, key=key)

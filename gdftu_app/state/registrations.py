"""Own registrations on screen (概览 of an applicant, 手册 三): what was submitted, where it stands."""

from dataclasses import dataclass
from typing import Annotated

import reflex as rx
from pydantic import Field

from gdftu_app.i18n import msg, render
from gdftu_app.models.registration_fields import FIELD_LABELS, RegistrationField
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.queries.entrances import Welcome, welcome_of
from gdftu_app.queries.files import FileInfo
from gdftu_app.queries.registration_drafts import Draft, find_draft
from gdftu_app.queries.registrations import OwnRegistration, own_registrations
from gdftu_app.services.registrations import AlreadyDecided, revise_registration, withdraw_registration
from gdftu_app.state.actions import account_action, unattended_account_action
from gdftu_app.state.asking import Asking
from gdftu_app.state.current import CurrentUnion, CurrentUser
from gdftu_app.state.dates import Texts, moment
from gdftu_app.state.documents import DocumentRow
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.preferences import PreferencesState
from gdftu_app.state.union_details import DetailField, same

RegistrationId = Annotated[int, Field(ge=1, lt=2**63)]
PATH_JOINT = " › "


@dataclass
class RegistrationRow:
    """One registration; texts are in every language."""

    id: int
    status: str
    title: str
    superior: str
    submitted_at: Texts
    closed_at: Texts
    reason: str
    fields: list[DetailField]
    certificates: list[DocumentRow]
    union_id: int
    is_revisable: bool


class RegistrationsState(Asking, rx.State):
    """登记申请的概览."""

    is_loaded: rx.Field[bool] = rx.field(False)
    rows: rx.Field[list[RegistrationRow]] = rx.field(default_factory=list)
    waits: rx.Field[bool] = rx.field(False)
    has_draft: rx.Field[bool] = rx.field(False)
    draft_title: rx.Field[str] = rx.field("")
    draft_touched: rx.Field[Texts] = rx.field(default_factory=dict)
    manages: rx.Field[bool] = rx.field(False)
    _waiting: frozenset[int] = frozenset()

    @account_action
    async def load(self):
        """Show the own registrations, and the draft if there is one."""
        preferences = await self.get_state(PreferencesState)
        await preferences._load()
        welcome: Welcome = await self._ask_as_account(welcome_of)
        user = await self.get_state(CurrentUser)
        user.name, user.signed_out = welcome.account_name, False
        if not welcome.is_verified:
            return rx.redirect("/verify/?next=/registrations/")
        self.manages = welcome.managed > 0
        draft: Draft | None = await self._ask_as_account(find_draft)
        self.has_draft, self.draft_title = draft is not None, draft.values.union_name if draft else ""
        self.draft_touched = moment(draft.updated_at if draft else None)
        going_on = await self._look()
        self.is_loaded = True
        return going_on

    @unattended_account_action
    async def look_again(self):
        """Look whether the superior has decided; the page asks every now and then by itself."""
        return await self._look()

    @account_action
    async def withdraw(self, registration_id: RegistrationId):
        """撤回."""
        try:
            await self._ask_as_account(withdraw_registration, registration_id=registration_id)
            await self._notify(msg("申请已撤回，可以修改后重新提交。"))
        except AlreadyDecided as refusal:
            await self._refuse(refusal)
        return await self._look()

    @account_action
    async def revise(self, registration_id: RegistrationId):
        """修改后重新提交."""
        await self._ask_as_account(revise_registration, registration_id=registration_id)
        return rx.redirect("/register/")

    async def _look(self):
        """Show how things stand; once a registration that was seen waiting is approved, enter the union."""
        found: list[OwnRegistration] = await self._ask_as_account(own_registrations)
        rows = [_row(own) for own in found]
        if rows != self.rows:
            self.rows = rows
        seen, waiting = self._waiting, frozenset(own.id for own in found if own.status is ReviewStatus.PENDING)
        self._waiting, self.waits = waiting, bool(waiting)
        entered = next((own.union_id for own in found if own.union_id and own.id in seen), None)
        return CurrentUnion.enter_union(entered) if entered else None


def _row(own: OwnRegistration) -> RegistrationRow:
    return RegistrationRow(
        id=own.id,
        status=own.status.value,
        title=own.union_name,
        superior=own.superior,
        submitted_at=moment(own.submitted_at),
        closed_at=moment(own.closed_at),
        reason=own.reason,
        fields=_fields(own),
        certificates=[
            *_certificate(RegistrationField.EMPLOYER_CERTIFICATE, own.employer_certificate),
            *_certificate(RegistrationField.UNION_CERTIFICATE, own.union_certificate),
        ],
        union_id=own.union_id or 0,
        is_revisable=own.is_revisable,
    )


def _fields(own: OwnRegistration) -> list[DetailField]:
    independence = msg("已独立建会") if own.is_independent else msg("未独立建会")
    told = [
        _field(RegistrationField.EMPLOYER_NAME, same(own.employer_name), is_wide=True),
        _field(RegistrationField.EMPLOYER_USCC, same(own.employer_uscc)),
        _field(RegistrationField.UNION_NAME, same(own.union_name), is_wide=True),
        _field(RegistrationField.IS_INDEPENDENT, in_every_language(independence)),
        *([_field(RegistrationField.UNION_USCC, same(own.union_uscc))] if own.union_uscc else []),
        _field(RegistrationField.SUPERIOR, same(PATH_JOINT.join([*own.superior_path, own.superior])), is_wide=True),
    ]
    explained = [(RegistrationField(name), note) for name, note in own.notes.items() if name in list(RegistrationField)]
    return told + [DetailField(_label_of_note(name), same(note), is_wide=True) for name, note in explained]


def _label_of_note(name: RegistrationField) -> Texts:
    fields, template = in_every_language(FIELD_LABELS[name]), msg("{field}的说明")
    return {language: render(template, language, field=field) for language, field in fields.items()}


def _field(name: RegistrationField, value: Texts, *, is_wide: bool = False) -> DetailField:
    return DetailField(in_every_language(FIELD_LABELS[name]), value, is_wide)


def _certificate(name: RegistrationField, file: FileInfo | None) -> list[DocumentRow]:
    if file is None:
        return []
    return [DocumentRow(file.key, file.name, file.content_type, in_every_language(FIELD_LABELS[name]))]

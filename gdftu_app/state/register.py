"""组织登记 on screen: the form and its steps; the draft in the database is what counts (手册 二)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import reflex as rx
from pydantic import Field, StringConstraints

from gdftu_app.errors import InvalidInput, Refusal
from gdftu_app.i18n import LANGUAGES, msg
from gdftu_app.models.registration_fields import RegistrationField, RegistrationStep, RegistrationValues
from gdftu_app.queries.applicants import NotVerified
from gdftu_app.queries.entrances import Welcome, welcome_of
from gdftu_app.queries.registration_checks import Remark
from gdftu_app.queries.registration_drafts import Draft, find_draft
from gdftu_app.queries.registrations import own_registrations
from gdftu_app.queries.superiors import SuperiorHits, search_superiors
from gdftu_app.services.registration_drafts import (
    LONGEST_TYPED,
    choose_superior,
    discard_draft,
    explain,
    fill,
    go_to,
    say_independent,
)
from gdftu_app.services.registrations import NothingToSubmit, NotSound, submit_registration
from gdftu_app.state.actions import account_action
from gdftu_app.state.asking import Asking
from gdftu_app.state.current import CurrentUser
from gdftu_app.state.dates import Texts
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.preferences import PreferencesState

TypedField = Literal[
    "employer_name", "employer_uscc", "employer_certificate", "union_name", "union_uscc", "union_certificate"
]
ExplainedField = Literal["employer_name", "employer_uscc", "union_name", "union_uscc"]
Typed = Annotated[str, StringConstraints(max_length=LONGEST_TYPED)]
TEXT_FIELDS: tuple[TypedField, ...] = TypedField.__args__
VERIFY_FIRST, OVERVIEW = "/verify/?next=/register/", "/registrations/"
PATH_JOINT = " › "


@dataclass
class Hit:
    """A superior that may be chosen; `path` names those above it."""

    id: int
    name: str
    path: str


class RegisterState(Asking, rx.State):
    """组织登记."""

    is_loaded: rx.Field[bool] = rx.field(False)
    has_submitted: rx.Field[bool] = rx.field(False)
    step: rx.Field[int] = rx.field(1)
    form_round: rx.Field[int] = rx.field(0)
    turns: rx.Field[int] = rx.field(0)
    values: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    independence: rx.Field[str] = rx.field("")
    notes: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    file_names: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    file_types: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    problems: rx.Field[dict[str, Texts]] = rx.field(default_factory=dict)
    warnings: rx.Field[dict[str, Texts]] = rx.field(default_factory=dict)
    superior: rx.Field[str] = rx.field("")
    superior_path: rx.Field[str] = rx.field("")
    hits: rx.Field[list[Hit]] = rx.field(default_factory=list)
    keyword: rx.Field[str] = rx.field("")
    is_cut: rx.Field[bool] = rx.field(False)
    search_round: rx.Field[int] = rx.field(0)
    earlier: rx.Field[Texts] = rx.field(default_factory=dict)
    _tried: int = 0
    # Whether what is typed still belongs to a draft: a late key must not begin another one.
    _is_open: bool = False

    @account_action
    async def load(self):
        """Go on with the draft, or begin; whoever is not verified yet does that first."""
        preferences = await self.get_state(PreferencesState)
        await preferences._load()
        welcome: Welcome = await self._ask_as_account(welcome_of)
        user = await self.get_state(CurrentUser)
        user.name, user.signed_out = welcome.account_name, False
        if not welcome.is_verified:
            return rx.redirect(VERIFY_FIRST)
        self.has_submitted = bool(await self._ask_as_account(own_registrations, limit=1))
        self._tried, self._is_open = 0, True
        draft: Draft | None = await self._ask_as_account(find_draft)
        self.step = draft.step if draft else RegistrationStep.EMPLOYER
        self._show(draft)
        self._find(SuperiorHits(), "")
        self.form_round += 1
        self.search_round += 1
        self.is_loaded = True

    @account_action
    async def fill(self, field: TypedField, text: Typed):
        """Something was typed, or a certificate uploaded (its key) or taken away (nothing)."""
        if self._is_open:
            name = RegistrationField(field)
            self._show(await self._ask_as_account(fill, field=name, text=text, tried=self._tried))

    @account_action
    async def explain(self, field: ExplainedField, text: Typed):
        """说明 on what is unusual."""
        if self._is_open:
            name = RegistrationField(field)
            self._show(await self._ask_as_account(explain, field=name, text=text, tried=self._tried))

    @account_action
    async def say_independent(self, answer: Literal["yes", "no"]):
        """是否独立建会."""
        if self._is_open:
            is_independent = answer == "yes"
            self._show(await self._ask_as_account(say_independent, is_independent=is_independent, tried=self._tried))

    @account_action
    async def search(self, keyword: Annotated[str, StringConstraints(max_length=60)]):
        """Superiors by name or pinyin initials."""
        self._find(await self._ask_as_account(search_superiors, keyword=keyword), keyword.strip())

    @account_action
    async def choose_superior(self, union_id: Annotated[int, Field(ge=1, lt=2**31)]):
        """选择上级工会."""
        if self._is_open:
            self._show(await self._ask_as_account(choose_superior, union_id=union_id, tried=self._tried))
            self._find(SuperiorHits(), "")
            self.search_round += 1

    @account_action
    async def go_to(self, step: Literal[1, 2, 3, 4]):
        """上一步, 下一步, 修改: another step, or the first before it that is not complete."""
        if not self._is_open:
            return
        if step > self.step:
            self._tried = max(self._tried, step - 1)
        draft: Draft = await self._ask_as_account(go_to, step=RegistrationStep(step))
        self.step = draft.step
        self._show(draft)
        self.turns += 1

    @account_action
    async def submit(self):
        """提交申请; sent twice, it is submitted once."""
        await self._ask_as_account(submit_registration)
        return await self._leave(msg("登记申请已提交，由上级工会审核。"))

    @account_action
    async def discard(self):
        """放弃草稿."""
        await self._ask_as_account(discard_draft)
        return await self._leave(msg("草稿已删除。"), to=OVERVIEW if self.has_submitted else "/unions/")

    async def _leave(self, said: str, *, to: str = OVERVIEW):
        self._is_open, self.is_loaded = False, False
        await self._notify(said)
        return rx.redirect(to)

    async def _refuse(self, refusal: Refusal):
        """What concerns a field is told beside it; all of it, when a whole draft is refused."""
        if isinstance(refusal, NotVerified):
            return rx.redirect(VERIFY_FIRST)
        if isinstance(refusal, NothingToSubmit):
            self._is_open = False
            return rx.redirect(OVERVIEW)
        if isinstance(refusal, NotSound):
            self._tried = RegistrationStep.CHECK
            self.problems = _told(refusal.problems)
        elif isinstance(refusal, InvalidInput) and refusal.field in list(RegistrationField):
            told = in_every_language(refusal.message, **refusal.values)
            self.problems = self.problems | {refusal.field: told}
        else:
            return await super()._refuse(refusal)
        self.turns += 1
        return None

    def _show(self, draft: Draft | None) -> None:
        values = draft.values if draft else RegistrationValues()
        self.values = {name: getattr(values, name) for name in TEXT_FIELDS}
        self.independence = "" if values.is_independent is None else "yes" if values.is_independent else "no"
        self.notes = dict(values.notes)
        files = {name: draft.files.get(self.values[name]) for name in TEXT_FIELDS} if draft else {}
        self.file_names = {name: file.name for name, file in files.items() if file}
        self.file_types = {name: file.content_type for name, file in files.items() if file}
        self.problems = _told(draft.checks.problems) if draft else {}
        self.warnings = _all_told(draft.checks.warnings) if draft else {}
        superior = draft.superior if draft else None
        self.superior = superior.name if superior else ""
        self.superior_path = PATH_JOINT.join(superior.path) if superior else ""
        self.earlier = _earlier(draft)

    def _find(self, found: SuperiorHits, keyword: str) -> None:
        self.hits = [Hit(hit.id, hit.name, PATH_JOINT.join(hit.path)) for hit in found.hits]
        self.keyword, self.is_cut = keyword, found.is_cut


def _told(problems: Mapping[RegistrationField, Remark]) -> dict[str, Texts]:
    return {name.value: in_every_language(one.message, **one.values) for name, one in problems.items()}


def _all_told(warnings: Mapping[RegistrationField, Sequence[Remark]]) -> dict[str, Texts]:
    told = {
        name.value: [in_every_language(one.message, **one.values) for one in several]
        for name, several in warnings.items()
    }
    return {
        name: {language: "\n".join(text[language] for text in texts) for language in LANGUAGES}
        for name, texts in told.items()
    }


def _earlier(draft: Draft | None) -> Texts:
    if draft is None or draft.earlier is None or not draft.earlier.reason:
        return {}
    earlier = draft.earlier
    return in_every_language(
        msg("上次提交被「{superior}」驳回：{reason}"), superior=earlier.superior, reason=earlier.reason
    )

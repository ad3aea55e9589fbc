"""Forms of a union's fields on screen: texts stay in the browser, choices here, and each field is checked by itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import reflex as rx
from pydantic import StringConstraints

from gdftu_app.errors import InvalidInput, NotFound, Refusal, SignedOut
from gdftu_app.i18n import msg
from gdftu_app.models.union_fields import FieldKind, UnionField
from gdftu_app.queries.division_choices import division_steps, is_division
from gdftu_app.queries.files import find_file
from gdftu_app.queries.union_checks import SeveralInvalid
from gdftu_app.security.permissions import Permission
from gdftu_app.state.actions import action
from gdftu_app.state.asking import Asking
from gdftu_app.state.dates import Texts
from gdftu_app.state.notices import in_every_language

LONGEST_TYPED = 400
Key = Annotated[str, StringConstraints(max_length=60)]
Typed = Annotated[str, StringConstraints(max_length=LONGEST_TYPED)]
FileKey = Annotated[str, StringConstraints(max_length=43)]
CHOSEN = (FieldKind.CODE, FieldKind.CATEGORY)
# Where a form says what is wrong with it as a whole.
FORM = "form"


@dataclass
class FormField:
    """A field of the form: `kind` says which control it is, `options` of which list; a phone has a `placeholder`."""

    key: str
    label: Texts
    kind: str
    options: str
    value: str
    placeholder: str
    is_required: bool


@dataclass
class FormSection:
    """Fields under one head: the union's own, or those of the employer of that number; none of one that `is_off`."""

    number: int
    title: Texts
    fields: list[FormField]
    is_off: bool = False


@dataclass
class Choice:
    """A division to choose."""

    code: str
    name: str


@dataclass
class DivisionStepRow:
    """One step of choosing a division; `whole` stands for not going further down."""

    place: int
    whole: str
    chosen: str
    options: list[Choice]


@dataclass
class DocumentDraft:
    """A document of the form; without a key there is none yet."""

    key: str = ""
    name: str = ""


def form_field(
    key: str, field: UnionField, value: str, *, placeholder: str = "", is_required: bool | None = None
) -> FormField:
    """A field as the form draws it."""
    return FormField(
        key=key,
        label=in_every_language(field.label),
        kind=field.kind.name.lower(),
        options=field.name if field.kind is FieldKind.CODE else "",
        value=value,
        placeholder=placeholder,
        is_required=field.is_required if is_required is None else is_required,
    )


class UnionForm(Asking, rx.State, mixin=True):
    """What the forms of a union's fields have in common.

    Typed texts stay in the browser until they are handed in, so no answer overwrites them; `chosen` are the codes of
    the selects, the divisions among them.
    """

    is_open: rx.Field[bool] = rx.field(False)
    form_round: rx.Field[int] = rx.field(0)
    turns: rx.Field[int] = rx.field(0)
    sections: rx.Field[list[FormSection]] = rx.field(default_factory=list)
    chosen: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    divisions: rx.Field[dict[str, list[DivisionStepRow]]] = rx.field(default_factory=dict)
    documents: rx.Field[list[DocumentDraft]] = rx.field(default_factory=list)
    problems: rx.Field[dict[str, Texts]] = rx.field(default_factory=dict)
    warnings: rx.Field[dict[str, Texts]] = rx.field(default_factory=dict)
    problem_count: rx.Field[int] = rx.field(0)

    @action(Permission.UNIONS_EDIT)
    async def close(self):
        """取消: nothing of the form is kept."""
        self._close()

    @action(Permission.UNIONS_EDIT)
    async def check(self, key: Key, typed: Typed):
        """A field was left: say what is wrong with it, or unusual."""
        if self.is_open and key in self._keys():
            await self._judge(key, typed)

    @action(Permission.UNIONS_EDIT)
    async def choose(self, key: Key, code: Key):
        """One of a list."""
        if self.is_open and key in self._keys():
            self.chosen = {**self.chosen, key: code}
            await self._judge(key, code)

    @action(Permission.UNIONS_EDIT)
    async def choose_division(self, key: Key, code: Key):
        """A city, a county, a town."""
        if self.is_open and key in self._keys() and is_division(code):
            self.chosen = {**self.chosen, key: code}
            self.divisions = {**self.divisions, key: steps_of(code)}
            await self._judge(key, code)

    @action(Permission.UNIONS_EDIT)
    async def keep_document(self, place: Literal[0, 1, 2], key: FileKey):
        """A document was uploaded (its key), or taken away (nothing)."""
        if not self.is_open:
            return
        found = await self._ask_as_account(find_file, key=key) if key else None
        documents = list(self.documents)
        documents[place] = DocumentDraft(found.key, found.name) if found else DocumentDraft()
        kept = [document for document in documents if document.key]
        self.documents = [*kept, *(DocumentDraft() for _ in range(len(documents) - len(kept)))]
        if key and found is None:
            self._complain("documents", InvalidInput(msg("附件已失效，请重新上传。")))
        else:
            self._calm("documents")

    async def _judge(self, key: str, typed: str) -> None:
        try:
            told = await self._ask_to_check(key, typed)
        except InvalidInput as problem:
            if problem.field != key:
                raise
            self._warn(key, [])
            self._complain(key, problem)
        else:
            self._calm(key)
            self._warn(key, told)

    async def _ask_to_check(self, key: str, typed: str) -> list[str]:
        """Ask the core about one field; each form has its own question."""
        raise NotImplementedError

    def _open(self, sections: Iterable[FormSection], chosen: Mapping[str, str]) -> None:
        self.form_round += 1
        self._draw(sections, chosen)
        self.problems, self.warnings, self.problem_count = {}, {}, 0
        self.is_open = True

    def _draw(self, sections: Iterable[FormSection], chosen: Mapping[str, str]) -> None:
        self.sections = list(sections)
        fields = [field for section in self.sections for field in section.fields]
        self.chosen = {field.key: chosen.get(field.key, "") for field in fields if field.kind in _CHOOSING}
        self.divisions = {field.key: steps_of(self.chosen[field.key]) for field in fields if field.kind == "division"}

    def _close(self) -> None:
        self.is_open, self.sections, self.chosen, self.divisions, self.documents = False, [], {}, {}, []
        self.problems, self.warnings, self.problem_count = {}, {}, 0

    def _keys(self) -> set[str]:
        return {field.key for section in self.sections for field in section.fields}

    def _typed(self, form_data: Mapping[str, Any]) -> dict[str, str]:
        """All that is in the form by the keys of its fields."""
        typed = {key: str(text) for key, text in form_data.items() if key in self._keys()}
        return typed | self.chosen

    async def _refuse(self, refusal: Refusal) -> Any:
        """What concerns a field is told beside it, the rest of what keeps a form from being taken above all of them."""
        if not self.is_open or isinstance(refusal, NotFound | SignedOut):
            return await super()._refuse(refusal)
        if isinstance(refusal, SeveralInvalid):
            self.problems = {key: _told(problem) for key, problem in refusal.problems.items()}
        elif isinstance(refusal, InvalidInput) and not refusal.field:
            return await super()._refuse(refusal)
        else:
            key = refusal.field if isinstance(refusal, InvalidInput) else FORM
            self.problems = {key if key in self._keys() | {"documents"} else FORM: _told(refusal)}
        self.problem_count = len(self.problems)
        self.turns += 1
        return None

    def _complain(self, key: str, problem: Refusal) -> None:
        self.problems = {**self.problems, key: _told(problem)}

    def _calm(self, key: str) -> None:
        if key in self.problems:
            self.problems = {other: told for other, told in self.problems.items() if other != key}

    def _warn(self, key: str, told: list[str]) -> None:
        others = {other: texts for other, texts in self.warnings.items() if other != key}
        if told or key in self.warnings:
            self.warnings = others | ({key: in_every_language(told[0])} if told else {})


_CHOOSING = {kind.name.lower() for kind in CHOSEN} | {"division", "level"}


def steps_of(code: str) -> list[DivisionStepRow]:
    """The selects that lead to a division."""
    return [
        DivisionStepRow(place, step.whole, step.chosen, [Choice(one.code, one.name) for one in step.options])
        for place, step in enumerate(division_steps(code))
    ]


def _told(refusal: Refusal) -> Texts:
    return in_every_language(refusal.message, **refusal.values)

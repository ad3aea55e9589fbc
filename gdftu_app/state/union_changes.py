"""编辑本级工会信息 (手册 五): the form of a change request."""

from collections.abc import Iterator
from typing import Annotated

import reflex as rx
from pydantic import Field

from gdftu_app.errors import Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.union_fields import (
    EMPLOYER_FIELDS,
    EMPLOYER_PREFIX,
    UNION_FIELDS,
    FieldKind,
    covering_key,
    employer_key,
    field_of,
)
from gdftu_app.queries.change_checks import check_change
from gdftu_app.queries.change_requests import ChangeForm, change_form
from gdftu_app.queries.employer_coverage import MOST_ADDED, NEEDED, added_in, taken_off_in
from gdftu_app.queries.union_checks import SeveralInvalid
from gdftu_app.security.permissions import Permission
from gdftu_app.services.change_requests import MOST_DOCUMENTS, PHONE, ReadOtherwise, submit_change
from gdftu_app.state.actions import action
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.own_union import OwnUnionState, RequestId
from gdftu_app.state.union_details import same
from gdftu_app.state.union_forms import DocumentDraft, FormField, FormSection, UnionForm, form_field

EmployerId = Annotated[int, Field(ge=1, lt=2**31)]
AddedNumber = Annotated[int, Field(ge=-MOST_ADDED, le=-1)]


class UnionChangeState(UnionForm, rx.State):
    """编辑本级工会信息."""

    purpose: rx.Field[str] = rx.field("")
    categories: rx.Field[list[str]] = rx.field(default_factory=list)
    again: rx.Field[int] = rx.field(0)
    may_cover: rx.Field[bool] = rx.field(False)
    may_add: rx.Field[bool] = rx.field(False)
    covered: rx.Field[int] = rx.field(0)
    _present: dict[str, str] = {}
    _form: ChangeForm | None = None
    _added: list[int] = []
    _taken_off: list[int] = []

    @action(Permission.UNIONS_VIEW)
    async def load(self):
        """Opening the page shows the information, whatever was open before."""
        self._close()

    @action(Permission.UNIONS_EDIT)
    async def edit(self):
        """编辑: the form with what is recorded."""
        await self._begin(0)

    @action(Permission.UNIONS_EDIT)
    async def edit_again(self, request_id: RequestId):
        """修改后重新提交: the form with what a rejected request asked for."""
        await self._begin(request_id)

    @action(Permission.UNIONS_EDIT)
    async def add_employer(self):
        """增加单位: fields for one more employer."""
        if self.is_open and self.may_add:
            free = next(number for number in range(-1, -MOST_ADDED - 1, -1) if number not in self._added)
            self._cover([*self._added, free], self._taken_off)

    @action(Permission.UNIONS_EDIT)
    async def drop_employer(self, number: AddedNumber):
        """删去 an employer that was being added."""
        if self.is_open and number in self._added:
            self._cover([other for other in self._added if other != number], self._taken_off)

    @action(Permission.UNIONS_EDIT)
    async def take_off(self, number: EmployerId):
        """移除 an employer that is covered."""
        form = self._form
        if self.is_open and self.may_cover and form and number in form.employers and number not in self._taken_off:
            self._cover(self._added, [*self._taken_off, number])

    @action(Permission.UNIONS_EDIT)
    async def put_back(self, number: EmployerId):
        """撤销移除: it stays covered."""
        if self.is_open and number in self._taken_off:
            self._cover(self._added, [other for other in self._taken_off if other != number])

    @action(Permission.UNIONS_EDIT)
    async def submit(self, form_data: dict[str, str]):
        """提交变更申请: the fields that read otherwise than what is recorded."""
        if not self.is_open:
            return
        typed = {
            key: text
            for key, text in self._typed(form_data).items()
            # All of an employer that is to be added, so that it can be told what is missing.
            if text != self._present.get(key, "") or field_of(key)[1] in self._added
        }
        typed |= {covering_key(number): "" for number in self._taken_off}
        await self._ask(
            submit_change,
            typed=typed,
            shown=self._present,
            purpose=form_data.get("purpose", ""),
            documents=[document.key for document in self.documents if document.key],
            again=self.again,
        )
        self._close()
        await self._notify(msg("变更申请已提交，审核通过前，现有信息不变。"))
        own = await self.get_state(OwnUnionState)
        await own._show()
        own.turns += 1

    async def _begin(self, again: int) -> None:
        form: ChangeForm = await self._ask(change_form, again=again)
        self._present, self.again = _typed_over(form), again
        self.categories, self.purpose = list(form.categories), form.purpose
        handed_in = [DocumentDraft(document.key, document.name) for document in form.documents]
        self.documents = [*handed_in, *(DocumentDraft() for _ in range(MOST_DOCUMENTS - len(handed_in)))]
        self._form, self.may_cover = form, form.may_cover
        self._added, self._taken_off = added_in(form.asked), taken_off_in(form.asked)
        self._count()
        self._open(self._sections(form), form.present | form.asked)
        self.turns += 1

    def _cover(self, added: list[int], taken_off: list[int]) -> None:
        """Draw the form with other employers; what was typed elsewhere stays."""
        form = self._form
        if form is None:
            return
        self._added, self._taken_off = added, taken_off
        self._count()
        self._draw(self._sections(form), form.present | form.asked | self.chosen)
        kept = self._keys() | {covering_key(number) for number in taken_off}
        gone = {key for key in self.problems if key.startswith(EMPLOYER_PREFIX) and key not in kept}
        self.problems = {key: told for key, told in self.problems.items() if key not in gone}

    def _count(self) -> None:
        employers = len(self._form.employers) if self._form else 0
        self.covered = employers - len(self._taken_off) + len(self._added)
        self.may_add = self.may_cover and len(self._added) < MOST_ADDED

    def _sections(self, form: ChangeForm) -> Iterator[FormSection]:
        yield FormSection(0, in_every_language(msg("工会信息")), list(_own_fields(form)))
        is_only = len(form.employers) == 1 and not self._added
        for number, name in form.employers.items():
            if number in self._taken_off:
                yield FormSection(number, same(name), [], is_off=True)
            else:
                title = in_every_language(msg("单位信息")) if is_only else same(name)
                yield FormSection(number, title, list(_fields_of(form, number)))
        for place, number in enumerate(self._added, start=1):
            title = in_every_language(msg("新增单位 {place}"), place=place)
            yield FormSection(number, title, list(_fields_of(form, number)))

    async def _ask_to_check(self, key: str, typed: str) -> list[str]:
        return await self._ask(check_change, key=key, typed=typed, covered=self.covered)

    async def _refuse(self, refusal: Refusal):
        """What reads otherwise by now is what is recorded from here on."""
        answer = await super()._refuse(refusal)
        if isinstance(refusal, SeveralInvalid) and any(
            isinstance(problem, ReadOtherwise) for problem in refusal.problems.values()
        ):
            self._present = _typed_over(await self._ask(change_form))
        return answer


def _typed_over(form: ChangeForm) -> dict[str, str]:
    """What is recorded, as the form compares it: a phone is typed only where it changes."""
    return form.present | {PHONE: ""}


def _fields_of(form: ChangeForm, number: int) -> Iterator[FormField]:
    for field in EMPLOYER_FIELDS.values():
        key = employer_key(number, field.name)
        # Of an employer that is new here, no more is asked than what it is known by.
        is_required = field.name in NEEDED if number < 0 else None
        yield form_field(key, field, form.asked.get(key, form.present.get(key, "")), is_required=is_required)


def _own_fields(form: ChangeForm) -> Iterator[FormField]:
    for key, field in UNION_FIELDS.items():
        value = form.asked.get(key, form.present[key])
        if field.kind is FieldKind.PHONE:
            yield form_field(key, field, "", placeholder=value)
        elif (field.kind is not FieldKind.CATEGORY or form.categories) and (key != "uscc" or form.has_code):
            yield form_field(key, field, value)

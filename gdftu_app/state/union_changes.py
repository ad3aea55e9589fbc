"""编辑本级工会信息 (手册 五): the form of a change request."""

from collections.abc import Iterator

import reflex as rx

from gdftu_app.errors import Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.union_fields import EMPLOYER_FIELDS, UNION_FIELDS, FieldKind, employer_key
from gdftu_app.queries.change_checks import check_change
from gdftu_app.queries.change_requests import ChangeForm, change_form
from gdftu_app.queries.union_checks import SeveralInvalid
from gdftu_app.security.permissions import Permission
from gdftu_app.services.change_requests import MOST_DOCUMENTS, PHONE, ReadOtherwise, submit_change
from gdftu_app.state.actions import action
from gdftu_app.state.dates import Texts
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.own_union import OwnUnionState, RequestId
from gdftu_app.state.union_details import same
from gdftu_app.state.union_forms import DocumentDraft, FormField, FormSection, UnionForm, form_field


class UnionChangeState(UnionForm, rx.State):
    """编辑本级工会信息."""

    purpose: rx.Field[str] = rx.field("")
    categories: rx.Field[list[str]] = rx.field(default_factory=list)
    again: rx.Field[int] = rx.field(0)
    _present: dict[str, str] = {}

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
    async def submit(self, form_data: dict[str, str]):
        """提交变更申请: the fields that read otherwise than what is recorded."""
        if not self.is_open:
            return
        typed = {key: text for key, text in self._typed(form_data).items() if text != self._present.get(key, "")}
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
        self._open(_sections(form), form.present | form.asked)
        self.turns += 1

    async def _ask_to_check(self, key: str, typed: str) -> list[str]:
        return await self._ask(check_change, key=key, typed=typed)

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


def _sections(form: ChangeForm) -> Iterator[FormSection]:
    yield FormSection(0, in_every_language(msg("工会信息")), list(_own_fields(form)))
    for number, name in form.employers.items():
        fields = [
            form_field(key, field, form.asked.get(key, form.present[key]))
            for field in EMPLOYER_FIELDS.values()
            if (key := employer_key(number, field.name))
        ]
        yield FormSection(number, _employer_title(form, name), fields)


def _own_fields(form: ChangeForm) -> Iterator[FormField]:
    for key, field in UNION_FIELDS.items():
        value = form.asked.get(key, form.present[key])
        if field.kind is FieldKind.PHONE:
            yield form_field(key, field, "", placeholder=value)
        elif (field.kind is not FieldKind.CATEGORY or form.categories) and (key != "uscc" or form.has_code):
            yield form_field(key, field, value)


def _employer_title(form: ChangeForm, name: str) -> Texts:
    return in_every_language(msg("单位信息")) if len(form.employers) == 1 else same(name)

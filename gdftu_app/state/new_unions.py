"""新建下级工会: the form for a union that a superior establishes directly."""

from collections.abc import Iterator
from typing import Annotated

import reflex as rx
from pydantic import Field

from gdftu_app.clock import today
from gdftu_app.i18n import msg
from gdftu_app.models.union_fields import EMPLOYER_FIELDS, UNION_FIELDS, FieldKind, employer_key
from gdftu_app.models.unions import BELOW_BASE, NOT_ABOVE_BASE, UnionCategory
from gdftu_app.security.permissions import Permission
from gdftu_app.services.new_union_values import CATEGORY, LEVEL, MOST_EMPLOYERS
from gdftu_app.services.union_establishing import PlaceBelow, check_new_union, establish_below, place_below
from gdftu_app.state.actions import action
from gdftu_app.state.branch_moves import UnionMoveState
from gdftu_app.state.dissolutions import DissolutionState
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.subordinates import SubordinatesState
from gdftu_app.state.union_forms import FormField, FormSection, Key, UnionForm, form_field
from gdftu_app.state.union_tree import UnionId

_NEEDED = {"name", "division_code"}
_NEEDED_OF_EMPLOYERS = {"name", "uscc"}


class NewUnionState(UnionForm, rx.State):
    """新建下级工会."""

    superior_id: rx.Field[int] = rx.field(0)
    superior: rx.Field[str] = rx.field("")
    categories: rx.Field[list[str]] = rx.field(default_factory=list)
    levels: rx.Field[list[str]] = rx.field(default_factory=list)
    may_add_employer: rx.Field[bool] = rx.field(False)
    _levels_of: dict[str, list[str]] = {}
    _employers: list[int] = []
    _division: str = ""

    @action(Permission.SUBORDINATES_VIEW)
    async def load(self):
        """Opening the page shows the list, whatever was open before: this form, or a dialog about a union."""
        self._close()
        for state in (UnionMoveState, DissolutionState):
            dialog = await self.get_state(state)
            dialog._forget()

    @action(Permission.UNIONS_EDIT)
    async def begin(self, union_id: UnionId):
        """新建下级工会 directly below a union."""
        place: PlaceBelow = await self._ask(place_below, superior=union_id)
        self.superior_id, self.superior = place.superior.id, place.superior.name
        self._levels_of = {
            category.value: [level.value for level in levels] for category, levels in place.levels.items()
        }
        self.categories, self._employers = list(self._levels_of), [1]
        self.levels, self.may_add_employer = [], False
        self._division = place.division_code
        self._open(self._sections(""), {})
        self.turns += 1

    @action(Permission.UNIONS_EDIT)
    async def choose_category(self, category: Key):
        """工会类型: which fields follow depends on it; what was typed into the others stays."""
        if not self.is_open or category not in self._levels_of:
            return
        self._employers = self._employers[:1] if category != UnionCategory.JOINT_BASE else self._employers
        levels = self._levels_of[category]
        self.levels = levels if len(levels) > 1 else []
        self._redraw(category)
        self._calm(CATEGORY)

    @action(Permission.UNIONS_EDIT)
    async def add_employer(self):
        """再添加一个单位, of a joint union."""
        if self.is_open and self.may_add_employer:
            self._employers = [*self._employers, max(self._employers) + 1]
            self._redraw(self.chosen[CATEGORY])

    @action(Permission.UNIONS_EDIT)
    async def drop_employer(self, number: Annotated[int, Field(ge=1, le=MOST_EMPLOYERS)]):
        """删去 one of the employers that were added."""
        if self.is_open and number in self._employers and len(self._employers) > 1:
            self._employers = [other for other in self._employers if other != number]
            self._redraw(self.chosen[CATEGORY])

    @action(Permission.UNIONS_EDIT)
    async def submit(self, form_data: dict[str, str]):
        """新建: the union stands in the tree at once."""
        if not self.is_open:
            return
        typed = self._typed(form_data)
        made = await self._ask(establish_below, superior=self.superior_id, typed=typed)
        superior = self.superior_id
        self._close()
        await self._notify(msg("已新建「{union}」。"), union=made.name)
        screen = await self.get_state(SubordinatesState)
        await screen._show_again(made.id, superior)

    async def _ask_to_check(self, key: str, typed: str) -> list[str]:
        if key in (CATEGORY, LEVEL):
            return []
        return await self._ask(
            check_new_union,
            superior=self.superior_id,
            category=self.chosen.get(CATEGORY, ""),
            key=key,
            typed=typed,
        )

    def _redraw(self, category: str) -> None:
        chosen = {"division_code": self._division, **self.chosen, CATEGORY: category}
        if chosen.get(LEVEL) not in self.levels:
            chosen[LEVEL] = ""
        self.may_add_employer = category == UnionCategory.JOINT_BASE and max(self._employers) < MOST_EMPLOYERS
        self._draw(self._sections(category), chosen)

    def _sections(self, category: str) -> Iterator[FormSection]:
        is_base = category in NOT_ABOVE_BASE and category not in BELOW_BASE
        yield FormSection(0, in_every_language(msg("工会信息")), list(self._own_fields(category)))
        for place, number in enumerate(self._employers if is_base else [], start=1):
            fields = [
                form_field(employer_key(number, field.name), field, "", is_required=field.name in _NEEDED_OF_EMPLOYERS)
                for field in EMPLOYER_FIELDS.values()
            ]
            title = msg("单位信息") if len(self._employers) == 1 else msg("第 {place} 个单位")
            yield FormSection(number, in_every_language(title, place=place), fields)

    def _own_fields(self, category: str) -> Iterator[FormField]:
        yield form_field(CATEGORY, UNION_FIELDS[CATEGORY], "", is_required=True)
        if not category:
            return
        if self.levels:
            yield FormField(LEVEL, in_every_language(msg("工会级别")), LEVEL, "", "", "", is_required=True)
        for key, field in UNION_FIELDS.items():
            if field.kind is FieldKind.CATEGORY or (key == "uscc" and category in BELOW_BASE):
                continue
            value = today().isoformat() if key == "founded_on" else ""
            yield form_field(key, field, value, is_required=key in _NEEDED)

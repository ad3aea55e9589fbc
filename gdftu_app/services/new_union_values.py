"""What is typed for a union that is to be established directly: checked as a whole, and made into a draft."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.union_fields import FieldKind, employer_key, field_of
from gdftu_app.models.unions import (
    BELOW_BASE,
    NOT_ABOVE_BASE,
    Employer,
    Union,
    UnionCategory,
    UnionLevel,
)
from gdftu_app.queries.employer_coverage import covering_unions
from gdftu_app.queries.union_checks import (
    EMPLOYER_COVERED,
    SeveralInvalid,
    has_subordinate_named,
    misplaced,
    require_free_code,
    sound_value,
)
from gdftu_app.services.union_rules import LEVEL_OF_CATEGORY, SuperiorNotAllowed, require_place_below
from gdftu_app.services.unions import known_employers

MOST_EMPLOYERS = 10
CATEGORY, LEVEL = "category", "level"


class NameTaken(InvalidInput):
    """The superior has a union of this name directly below it already."""

    code = "name_taken"
    default = msg("该上级工会已有同名的直属下级工会，请核对是否重复。")


def levels_below(superior: Union) -> dict[UnionCategory, tuple[UnionLevel, ...]]:
    """The categories that may stand directly below a union, each with the levels it may have there."""
    found: dict[UnionCategory, tuple[UnionLevel, ...]] = {}
    for category in UnionCategory:
        fixed = LEVEL_OF_CATEGORY.get(category)
        levels = [fixed] if fixed else [level for level in UnionLevel if level is not UnionLevel.BASE]
        fitting = tuple(level for level in levels if _fits(category, level, superior))
        if fitting:
            found[category] = fitting
    return found


def _fits(category: UnionCategory, level: UnionLevel, superior: Union) -> bool:
    try:
        require_place_below(category, level, superior)
    except SuperiorNotAllowed:
        return False
    return True


def kind_typed(superior: Union, typed: Mapping[str, str]) -> tuple[UnionCategory, UnionLevel]:
    """The category and the level typed; a level need not be, where there is but one. Raises SeveralInvalid."""
    offered = levels_below(superior)
    if not offered:
        raise SuperiorNotAllowed
    category = next((one for one in offered if one.value == typed.get(CATEGORY)), None)
    if category is None:
        raise SeveralInvalid({CATEGORY: InvalidInput(msg("请选择工会类型。"), field=CATEGORY)})
    level = next((one for one in offered[category] if one.value == typed.get(LEVEL)), None)
    if level is None and len(offered[category]) > 1:
        raise SeveralInvalid({LEVEL: InvalidInput(msg("请选择工会级别。"), field=LEVEL)})
    return category, level or offered[category][0]


def new_values(
    session: Session, superior: Union, typed: Mapping[str, str], category: UnionCategory
) -> tuple[dict[str, str], dict[str, InvalidInput]]:
    """The sound values of the fields, and what is wrong with any of them."""
    fields = {key: text for key, text in typed.items() if key not in (CATEGORY, LEVEL)}
    require_known(fields)
    values: dict[str, str] = {}
    problems: dict[str, InvalidInput] = {}
    for key, text in fields.items():
        try:
            values[key] = sound_new_value(session, superior, key, text)
        except InvalidInput as problem:
            problems[key] = problem
    problems |= {key: problem for key, problem in _missing(values, category).items() if key not in problems}
    problems |= _out_of_place(session, values, category)
    return values, misplaced(values, values) | problems


def require_known(keys: Iterable[str]) -> None:
    """Raise InvalidInput for what no form of ours has asked."""
    for key in keys:
        try:
            field, number = field_of(key)
        except KeyError as reason:
            raise InvalidInput from reason
        if number is not None and not (field.name and 1 <= number <= MOST_EMPLOYERS):
            raise InvalidInput


def sound_new_value(session: Session, superior: Union, key: str, text: str) -> str:
    """The value typed for one field of a union below a superior, in the form it is kept in; raises InvalidInput."""
    field, employer = field_of(key)
    if field.kind is FieldKind.CATEGORY:
        raise InvalidInput
    value = sound_value(key, text)
    if field.kind is FieldKind.USCC and value and employer is None:
        require_free_code(session, value, key=key)
    if key == "name" and value and has_subordinate_named(session, superior.id or 0, value):
        raise NameTaken(field=key)
    return value


def _missing(values: Mapping[str, str], category: UnionCategory) -> dict[str, InvalidInput]:
    needed = {"name": msg("请填写工会名称。"), "division_code": msg("请选择所在政区。")}
    if category not in BELOW_BASE and category in NOT_ABOVE_BASE:
        for number in _numbers(values) or [1]:
            needed[employer_key(number, "name")] = msg("请填写单位名称。")
            needed[employer_key(number, "uscc")] = msg("请填写统一社会信用代码。")
    return {key: InvalidInput(text, field=key) for key, text in needed.items() if not values.get(key)}


def _out_of_place(session: Session, values: Mapping[str, str], category: UnionCategory) -> dict[str, InvalidInput]:
    """What a union of this category does not have, and employers that are somebody's already."""
    numbers = _numbers(values)
    if category in BELOW_BASE and values.get("uscc"):
        return {"uscc": InvalidInput(msg("分会和工会小组没有统一社会信用代码。"), field="uscc")}
    if numbers and (category in BELOW_BASE or category not in NOT_ABOVE_BASE):
        raise InvalidInput
    if category is not UnionCategory.SINGLE_BASE:
        return {}
    problems: dict[str, InvalidInput] = {}
    for number in numbers[1:]:
        key = employer_key(number, "name")
        problems[key] = InvalidInput(msg("单独基层工会只覆盖一个单位，请删去其余的单位。"), field=key)
    codes = {values.get(employer_key(number, "uscc"), ""): employer_key(number, "uscc") for number in numbers}
    for code, union in covering_unions(session, set(codes)).items():
        key = codes[code]
        problems[key] = InvalidInput(EMPLOYER_COVERED, field=key, union=union)
    return problems


def _numbers(values: Mapping[str, str]) -> list[int]:
    """The numbers of the employers of which anything is typed."""
    return sorted({number for key, value in values.items() if value and (number := field_of(key)[1]) is not None})


def employers_of_draft(session: Session, values: Mapping[str, str]) -> list[Employer]:
    """The employers typed; one that is known by its code keeps what is recorded of it."""
    typed = [
        {field_of(key)[0].name: _plain(key, value) for key, value in values.items() if field_of(key)[1] == number}
        for number in _numbers(values)
    ]
    known = known_employers(session, {employer["uscc"] for employer in typed})
    return [known.get(employer["uscc"]) or Employer(**employer) for employer in typed]


def columns_of_draft(values: Mapping[str, str]) -> dict[str, Any]:
    """The union's own fields for its draft."""
    return {key: _plain(key, value) for key, value in values.items() if value and field_of(key)[1] is None}


def _plain(key: str, value: str) -> Any:
    kind = field_of(key)[0].kind
    if kind is FieldKind.DATE:
        return date.fromisoformat(value)
    return int(value or 0) if kind is FieldKind.COUNT else value


def told_of(values: Mapping[str, str], category: UnionCategory, superior: Union) -> list[dict[str, str]]:
    """What the history says of a new union: its own fields, without the phone."""
    told = {"superior": superior.name, "category": category.value} | {
        key: value for key, value in values.items() if value and "." not in key and key != "phone"
    }
    return [{"field": key, "before": "", "after": value} for key, value in told.items()]

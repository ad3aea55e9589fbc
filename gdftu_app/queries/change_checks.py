"""Checks of a change (工会变更): what is typed into its form, field by field, against what the union is."""

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.union_fields import FieldKind, field_of
from gdftu_app.models.unions import BELOW_BASE, Union, UnionCategory
from gdftu_app.queries.union_checks import require_free_code, sound_value, warnings_about
from gdftu_app.queries.union_values import values_of
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission

BASE_CATEGORIES = (UnionCategory.SINGLE_BASE, UnionCategory.JOINT_BASE)


@requires(Permission.UNIONS_EDIT)
def check_change(session: Session, actor: Actor, *, key: str, typed: str) -> list[str]:
    """Check one field of the form as it is typed; the warnings about it, as messages.

    Raises InvalidInput with the key as its field; for keys that the form does not have as well.
    """
    union = session.get_one(Union, actor.union_id, populate_existing=True)
    present = values_of(session, union)
    if key not in present:
        raise InvalidInput
    kind = field_of(key)[0].kind
    value = require_category(union, present, typed) if kind is FieldKind.CATEGORY else sound_value(key, typed)
    require_kept(key, value, present)
    if kind is FieldKind.USCC and value:
        require_own_code(session, union, key, value)
    return warnings_about(key, value, is_above_base=union.is_above_base)


def categories_of(union: Union) -> tuple[UnionCategory, ...]:
    """The categories a union may change between: a base union becomes joint or single, the others stay."""
    return BASE_CATEGORIES if union.category in BASE_CATEGORIES else ()


def require_category(union: Union, values: Mapping[str, str], typed: str) -> str:
    """The category typed for a union; raises InvalidInput for one it cannot become."""
    if typed == union.category:
        return typed
    if typed not in categories_of(union):
        raise InvalidInput(msg("工会类型只能在单独基层工会和联合基层工会之间变更。"), field="category")
    covered = len(employers_in(values))
    if typed == UnionCategory.SINGLE_BASE and covered > 1:
        raise InvalidInput(
            msg("单独基层工会只覆盖一个单位，该工会现覆盖 {count} 个。"), field="category", count=covered
        )
    return typed


def require_kept(key: str, value: str, present: Mapping[str, str]) -> None:
    """Raise InvalidInput when something that has to be there is emptied; what never was may stay so.

    A phone is typed only where it changes: without one it stays as it is.
    """
    field, _ = field_of(key)
    if not value and present[key] and field.is_required and field.kind is not FieldKind.PHONE:
        raise InvalidInput(msg("此项为必填，不能清空。"), field=key)


def require_own_code(session: Session, union: Union, key: str, code: str) -> None:
    """Raise InvalidInput when a code typed for a union, or for one of its employers, is somebody else's."""
    _, employer = field_of(key)
    if employer is None and union.category in BELOW_BASE:
        raise InvalidInput(msg("分会和工会小组没有统一社会信用代码。"), field=key)
    require_free_code(session, code, key=key, besides=employer or union.id or 0)


def employers_in(values: Iterable[str]) -> list[int]:
    """The ids of the employers that some keys belong to, in their order."""
    return list(dict.fromkeys(number for key in values if (number := field_of(key)[1]) is not None))

"""Checks of a change (工会变更): what is typed into its form, field by field, against what the union is."""

from collections.abc import Mapping

from sqlmodel import Session

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.union_fields import FieldKind, field_of
from gdftu_app.models.unions import BELOW_BASE, Union, UnionCategory
from gdftu_app.queries.employer_coverage import (
    COVERING,
    KNOWN_EMPLOYER,
    employers_in,
    is_known_employer,
    require_coverable,
    require_known_key,
)
from gdftu_app.queries.union_checks import require_free_code, sound_value, warnings_about
from gdftu_app.queries.union_values import values_of
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission


@requires(Permission.UNIONS_EDIT)
def check_change(session: Session, actor: Actor, *, key: str, typed: str, covered: int | None = None) -> list[str]:
    """Check one field of the form as it is typed; the warnings about it, as messages.

    `covered` is how many employers the form leaves the union with, unless it is those on record.
    Raises InvalidInput with the key as its field; for keys that the form does not have as well.
    """
    union = session.get_one(Union, actor.union_id, populate_existing=True)
    present = values_of(session, union)
    require_known_key(union, present, key)
    kind = field_of(key)[0].kind
    if kind is FieldKind.CATEGORY:
        count = len(employers_in(present)) if covered is None else covered
        value = require_category(union, typed, covered=count)
    else:
        value = sound_value(key, typed)
    require_kept(key, value, present)
    if kind is not FieldKind.USCC or not value:
        return []
    require_own_code(session, union, key, value)
    told = warnings_about(key, value, is_above_base=union.is_above_base)
    is_added = key not in present
    return [*told, KNOWN_EMPLOYER] if is_added and is_known_employer(session, value) else told


def categories_of(union: Union) -> tuple[UnionCategory, ...]:
    """The categories a union may change between: a base union becomes joint or single, the others stay."""
    return COVERING if union.category in COVERING else ()


def require_category(union: Union, typed: str, *, covered: int) -> str:
    """The category typed for a union that will cover so many employers; raises InvalidInput where it does not fit."""
    if typed == union.category:
        return typed
    if typed not in categories_of(union):
        raise InvalidInput(msg("工会类型只能在单独基层工会和联合基层工会之间变更。"), field="category")
    if typed == UnionCategory.SINGLE_BASE and covered > 1:
        raise InvalidInput(msg("单独基层工会只覆盖一个单位，该工会覆盖 {count} 个。"), field="category", count=covered)
    return typed


def require_kept(key: str, value: str, present: Mapping[str, str]) -> None:
    """Raise InvalidInput when something that has to be there is emptied; what never was may stay so.

    A phone is typed only where it changes: without one it stays as it is.
    """
    field, _ = field_of(key)
    if not value and present.get(key) and field.is_required and field.kind is not FieldKind.PHONE:
        raise InvalidInput(msg("此项为必填，不能清空。"), field=key)


def require_own_code(session: Session, union: Union, key: str, code: str) -> None:
    """Raise InvalidInput when a code typed for a union, or for one of its employers, is somebody else's.

    An employer that is to be added may be known, unless it has a union of its own.
    """
    _, employer = field_of(key)
    if employer is not None and employer < 0:
        require_coverable(session, union, {code: key})
        return
    if employer is None and union.category in BELOW_BASE:
        raise InvalidInput(msg("分会和工会小组没有统一社会信用代码。"), field=key)
    require_free_code(session, code, key=key, besides=employer or union.id or 0)

"""新建下级工会: an above-base union establishes a union below itself, or below one of its subordinates, directly."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from gdftu_app.models.unions import NOT_ABOVE_BASE, UnionCategory, UnionLevel
from gdftu_app.queries.union_checks import SeveralInvalid, warnings_about
from gdftu_app.queries.unions import UnionRef
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission
from gdftu_app.services.audit import record
from gdftu_app.services.new_union_values import (
    columns_of_draft,
    employers_of_draft,
    kind_typed,
    levels_below,
    new_values,
    require_known,
    sound_new_value,
    told_of,
)
from gdftu_app.services.tree_locks import share_tree
from gdftu_app.services.unions import establish
from gdftu_app.services.unions_below import union_within_reach


@dataclass(frozen=True, slots=True)
class PlaceBelow:
    """Where a union may be established: below which one, in whose division, of which categories with which levels."""

    superior: UnionRef
    division_code: str
    levels: dict[UnionCategory, tuple[UnionLevel, ...]]


@requires(Permission.UNIONS_EDIT)
def place_below(session: Session, actor: Actor, *, superior: int) -> PlaceBelow:
    """What may be established directly below a union within reach; raises NotFound.

    For above-base actors only: a base union establishes nothing.
    """
    actor.require(Permission.SUBORDINATES_VIEW)
    union = union_within_reach(session, actor, superior)
    return PlaceBelow(UnionRef(superior, union.name), union.division_code or "", levels_below(union))


@requires(Permission.UNIONS_EDIT)
def check_new_union(session: Session, actor: Actor, *, superior: int, category: str, key: str, typed: str) -> list[str]:
    """Check one field of the form as it is typed; the warnings about it. Raises InvalidInput with the key as its field.

    Employers are numbered from 1 in the order of the form: `employers.1.name`.
    """
    actor.require(Permission.SUBORDINATES_VIEW)
    union = union_within_reach(session, actor, superior)
    require_known([key])
    value = sound_new_value(session, union, key, typed)
    return warnings_about(key, value, is_above_base=category not in NOT_ABOVE_BASE)


@requires(Permission.UNIONS_EDIT)
def establish_below(session: Session, actor: Actor, *, superior: int, typed: Mapping[str, str]) -> UnionRef:
    """新建下级工会 directly below a union within reach, the acting one included.

    `typed` are `category`, `level` and the fields of `union_fields` by their keys; employers, for base unions, are
    numbered from 1. An employer that is known already keeps what is recorded of it.

    Raises SeveralInvalid with all that is wrong, SuperiorNotAllowed, NotFound.
    """
    actor.require(Permission.SUBORDINATES_VIEW)
    share_tree(session)
    above = union_within_reach(session, actor, superior, lock=True)
    category, level = kind_typed(above, typed)
    values, problems = new_values(session, above, typed, category)
    if problems:
        raise SeveralInvalid(problems)
    union = establish(
        session,
        superior=above,
        category=category,
        level=level,
        employers=employers_of_draft(session, values),
        **columns_of_draft(values),
    )
    record(
        session,
        "unions:establish",
        actor=actor,
        subject=f"unions:{union.id}",
        detail={"name": union.name, "superior": above.name, "changes": told_of(values, category, above)},
    )
    return UnionRef(union.id or 0, union.name)

"""Unions (工会) as others refer to them, and what stands above the list of a selected one."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import Session

from gdftu_app.errors import NotFound
from gdftu_app.models.paths import ids_of
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.figures import figures_of
from gdftu_app.security.actors import Actor, requires, within_asked
from gdftu_app.security.permissions import Permission

_UNIONS = table_of(Union)
_WITHIN_REACH = select(
    *(_UNIONS.c[name] for name in ("path", "name", "category", "level", "status", "is_above_base"))
).where(_UNIONS.c.id == bindparam("union"), within_asked(_UNIONS.c.path))
_NAMES = select(_UNIONS.c.id, _UNIONS.c.name).where(_UNIONS.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class UnionRef:
    """A union by id and name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class UnionHead:
    """A union with its figures, everything below it included, and the way to it from the acting union down.

    `direct` counts its direct subordinates, `subordinates` all of them, without the dissolved; `rate` is a fraction.
    """

    id: int
    name: str
    category: str
    level: str
    status: str
    is_above_base: bool
    path: list[UnionRef]
    direct: int
    subordinates: int
    members: int
    verified: int
    women: int
    migrant: int
    rate: float | None


@requires(Permission.SUBORDINATES_VIEW)
def get_union(session: Session, actor: Actor, *, union: int) -> UnionHead:
    """The head of a union within reach (下级工会管理, 手册 六); raises NotFound."""
    return _head(session, actor, union)


@requires(Permission.UNIONS_VIEW)
def get_own_union(session: Session, actor: Actor) -> UnionHead:
    """The head of the acting union (本级工会)."""
    return _head(session, actor, actor.union_id)


def reference_within(session: Session, actor: Actor, union: int) -> UnionRef | None:
    """A reference to a union; None when it is missing or out of the actor's reach."""
    found = run(session, _WITHIN_REACH, actor.reach_asked() | {"union": union}).first()
    return None if found is None else UnionRef(union, found.name)


def path_of(session: Session, actor: Actor, union: int) -> list[int]:
    """The ids from the acting union down to one within its reach, both included; raises NotFound."""
    found = run(session, _WITHIN_REACH, actor.reach_asked() | {"union": union}).first()
    if found is None:
        raise NotFound
    return ids_from(actor, found.path)


def ids_from(actor: Actor, path: str) -> list[int]:
    """The ids of a path within reach from the acting union down."""
    return [actor.union_id, *ids_of(path.removeprefix(actor.union_path))]


def references(session: Session, ids: Iterable[int]) -> list[UnionRef]:
    """References to unions, in the order of the ids."""
    wanted = list(ids)
    names = {row.id: row.name for row in run(session, _NAMES, {"ids": wanted})}
    return [UnionRef(number, names[number]) for number in wanted]


def rate_of(verified: int, members: int) -> float | None:
    """实名率: verified members as a fraction of all; None where there are none."""
    return verified / members if members else None


def _head(session: Session, actor: Actor, number: int) -> UnionHead:
    union = run(session, _WITHIN_REACH, actor.reach_asked() | {"union": number}).first()
    if union is None:
        raise NotFound
    figures = figures_of(session, number)
    return UnionHead(
        id=number,
        name=union.name,
        category=union.category,
        level=union.level,
        status=union.status,
        is_above_base=union.is_above_base,
        path=references(session, ids_from(actor, union.path)),
        direct=figures.unions_direct,
        subordinates=figures.unions_sub,
        members=figures.members_sub,
        verified=figures.verified_sub,
        women=figures.women_sub,
        migrant=figures.migrant_sub,
        rate=rate_of(figures.verified_sub, figures.members_sub),
    )

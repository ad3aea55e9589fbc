"""The actor: an account acting in one union, with its permissions and its reach, read afresh at each event."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, bindparam, select
from sqlmodel import Session, col

from gdftu_app.errors import NotAllowed, NotFound
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.people import Person
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.types import ByteOrdered
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.security.permissions import Permission, existing_at

P = ParamSpec("P")
R = TypeVar("R")
REACH_FROM, REACH_TO = "reach_from", "reach_to"

_ACCOUNTS, _GRANTS, _UNIONS, _PEOPLE = map(table_of, (Account, Administrator, Union, Person))
# Of a grant joined with its account, person and union: that its holder can act by it now. Accounts that are disabled
# or not real-name verified, dismissals and dissolved unions make it count for nothing.
GRANT_COUNTS = and_(
    _ACCOUNTS.c.disabled_at.is_(None),
    _GRANTS.c.dismissed_at.is_(None),
    _PEOPLE.c.verified_at.is_not(None),
    _UNIONS.c.status != UnionStatus.DISSOLVED,
)
_LIVE_GRANT = (
    select(_ACCOUNTS.c.name, _GRANTS.c.role, _GRANTS.c.permissions, _UNIONS.c.path, _UNIONS.c.is_above_base)
    .join_from(_ACCOUNTS, _GRANTS, _GRANTS.c.account_id == _ACCOUNTS.c.id)
    .join(_UNIONS, _UNIONS.c.id == _GRANTS.c.union_id)
    .join(_PEOPLE, _PEOPLE.c.id == _ACCOUNTS.c.person_id)
    .where(_ACCOUNTS.c.id == bindparam("account_id"), _UNIONS.c.id == bindparam("union_id"), GRANT_COUNTS)
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, for which union, and what they may do there."""

    account_id: int
    account_name: str
    union_id: int
    union_path: str
    is_above_base: bool
    role: str
    permissions: frozenset[Permission] = field(default_factory=frozenset)

    def may(self, permission: Permission) -> bool:
        """Whether this actor has the permission in the acting union."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise `NotAllowed` without the permission."""
        if permission not in self.permissions:
            raise NotAllowed

    def reaches(self, union: type[Union] = Union) -> ColumnElement[bool]:
        """本级及以下: the condition that a union is the acting one or below it. Its only spelling."""
        return within(union, self.union_path)

    def reach_asked(self) -> dict[str, str]:
        """The parameters of statements with `within_asked`, which are made once for all actors."""
        return branch_asked(self.union_path)


def within(union: type[Union], path: str) -> ColumnElement[bool]:
    """The condition that a union belongs to the branch of a path, as a range that the index on paths serves."""
    return and_(col(union.path) >= path, col(union.path) < _end_of(path))


def branch_asked(path: str) -> dict[str, str]:
    """The parameters of statements with `within_asked`, for the branch of a path."""
    return {REACH_FROM: path, REACH_TO: _end_of(path)}


def _end_of(path: str) -> str:
    return f"{path[:-1]}0"


def within_asked(path: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """The condition of `within` on a column of paths, the branch being a parameter: see `Actor.reach_asked`."""
    return and_(path >= bindparam(REACH_FROM, type_=ByteOrdered), path < bindparam(REACH_TO, type_=ByteOrdered))


@dataclass(frozen=True, slots=True)
class Operation:
    """A guarded function of the core: what the permission matrix is made from."""

    permission: Permission
    function: Callable[..., Any]


OPERATIONS: dict[str, Operation] = {}


def requires(
    permission: Permission, *, instead: Permission | None = None
) -> Callable[[Callable[Concatenate[Session, Actor, P], R]], Callable[Concatenate[Session, Actor, P], R]]:
    """Let a service or query run only for an actor with the permission, or with the one that will do `instead`.

    This is the check that counts.
    """

    def guard(function: Callable[Concatenate[Session, Actor, P], R]) -> Callable[Concatenate[Session, Actor, P], R]:
        @wraps(function)
        def guarded(session: Session, actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
            if instead is None or not actor.may(instead):
                actor.require(permission)
            return function(session, actor, *args, **kwargs)

        OPERATIONS[f"{function.__module__}.{function.__qualname__}"] = Operation(permission, guarded)
        return guarded

    return guard


def effective_permissions(granted: list[str], *, is_above_base: bool) -> frozenset[Permission]:
    """What a grant amounts to in a union; words that are no permission (any more) count for nothing."""
    known = frozenset(permission for permission in Permission if permission.value in granted)
    return existing_at(known, is_above_base=is_above_base)


def get_actor(session: Session, *, account_id: int, union_id: int) -> Actor:
    """The actor of an account in a union; `NotFound` unless a live grant stands behind it.

    An account that is disabled, dismissed or not real-name verified is nobody here (手册 一.2).
    """
    row = run(session, _LIVE_GRANT, {"account_id": account_id, "union_id": union_id}).first()
    if row is None:
        raise NotFound
    name, role, granted, path, is_above_base = row
    permissions = effective_permissions(granted, is_above_base=is_above_base)
    return Actor(account_id, name, union_id, path, is_above_base, role, permissions)

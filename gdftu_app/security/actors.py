"""The actor: an account acting in one union, with its permissions and its reach, read afresh at each event."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from gdftu_app.errors import NotAllowed, NotFound
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.people import Person
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.security.permissions import ABOVE_BASE_ONLY, Permission

P = ParamSpec("P")
R = TypeVar("R")


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


def within(union: type[Union], path: str) -> ColumnElement[bool]:
    """The condition that a union belongs to the branch of a path, as a range that the index on paths serves."""
    return and_(col(union.path) >= path, col(union.path) < f"{path[:-1]}0")


@dataclass(frozen=True, slots=True)
class Operation:
    """A guarded function of the core: what the permission matrix is made from."""

    permission: Permission
    function: Callable[..., Any]


OPERATIONS: dict[str, Operation] = {}


def requires(
    permission: Permission,
) -> Callable[[Callable[Concatenate[Session, Actor, P], R]], Callable[Concatenate[Session, Actor, P], R]]:
    """Let a service or query run only for an actor with the permission. This is the check that counts."""

    def guard(function: Callable[Concatenate[Session, Actor, P], R]) -> Callable[Concatenate[Session, Actor, P], R]:
        @wraps(function)
        def guarded(session: Session, actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
            actor.require(permission)
            return function(session, actor, *args, **kwargs)

        OPERATIONS[f"{function.__module__}.{function.__qualname__}"] = Operation(permission, guarded)
        return guarded

    return guard


def effective_permissions(granted: list[str], *, is_above_base: bool) -> frozenset[Permission]:
    """What a grant amounts to in a union; words that are no permission (any more) count for nothing."""
    known = frozenset(permission for permission in Permission if permission.value in granted)
    return known if is_above_base else known - ABOVE_BASE_ONLY


def get_actor(session: Session, *, account_id: int, union_id: int) -> Actor:
    """The actor of an account in a union; `NotFound` unless a live grant stands behind it.

    An account that is disabled, dismissed or not real-name verified is nobody here (手册 一.2).
    """
    row = session.exec(
        select(Account.name, Administrator, Union.path, Union.is_above_base)
        .join(Administrator, col(Administrator.account_id) == Account.id)
        .join(Union, col(Union.id) == Administrator.union_id)
        .join(Person, col(Person.id) == Account.person_id)
        .where(
            Account.id == account_id,
            Union.id == union_id,
            col(Account.disabled_at).is_(None),
            col(Administrator.dismissed_at).is_(None),
            col(Person.verified_at).is_not(None),
            Union.status != UnionStatus.DISSOLVED,
        )
    ).first()
    if row is None:
        raise NotFound
    name, grant, path, is_above_base = row
    return Actor(
        account_id=account_id,
        account_name=name,
        union_id=union_id,
        union_path=path,
        is_above_base=is_above_base,
        role=grant.role,
        permissions=effective_permissions(grant.permissions, is_above_base=is_above_base),
    )

"""Entrances: where an account may enter the console, and what the shell shows of it there."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, func, select

from gdftu_app.errors import NotFound, SignedOut
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.queries.accounts import name_and_verification
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.features import features_of

_OF_UNION = col(Union.id) == Administrator.union_id


@dataclass(frozen=True, slots=True)
class Entrance:
    """An account in a union it may act for; `features` are the keys of the menu entries it gets there."""

    account_name: str
    union_id: int
    union_name: str
    category: str
    role: str
    features: tuple[str, ...]
    manages_several: bool


def find_entrance(session: Session, *, account_id: int, union_id: int | None) -> Entrance | None:
    """The union to resume: the one named, else the last one entered, else the only one; None leads to the chooser."""
    account = session.get(Account, account_id)
    if account is None:
        raise SignedOut
    for candidate in (union_id, account.last_union_id, _only_union(session, account_id)):
        if candidate is not None:
            try:
                return entrance_of(session, get_actor(session, account_id=account_id, union_id=candidate))
            except NotFound:
                continue
    return None


def entrance_of(session: Session, actor: Actor) -> Entrance:
    """What the shell shows for an actor."""
    name, category = session.exec(select(Union.name, Union.category).where(Union.id == actor.union_id)).one()
    return Entrance(
        account_name=actor.account_name,
        union_id=actor.union_id,
        union_name=name,
        category=category,
        role=actor.role,
        features=tuple(feature.key for feature in features_of(actor)),
        manages_several=_grants(session, actor.account_id) > 1,
    )


def _grants(session: Session, account_id: int) -> int:
    live = select(func.count(col(Administrator.id))).join(Union, _OF_UNION).where(_is_live(account_id))
    return session.exec(live).one()


def _only_union(session: Session, account_id: int) -> int | None:
    live = select(Administrator.union_id).join(Union, _OF_UNION).where(_is_live(account_id))
    found = session.exec(live.limit(2)).all()
    return found[0] if len(found) == 1 else None


def _is_live(account_id: int) -> ColumnElement[bool]:
    """Of the grants of an account those that were not ended, of unions that are not dissolved."""
    return and_(
        col(Administrator.account_id) == account_id,
        col(Administrator.dismissed_at).is_(None),
        col(Union.status) != UnionStatus.DISSOLVED,
    )


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the chooser says to an account: how many unions it manages, and the only one where it is one."""

    account_name: str
    is_verified: bool
    managed: int
    only_union_id: int | None


def welcome_of(session: Session, *, account_id: int) -> Welcome:
    """An account before it acts for any union; `SignedOut` when there is none."""
    name, verified_at = name_and_verification(session, account_id)
    return Welcome(name, verified_at is not None, _grants(session, account_id), _only_union(session, account_id))

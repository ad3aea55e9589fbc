"""Appointing administrators in tests: whom, with what, and what came of it."""

from collections.abc import Callable, Collection
from typing import Any

from sqlmodel import Session, col, select

from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.notifications import Notification
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.unions import Union
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.permissions import ROLE_PERMISSIONS, Permission, Role
from gdftu_app.services.administrators import (
    Appointed,
)
from tests.factories import id_of, make_account, make_administrator

ActAs = Callable[..., Actor]
PHONE, NAME = "19911110000", "陈依依"
ANALYST, OWNER = ROLE_PERMISSIONS[Role.ANALYST], ROLE_PERMISSIONS[Role.OWNER]
ELSEWHERE = ("province", "city", "other_city", "other_factory")


def limited(session: Session, union: Union, *permissions: Permission) -> Actor:
    """An administrator with a set of permissions that is no role's."""
    account = make_account(session)
    grant = make_administrator(session, account, union, role=Role.ANALYST)
    grant.role, grant.permissions = "custom", [permission.value for permission in permissions]
    session.add(grant)
    session.flush()
    return get_actor(session, account_id=id_of(account), union_id=id_of(union))


def known(session: Session, *, verified: bool = True) -> Account:
    """The account of the phone that is appointed."""
    return make_account(session, phone=f"+86{PHONE}", name=NAME, verified=verified)


def asked(permissions: Collection[Permission] = ANALYST, *, phone: str = PHONE, name: str = NAME) -> dict[str, Any]:
    """What the form of an appointment says."""
    return {"phone": phone, "name": name, "permissions": permissions}


def grant_of(session: Session, made: Appointed) -> Administrator:
    """The grant that was made, as it is now."""
    return session.get_one(Administrator, made.id, populate_existing=True)


def own_grant(session: Session, actor: Actor) -> Administrator:
    """The actor's own grant in the acting union."""
    mine = select(Administrator).where(
        Administrator.account_id == actor.account_id, Administrator.union_id == actor.union_id
    )
    return session.exec(mine.where(col(Administrator.dismissed_at).is_(None))).one()


def colleague(session: Session, union: Union, role: Role = Role.ANALYST, **how: Any) -> Administrator:
    """One more administrator of a union."""
    return make_administrator(session, make_account(session, **how), union, role=role)


def entries(session: Session, verb: str) -> list[AuditEntry]:
    """What the audit holds of a kind."""
    return list(session.exec(select(AuditEntry).where(AuditEntry.verb == verb)).all())


def told(session: Session, account_id: int) -> list[tuple[str, dict[str, str], str]]:
    """What an account was told: kind, values and link."""
    found = session.exec(select(Notification).where(Notification.account_id == account_id)).all()
    return [(notification.kind, notification.values, notification.link) for notification in found]

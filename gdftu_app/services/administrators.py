"""Administrators (管理员): who is appointed, changed and dismissed, by whom, and with what (手册 九、十; design §2)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput, NotAllowed, NotFound, Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.identifiers import mask_phone
from gdftu_app.models.notifications import NotificationKind
from gdftu_app.models.people import Person
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.security.actors import Actor, effective_permissions, get_actor, requires
from gdftu_app.security.limits import hit
from gdftu_app.security.permissions import (
    ROLE_PERMISSIONS,
    Permission,
    Role,
    existing_at,
    role_of,
    with_needed,
)
from gdftu_app.services.audit import record
from gdftu_app.services.invitations import account_to_appoint, tell_appointed
from gdftu_app.services.notifications import notify
from gdftu_app.services.turns import take_turns
from gdftu_app.services.unions_below import subordinate_within_reach

OWN, BELOW = Permission.ADMINISTRATORS_MANAGE, Permission.SUBORDINATE_ADMINISTRATORS_MANAGE
HOUR_SECONDS = 3600


class AlreadyAdministrator(Refusal):
    """The account administers this union already."""

    code = "already_administrator"
    default = msg("该账号已是这个工会的管理员，可在列表中调整权限。")


class LastOwner(Refusal):
    """Without this owner the union would have none who can act."""

    code = "last_owner"
    default = msg(
        "这是该工会唯一可用的负责人，不能移除、退出或改为其他角色。请先添加另一位负责人，并等对方完成实名认证。"
    )


class ChangedMeanwhile(Refusal):
    """Somebody else changed the grant since it was shown."""

    code = "changed_meanwhile"
    default = msg("权限刚刚被其他管理员调整过。已显示最新内容，请核对后再保存。")


class BeyondOwnPermissions(NotAllowed):
    """The grant holds permissions that the actor does not have in the acting union."""

    default = msg("不能授予、调整或移除超出本人权限的管理员。")


class NotToOneself(NotAllowed):
    """Nobody grants permissions to themselves, nor changes their own grant."""

    default = msg("不能给自己授权，也不能调整自己的权限，请由其他负责人操作。")


@dataclass(frozen=True, slots=True)
class Appointed:
    """A new administrator; the phone is masked, and `is_invited` says that identity must be proven first."""

    id: int
    phone: str
    is_invited: bool


@requires(Permission.ADMINISTRATORS_MANAGE)
def appoint(session: Session, actor: Actor, *, phone: str, name: str, permissions: Collection[Permission]) -> Appointed:
    """本级工会权限设置·新增: make whoever has a phone an administrator of the acting union, and tell them.

    Permissions that do not exist in the union count for nothing, those that others are of no use without are added.

    Raises `InvalidInput` (fields `phone`, `name`, `permissions`), `NotToOneself`, `BeyondOwnPermissions`,
    `AlreadyAdministrator`, `TooManyRequests`.
    """
    return _appoint(session, actor, get_union_for_grants(session, actor.union_id), OWN, phone, name, permissions)


@requires(Permission.SUBORDINATE_ADMINISTRATORS_MANAGE)
def appoint_below(
    session: Session, actor: Actor, *, union: int, phone: str, name: str, permissions: Collection[Permission]
) -> Appointed:
    """下级工会权限设置·新增: the same in a union below the acting one, at any depth; elsewhere `NotFound`."""
    return _appoint(session, actor, subordinate_within_reach(session, actor, union), BELOW, phone, name, permissions)


@requires(Permission.ADMINISTRATORS_MANAGE)
def change(
    session: Session, actor: Actor, *, administrator_id: int, version: int, permissions: Collection[Permission]
) -> None:
    """Give an administrator of the acting union other permissions; `version` is that of the grant as it was shown.

    Raises `NotFound`, `NotToOneself`, `BeyondOwnPermissions`, `ChangedMeanwhile`, `LastOwner` (an owner who would no
    longer be one), `InvalidInput` (field `permissions`).
    """
    _change(session, *_taken_up(session, actor, administrator_id, OWN), version, permissions)


@requires(Permission.SUBORDINATE_ADMINISTRATORS_MANAGE)
def change_below(
    session: Session, actor: Actor, *, administrator_id: int, version: int, permissions: Collection[Permission]
) -> None:
    """The same for an administrator of a union below the acting one."""
    _change(session, *_taken_up(session, actor, administrator_id, BELOW), version, permissions)


@requires(Permission.ADMINISTRATORS_MANAGE)
def dismiss(session: Session, actor: Actor, *, administrator_id: int) -> None:
    """移除: end the grant of an administrator of the acting union, from the very next event on; the row stays.

    Raises `NotFound`, `NotToOneself` (see `resign`), `BeyondOwnPermissions`, `LastOwner`.
    """
    _dismiss(session, *_taken_up(session, actor, administrator_id, OWN))


@requires(Permission.SUBORDINATE_ADMINISTRATORS_MANAGE)
def dismiss_below(session: Session, actor: Actor, *, administrator_id: int) -> None:
    """The same for an administrator of a union below the acting one."""
    _dismiss(session, *_taken_up(session, actor, administrator_id, BELOW))


@requires(Permission.ADMINISTRATORS_MANAGE)
def resign(session: Session, actor: Actor, *, administrator_id: int) -> None:
    """退出管理: give one's own grant in the acting union back. Raises `NotFound` (not one's own), `LastOwner`."""
    held = _hold(session, actor, actor.union_id, OWN)
    own = _live_grant(session, administrator_id)
    if own.account_id != held.account_id or own.union_id != held.union_id:
        raise NotFound
    _end(session, held, own, "administrators:resign")


def get_union_for_grants(session: Session, union_id: int) -> Union:
    """A union that may have administrators; `NotFound` when it does not exist or is dissolved."""
    union = session.get(Union, union_id)
    if union is None or union.status == UnionStatus.DISSOLVED:
        raise NotFound(msg("没有找到该工会。"))
    return union


def grant(
    session: Session, account: Account, union: Union, role: Role, *, granted_by_id: int | None = None
) -> Administrator:
    """The grant itself, without asking who may: the role's permissions as far as they exist in this union."""
    return _grant(session, account, union, ROLE_PERMISSIONS[role], granted_by_id)


def _grant(
    session: Session, account: Account, union: Union, wanted: Iterable[Permission], granted_by_id: int | None
) -> Administrator:
    permissions = existing_at(wanted, is_above_base=union.is_above_base)
    if account.id is None or union.id is None:
        raise NotFound
    made = Administrator(
        account_id=account.id,
        union_id=union.id,
        role=role_of(permissions, is_above_base=union.is_above_base),
        permissions=_words(permissions),
        granted_by_id=granted_by_id,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as reason:
        raise AlreadyAdministrator from reason
    return made


def _appoint(
    session: Session,
    actor: Actor,
    union: Union,
    means: Permission,
    phone: str,
    name: str,
    permissions: Collection[Permission],
) -> Appointed:
    hit("appoint", str(actor.account_id), limit=settings().appointments_per_hour, seconds=HOUR_SECONDS)
    held = _hold(session, actor, union.id or 0, means)
    wanted = _wanted(held, union, permissions)
    invited = account_to_appoint(session, by=held, phone=phone, name=name)
    if invited.account.id == held.account_id:
        raise NotToOneself
    made = _grant(session, invited.account, union, wanted, held.account_id)
    record(
        session,
        "administrators:appoint",
        actor=held,
        subject=f"administrators:{made.id}",
        detail={"account": made.account_id, "union": union.id, "role": made.role, "permissions": made.permissions},
    )
    tell_appointed(session, invited, union)
    session.flush()
    return Appointed(made.id or 0, mask_phone(invited.phone), is_invited=not invited.is_verified)


def _change(
    session: Session,
    held: Actor,
    union: Union,
    found: Administrator,
    version: int,
    permissions: Collection[Permission],
) -> None:
    if found.version != version:
        raise ChangedMeanwhile
    wanted = _words(_wanted(held, union, permissions))
    before = _words(effective_permissions(found.permissions, is_above_base=union.is_above_base))
    role, role_before = role_of(map(Permission, wanted), is_above_base=union.is_above_base), found.role
    if (wanted, role) == (before, role_before):
        return
    if role_before == Role.OWNER and role != Role.OWNER:
        _require_another_owner(session, found)
    found.role, found.permissions = role, wanted
    found.changed_at, found.version = now(), version + 1
    session.add(found)
    changes = [
        {"field": field, "before": was, "after": becomes}
        for field, was, becomes in (("role", role_before, role), ("permissions", before, wanted))
        if was != becomes
    ]
    _record(session, held, found, "administrators:change", changes=changes)
    _tell(session, found, union, NotificationKind.PERMISSIONS_CHANGED, link="/overview/")
    session.flush()


def _dismiss(session: Session, held: Actor, union: Union, found: Administrator) -> None:
    _end(session, held, found, "administrators:dismiss")
    _tell(session, found, union, NotificationKind.DISMISSED)
    session.flush()


def _end(session: Session, held: Actor, found: Administrator, verb: str) -> None:
    if found.role == Role.OWNER:
        _require_another_owner(session, found)
    found.dismissed_at, found.dismissed_by_id = now(), held.account_id
    session.add(found)
    _record(session, held, found, verb, role=found.role, permissions=found.permissions)
    session.flush()


def _hold(session: Session, actor: Actor, union_id: int, means: Permission) -> Actor:
    """The actor as it stands once it is this transaction's turn to write the grants of both unions.

    Grants of a union are written one after another, so that two who take power from each other do not both succeed.
    """
    for number in sorted({actor.union_id, union_id}):
        take_turns(session, "administrators", str(number))
    held = get_actor(session, account_id=actor.account_id, union_id=actor.union_id)
    held.require(means)
    return held


def _taken_up(
    session: Session, actor: Actor, administrator_id: int, means: Permission
) -> tuple[Actor, Union, Administrator]:
    """The actor, the union and the grant of somebody else there that the actor may change or end."""
    union_id = _live_grant(session, administrator_id).union_id
    if means is BELOW:
        union = subordinate_within_reach(session, actor, union_id)
    elif union_id == actor.union_id:
        union = get_union_for_grants(session, union_id)
    else:
        raise NotFound
    held = _hold(session, actor, union_id, means)
    found = _live_grant(session, administrator_id)
    if found.account_id == held.account_id:
        raise NotToOneself
    if not effective_permissions(found.permissions, is_above_base=union.is_above_base) <= held.permissions:
        raise BeyondOwnPermissions
    return held, union, found


def _wanted(held: Actor, union: Union, permissions: Collection[Permission]) -> frozenset[Permission]:
    wanted = existing_at(with_needed(permissions), is_above_base=union.is_above_base)
    if not wanted:
        raise InvalidInput(msg("请至少选择一项权限。"), field="permissions")
    if not wanted <= held.permissions:
        raise BeyondOwnPermissions
    return wanted


def _require_another_owner(session: Session, leaving: Administrator) -> None:
    """Raise `LastOwner` unless another enabled owner stays, a verified one when the one who leaves is verified."""
    owners = session.exec(
        select(Administrator.id, Person.verified_at)
        .join(Account, col(Account.id) == Administrator.account_id)
        .join(Person, col(Person.id) == Account.person_id, isouter=True)
        .where(
            Administrator.union_id == leaving.union_id,
            Administrator.role == Role.OWNER,
            col(Administrator.dismissed_at).is_(None),
            col(Account.disabled_at).is_(None),
        )
    ).all()
    can_act = {number for number, verified_at in owners if verified_at is not None}
    staying = can_act if leaving.id in can_act else {number for number, _ in owners}
    if not staying - {leaving.id}:
        raise LastOwner


def _live_grant(session: Session, administrator_id: int) -> Administrator:
    found = session.get(Administrator, administrator_id, populate_existing=True)
    if found is None or found.dismissed_at is not None:
        raise NotFound
    return found


def _record(session: Session, held: Actor, found: Administrator, verb: str, **detail: object) -> None:
    about = {"account": found.account_id, "union": found.union_id}
    record(session, verb, actor=held, subject=f"administrators:{found.id}", detail=about | detail)


def _tell(session: Session, found: Administrator, union: Union, kind: NotificationKind, *, link: str = "") -> None:
    notify(session, [found.account_id], kind, union_id=union.id, link=link, union=union.name)


def _words(permissions: Iterable[Permission]) -> list[str]:
    return sorted(permission.value for permission in permissions)

"""Administrators (管理员): who is appointed and dismissed, by whom, and with what (手册 九、十; design §2)."""

from collections.abc import Iterable

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.errors import NotAllowed, NotFound, Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.security.actors import Actor, effective_permissions, requires
from gdftu_app.security.permissions import ROLE_PERMISSIONS, Permission, Role
from gdftu_app.services.audit import record


class AlreadyAdministrator(Refusal):
    """The account administers this union already."""

    code = "already_administrator"
    default = msg("该账号已是这个工会的管理员。如需调整权限，请先移除后重新添加。")


class LastOwner(Refusal):
    """Without this owner the union would have none."""

    code = "last_owner"
    default = msg("这是该工会唯一的负责人，不能移除。请先添加另一位负责人。")


class BeyondOwnPermissions(NotAllowed):
    """The grant holds permissions that the actor does not have in the acting union."""

    default = msg("不能授予或移除超出本人权限的管理员。")


class NotToOneself(NotAllowed):
    """Nobody grants permissions to themselves."""

    default = msg("不能给自己授权，请由其他负责人操作。")


@requires(Permission.ADMINISTRATORS_MANAGE)
def appoint(session: Session, actor: Actor, *, account_id: int, role: Role) -> Administrator:
    """本级工会权限设置·新增: make an account an administrator of the acting union.

    Raises `NotFound` (no such account), `NotToOneself`, `BeyondOwnPermissions`, `AlreadyAdministrator`.
    """
    return _appoint(session, actor, get_union_for_grants(session, actor.union_id), account_id, role)


@requires(Permission.SUBORDINATE_ADMINISTRATORS_MANAGE)
def appoint_below(session: Session, actor: Actor, *, union_id: int, account_id: int, role: Role) -> Administrator:
    """下级工会权限设置·新增: the same in a union below the acting one, at any depth; elsewhere `NotFound`."""
    return _appoint(session, actor, _union_below(session, actor, union_id), account_id, role)


@requires(Permission.ADMINISTRATORS_MANAGE)
def dismiss(session: Session, actor: Actor, *, administrator_id: int) -> None:
    """Take the grant of an administrator of the acting union away, from the very next event on; the row stays.

    Raises `NotFound`, `BeyondOwnPermissions`, `LastOwner`.
    """
    found = _live_grant(session, administrator_id)
    if found.union_id != actor.union_id:
        raise NotFound
    _dismiss(session, actor, found, is_above_base=actor.is_above_base)


@requires(Permission.SUBORDINATE_ADMINISTRATORS_MANAGE)
def dismiss_below(session: Session, actor: Actor, *, administrator_id: int) -> None:
    """The same for an administrator of a union below the acting one."""
    found = _live_grant(session, administrator_id)
    union = _union_below(session, actor, found.union_id)
    _dismiss(session, actor, found, is_above_base=union.is_above_base)


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
    permissions = effective_permissions(_words(ROLE_PERMISSIONS[role]), is_above_base=union.is_above_base)
    if account.id is None or union.id is None:
        raise NotFound
    made = Administrator(
        account_id=account.id,
        union_id=union.id,
        role=role,
        permissions=_words(permissions),
        granted_by_id=granted_by_id,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as reason:
        raise AlreadyAdministrator from reason
    return made


def _appoint(session: Session, actor: Actor, union: Union, account_id: int, role: Role) -> Administrator:
    if account_id == actor.account_id:
        raise NotToOneself
    account = session.get(Account, account_id)
    if account is None or account.disabled_at is not None:
        raise NotFound
    wanted = effective_permissions(_words(ROLE_PERMISSIONS[role]), is_above_base=union.is_above_base)
    if not wanted <= actor.permissions:
        raise BeyondOwnPermissions
    made = grant(session, account, union, role, granted_by_id=actor.account_id)
    record(
        session,
        "administrators:appoint",
        actor=actor,
        subject=f"administrators:{made.id}",
        detail={"account": account_id, "union": union.id, "role": role},
    )
    return made


def _dismiss(session: Session, actor: Actor, found: Administrator, *, is_above_base: bool) -> None:
    if not effective_permissions(found.permissions, is_above_base=is_above_base) <= actor.permissions:
        raise BeyondOwnPermissions
    if found.role == Role.OWNER:
        _require_another_owner(session, found)
    ended = update(Administrator).where(col(Administrator.id) == found.id, col(Administrator.dismissed_at).is_(None))
    if session.exec(ended.values(dismissed_at=now()).returning(col(Administrator.id))).first() is None:
        raise NotFound
    record(
        session,
        "administrators:dismiss",
        actor=actor,
        subject=f"administrators:{found.id}",
        detail={"account": found.account_id, "union": found.union_id, "role": found.role},
    )
    session.flush()


def _require_another_owner(session: Session, leaving: Administrator) -> None:
    """Lock the union's owners, so that two who remove each other at once do not both succeed."""
    owners = session.exec(
        select(Administrator.id)
        .join(Account, col(Account.id) == Administrator.account_id)
        .where(
            Administrator.union_id == leaving.union_id,
            Administrator.role == Role.OWNER,
            col(Administrator.dismissed_at).is_(None),
            col(Account.disabled_at).is_(None),
        )
        .order_by(col(Administrator.id))
        .with_for_update(of=Administrator)
    ).all()
    if all(owner == leaving.id for owner in owners):
        raise LastOwner


def _live_grant(session: Session, administrator_id: int) -> Administrator:
    found = session.get(Administrator, administrator_id)
    if found is None or found.dismissed_at is not None:
        raise NotFound
    return found


def _union_below(session: Session, actor: Actor, union_id: int) -> Union:
    below = select(Union).where(Union.id == union_id, actor.reaches(), Union.id != actor.union_id)
    union = session.exec(below.where(Union.status != UnionStatus.DISSOLVED)).first()
    if union is None:
        raise NotFound
    return union


def _words(permissions: Iterable[Permission]) -> list[str]:
    return sorted(permission.value for permission in permissions)

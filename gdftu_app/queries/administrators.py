"""Administrators (管理员): who administers a union, and what the actor may grant there (手册 九、十)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, case, exists, func, or_, select
from sqlmodel import Session
from sqlmodel import select as select_rows

from gdftu_app.errors import NotFound
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account, Administrator, SignInSession
from gdftu_app.models.identifiers import mask_phone
from gdftu_app.models.people import Person
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.queries.accounts import ACCOUNT_PHONE
from gdftu_app.queries.union_search import SearchPage, search_unions
from gdftu_app.queries.union_tree import Trail, trail
from gdftu_app.queries.unions import UnionHead, UnionRef, get_union, ids_from, references
from gdftu_app.security.actors import Actor, effective_permissions, requires, within_asked
from gdftu_app.security.permission_words import in_words
from gdftu_app.security.permissions import Permission, Role, existing_at
from gdftu_app.security.personal_data import unseal

PAGE_SIZE = 50
_GRANTS, _ACCOUNTS, _PEOPLE, _UNIONS, _SESSIONS = map(table_of, (Administrator, Account, Person, Union, SignInSession))
_COUNTED = select(
    func.count(case((_GRANTS.c.dismissed_at.is_(None), 1))).label("live"),
    func.count(_GRANTS.c.dismissed_at).label("dismissed"),
).where(_GRANTS.c.union_id == bindparam("union"))


class AdministratorState(StrEnum):
    """待实名: invited, identity not proven yet; 正常; 已停用: the account is disabled. Only the second can act."""

    INVITED, ACTIVE, DISABLED = "invited", "active", "disabled"


STATE_LABELS: dict[AdministratorState, str] = {
    AdministratorState.INVITED: msg("待实名"),
    AdministratorState.ACTIVE: msg("正常"),
    AdministratorState.DISABLED: msg("已停用"),
}


class Origin(StrEnum):
    """Who did something to a grant, where no name is told: the holder, a superior's administrator, the operator."""

    THEMSELVES, SUPERIOR, PLATFORM = "themselves", "superior", "platform"


ORIGIN_LABELS: dict[Origin, str] = {
    Origin.THEMSELVES: msg("本人"),
    Origin.SUPERIOR: msg("上级工会"),
    Origin.PLATFORM: msg("平台"),
}


@dataclass(frozen=True, slots=True)
class By:
    """Who granted or dismissed: the name of somebody within reach, or else an `Origin`."""

    name: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class AdministratorRow:
    """A grant in the list; the phone is masked, `permissions` are those that count, in the order of their groups.

    `may_change` says that the actor holds all of them, and that the grant is not the actor's own.
    """

    id: int
    version: int
    name: str
    phone: str
    role: str
    permissions: tuple[str, ...]
    state: AdministratorState
    granted_by: By
    granted_at: datetime
    changed_at: datetime | None
    last_seen_at: datetime | None
    dismissed_by: By
    dismissed_at: datetime | None
    is_self: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class AdministratorList:
    """A page of the administrators of a union, owners first; or of the dismissed ones, the latest first.

    `live` and `dismissed` count them all. `offered` are the permissions that exist in the union, `grantable` those of
    them that the actor may grant; nothing can be granted in a dissolved union.
    """

    rows: list[AdministratorRow]
    live: int
    dismissed: int
    page: int
    pages: int
    offered: tuple[str, ...]
    grantable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdministratorsBelow:
    """A union below the acting one with its administrators; for the acting union itself, which has a page of its own,
    there is no list. `path` leads from the acting union down to its superior.
    """

    union: UnionRef
    category: str
    path: list[UnionRef]
    listed: AdministratorList | None
    trail: Trail | None
    root: UnionHead | None
    found: SearchPage | None


@requires(Permission.ADMINISTRATORS_MANAGE)
def list_administrators(session: Session, actor: Actor, *, dismissed: bool = False, page: int = 1) -> AdministratorList:
    """本级工会权限设置: the administrators of the acting union."""
    return _listed(session, actor, session.get_one(Union, actor.union_id), dismissed, page)


@requires(Permission.SUBORDINATE_ADMINISTRATORS_MANAGE)
def view_administrators_below(
    session: Session,
    actor: Actor,
    *,
    union: int | None,
    dismissed: bool = False,
    page: int = 1,
    keyword: str = "",
    with_trail: bool = False,
) -> AdministratorsBelow:
    """下级工会权限设置: those of a union below the acting one; `NotFound` out of reach.

    A keyword searches for unions instead. `with_trail` adds what the tree needs to open down to the union.
    """
    number = union or actor.union_id
    selected = session.exec(select_rows(Union).where(Union.id == number, actor.reaches())).first()
    if selected is None:
        raise NotFound
    is_listed = number != actor.union_id and not keyword
    return AdministratorsBelow(
        union=UnionRef(number, selected.name),
        category=selected.category,
        path=references(session, ids_from(actor, selected.path)[:-1]),
        listed=_listed(session, actor, selected, dismissed, page) if is_listed else None,
        trail=trail(session, actor, union=number) if with_trail else None,
        root=get_union(session, actor, union=actor.union_id) if with_trail else None,
        found=search_unions(session, actor, keyword=keyword) if keyword else None,
    )


def _listed(session: Session, actor: Actor, union: Union, dismissed: bool, page: int) -> AdministratorList:
    number, is_above_base = union.id or 0, union.is_above_base
    counted = run(session, _COUNTED, {"union": number}).one()
    pages = max(1, -(-(counted.dismissed if dismissed else counted.live) // PAGE_SIZE))
    at = min(max(page, 1), pages)
    asked = actor.reach_asked() | {"union": number, "offset": (at - 1) * PAGE_SIZE, "limit": PAGE_SIZE}
    rows = run(session, _dismissed() if dismissed else _live(), asked).all()
    offered = existing_at(Permission, is_above_base=is_above_base)
    if union.status == UnionStatus.DISSOLVED:
        offered = frozenset[Permission]()
    return AdministratorList(
        rows=[_row(row, actor, is_above_base=is_above_base) for row in rows],
        live=counted.live,
        dismissed=counted.dismissed,
        page=at,
        pages=pages,
        offered=in_words(offered),
        grantable=in_words(offered & actor.permissions),
    )


@cache
def _live() -> Rows:
    owners_first = case((_GRANTS.c.role == Role.OWNER, 0), else_=1)
    return _grants().where(_GRANTS.c.dismissed_at.is_(None)).order_by(owners_first, _GRANTS.c.id)


@cache
def _dismissed() -> Rows:
    ended = _GRANTS.c.dismissed_at
    return _grants().where(ended.is_not(None)).order_by(ended.desc(), _GRANTS.c.id.desc())


def _grants() -> Rows:
    granter, remover = _ACCOUNTS.alias("granter"), _ACCOUNTS.alias("remover")
    last_seen = select(func.max(_SESSIONS.c.last_seen_at)).where(_SESSIONS.c.account_id == _GRANTS.c.account_id)
    return (
        select(
            _GRANTS,
            *(_ACCOUNTS.c[name] for name in ("name", "phone_enc", "phone_bidx", "disabled_at")),
            _PEOPLE.c.verified_at,
            last_seen.scalar_subquery().label("last_seen_at"),
            granter.c.name.label("granter"),
            _is_told(_GRANTS.c.granted_by_id).label("is_granter_told"),
            remover.c.name.label("remover"),
            _is_told(_GRANTS.c.dismissed_by_id).label("is_remover_told"),
        )
        .join_from(_GRANTS, _ACCOUNTS, _ACCOUNTS.c.id == _GRANTS.c.account_id)
        .join(_PEOPLE, _PEOPLE.c.id == _ACCOUNTS.c.person_id, isouter=True)
        .join(granter, granter.c.id == _GRANTS.c.granted_by_id, isouter=True)
        .join(remover, remover.c.id == _GRANTS.c.dismissed_by_id, isouter=True)
        .where(_GRANTS.c.union_id == bindparam("union"))
        .offset(bindparam("offset"))
        .limit(bindparam("limit"))
    )


def _is_told(account_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether an account's name is for the actor: of who is or was administrator there, or is one within reach."""
    here, reached = _GRANTS.alias(), _GRANTS.alias()
    within = exists().where(
        reached.c.account_id == account_id,
        reached.c.dismissed_at.is_(None),
        _UNIONS.c.id == reached.c.union_id,
        within_asked(_UNIONS.c.path),
    )
    return or_(exists().where(here.c.account_id == account_id, here.c.union_id == bindparam("union")), within)


def _row(row: Row[*tuple[Any, ...]], actor: Actor, *, is_above_base: bool) -> AdministratorRow:
    permissions = effective_permissions(row.permissions, is_above_base=is_above_base)
    is_self = row.account_id == actor.account_id
    return AdministratorRow(
        id=row.id,
        version=row.version,
        name=row.name,
        phone=mask_phone(unseal(ACCOUNT_PHONE, row.phone_enc, row.phone_bidx)),
        role=row.role,
        permissions=in_words(permissions),
        state=_state(row.disabled_at, row.verified_at),
        granted_by=_by(row.granted_by_id, row.account_id, row.granter, row.is_granter_told),
        granted_at=row.granted_at,
        changed_at=row.changed_at,
        last_seen_at=row.last_seen_at,
        dismissed_by=_by(row.dismissed_by_id, row.account_id, row.remover, row.is_remover_told),
        dismissed_at=row.dismissed_at,
        is_self=is_self,
        may_change=not is_self and permissions <= actor.permissions,
    )


def _state(disabled_at: datetime | None, verified_at: datetime | None) -> AdministratorState:
    if disabled_at is not None:
        return AdministratorState.DISABLED
    return AdministratorState.INVITED if verified_at is None else AdministratorState.ACTIVE


def _by(account_id: int | None, holder_id: int, name: str | None, is_told: bool) -> By:
    if account_id is None:
        return By(origin=Origin.PLATFORM)
    if account_id == holder_id:
        return By(origin=Origin.THEMSELVES)
    return By(name=name or "") if is_told else By(origin=Origin.SUPERIOR)

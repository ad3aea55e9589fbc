"""谁可以看到本工会的数据: which administrators, of the union itself and of each superior, see which data of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, case, select
from sqlmodel import Session

from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.paths import ids_of
from gdftu_app.models.people import Person
from gdftu_app.models.tables import Rows, run, table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.unions import references
from gdftu_app.security.actors import GRANT_COUNTS, Actor, effective_permissions, requires
from gdftu_app.security.permissions import CUSTOM_ROLE, ROLE_LABELS, Permission

_GRANTS, _ACCOUNTS, _PEOPLE, _UNIONS = map(table_of, (Administrator, Account, Person, Union))


class DataKind(StrEnum):
    """Kinds of data that a union has here."""

    UNION, REQUESTS, ADMINISTRATORS = "union", "requests", "administrators"
    MEMBERS, NUMBERS, EXPORTS = "members", "numbers", "exports"
    IDENTITIES, JOINING, STATISTICS, AUDIT = "identities", "joining", "statistics", "audit"


@dataclass(frozen=True, slots=True)
class Exposure:
    """A kind of data in words, and the permissions any of which shows it: to the union's own administrators, to those
    of every superior, and to those of the nearest superior besides.
    """

    name: str
    explanation: str
    own: frozenset[Permission]
    superiors: frozenset[Permission] = frozenset()
    nearest: frozenset[Permission] = frozenset()


def _to_all(name: str, explanation: str, permission: Permission) -> Exposure:
    return Exposure(name, explanation, frozenset({permission}), frozenset({permission}))


EXPOSURES: dict[DataKind, Exposure] = {
    DataKind.UNION: Exposure(
        msg("工会信息"),
        msg("登记信息、所属单位，会员数、实名率等汇总数。"),
        frozenset({Permission.UNIONS_VIEW}),
        frozenset({Permission.SUBORDINATES_VIEW}),
    ),
    DataKind.REQUESTS: Exposure(
        msg("登记和变更申请"),
        msg("提交的内容、证件图片和附件。上级中只有负责审核的工会可以看到。"),
        frozenset({Permission.UNIONS_EDIT}),
        nearest=frozenset({Permission.REGISTRATIONS_REVIEW, Permission.CHANGES_REVIEW}),
    ),
    DataKind.ADMINISTRATORS: Exposure(
        msg("管理员名单"),
        msg("管理员的姓名、权限和最近使用时间，手机号只显示一部分。"),
        frozenset({Permission.ADMINISTRATORS_MANAGE}),
        frozenset({Permission.SUBORDINATE_ADMINISTRATORS_MANAGE}),
    ),
    DataKind.MEMBERS: _to_all(
        msg("会员名单"), msg("会员的姓名和会籍信息，手机号和证件号码只显示一部分。"), Permission.MEMBERS_VIEW
    ),
    DataKind.NUMBERS: _to_all(
        msg("会员的完整号码"), msg("逐人查看手机号和证件号码，每次留下理由和记录。"), Permission.MEMBERS_REVEAL
    ),
    DataKind.EXPORTS: _to_all(
        msg("导出的会员名单"), msg("表格形式的会员名单，号码只显示一部分。"), Permission.MEMBERS_EXPORT
    ),
    DataKind.IDENTITIES: _to_all(
        msg("实名人工核验"), msg("等待人工核验的姓名和证件类型，号码只显示一部分。"), Permission.IDENTITIES_CONFIRM
    ),
    DataKind.JOINING: Exposure(
        msg("入会和转会申请"),
        msg("申请人提交的信息。只有本工会可以看到。"),
        frozenset({Permission.JOINS_REVIEW, Permission.TRANSFERS_REVIEW}),
    ),
    DataKind.STATISTICS: _to_all(msg("统计"), msg("会员数据的图表和汇总，不含个人信息。"), Permission.STATISTICS_VIEW),
    DataKind.AUDIT: _to_all(msg("审计记录"), msg("谁在什么时候做了什么。"), Permission.AUDIT_VIEW),
}


@dataclass(frozen=True, slots=True)
class OwnAccess:
    """A kind of data, and the names of the union's own administrators who see it."""

    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuperiorAccess:
    """A superior by name: how many administrators it has, by role, and how many of them see which kinds of data."""

    name: str
    administrators: int
    roles: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class UnionAccess:
    """Who sees the acting union's data; the superiors from the nearest up. Nobody of them is named."""

    administrators: int
    own: list[OwnAccess]
    superiors: list[SuperiorAccess]


@requires(Permission.UNIONS_VIEW)
def access_of_own_union(session: Session, actor: Actor) -> UnionAccess:
    """Who can see the acting union's data at this moment, by the live grants of those who can act."""
    *above, own = ids_of(actor.union_path)
    rows = run(session, _live_grants(), {"unions": [*above, own], "own": own}).all()
    names = {union.id: union.name for union in references(session, above)}
    of_union: dict[int, list[_Holder]] = {number: [] for number in (*above, own)}
    for row in rows:
        of_union[row.union_id].append(_holder(row))
    return UnionAccess(
        administrators=len(of_union[own]),
        own=[
            OwnAccess(kind.value, tuple(holder.name for holder in of_union[own] if holder.permissions & exposure.own))
            for kind, exposure in EXPOSURES.items()
        ],
        superiors=[
            _superior(names[number], of_union[number], is_nearest=place == 0)
            for place, number in enumerate(reversed(above))
        ],
    )


@dataclass(frozen=True, slots=True)
class _Holder:
    """One grant that counts; only holders in the acting union itself are named."""

    name: str
    role: str
    permissions: frozenset[Permission]


def _holder(row: Row[*tuple[Any, ...]]) -> _Holder:
    role = row.role if row.role in ROLE_LABELS else CUSTOM_ROLE
    return _Holder(row.name, role, effective_permissions(row.permissions, is_above_base=row.is_above_base))


def _superior(name: str, holders: list[_Holder], *, is_nearest: bool) -> SuperiorAccess:
    def seeing(exposure: Exposure) -> int:
        shown_by = exposure.superiors | (exposure.nearest if is_nearest else frozenset[Permission]())
        return sum(bool(holder.permissions & shown_by) for holder in holders)

    counts = ((kind.value, seeing(exposure)) for kind, exposure in EXPOSURES.items())
    return SuperiorAccess(
        name=name,
        administrators=len(holders),
        roles=_by_role(holder.role for holder in holders),
        kinds=tuple((kind, count) for kind, count in counts if count),
    )


def _by_role(roles: Iterable[str]) -> tuple[tuple[str, int], ...]:
    counted = Counter(roles)
    return tuple((role, counted[role]) for role in ROLE_LABELS if counted[role])


@cache
def _live_grants() -> Rows:
    """The grants that `security.actors.get_actor` would let act, of some unions."""
    return (
        select(
            _GRANTS.c.union_id,
            case((_GRANTS.c.union_id == bindparam("own"), _ACCOUNTS.c.name), else_="").label("name"),
            _GRANTS.c.role,
            _GRANTS.c.permissions,
            _UNIONS.c.is_above_base,
        )
        .join_from(_GRANTS, _ACCOUNTS, _ACCOUNTS.c.id == _GRANTS.c.account_id)
        .join(_UNIONS, _UNIONS.c.id == _GRANTS.c.union_id)
        .join(_PEOPLE, _PEOPLE.c.id == _ACCOUNTS.c.person_id)
        .where(_GRANTS.c.union_id.in_(bindparam("unions", expanding=True)), GRANT_COUNTS)
        .order_by(_GRANTS.c.id)
    )

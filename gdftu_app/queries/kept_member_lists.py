"""How somebody likes the list of members: filters kept under a name (保存的筛选), and the columns shown (列设置)."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from gdftu_app.models.accounts import Account
from gdftu_app.models.kept_member_lists import KeptMemberList
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission


@dataclass(frozen=True, slots=True)
class KeptList:
    """A filter kept under a name; `query` is what stands in the address of the list."""

    id: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class MemberListHabits:
    """The own filters in the acting union, by name, and the columns chosen; None until something was chosen."""

    kept: list[KeptList]
    columns: list[str] | None


@requires(Permission.MEMBERS_VIEW)
def member_list_habits(session: Session, actor: Actor) -> MemberListHabits:
    """What the actor's account has kept for the list of members."""
    own = select(KeptMemberList).where(
        KeptMemberList.account_id == actor.account_id, KeptMemberList.union_id == actor.union_id
    )
    rows = session.exec(own.order_by(col(KeptMemberList.name), col(KeptMemberList.id)))
    return MemberListHabits(
        kept=[KeptList(row.id or 0, row.name, row.query) for row in rows],
        columns=session.get_one(Account, actor.account_id).member_columns,
    )

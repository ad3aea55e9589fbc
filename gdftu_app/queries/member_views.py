"""What the page of members shows at one moment, read together (会员列表, 手册 十一)."""

from dataclasses import dataclass

from sqlmodel import Session

from gdftu_app.errors import NotFound
from gdftu_app.queries.member_filters import MemberFilter, MemberSort
from gdftu_app.queries.members import EVERYBODY, FIRST_PAGE, MemberPage, PageAsked, list_members
from gdftu_app.queries.union_tree import Trail, trail
from gdftu_app.queries.unions import UnionHead, UnionRef, get_union, reference_within
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission


@dataclass(frozen=True, slots=True)
class MembersView:
    """The members of a union, or of its branch. `trail` and `root` are what the tree needs to open down to it.

    `has_tree` says that there may be unions below the acting one, and that the actor may look at them.
    """

    union: UnionRef
    page: MemberPage
    has_tree: bool
    trail: Trail | None = None
    root: UnionHead | None = None


@requires(Permission.MEMBERS_VIEW)
def view_members(
    session: Session,
    actor: Actor,
    *,
    union: int | None = None,
    below: bool = False,
    wanted: MemberFilter = EVERYBODY,
    sort: MemberSort = MemberSort.NEWEST,
    page: PageAsked = FIRST_PAGE,
    with_trail: bool = False,
) -> MembersView:
    """The members of a union within reach (the acting one for None); raises NotFound."""
    number = union or actor.union_id
    selected = reference_within(session, actor, number)
    if selected is None:
        raise NotFound
    has_tree = actor.is_above_base and actor.may(Permission.SUBORDINATES_VIEW)
    return MembersView(
        union=selected,
        page=list_members(session, actor, union=number, below=below, wanted=wanted, sort=sort, page=page),
        has_tree=has_tree,
        trail=trail(session, actor, union=number) if with_trail and has_tree else None,
        root=get_union(session, actor, union=actor.union_id) if with_trail and has_tree else None,
    )

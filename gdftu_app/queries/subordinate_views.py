"""What the page of subordinate unions shows at one moment, read together (手册 六)."""

from dataclasses import dataclass

from sqlmodel import Session

from gdftu_app.queries.subordinates import SubordinatePage, SubordinateSort, list_subordinates
from gdftu_app.queries.union_details import UnionDetails, get_union_details
from gdftu_app.queries.union_search import SearchPage, search_unions
from gdftu_app.queries.union_tree import Trail, trail
from gdftu_app.queries.unions import UnionHead, get_union
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission


@dataclass(frozen=True, slots=True)
class ListOptions:
    """How a list of subordinates is cut and ordered; `category` and `status` are words, empty for all."""

    sort: SubordinateSort = SubordinateSort.MEMBERS
    descending: bool = True
    page: int = 1
    page_size: int = 20
    category: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class SubordinatesView:
    """A selected union with its direct subordinates, or, for a union that has none by nature, with its details.

    `may_care` says that the actor may establish, move and dissolve unions below.
    """

    head: UnionHead
    listed: SubordinatePage | None
    details: UnionDetails | None
    trail: Trail | None
    root: UnionHead | None
    found: SearchPage | None
    may_care: bool = False


@requires(Permission.SUBORDINATES_VIEW)
def view_subordinates(
    session: Session,
    actor: Actor,
    *,
    union: int | None,
    options: ListOptions,
    keyword: str = "",
    with_trail: bool = False,
) -> SubordinatesView:
    """The view of a union (the acting one for None); `NotFound` out of reach.

    With a keyword the search replaces the list. `with_trail` adds what the tree needs to open down to the union.
    """
    head = get_union(session, actor, union=union or actor.union_id)
    is_listed = head.is_above_base and not keyword
    return SubordinatesView(
        head=head,
        listed=_listed(session, actor, head.id, options) if is_listed else None,
        details=None if head.is_above_base or keyword else get_union_details(session, actor, union=head.id),
        trail=trail(session, actor, union=head.id) if with_trail else None,
        root=_root(session, actor, head) if with_trail else None,
        found=search_unions(session, actor, keyword=keyword, category=options.category, status=options.status)
        if keyword
        else None,
        may_care=actor.may(Permission.UNIONS_EDIT),
    )


def _root(session: Session, actor: Actor, head: UnionHead) -> UnionHead:
    return head if head.id == actor.union_id else get_union(session, actor, union=actor.union_id)


def _listed(session: Session, actor: Actor, union: int, options: ListOptions) -> SubordinatePage:
    return list_subordinates(
        session,
        actor,
        union=union,
        sort=options.sort,
        descending=options.descending,
        page=options.page,
        page_size=options.page_size,
        category=options.category,
        status=options.status,
    )

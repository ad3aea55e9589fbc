"""移动下级工会 (above the manual): a union below the acting one gets another superior, with all that is below it."""

from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import Session, col, select

from gdftu_app.errors import Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.notifications import NotificationKind
from gdftu_app.models.paths import ids_of
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Union, UnionCategory, UnionLevel
from gdftu_app.queries.change_requests import pending_change_of
from gdftu_app.queries.figures import figures_of
from gdftu_app.queries.unions import UnionRef
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission
from gdftu_app.services.audit import record
from gdftu_app.services.notifications import Told, notify_each
from gdftu_app.services.tree_locks import seize_tree
from gdftu_app.services.union_moves import move
from gdftu_app.services.union_rules import SuperiorNotAllowed, require_place_below
from gdftu_app.services.unions_below import subordinate_within_reach, union_within_reach

SUPERIOR = "superior_id"


class MovedMeanwhile(Refusal):
    """The union changed after the preview that the actor agreed to."""

    code = "moved_meanwhile"
    default = msg("该工会刚刚有变动，请重新查看后再移动。")


@dataclass(frozen=True, slots=True)
class MovePreview:
    """What a move would change: `unions` counts the union itself and all below it, `members` all of theirs.

    `waits` says that a change request of the union would go to the new superior; `version` is the union's.
    """

    union: UnionRef
    before: UnionRef
    after: UnionRef
    unions: int
    members: int
    waits: bool
    version: int


@requires(Permission.UNIONS_EDIT)
def preview_move(session: Session, actor: Actor, *, union: int, superior: int) -> MovePreview:
    """What moving a subordinate below another union within reach would change.

    Raises NotFound for unions out of reach and for the acting one itself, SuperiorNotAllowed as `move_below` does.
    """
    actor.require(Permission.SUBORDINATES_VIEW)
    moved, above = subordinate_within_reach(session, actor, union), union_within_reach(session, actor, superior)
    _require_fit(moved, above)
    before = session.get_one(Union, moved.superior_id)
    figures = figures_of(session, union)
    return MovePreview(
        union=UnionRef(union, moved.name),
        before=UnionRef(before.id or 0, before.name),
        after=UnionRef(superior, above.name),
        unions=figures.unions_sub + 1,
        members=figures.members_sub,
        waits=pending_change_of(session, union) is not None,
        version=moved.version,
    )


@requires(Permission.UNIONS_EDIT)
def move_below(session: Session, actor: Actor, *, union: int, superior: int, version: int) -> None:
    """移动: put a subordinate, with everything below it, below another union within reach, the acting one included.

    A change request of the union that waits goes to the new superior; the administrators of all three are told.
    Raises NotFound (out of reach, the acting union itself, dissolved), SuperiorNotAllowed (itself or below it, its
    present superior, one that does not fit), MovedMeanwhile (another `version` than that of the preview).
    """
    actor.require(Permission.SUBORDINATES_VIEW)
    seize_tree(session)
    moved, above = subordinate_within_reach(session, actor, union), union_within_reach(session, actor, superior)
    if moved.version != version:
        raise MovedMeanwhile
    _require_fit(moved, above)
    before = session.get_one(Union, moved.superior_id)
    name, places = moved.name, (UnionRef(before.id or 0, before.name), UnionRef(superior, above.name))
    figures = figures_of(session, union)
    move(session, moved, above)
    handed_on = update(ChangeRequest).where(
        col(ChangeRequest.union_id) == union, col(ChangeRequest.status) == ReviewStatus.PENDING
    )
    session.exec(handed_on.values(reviewing_union_id=superior))
    record(
        session,
        "unions:move",
        actor=actor,
        subject=f"unions:{union}",
        detail={
            "changes": [{"field": "superior", "before": places[0].name, "after": places[1].name}],
            "unions": figures.unions_sub + 1,
            "members": figures.members_sub,
        },
    )
    _tell(session, actor, UnionRef(union, name), *places)


def _require_fit(union: Union, superior: Union) -> None:
    if union.id in ids_of(superior.path):
        raise SuperiorNotAllowed(msg("不能把工会移动到它自己或它的下级工会之下。"), field=SUPERIOR)
    if union.superior_id == superior.id:
        raise SuperiorNotAllowed(msg("所选工会已是当前的上级工会，请选择其他工会。"), field=SUPERIOR)
    require_place_below(UnionCategory(union.category), UnionLevel(union.level), superior)


def _tell(session: Session, actor: Actor, union: UnionRef, before: UnionRef, after: UnionRef) -> None:
    """Tell the administrators of the union moved and of both superiors, each where it may be looked at."""
    links = {union.id: "/union/", before.id: "", after.id: f"/subordinates/?union={union.id}"}
    granted = (
        select(Administrator.account_id, Administrator.union_id)
        .join(Account, col(Account.id) == Administrator.account_id)
        .where(
            col(Administrator.union_id).in_(links),
            col(Administrator.dismissed_at).is_(None),
            col(Account.disabled_at).is_(None),
            col(Account.id) != actor.account_id,
        )
        .order_by(col(Administrator.id))
    )
    values = {"union": union.name, "superior": after.name}
    # Somebody may administer several of the three: told once, about the one that concerns them most.
    told: dict[int, Told] = {}
    for account_id, union_id in sorted(session.exec(granted), key=lambda row: list(links).index(row[1])):
        told.setdefault(account_id, Told(account_id, values, union_id, links[union_id]))
    notify_each(session, NotificationKind.UNION_MOVED, list(told.values()))

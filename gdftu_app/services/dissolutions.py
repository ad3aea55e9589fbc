"""撤销下级工会 (above the manual): a union below the acting one is dissolved once nobody and nothing is left in it."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import one_line
from gdftu_app.models.registrations import Registration
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import UnionStatus
from gdftu_app.queries.change_requests import pending_change_of
from gdftu_app.queries.figures import figures_of
from gdftu_app.queries.unions import UnionRef
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission
from gdftu_app.services.audit import record
from gdftu_app.services.reviews import withdraw
from gdftu_app.services.tree_locks import seize_tree
from gdftu_app.services.unions import StillInUse, dissolve
from gdftu_app.services.unions_below import subordinate_within_reach

TYPED_NAME = "typed_name"


class RegistrationsWaiting(StillInUse):
    """Registrations wait for the union, which nobody could decide any more."""

    code = "registrations_waiting"
    default = msg("还有 {count} 件组织登记等待该工会审核，请先审核，再撤销。")


@dataclass(frozen=True, slots=True)
class DissolutionPreview:
    """What stands in the way of dissolving a union: subordinates, members who count, registrations that wait for it.

    `waits` says that a change request of the union would be withdrawn.
    """

    union: UnionRef
    subordinates: int
    members: int
    registrations: int
    waits: bool


@requires(Permission.UNIONS_EDIT)
def preview_dissolution(session: Session, actor: Actor, *, union: int) -> DissolutionPreview:
    """What stands in the way of dissolving a subordinate; raises NotFound."""
    actor.require(Permission.SUBORDINATES_VIEW)
    found = subordinate_within_reach(session, actor, union)
    figures = figures_of(session, union)
    return DissolutionPreview(
        union=UnionRef(union, found.name),
        subordinates=figures.unions_sub,
        members=figures.members_own,
        registrations=_waiting_registrations(session, union),
        waits=pending_change_of(session, union) is not None,
    )


@requires(Permission.UNIONS_EDIT)
def dissolve_below(session: Session, actor: Actor, *, union: int, typed_name: str) -> None:
    """撤销 a subordinate: its row stays, its code becomes free, its administrators may enter it no more.

    A change request of it that waits is withdrawn. `typed_name` is its name, typed as confirmation.
    Raises NotFound (out of reach, the acting union itself, dissolved), InvalidInput (another name),
    StillInUse while it has members who count or subordinates, RegistrationsWaiting.
    """
    actor.require(Permission.SUBORDINATES_VIEW)
    seize_tree(session)
    found = subordinate_within_reach(session, actor, union)
    if one_line(typed_name) != one_line(found.name):
        raise InvalidInput(msg("与工会名称不一致，请逐字核对。"), field=TYPED_NAME)
    if waiting := _waiting_registrations(session, union):
        raise RegistrationsWaiting(count=waiting)
    before = found.status
    dissolve(session, found)
    request = pending_change_of(session, union)
    if request is not None and withdraw(session, request, account_id=actor.account_id):
        record(session, "changes:withdraw", actor=actor, subject=f"change_requests:{request.id}")
    record(
        session,
        "unions:dissolve",
        actor=actor,
        subject=f"unions:{union}",
        detail={
            "name": found.name,
            "changes": [{"field": "status", "before": before, "after": UnionStatus.DISSOLVED.value}],
        },
    )


def _waiting_registrations(session: Session, union_id: int) -> int:
    waiting = select(func.count()).where(
        col(Registration.reviewing_union_id) == union_id, col(Registration.status) == ReviewStatus.PENDING
    )
    return session.exec(waiting).one()

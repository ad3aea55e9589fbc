"""撤销下级工会 (above the manual): a union below the acting one is dissolved once nobody and nothing is left in it."""

from dataclasses import dataclass

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.identifiers import one_line
from gdftu_app.models.notifications import NotificationKind
from gdftu_app.models.registrations import Registration
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.queries.change_requests import pending_change_of
from gdftu_app.queries.figures import figures_of
from gdftu_app.queries.unions import UnionRef
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission
from gdftu_app.services.audit import record, record_each
from gdftu_app.services.dissolved_applications import close_applications, hand_on_requests
from gdftu_app.services.notifications import Told, notify, notify_each
from gdftu_app.services.reviews import withdraw
from gdftu_app.services.tree_locks import seize_tree
from gdftu_app.services.unions import dissolve
from gdftu_app.services.unions_below import subordinate_within_reach

TYPED_NAME = "typed_name"


@dataclass(frozen=True, slots=True)
class DissolutionPreview:
    """What stands in the way of dissolving a union: subordinates, members who count.

    `registrations` wait for it and would go to its superior; `waits` says that a change request of the union would be
    withdrawn.
    """

    union: UnionRef
    superior: UnionRef
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
    superior = session.get_one(Union, found.superior_id)
    return DissolutionPreview(
        union=UnionRef(union, found.name),
        superior=UnionRef(superior.id or 0, superior.name),
        subordinates=figures.unions_sub,
        members=figures.members_own,
        registrations=_waiting_registrations(session, union),
        waits=pending_change_of(session, union) is not None,
    )


@requires(Permission.UNIONS_EDIT)
def dissolve_below(session: Session, actor: Actor, *, union: int, typed_name: str) -> None:
    """撤销 a subordinate: its row stays, its code becomes free, its administrators may enter it no more.

    A change request of it that waits is withdrawn. Registrations and requests about personal data that wait for it go
    to its superior, applications to join it or to transfer to it are closed, and the applicants are told, as are its
    administrators. `typed_name` is its name, typed as confirmation.
    Raises NotFound (out of reach, the acting union itself, dissolved), InvalidInput (another name),
    StillInUse while it has members who count or subordinates.
    """
    actor.require(Permission.SUBORDINATES_VIEW)
    seize_tree(session)
    found = subordinate_within_reach(session, actor, union)
    if one_line(typed_name) != one_line(found.name):
        raise InvalidInput(msg("与工会名称不一致，请逐字核对。"), field=TYPED_NAME)
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
    _hand_on(session, actor, found)
    hand_on_requests(session, actor, found)
    close_applications(session, actor, found)
    _tell(session, actor, found)


def _hand_on(session: Session, actor: Actor, union: Union) -> None:
    """Let the superior decide what the union can decide no more."""
    superior = session.get_one(Union, union.superior_id)
    waiting = update(Registration).where(
        col(Registration.reviewing_union_id) == union.id, col(Registration.status) == ReviewStatus.PENDING
    )
    columns = (col(Registration.id), col(Registration.submitted_by_id), col(Registration.union_name))
    rows = session.exec(waiting.values(reviewing_union_id=superior.id).returning(*columns)).all()
    record_each(
        session,
        "registrations:hand_on",
        actor=actor,
        details={f"registrations:{number}": {"before": union.name, "after": superior.name} for number, _, _ in rows},
    )
    notify_each(
        session,
        NotificationKind.REGISTRATION_HANDED_ON,
        [
            Told(
                applicant,
                {"superior": union.name, "union": name, "reviewer": superior.name},
                link="/registrations/",
            )
            for _, applicant, name in rows
        ],
    )


def _tell(session: Session, actor: Actor, union: Union) -> None:
    """Tell the administrators why they enter it no more."""
    granted = (
        select(Administrator.account_id)
        .join(Account, col(Account.id) == Administrator.account_id)
        .where(
            Administrator.union_id == union.id,
            col(Administrator.dismissed_at).is_(None),
            col(Account.disabled_at).is_(None),
            col(Account.id) != actor.account_id,
        )
    )
    notify(session, session.exec(granted), NotificationKind.UNION_DISSOLVED, union=union.name)


def _waiting_registrations(session: Session, union_id: int) -> int:
    waiting = select(func.count()).where(
        col(Registration.reviewing_union_id) == union_id, col(Registration.status) == ReviewStatus.PENDING
    )
    return session.exec(waiting).one()

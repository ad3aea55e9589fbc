"""Which members somebody acts on: those within reach can be looked at, the acting union's own can be changed."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from gdftu_app.errors import InvalidInput, NotFound, Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import one_line
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.unions import Union
from gdftu_app.security.actors import Actor

REASON, LONGEST_REASON = "reason", 100


class HasLeft(Refusal):
    """The membership has ended, so there is nothing left to do about it here."""

    code = "has_left"
    default = msg("该会员已不在本工会，不能再办理。")


def member_within_reach(session: Session, actor: Actor, member: int) -> Membership:
    """A membership in the acting union or below; raises NotFound, and HasLeft for one that has ended."""
    membership, _ = _found(session, actor, member)
    return membership


def own_member(session: Session, actor: Actor, member: int) -> Membership:
    """A membership in the acting union itself, for only that union changes it; raises NotFound and HasLeft."""
    membership, union_id = _found(session, actor, member)
    if union_id != actor.union_id:
        raise NotFound
    return membership


def own_members(session: Session, actor: Actor, members: Sequence[int]) -> dict[int, Membership]:
    """Those of the memberships that are, or were, of the acting union itself, as they are now, by their ids."""
    session.flush()
    found = select(Membership).where(col(Membership.id).in_(members), Membership.union_id == actor.union_id)
    rows = session.exec(found.execution_options(populate_existing=True))
    return {membership.id or 0: membership for membership in rows}


def sound_reason(typed: str) -> str:
    """A reason on one line; raises InvalidInput (field `reason`) for none, or one that is too long."""
    reason = one_line(typed)
    if not reason:
        raise InvalidInput(msg("请填写理由。"), field=REASON)
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(msg("理由不能超过 {limit} 个字。"), field=REASON, limit=LONGEST_REASON)
    return reason


def _found(session: Session, actor: Actor, member: int) -> tuple[Membership, int]:
    within = (
        select(Membership)
        .join(Union, col(Union.id) == Membership.union_id)
        .where(Membership.id == member, actor.reaches())
    )
    membership = session.exec(within).first()
    if membership is None:
        raise NotFound
    if membership.status == MembershipStatus.ENDED:
        raise HasLeft
    return membership, membership.union_id

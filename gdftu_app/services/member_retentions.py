"""保留会籍 and 恢复会籍: a member of the acting union who counts no longer for a while, and counts again."""

from sqlmodel import Session

from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission
from gdftu_app.services.audit import record
from gdftu_app.services.members_within import own_member, sound_reason
from gdftu_app.services.memberships import restore, retain


@requires(Permission.MEMBERS_REMOVE)
def retain_member(session: Session, actor: Actor, *, member: int, reason: str) -> None:
    """保留: the membership stays the person's, outside the member count, as when somebody is out of work for long.

    Raises NotFound, HasLeft, MembershipChanged unless the member counts, InvalidInput (field `reason`).
    """
    why = sound_reason(reason)
    retain(session, own_member(session, actor, member), reason=why, operator_id=actor.account_id)
    record(session, "members:retain", actor=actor, subject=f"memberships:{member}", detail={"reason": why})


@requires(Permission.MEMBERS_REMOVE)
def restore_member(session: Session, actor: Actor, *, member: int, reason: str) -> None:
    """恢复: a retained member counts again. Raises what `retain_member` does, MembershipChanged unless retained."""
    why = sound_reason(reason)
    restore(session, own_member(session, actor, member), reason=why, operator_id=actor.account_id)
    record(session, "members:restore", actor=actor, subject=f"memberships:{member}", detail={"reason": why})

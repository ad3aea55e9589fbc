"""Unions that an administrator above the base looks after: those below the acting one, found afresh."""

from sqlmodel import Session, select

from gdftu_app.errors import NotFound
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.security.actors import Actor


def union_within_reach(session: Session, actor: Actor, union_id: int, *, lock: bool = False) -> Union:
    """The union of an id, the acting one or below it, as it is now; raises NotFound.

    With `lock` nobody else who asks so goes on with it until the transaction ends.
    """
    within = select(Union).where(Union.id == union_id, actor.reaches())
    found = session.exec((within.with_for_update() if lock else within).execution_options(populate_existing=True))
    if (union := found.first()) is None:
        raise NotFound
    return union


def subordinate_within_reach(session: Session, actor: Actor, union_id: int) -> Union:
    """A union below the acting one that is not dissolved; raises NotFound, for the acting one itself too."""
    union = union_within_reach(session, actor, union_id)
    if union_id == actor.union_id or union.status == UnionStatus.DISSOLVED:
        raise NotFound
    return union

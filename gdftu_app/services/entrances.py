"""Entering a union (选择工会)."""

from sqlmodel import Session

from gdftu_app.errors import SignedOut
from gdftu_app.models.accounts import Account
from gdftu_app.queries.entrances import Entrance, entrance_of
from gdftu_app.security.actors import get_actor
from gdftu_app.services.audit import record


def enter(session: Session, *, account_id: int, union_id: int) -> Entrance:
    """Act for a union from now on, and offer it first the next time; `NotFound` without a live grant (手册 一.3)."""
    actor = get_actor(session, account_id=account_id, union_id=union_id)
    account = session.get(Account, account_id)
    if account is None:
        raise SignedOut
    account.last_union_id = union_id
    session.add(account)
    record(session, "unions:enter", actor=actor, subject=f"unions:{union_id}")
    session.flush()
    return entrance_of(session, actor)

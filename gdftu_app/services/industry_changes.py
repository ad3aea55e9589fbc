"""Approved changes that make unions be of another industry: compositions follow, with the tree to themselves."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.union_fields import TAKEN_OFF, field_of
from gdftu_app.security.actors import Actor
from gdftu_app.services.composition_shifts import renew_industries, unions_covering


def needs_the_tree(session: Session, actor: Actor, ids: Sequence[int]) -> bool:
    """Whether some of the changes asked for are of industries: they seize the tree before any row is locked."""
    waiting = select(ChangeRequest).where(
        col(ChangeRequest.id).in_(ids),
        ChangeRequest.reviewing_union_id == actor.union_id,
        ChangeRequest.status == ReviewStatus.PENDING,
    )
    return any(_employers_in(request) for request in session.exec(waiting))


def follow_industries(session: Session, request: ChangeRequest) -> None:
    """Bring the industries of all unions up to date that a change concerns, once its employers are as asked for."""
    employers = _employers_in(request)
    if employers:
        others = unions_covering(session, [number for number in employers if number > 0])
        renew_industries(session, {request.union_id, *others})


def _employers_in(request: ChangeRequest) -> list[int]:
    """The employers that are to be of another industry, to be covered (below 0), or to be covered no more."""
    fields = (field_of(change["field"]) for change in request.changes)
    return [
        number
        for field, number in fields
        if number is not None and (number < 0 or field is TAKEN_OFF or field.name == "industry")
    ]

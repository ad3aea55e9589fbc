"""Offers to transfer (转会邀请) that an account's holder may answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.models.memberships import Membership
from gdftu_app.models.transfer_offers import OfferStatus, TransferOffer
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.queries.own_memberships import HELD, own_member
from gdftu_app.queries.superiors import names_above

OFFER_LASTS = timedelta(days=90)
SHOWN_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """A union that asked the person to come; `path` names those above it."""

    id: int
    union_id: int
    union: str
    path: tuple[str, ...]
    offered_at: datetime


def own_offers(session: Session, *, account_id: int) -> list[OwnOffer]:
    """What the person of an account was offered and has not answered, the newest of each union.

    Only a verified person is told, while a member of another union, of unions that still exist. `SignedOut` without an
    account.
    """
    member = own_member(session, account_id=account_id)
    if not member.is_verified:
        return []
    rows = session.exec(
        select(TransferOffer, Union.name, Union.path)
        .join(Union, col(Union.id) == TransferOffer.union_id)
        .join(Membership, col(Membership.person_id) == TransferOffer.person_id)
        .where(
            TransferOffer.person_id == member.person_id,
            TransferOffer.status == OfferStatus.OPEN,
            col(TransferOffer.offered_at) > now() - OFFER_LASTS,
            col(Membership.status).in_(HELD),
            col(Membership.union_id) != TransferOffer.union_id,
            Union.status == UnionStatus.ACTIVE,
        )
        .order_by(col(TransferOffer.id))
    ).all()
    latest = {offer.union_id: (offer, name, path) for offer, name, path in rows}
    above = names_above(session, [path for _, _, path in latest.values()])
    offers = [
        OwnOffer(offer.id or 0, offer.union_id, name, above[path], offer.offered_at)
        for offer, name, path in latest.values()
    ]
    return sorted(offers, key=lambda offer: offer.id, reverse=True)[:SHOWN_AT_MOST]

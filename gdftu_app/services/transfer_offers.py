"""Offering a transfer (转会邀请): a union asks members of other unions to come; only their own word moves them."""

from collections.abc import Collection

from sqlalchemy import Update, update
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.errors import NotFound, Refusal
from gdftu_app.i18n import msg, render
from gdftu_app.models.accounts import Account
from gdftu_app.models.memberships import Membership
from gdftu_app.models.tables import table_of
from gdftu_app.models.transfer_offers import OfferStatus, TransferOffer
from gdftu_app.models.unions import Union
from gdftu_app.queries.accounts import phone_of
from gdftu_app.queries.own_memberships import own_member
from gdftu_app.queries.transfer_offers import OFFER_LASTS, own_offers
from gdftu_app.services.applications import require_person
from gdftu_app.services.audit import record
from gdftu_app.services.many_rows import write_rows
from gdftu_app.services.membership_rows import CURRENT
from gdftu_app.services.outbox import post
from gdftu_app.services.passwords import NOTICE_USEFUL_FOR
from gdftu_app.services.transfer_applications import LONGEST_PURPOSE, apply_to_transfer
from gdftu_app.services.turns import take_turns

OFFERED_PURPOSE = "transfer_offered"
_TEXT = msg("【粤工惠】「{union}」邀请你把会籍转入该工会。请登录粤工惠「我的会籍」查看，同意或不同意。")
_PURPOSE = msg("应「{union}」邀请转入")


class OfferAnswered(Refusal):
    """The offer was answered already, or may not be answered any more."""

    code = "offer_answered"
    default = msg("这份转会邀请已经失效，请刷新后再看。")


def offer_transfers(session: Session, union: Union, people: Collection[int], *, operator_id: int) -> set[int]:
    """Offer people, by their ids, a transfer to a union; who was offered one.

    Passed over are those who are members of no other union now, and whoever this union asked within the last 90 days,
    whatever they answered. Whoever has an account is told by text message; the others see it once they have.
    """
    take_turns(session, "transfer offers", str(union.id))
    elsewhere = select(Membership.person_id).where(
        col(Membership.person_id).in_(people),
        col(Membership.status).in_(CURRENT),
        col(Membership.union_id) != union.id,
    )
    asked = select(TransferOffer.person_id).where(
        col(TransferOffer.person_id).in_(people),
        col(TransferOffer.union_id) == union.id,
        col(TransferOffer.offered_at) > now() - OFFER_LASTS,
    )
    offered = set(session.exec(elsewhere)) - set(session.exec(asked))
    session.exec(_open(offered, union.id or 0).values(status=OfferStatus.LAPSED))
    fixed = {"union_id": union.id, "offered_by_id": operator_id, "status": OfferStatus.OPEN, "offered_at": now()}
    write_rows(session, table_of(TransferOffer), [{"person_id": number, **fixed} for number in sorted(offered)])
    holders = select(Account).where(col(Account.person_id).in_(offered), col(Account.disabled_at).is_(None))
    values = {"union": union.name}
    for account in session.exec(holders.order_by(col(Account.id))):
        words = render(_TEXT, account.language, **values)
        post(session, phone_of(account), OFFERED_PURPOSE, words, values, useful_for=NOTICE_USEFUL_FOR)
    return offered


def accept_offer(session: Session, *, account_id: int, offer_id: int) -> int:
    """同意转入: the person applies to transfer to the union that asked; the id of the application, which it decides.

    Raises `SignedOut`, `NotVerified`, `NotFound` for anybody else's, `OfferAnswered`, and as `apply_to_transfer` does.
    """
    require_person(session, account_id)
    offer = _own(session, account_id, offer_id)
    union = session.get_one(Union, offer.union_id)
    purpose = render(_PURPOSE, union=union.name)[:LONGEST_PURPOSE]
    application = apply_to_transfer(session, account_id=account_id, union_id=offer.union_id, purpose=purpose)
    _answer(session, account_id, offer, status=OfferStatus.ACCEPTED, application_id=application)
    return application


def decline_offer(session: Session, *, account_id: int, offer_id: int) -> None:
    """不同意转入: the union does not ask again for a while. Raises `SignedOut`, `NotFound`, `OfferAnswered`."""
    _answer(session, account_id, _own(session, account_id, offer_id), status=OfferStatus.DECLINED)


def _own(session: Session, account_id: int, offer_id: int) -> TransferOffer:
    member = own_member(session, account_id=account_id)
    offer = session.get(TransferOffer, offer_id, populate_existing=True)
    if offer is None or not member.is_verified or offer.person_id != member.person_id:
        raise NotFound
    if offer_id not in {one.id for one in own_offers(session, account_id=account_id)}:
        raise OfferAnswered
    return offer


def _answer(session: Session, account_id: int, offer: TransferOffer, **values: object) -> None:
    # Records that were merged may have brought two offers of one union together.
    if session.exec(_open([offer.person_id], offer.union_id).values(answered_at=now(), **values)).rowcount == 0:
        raise OfferAnswered
    subject, detail = f"transfer_offers:{offer.id}", {"status": str(values["status"]), "union": offer.union_id}
    record(session, "transfer_offers:answer", account_id=account_id, subject=subject, detail=detail)


def _open(people: Collection[int], union_id: int) -> Update:
    return update(TransferOffer).where(
        col(TransferOffer.person_id).in_(people),
        col(TransferOffer.union_id) == union_id,
        col(TransferOffer.status) == OfferStatus.OPEN,
    )

"""Deliveries of the outbox: which messages are offered to the gateway, and what its answers mean (decision 0010)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.integrations.sms import Delivery, DeliveryStatus, SmsGateway, TextMessage
from gdftu_app.models.records import OutboxFailure, OutboxMessage, OutboxStatus
from gdftu_app.queries.outbox import open_message
from gdftu_app.security.personal_data import Unsealable

log = logging.getLogger(__name__)
LOCAL = "local"
MAX_ATTEMPTS = 10
FIRST_DELAY, GROWTH = timedelta(seconds=5), 3
# A batch is at most two rounds of calls, each of connecting, sending and answering.
STEPS_OF_A_BATCH, MARGIN = 2 * 3, timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """A message in this worker's hands; the number of the attempt tells its claim from any later one."""

    message_id: int
    attempt: int
    message: TextMessage


def claim(session: Session, gateway: SmsGateway, limit: int) -> list[Claim]:
    """Take up to `limit` messages that are due, the oldest first, and note so; two workers never take the same.

    Settles on the way what cannot be offered: what is useless by now, void because of a newer one, or unreadable, and
    what a lost worker held. With the local gateway the last is offered again; a real one may have sent it.
    """
    moment = now()
    due = (
        select(OutboxMessage)
        .where(
            ((col(OutboxMessage.status) == OutboxStatus.WAITING) & (col(OutboxMessage.next_at) <= moment))
            | (
                (col(OutboxMessage.status) == OutboxStatus.SENDING)
                & (col(OutboxMessage.claimed_at) <= moment - _claim_lasts())
            )
        )
        .order_by(col(OutboxMessage.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    found = session.exec(due).all()
    newest = _newest_of_series(session, found)
    taken: list[Claim] = []
    for message in found:
        claimed = _take(message, gateway, moment, newest)
        if claimed is None:
            _tell(message)
        else:
            taken.append(claimed)
    session.flush()
    return taken


def claim_now(session: Session, gateway: SmsGateway, message: OutboxMessage) -> Claim:
    """Take a message that was just written, before any worker can."""
    opened = open_message(message)
    _note(message, gateway, now())
    session.flush()
    return Claim(message.id or 0, message.attempts, opened)


def offer(gateway: SmsGateway, claimed: Claim) -> Delivery:
    """Give a message to the gateway, outside any transaction; an error inside the gateway counts as no answer."""
    try:
        return gateway.send(claimed.message)
    except Exception as reason:
        return Delivery(DeliveryStatus.UNCERTAIN, type(reason).__name__)


def settle(session: Session, answers: Sequence[tuple[Claim, Delivery]], *, again: bool = True) -> None:
    """Note what became of the messages; `again` lets those refused for now wait for another attempt.

    Only the claim that is still the latest counts.
    """
    by_id = {claimed.message_id: (claimed, delivery) for claimed, delivery in answers}
    held = select(OutboxMessage).where(col(OutboxMessage.id).in_(by_id)).with_for_update()
    for message in session.exec(held.execution_options(populate_existing=True)).all():
        claimed, delivery = by_id[message.id or 0]
        if message.attempts == claimed.attempt and message.status in (OutboxStatus.SENDING, OutboxStatus.UNCERTAIN):
            _conclude(message, delivery, again=again)
            _tell(message)
    session.flush()


def _newest_of_series(session: Session, found: Sequence[OutboxMessage]) -> dict[tuple[str, str], int]:
    """The newest message of each phone and series among these: the earlier ones are void."""
    phones = {message.phone_bidx for message in found if message.series}
    if not phones:
        return {}
    newest = (
        select(OutboxMessage.phone_bidx, OutboxMessage.series, func.max(OutboxMessage.id))
        .where(col(OutboxMessage.phone_bidx).in_(phones), OutboxMessage.series != "")
        .group_by(col(OutboxMessage.phone_bidx), col(OutboxMessage.series))
    )
    return {(phone, series): last or 0 for phone, series, last in session.exec(newest).all()}


def _take(
    message: OutboxMessage, gateway: SmsGateway, moment: datetime, newest: dict[tuple[str, str], int]
) -> Claim | None:
    if message.status == OutboxStatus.SENDING and message.gateway != LOCAL:
        return _end(message, OutboxStatus.UNCERTAIN, OutboxFailure.INTERRUPTED)
    if message.useless_at <= moment:
        return _end(message, OutboxStatus.FAILED, OutboxFailure.EXPIRED)
    if newest.get((message.phone_bidx, message.series), message.id) != message.id:
        return _end(message, OutboxStatus.FAILED, OutboxFailure.SUPERSEDED)
    if message.attempts >= MAX_ATTEMPTS:
        return _end(message, OutboxStatus.FAILED, OutboxFailure.EXHAUSTED)
    try:
        opened = open_message(message)
    except Unsealable:
        return _end(message, OutboxStatus.FAILED, OutboxFailure.UNREADABLE)
    _note(message, gateway, moment)
    return Claim(message.id or 0, message.attempts, opened)


def _note(message: OutboxMessage, gateway: SmsGateway, moment: datetime) -> None:
    message.status, message.claimed_at = OutboxStatus.SENDING, moment
    message.attempts += 1
    message.gateway, message.gateway_code, message.gateway_request = gateway.name, "", ""


def _conclude(message: OutboxMessage, delivery: Delivery, *, again: bool) -> None:
    message.gateway_code, message.gateway_request = delivery.code, delivery.request
    match delivery.status:
        case DeliveryStatus.ACCEPTED:
            message.status, message.claimed_at, message.failure = OutboxStatus.SENT, None, None
            message.delivered_at = now()
        case DeliveryStatus.REFUSED:
            _end(message, OutboxStatus.FAILED, OutboxFailure.REFUSED)
        case DeliveryStatus.UNCERTAIN:
            _end(message, OutboxStatus.UNCERTAIN, OutboxFailure.UNANSWERED)
        case DeliveryStatus.LATER:
            next_at = now() + FIRST_DELAY * GROWTH ** (message.attempts - 1)
            if not again or message.attempts >= MAX_ATTEMPTS or next_at >= message.useless_at:
                _end(message, OutboxStatus.FAILED, OutboxFailure.EXHAUSTED)
            else:
                message.status, message.claimed_at, message.failure = OutboxStatus.WAITING, None, None
                message.next_at = next_at


def _end(message: OutboxMessage, status: OutboxStatus, failure: OutboxFailure) -> None:
    message.status, message.failure, message.claimed_at = status, failure, None


def _claim_lasts() -> timedelta:
    return MARGIN + STEPS_OF_A_BATCH * timedelta(seconds=settings().gateway_timeout_seconds)


def _tell(message: OutboxMessage) -> None:
    if message.status != OutboxStatus.SENT:
        log.warning(
            "message %s (%s): %s %s after %s attempts; gateway %s, code %s, request %s",
            message.id,
            message.purpose,
            message.status,
            message.failure or "",
            message.attempts,
            message.gateway or "-",
            message.gateway_code or "-",
            message.gateway_request or "-",
        )

"""The outbox (待发消息): written in the transaction that causes a message, delivered after it (design §1)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import exists, insert, literal
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.db import unit_of_work
from gdftu_app.integrations.sms import DeliveryFailed, SmsGateway, gateway_named
from gdftu_app.models.accounts import Account
from gdftu_app.models.records import OutboxMessage, OutboxStatus
from gdftu_app.queries.outbox import BODY, PHONE
from gdftu_app.security.personal_data import Unsealable, seal, unseal

MAX_ATTEMPTS = 3
RETRY_AFTER = timedelta(minutes=1)
USELESS_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Handed:
    message_id: int
    phone: str = field(repr=False)
    text: str = field(repr=False)


def post(session: Session, phone: str, purpose: str, text: str) -> None:
    """Write a message to a phone (E.164) into the transaction at hand; phone and text are sealed."""
    sealed = seal(PHONE, phone)
    body = seal(BODY, text, index=sealed.bidx)
    session.add(OutboxMessage(phone_enc=sealed.enc, phone_bidx=sealed.bidx, body_enc=body.enc, purpose=purpose))


def post_to_account(session: Session, phone: str, purpose: str, text: str) -> None:
    """The same, but only when an enabled account has the phone; the work is the same whether one has or not."""
    sealed = seal(PHONE, phone)
    body = seal(BODY, text, index=sealed.bidx)
    message = OutboxMessage(phone_enc=sealed.enc, phone_bidx=sealed.bidx, body_enc=body.enc, purpose=purpose)
    table = OutboxMessage.metadata.tables["outbox"]
    values = message.model_dump(exclude={"id"})
    known = exists().where(col(Account.phone_bidx) == sealed.bidx, col(Account.disabled_at).is_(None))
    row = select(*(literal(value, table.c[name].type) for name, value in values.items())).where(known)
    session.exec(insert(OutboxMessage).from_select(list(values), row))


def deliver_waiting(
    *,
    unit: Callable[[], AbstractContextManager[Session]] = unit_of_work,
    gateway: SmsGateway | None = None,
    limit: int = 100,
) -> int:
    """Hand the waiting messages to the gateway, the oldest first; how many were delivered.

    They are claimed in one transaction and settled in another: the gateway is called in neither. A claim lasts a
    minute, so what a killed worker held is offered again. After three tries or ten minutes a message has failed.
    """
    sender = gateway or gateway_named(settings().sms_gateway)
    with unit() as session:
        handed = _claim(session, limit)
    delivered = [message.message_id for message in handed if _sent(sender, message)]
    if delivered:
        with unit() as session:
            _settle(session, delivered)
    return len(delivered)


def _claim(session: Session, limit: int) -> list[_Handed]:
    moment = now()
    due = (
        select(OutboxMessage)
        .where(
            OutboxMessage.status == OutboxStatus.WAITING,
            col(OutboxMessage.delivered_at).is_(None) | (col(OutboxMessage.delivered_at) <= moment - RETRY_AFTER),
        )
        .order_by(col(OutboxMessage.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    handed: list[_Handed] = []
    for message in session.exec(due).all():
        opened = _open(message)
        if opened is None or message.attempts >= MAX_ATTEMPTS or message.created_at <= moment - USELESS_AFTER:
            message.status = OutboxStatus.FAILED
            continue
        message.attempts += 1
        message.delivered_at = moment
        handed.append(opened)
    session.flush()
    return handed


def _open(message: OutboxMessage) -> _Handed | None:
    try:
        phone = unseal(PHONE, message.phone_enc, message.phone_bidx)
        return _Handed(message.id or 0, phone, unseal(BODY, message.body_enc, message.phone_bidx))
    except Unsealable:
        return None


def _sent(gateway: SmsGateway, message: _Handed) -> bool:
    try:
        gateway.send(message.phone, message.text)
    except DeliveryFailed:
        return False
    return True


def _settle(session: Session, delivered: list[int]) -> None:
    for message in session.exec(select(OutboxMessage).where(col(OutboxMessage.id).in_(delivered))).all():
        message.status = OutboxStatus.SENT
        message.delivered_at = now()
    session.flush()

"""The outbox (待发消息): written in the transaction that causes a message, delivered after it (design §1)."""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from functools import partial
from typing import Any, TypeAlias

from sqlalchemy import exists, insert, literal, true
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.db import unit_of_work
from gdftu_app.integrations.sms import Delivery, DeliveryStatus, SmsGateway, sms_gateway
from gdftu_app.models.accounts import Account
from gdftu_app.models.records import OutboxMessage, OutboxStatus
from gdftu_app.models.tables import table_of
from gdftu_app.queries.outbox import BODY, PHONE
from gdftu_app.security.personal_data import Sealer
from gdftu_app.services.deliveries import Claim, claim, claim_now, offer, settle
from gdftu_app.services.many_rows import write_rows

USEFUL_FOR = timedelta(minutes=10)
BATCH = 16
Units: TypeAlias = Callable[[], AbstractContextManager[Session]]


class Recipients(Enum):
    """Whose phone a message may go to; the work is the same whether it goes or not."""

    ANYBODY = auto()
    ACCOUNTS = auto()
    """Only the phone of an enabled account."""
    NEWCOMERS = auto()
    """Only a phone that no account has, enabled or not."""
    NOT_DISABLED = auto()
    """Any phone but that of a disabled account."""


@dataclass(frozen=True, slots=True)
class Message:
    """A text for a phone (E.164), and the `values` that gateways put into their template by name."""

    phone: str
    text: str
    values: Mapping[str, str] = field(default_factory=dict[str, str])


def post(
    session: Session,
    phone: str,
    purpose: str,
    text: str,
    values: Mapping[str, str] | None = None,
    *,
    to: Recipients = Recipients.ANYBODY,
    useful_for: timedelta = USEFUL_FOR,
    series: str = "",
) -> None:
    """Write a message to a phone (E.164) into the transaction at hand; phone, text and values are sealed.

    Real gateways put the `values`, by name, into the template that is configured for the purpose; the local one shows
    the text. A message that could not go within `useful_for` is not sent any more, nor one of a named `series` (codes
    that make each other void) once a later one of the series was posted to the phone.
    """
    sealed = _sealed([Message(phone, text, values or {})], purpose, useful_for, series)[0]
    holder = exists().where(col(Account.phone_bidx) == sealed["phone_bidx"])
    disabled = col(Account.disabled_at)
    condition = {
        Recipients.ANYBODY: true(),
        Recipients.ACCOUNTS: holder.where(disabled.is_(None)),
        Recipients.NEWCOMERS: ~holder,
        Recipients.NOT_DISABLED: ~holder.where(disabled.is_not(None)),
    }[to]
    columns = table_of(OutboxMessage).c
    row = select(*(literal(value, columns[name].type) for name, value in sealed.items())).where(condition)
    session.exec(insert(OutboxMessage).from_select(list(sealed), row))


def post_each(
    session: Session, messages: Sequence[Message], purpose: str, *, useful_for: timedelta = USEFUL_FOR
) -> None:
    """The same for many messages at once, to anybody."""
    write_rows(session, table_of(OutboxMessage), _sealed(messages, purpose, useful_for))


def _sealed(
    messages: Sequence[Message], purpose: str, useful_for: timedelta = USEFUL_FOR, series: str = ""
) -> list[dict[str, Any]]:
    phones, bodies, moment = Sealer(PHONE), Sealer(BODY), now()
    rows: list[dict[str, Any]] = []
    for message in messages:
        phone = phones.seal(message.phone)
        body = json.dumps({"text": message.text, "values": dict(message.values)}, ensure_ascii=False)
        rows.append(
            {
                "phone_enc": phone.enc,
                "phone_bidx": phone.bidx,
                "body_enc": bodies.seal(body, index=phone.bidx).enc,
                "purpose": purpose,
                "series": series,
                "status": OutboxStatus.WAITING,
                "attempts": 0,
                "created_at": moment,
                "next_at": moment,
                "useless_at": moment + useful_for,
                **dict.fromkeys(("gateway", "gateway_code", "gateway_request"), ""),
            }
        )
    return rows


def deliver_waiting(*, unit: Units = unit_of_work, gateway: SmsGateway | None = None, limit: int = 100) -> int:
    """Offer the messages that are due to the gateway, the oldest first; how many it accepted.

    They are claimed in one transaction and settled in another: the gateway is called in neither, and no message is
    offered by two workers (decision 0010). A batch of which nothing was accepted ends the round, so that a gateway in
    trouble does not hold up the worker.
    """
    sender = gateway or sms_gateway(settings())
    accepted, left = 0, limit
    while left > 0:
        with unit() as session:
            claims = claim(session, sender, min(left, BATCH))
        if not claims:
            break
        took = _delivered(unit, sender, claims)
        accepted, left = accepted + took, left - len(claims)
        if not took:
            break
    return accepted


def _delivered(unit: Units, sender: SmsGateway, claims: list[Claim]) -> int:
    with ThreadPoolExecutor(max_workers=sender.at_once, thread_name_prefix="sms") as pool:
        answers = list(pool.map(partial(offer, sender), claims))
    with unit() as session:
        settle(session, list(zip(claims, answers, strict=True)))
    return sum(answer.status is DeliveryStatus.ACCEPTED for answer in answers)


def deliver_now(
    phone: str, purpose: str, text: str, values: Mapping[str, str] | None = None, *, unit: Units = unit_of_work
) -> Delivery:
    """Post a message and offer it at once, once; the gateway's answer. For the operator's test message."""
    sender = sms_gateway(settings())
    with unit() as session:
        message = OutboxMessage(**_sealed([Message(phone, text, values or {})], purpose)[0])
        session.add(message)
        claimed = claim_now(session, sender, message)
    answer = offer(sender, claimed)
    with unit() as session:
        settle(session, [(claimed, answer)], again=False)
    return answer

"""The outbox (待发消息) as its operator reads it with the local gateway."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from gdftu_app.integrations.sms import TextMessage
from gdftu_app.models.identifiers import mask_phone, national_phone, normalise_phone
from gdftu_app.models.records import OutboxMessage
from gdftu_app.security.keys import blind_index
from gdftu_app.security.personal_data import unseal

PHONE, BODY = "outbox.phone", "outbox.body"


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message; its phone is masked unless the messages of that phone were asked for."""

    at: datetime
    phone: str
    purpose: str
    status: str
    text: str


def list_messages(session: Session, *, phone: str = "", limit: int = 20) -> list[MessageRow]:
    """Messages, the newest first; of one phone only when it is given, or `InvalidInput` when it is no phone."""
    normal = normalise_phone(phone) if phone else ""
    newest = select(OutboxMessage).order_by(col(OutboxMessage.id).desc()).limit(limit)
    if normal:
        newest = newest.where(OutboxMessage.phone_bidx == blind_index("phone", normal))
    return [_row(message, plain=bool(normal)) for message in session.exec(newest).all()]


def open_message(message: OutboxMessage) -> TextMessage:
    """What is sealed in a row; raises `Unsealable`."""
    phone = unseal(PHONE, message.phone_enc, message.phone_bidx)
    body = json.loads(unseal(BODY, message.body_enc, message.phone_bidx))
    return TextMessage(phone=phone, purpose=message.purpose, text=body["text"], values=body["values"])


def _row(message: OutboxMessage, *, plain: bool) -> MessageRow:
    opened = open_message(message)
    return MessageRow(
        at=message.created_at,
        phone=national_phone(opened.phone) if plain else mask_phone(opened.phone),
        purpose=message.purpose,
        status=message.status,
        text=opened.text,
    )

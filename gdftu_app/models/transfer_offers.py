"""Offers to transfer (转会邀请): a union asks a member of another one to come (decision 0029)."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from gdftu_app.clock import now
from gdftu_app.i18n import msg
from gdftu_app.models.types import BigId, Moment, Word, one_of


class OfferStatus(StrEnum):
    """What became of an offer; `lapsed` when nobody answered in time."""

    OPEN, ACCEPTED, DECLINED, LAPSED = "open", "accepted", "declined", "lapsed"


OFFER_STATUS_LABELS: dict[str, str] = {
    OfferStatus.OPEN: msg("待答复"),
    OfferStatus.ACCEPTED: msg("已同意"),
    OfferStatus.DECLINED: msg("未同意"),
    OfferStatus.LAPSED: msg("已过期"),
}


class TransferOffer(SQLModel, table=True):
    """转会邀请: moves nobody; `application_id` is the application to transfer that acceptance made of it."""

    __tablename__: ClassVar[Any] = "transfer_offers"
    __table_args__ = (
        one_of("status", OfferStatus),
        CheckConstraint("(answered_at IS NULL) = (status IN ('open', 'lapsed'))", name="answered_when"),
        CheckConstraint("(application_id IS NOT NULL) = (status = 'accepted')", name="acceptance_applies"),
        Index("ix_transfer_offers_person", "person_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="persons.id", sa_type=BigId)
    union_id: int = Field(foreign_key="unions.id")
    offered_by_id: int = Field(foreign_key="accounts.id")
    status: str = Field(default=OfferStatus.OPEN, sa_type=Word)
    offered_at: datetime = Field(default_factory=now, sa_type=Moment)
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
    application_id: int | None = Field(default=None, foreign_key="transfer_applications.id", sa_type=BigId)

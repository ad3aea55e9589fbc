"""Records: messages to be delivered (outbox), tokens of gateways, and the audit trail with its hash chain."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from gdftu_app.clock import now
from gdftu_app.models.types import BigId, Digest, Json, Moment, Name, Sealed, Word, one_of

# What the history of a union is made of: entries about the union itself, without who looked in.
UNION_HISTORY = "subject LIKE 'unions:%' AND verb <> 'unions:enter'"
# Whose numbers were looked at in plain: told to those whose they are.
REVEALS = "verb = 'members:reveal'"


class OutboxStatus(StrEnum):
    """How far a message has come; `uncertain` ones may have reached the phone and are never offered again."""

    WAITING, SENDING, SENT, FAILED, UNCERTAIN = "waiting", "sending", "sent", "failed", "uncertain"


class OutboxFailure(StrEnum):
    """Why a message was not sent, or is not known to be; none of them says anything about whom it was for.

    `refused`: for good, by the gateway. `exhausted`: refused for now, once too often. `expired`: useless by the time
    it could go. `superseded`: a newer one of its series made it void. `unreadable`: sealed with a key that is
    gone, or moved to another phone. `unanswered`: the gateway's answer was lost. `interrupted`: the worker was lost
    while the gateway had it.
    """

    REFUSED, EXHAUSTED, EXPIRED = "refused", "exhausted", "expired"
    SUPERSEDED, UNREADABLE = "superseded", "unreadable"
    UNANSWERED, INTERRUPTED = "unanswered", "interrupted"


class OutboxMessage(SQLModel, table=True):
    """待发消息: written with what caused it, delivered afterwards by the worker; text and values are sealed as one."""

    __tablename__: ClassVar[Any] = "outbox"
    __table_args__ = (
        one_of("status", OutboxStatus),
        CheckConstraint("(status = 'sending') = (claimed_at IS NOT NULL)", name="claimed_when"),
        CheckConstraint("(status = 'sent') = (delivered_at IS NOT NULL)", name="delivered_when"),
        CheckConstraint(
            "(status IN ('failed', 'uncertain')) = (failure IS NOT NULL)"
            " AND (status <> 'failed' OR failure IN ('refused', 'exhausted', 'expired', 'superseded', 'unreadable'))"
            " AND (status <> 'uncertain' OR failure IN ('unanswered', 'interrupted'))",
            name="failure_told",
        ),
        CheckConstraint("attempts >= 0", name="attempts_count"),
        Index("ix_outbox_phone", "phone_bidx", "id"),
        Index("ix_outbox_status", "status", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    phone_enc: str = Field(sa_type=Sealed)
    phone_bidx: str = Field(sa_type=Digest)
    body_enc: str = Field(sa_type=Sealed)
    purpose: str = Field(sa_type=Word)
    series: str = Field(default="", sa_type=Word)
    status: str = Field(default=OutboxStatus.WAITING, sa_type=Word)
    attempts: int = 0
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    next_at: datetime = Field(default_factory=now, sa_type=Moment)
    useless_at: datetime = Field(sa_type=Moment)
    claimed_at: datetime | None = Field(default=None, sa_type=Moment)
    delivered_at: datetime | None = Field(default=None, sa_type=Moment)
    failure: str | None = Field(default=None, sa_type=Word)
    gateway: str = Field(default="", sa_type=Word)
    gateway_code: str = Field(default="", sa_type=Name)
    gateway_request: str = Field(default="", sa_type=Name)


class GatewayToken(SQLModel, table=True):
    """A token that a gateway lent to the whole installation, sealed; one row a client (`wechat:` and its app id)."""

    __tablename__: ClassVar[Any] = "gateway_tokens"

    client: str = Field(primary_key=True, sa_type=Name)
    token_enc: str = Field(sa_type=Sealed)
    expires_at: datetime = Field(sa_type=Moment)


class AuditEntry(SQLModel, table=True):
    """审计记录: who did what to which row. Written with the change it describes and never changed again."""

    __tablename__: ClassVar[Any] = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_union_at", "union_id", "at"),
        Index("ix_audit_entries_account_at", "account_id", "at"),
        Index(
            "ix_audit_entries_union_history",
            "subject",
            "id",
            postgresql_where=text(UNION_HISTORY),
            sqlite_where=text(UNION_HISTORY),
        ),
        Index(
            "ix_audit_entries_reveals",
            "subject",
            "id",
            postgresql_where=text(REVEALS),
            sqlite_where=text(REVEALS),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    at: datetime = Field(default_factory=now, sa_type=Moment)
    verb: str = Field(sa_type=Name)
    account_id: int | None = Field(default=None)
    union_id: int | None = Field(default=None)
    subject: str = Field(default="", sa_type=Name)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    request_id: str = Field(default="", sa_type=Word)
    address: str = Field(default="")


class AuditSeal(SQLModel, table=True):
    """One link of the hash chain over the audit entries, in the order the worker sealed them."""

    __tablename__: ClassVar[Any] = "audit_seals"

    seq: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})
    entry_id: int = Field(foreign_key="audit_entries.id", unique=True, sa_type=BigId)
    hash: str = Field(sa_type=Digest)

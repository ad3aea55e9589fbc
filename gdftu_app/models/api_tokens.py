"""Tokens of mini-programs and other clients of the API, and the answers that are kept for repeated writes."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from gdftu_app.clock import now
from gdftu_app.models.types import BigId, Digest, Json, Moment


class ApiToken(SQLModel, table=True):
    """令牌: a client that an account is signed in with; known by its hash only (decision 0024)."""

    __tablename__: ClassVar[Any] = "api_tokens"
    __table_args__ = (Index("ix_api_tokens_account", "account_id"), Index("ix_api_tokens_expires_at", "expires_at"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    token_hash: str = Field(sa_type=Digest, unique=True)
    account_id: int = Field(foreign_key="accounts.id")
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    last_seen_at: datetime = Field(default_factory=now, sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    address: str = Field(default="")
    user_agent: str = Field(default="")


class ApiAnswer(SQLModel, table=True):
    """What a write was answered, kept under its `Idempotency-Key`; `asked` is a digest of the request."""

    __tablename__: ClassVar[Any] = "api_answers"
    __table_args__ = (Index("ix_api_answers_created_at", "created_at"),)

    key: str = Field(primary_key=True, sa_type=Digest)
    asked: str = Field(sa_type=Digest)
    status: int
    body: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)

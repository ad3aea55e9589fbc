"""Accounts (账号), their grants (管理员), sessions, sign-in codes and failures."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from gdftu_app.clock import now
from gdftu_app.models.types import BigId, Digest, Json, Moment, Name, Sealed, Word, one_of


class Account(SQLModel, table=True):
    """账号: what signs in; its phone is sealed and found by its blind index."""

    __tablename__: ClassVar[Any] = "accounts"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_type=Name)
    phone_enc: str = Field(sa_type=Sealed)
    phone_bidx: str = Field(sa_type=Digest, unique=True)
    password_hash: str | None = Field(default=None)
    password_changed_at: datetime | None = Field(default=None, sa_type=Moment)
    person_id: int | None = Field(default=None, foreign_key="persons.id", unique=True, sa_type=BigId)
    is_demo: bool = False
    disabled_at: datetime | None = Field(default=None, sa_type=Moment)
    last_union_id: int | None = Field(default=None, foreign_key="unions.id")
    language: str = Field(default="zh-CN", sa_type=Word)
    scaling: str = Field(default="100%", sa_type=Word)
    # 列设置 of the list of members; None until something was chosen.
    member_columns: list[str] | None = Field(default=None, sa_type=Json, nullable=True)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class Administrator(SQLModel, table=True):
    """管理员: the grant of permissions in one union to one account; dismissal ends it, the row stays."""

    __tablename__: ClassVar[Any] = "administrators"
    __table_args__ = (
        Index(
            "uq_administrators_live",
            "account_id",
            "union_id",
            unique=True,
            postgresql_where=text("dismissed_at IS NULL"),
            sqlite_where=text("dismissed_at IS NULL"),
        ),
        Index("ix_administrators_union", "union_id"),
        CheckConstraint("granted_by_id IS NULL OR granted_by_id <> account_id", name="nobody_grants_to_themselves"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="accounts.id")
    union_id: int = Field(foreign_key="unions.id")
    role: str = Field(sa_type=Word)
    permissions: list[str] = Field(default_factory=list, sa_type=Json)
    granted_by_id: int | None = Field(default=None, foreign_key="accounts.id")
    granted_at: datetime = Field(default_factory=now, sa_type=Moment)
    changed_at: datetime | None = Field(default=None, sa_type=Moment)
    dismissed_at: datetime | None = Field(default=None, sa_type=Moment)
    dismissed_by_id: int | None = Field(default=None, foreign_key="accounts.id")
    version: int = 1


class SignInSession(SQLModel, table=True):
    """会话: a browser. Without an account it is a visitor's, kept for what a refused sign-in form must show again."""

    __tablename__: ClassVar[Any] = "sessions"
    __table_args__ = (Index("ix_sessions_account", "account_id"), Index("ix_sessions_expires_at", "expires_at"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    token_hash: str = Field(sa_type=Digest, unique=True)
    account_id: int | None = Field(default=None, foreign_key="accounts.id")
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    last_seen_at: datetime = Field(default_factory=now, sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    address: str = Field(default="")
    user_agent: str = Field(default="")
    language: str = Field(default="zh-CN", sa_type=Word)
    scaling: str = Field(default="100%", sa_type=Word)
    form_message: str = Field(default="")
    form_field: str = Field(default="", sa_type=Word)
    form_values: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    form_phone_enc: str | None = Field(default=None, sa_type=Sealed)


class CodePurpose(StrEnum):
    """What a text-message code is good for; a code of one purpose is worthless for another."""

    SIGN_IN = "sign_in"
    SET_PASSWORD = "set_password"  # noqa: S105  (a purpose)
    LEAVE_PHONE = "leave_phone"
    TAKE_PHONE = "take_phone"


class SignInCode(SQLModel, table=True):
    """短信验证码: stored hashed, good once, for a few minutes and a few tries. Unknown phones get a row as well."""

    __tablename__: ClassVar[Any] = "sign_in_codes"
    __table_args__ = (
        one_of("purpose", CodePurpose),
        Index("ix_sign_in_codes_phone", "phone_bidx", "purpose", "created_at"),
        Index("ix_sign_in_codes_address", "address", "created_at"),
        CheckConstraint("attempts >= 0", name="attempts_count"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    phone_bidx: str = Field(sa_type=Digest)
    purpose: str = Field(sa_type=Word)
    code_hash: str = Field(sa_type=Digest)
    address: str = Field(default="")
    from_known_device: bool = False
    attempts: int = 0
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class EarlierPassword(SQLModel, table=True):
    """旧密码: the hash of a password an account had, so that it is not taken again too soon."""

    __tablename__: ClassVar[Any] = "earlier_passwords"
    __table_args__ = (Index("ix_earlier_passwords_account", "account_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="accounts.id")
    password_hash: str
    replaced_at: datetime = Field(default_factory=now, sa_type=Moment)


class SignInFailures(SQLModel, table=True):
    """Failed sign-ins with one phone, known or not, so that the lock-out says nothing about which it is.

    A device that has signed in with the phone before has a row of its own: `phone_bidx` is then a digest of both.
    """

    __tablename__: ClassVar[Any] = "sign_in_failures"

    phone_bidx: str = Field(primary_key=True, sa_type=Digest)
    count: int = 0
    last_at: datetime = Field(default_factory=now, sa_type=Moment)
    locked_until: datetime | None = Field(default=None, sa_type=Moment)

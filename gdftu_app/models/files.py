"""Private files (附件): certificates and other documents that only those concerned may see (design §3)."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from gdftu_app.clock import now
from gdftu_app.models.types import BigId, Digest, Moment, Name, Word

LARGEST_FILE_BYTES = 5 * 1024 * 1024


class FileType(StrEnum):
    """What may be handed in, as media types."""

    JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"


class StoredFile(SQLModel, table=True):
    """附件: one file in the file store under its random `key`.

    Until it belongs to something (`subject`, as `table:id`) only its uploader sees it, and it goes at `kept_until`.
    """

    __tablename__: ClassVar[Any] = "files"
    __table_args__ = (
        CheckConstraint("(kept_until IS NULL) = (subject <> '')", name="kept_for_something"),
        CheckConstraint("size > 0", name="size_counts"),
        Index("ix_files_subject", "subject"),
        Index("ix_files_kept_until", "kept_until"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(sa_type=Digest, unique=True)
    account_id: int = Field(foreign_key="accounts.id", index=True)
    content_type: str = Field(sa_type=Word)
    name: str = Field(default="", sa_type=Name)
    size: int
    width: int | None = None
    height: int | None = None
    has_thumbnail: bool = False
    subject: str = Field(default="", sa_type=Name)
    kept_until: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)

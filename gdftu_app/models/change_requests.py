"""Change requests (工会变更): fields of a union that are to read otherwise once its superior agrees (手册 五、八)."""

from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field

from gdftu_app.models.reviews import Reviewed, review_rules
from gdftu_app.models.types import Digest, Json, Name, Sealed


class ChangeRequest(Reviewed, table=True):
    """工会变更申请: `changes` lists `{"field", "before", "after"}`; a union has at most one that is pending.

    Dates are ISO, codes are codes. A telephone stands masked in `changes`, sealed in `phone_enc`. The province asks
    itself: another of its administrators agrees.
    """

    __tablename__: ClassVar[Any] = "change_requests"
    __table_args__ = (
        *review_rules("change_requests"),
        Index(
            "uq_change_requests_pending",
            "union_id",
            unique=True,
            postgresql_where=text("status = 'pending'"),
            sqlite_where=text("status = 'pending'"),
        ),
        Index("ix_change_requests_union", "union_id", "id"),
    )

    union_id: int = Field(foreign_key="unions.id")
    union_version: int
    changes: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    phone_enc: str | None = Field(default=None, sa_type=Sealed)
    phone_bidx: str | None = Field(default=None, sa_type=Digest)
    purpose: str = Field(sa_type=Name)

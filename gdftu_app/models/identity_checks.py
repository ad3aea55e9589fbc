"""Real-name verification (实名认证): the consent given for it, and each try to prove who somebody is."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from gdftu_app.clock import now
from gdftu_app.i18n import msg
from gdftu_app.models.types import BigId, Digest, Moment, Name, Sealed, Word, one_of


class Consent(SQLModel, table=True):
    """单独同意: what an account agreed to, in which version of the text, when and from where (个人信息保护法 29).

    It may be withdrawn (15); the row stays, as proof of what was agreed to until then.
    """

    __tablename__: ClassVar[Any] = "consents"
    __table_args__ = (Index("ix_consents_account", "account_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    account_id: int = Field(foreign_key="accounts.id")
    purpose: str = Field(sa_type=Word)
    version: str = Field(sa_type=Word)
    text_digest: str = Field(sa_type=Digest)
    channel: str = Field(sa_type=Word)
    address: str = Field(default="")
    given_at: datetime = Field(default_factory=now, sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)


class CheckStatus(StrEnum):
    """How far one try has come: at the gateway, with an administrator, or decided."""

    PENDING, MANUAL, VERIFIED, FAILED = "pending", "manual", "verified", "failed"


class CheckProblem(StrEnum):
    """Why a try failed."""

    MISMATCH = "mismatch"
    UNKNOWN = "unknown"
    TAKEN = "taken"
    OTHER_DOCUMENT = "other_document"
    REJECTED = "rejected"
    UNANSWERED = "unanswered"
    WITHDRAWN = "withdrawn"
    UNREADABLE = "unreadable"


PROBLEM_LABELS: dict[CheckProblem, str] = {
    CheckProblem.MISMATCH: msg("姓名与证件号码不一致。请对照证件重新填写；曾改名的，请填写证件上现在的姓名。"),
    CheckProblem.UNKNOWN: msg("核验机构没有查到这个证件号码，已转为人工核验。"),
    CheckProblem.TAKEN: msg("这个证件不能用于本账号的认证。如有疑问，请携带证件联系所在工会。"),
    CheckProblem.OTHER_DOCUMENT: msg("填写的证件与工会登记的证件不一致。请改用登记的证件，或携带证件联系所在工会。"),
    CheckProblem.REJECTED: msg("工会管理员没有确认你的证件。请按管理员的说明处理后再次提交。"),
    CheckProblem.UNANSWERED: msg("核验机构一直没有答复，已转为人工核验。"),
    CheckProblem.WITHDRAWN: msg("你撤回了上次提交的信息，可以重新填写。"),
    CheckProblem.UNREADABLE: msg("上次提交的信息已无法读取，请重新填写。"),
}


class IdentityCheck(SQLModel, table=True):
    """核验: one try of an account to prove a name and a document; at most one of an account is open.

    Once it is decided the document is no longer needed here and is removed.
    """

    __tablename__: ClassVar[Any] = "identity_checks"
    __table_args__ = (
        one_of("status", CheckStatus),
        CheckConstraint("(decided_at IS NOT NULL) = (status IN ('verified', 'failed'))", name="decided_when"),
        CheckConstraint("decided_at IS NULL OR (doc_enc IS NULL AND doc_bidx IS NULL)", name="document_forgotten"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> account_id", name="nobody_confirms_themselves"),
        Index(
            "uq_identity_checks_open",
            "account_id",
            unique=True,
            postgresql_where=text("decided_at IS NULL"),
            sqlite_where=text("decided_at IS NULL"),
        ),
        Index("ix_identity_checks_account", "account_id", "id"),
        Index("ix_identity_checks_status", "status", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    account_id: int = Field(foreign_key="accounts.id")
    consent_id: int = Field(foreign_key="consents.id", sa_type=BigId)
    name: str = Field(sa_type=Name)
    doc_type: str = Field(sa_type=Word)
    doc_enc: str | None = Field(default=None, sa_type=Sealed)
    doc_bidx: str | None = Field(default=None, sa_type=Digest)
    status: str = Field(sa_type=Word)
    gateway: str = Field(default="", sa_type=Word)
    problem: str = Field(default="", sa_type=Word)
    remark: str = Field(default="", sa_type=Name)
    attempts: int = 0
    due_at: datetime = Field(default_factory=now, sa_type=Moment)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_by_id: int | None = Field(default=None, foreign_key="accounts.id")

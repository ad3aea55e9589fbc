"""Requests about one's own personal data (个人信息请求): corrections, deletions, closing an account (PIPL 44-50)."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field

from gdftu_app.clock import BEIJING
from gdftu_app.i18n import msg
from gdftu_app.models.reviews import Reviewed, review_rules
from gdftu_app.models.types import Json, Name, Word, one_of

WORKING_DAYS_TO_ANSWER = 15
FIRST_DAY_OF_THE_WEEKEND = 5
# In `changes`: the phone that the account signs in with, so that no number is kept here.
PHONE_OF_THE_ACCOUNT = "account"


class PersonalRequestKind(StrEnum):
    """What is asked for; to be shown one's data (查阅) is answered at once and no request."""

    CORRECTION, DELETION, CLOSURE = "correction", "deletion", "closure"


REQUEST_KIND_LABELS: dict[PersonalRequestKind, str] = {
    PersonalRequestKind.CORRECTION: msg("更正信息"),
    PersonalRequestKind.DELETION: msg("删除信息"),
    PersonalRequestKind.CLOSURE: msg("注销账号"),
}


class PersonalRequest(Reviewed, table=True):
    """个人信息请求: `reviewing_union_id` answers it; an account has at most one of a kind that is pending.

    `name` is what the applicant was called then: the record outlasts the account. `changes` are the fields of
    `MEMBER_FIELDS` with what they are to read, nothing where they are to be deleted; `remark` is the applicant's word.
    """

    __tablename__: ClassVar[Any] = "personal_requests"
    __table_args__ = (
        *review_rules("personal_requests"),
        one_of("kind", PersonalRequestKind),
        Index(
            "uq_personal_requests_pending",
            "submitted_by_id",
            "kind",
            unique=True,
            postgresql_where=text("status = 'pending'"),
            sqlite_where=text("status = 'pending'"),
        ),
    )

    kind: str = Field(sa_type=Word)
    name: str = Field(sa_type=Name)
    changes: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    remark: str = Field(default="", sa_type=Name)


def answer_due(submitted_at: datetime) -> date:
    """The last day for an answer: fifteen working days on. Public holidays count as work days, so it is never late."""
    day, left = submitted_at.astimezone(BEIJING).date(), WORKING_DAYS_TO_ANSWER
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < FIRST_DAY_OF_THE_WEEKEND
    return day

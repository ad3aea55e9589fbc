"""Own requests about personal data (我的个人信息请求): what was asked, where it stands, and what may be asked now."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session, col, select

from gdftu_app.errors import SignedOut
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.identifiers import mask_phone
from gdftu_app.models.join_details import DETAIL_FIELDS
from gdftu_app.models.member_fields import MEMBER_FIELDS, MIGRANT, PHONE, label_of_code
from gdftu_app.models.people import Person
from gdftu_app.models.personal_requests import PHONE_OF_THE_ACCOUNT, PersonalRequest, PersonalRequestKind, answer_due
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.queries.accounts import phone_of
from gdftu_app.queries.member_details import values_of_member
from gdftu_app.queries.own_memberships import own_membership
from gdftu_app.queries.request_keepers import keeper_of
from gdftu_app.queries.reviews import Words

SHOWN_AT_MOST = 20
OWN_PHONE = msg("登录手机号")
DELETED = Words(msg("删除"), is_message=True)


@dataclass(frozen=True, slots=True)
class WantedChange:
    """A field that is to be corrected or deleted; `label` is a message."""

    label: str
    value: Words


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A request as its applicant sees it; `union` answers it, on `due_on` at the latest."""

    id: int
    kind: PersonalRequestKind
    status: ReviewStatus
    union: str
    changes: tuple[WantedChange, ...]
    remark: str
    reason: str
    submitted_at: datetime
    due_on: date
    closed_at: datetime | None

    @property
    def is_pending(self) -> bool:
        """Whether it may still be withdrawn."""
        return self.status is ReviewStatus.PENDING


@dataclass(frozen=True, slots=True)
class RequestDesk:
    """What an account may ask, and of whom.

    `values` are the fields of `DETAIL_FIELDS` as recorded, empty without a proven person; `membership` names the union
    that a closed account leaves, `administers` those whose administrator it still is.
    """

    name: str
    phone: str
    is_verified: bool
    keeper: str
    membership: str
    administers: tuple[str, ...]
    values: dict[str, str]
    has_other_phone: bool
    requests: list[OwnRequest]
    deletable: tuple[str, ...] = field(default=())

    @property
    def pending(self) -> frozenset[PersonalRequestKind]:
        """The kinds that wait for an answer."""
        return frozenset(one.kind for one in self.requests if one.is_pending)


def own_requests(session: Session, *, account_id: int, limit: int = SHOWN_AT_MOST) -> list[OwnRequest]:
    """The requests of an account, the newest first."""
    rows = session.exec(
        select(PersonalRequest, Union.name)
        .join(Union, col(Union.id) == PersonalRequest.reviewing_union_id)
        .where(PersonalRequest.submitted_by_id == account_id)
        .order_by(col(PersonalRequest.id).desc())
        .limit(limit)
    )
    return [_own(request, union) for request, union in rows]


def request_desk(session: Session, *, account_id: int) -> RequestDesk:
    """Everything that the page of requests shows of an account; `SignedOut` when there is none."""
    account = session.get(Account, account_id)
    if account is None or account.disabled_at is not None:
        raise SignedOut
    person = session.get(Person, account.person_id) if account.person_id else None
    is_verified = person is not None and person.verified_at is not None
    values = values_of_member(person) if person is not None and is_verified else {}
    membership = own_membership(session, account_id=account_id)
    phone = phone_of(account)
    return RequestDesk(
        name=account.name,
        phone=mask_phone(phone),
        is_verified=is_verified,
        keeper=session.get_one(Union, keeper_of(session, account)).name,
        membership=membership.union if membership else "",
        administers=administered(session, account_id=account_id),
        values={one.key: values[one.key] for one in DETAIL_FIELDS} if values else {},
        has_other_phone=is_verified and values.get(PHONE) != mask_phone(phone),
        requests=own_requests(session, account_id=account_id),
        deletable=tuple(one.key for one in DETAIL_FIELDS if one.key != MIGRANT and values.get(one.key)),
    )


def administered(session: Session, *, account_id: int) -> tuple[str, ...]:
    """The names of the unions whose administrator an account is at present, proven or not."""
    granted = (
        select(Union.name)
        .join(Administrator, col(Administrator.union_id) == Union.id)
        .where(
            Administrator.account_id == account_id,
            col(Administrator.dismissed_at).is_(None),
            col(Union.status) != UnionStatus.DISSOLVED,
        )
        .order_by(col(Union.path))
    )
    return tuple(session.exec(granted))


def wanted_changes(request: PersonalRequest) -> tuple[WantedChange, ...]:
    """What a request wants changed, in the order of the fields."""
    return tuple(
        WantedChange(MEMBER_FIELDS[key].label, words_of(key, request.changes[key]) if request.changes[key] else DELETED)
        for key in MEMBER_FIELDS
        if key in request.changes
    )


def words_of(key: str, value: str) -> Words:
    """A value of a field as it is shown."""
    if key == PHONE:
        return Words(OWN_PHONE, is_message=True) if value == PHONE_OF_THE_ACCOUNT else Words(value)
    table = MEMBER_FIELDS[key].table
    return Words(value) if table is None else Words(label_of_code(table, value), is_message=True)


def _own(request: PersonalRequest, union: str) -> OwnRequest:
    return OwnRequest(
        id=request.id or 0,
        kind=PersonalRequestKind(request.kind),
        status=ReviewStatus(request.status),
        union=union,
        changes=wanted_changes(request),
        remark=request.remark,
        reason=request.reason,
        submitted_at=request.submitted_at,
        due_on=answer_due(request.submitted_at),
        closed_at=request.closed_at,
    )

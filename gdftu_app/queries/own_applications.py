"""Own applications (我的申请): what an account asked of unions as a member, and how far it has come."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.transfer_applications import TransferApplication, TransferStage
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.queries.own_memberships import (
    MembershipStep,
    OwnMember,
    OwnMembership,
    own_history,
    own_member,
    own_membership,
)

SHOWN_AT_MOST = 20


class ApplicationKind(StrEnum):
    """入会申请, 转会申请."""

    JOIN, TRANSFER = "join", "transfer"


@dataclass(frozen=True, slots=True)
class OwnApplication:
    """An application as its applicant sees it.

    `union` is the one to be joined, `waits_for` the one that is asked now; `is_stranded` when that was dissolved,
    `is_closed_with_union` when the application ended with it.
    """

    kind: ApplicationKind
    id: int
    status: ReviewStatus
    union_id: int
    union: str
    waits_for: str
    from_union: str
    is_stranded: bool
    is_closed_with_union: bool
    reason: str
    submitted_at: datetime
    closed_at: datetime | None

    @property
    def is_pending(self) -> bool:
        """Whether it may still be withdrawn."""
        return self.status is ReviewStatus.PENDING


def own_applications(session: Session, *, account_id: int, limit: int = SHOWN_AT_MOST) -> list[OwnApplication]:
    """The applications of an account to join and to transfer, the newest first."""
    joins = session.exec(
        select(JoinApplication)
        .where(JoinApplication.submitted_by_id == account_id)
        .order_by(col(JoinApplication.id).desc())
        .limit(limit)
    ).all()
    transfers = session.exec(
        select(TransferApplication)
        .where(TransferApplication.submitted_by_id == account_id)
        .order_by(col(TransferApplication.id).desc())
        .limit(limit)
    ).all()
    numbers = {request.reviewing_union_id for request in (*joins, *transfers)}
    numbers |= {number for request in transfers for number in (request.from_union_id, request.target_union_id)}
    unions = {
        union_id: (name, status)
        for union_id, name, status in session.exec(
            select(Union.id, Union.name, Union.status).where(col(Union.id).in_(numbers))
        )
    }
    own = [
        *(_own(ApplicationKind.JOIN, row, row.reviewing_union_id, None, unions) for row in joins),
        *(_own(ApplicationKind.TRANSFER, row, row.target_union_id, row.from_union_id, unions) for row in transfers),
    ]
    return sorted(own, key=lambda one: (one.submitted_at, one.id), reverse=True)[:limit]


@dataclass(frozen=True, slots=True)
class OwnStanding:
    """How a member stands (我的会籍): who it is, the membership held, how it came about, and what was asked for."""

    member: OwnMember
    membership: OwnMembership | None
    history: list[MembershipStep]
    applications: list[OwnApplication]

    @property
    def pending(self) -> OwnApplication | None:
        """The application that waits for a decision."""
        return next((one for one in self.applications if one.is_pending), None)


def own_standing(session: Session, *, account_id: int) -> OwnStanding:
    """Everything that an account's holder sees of their own membership; `SignedOut` without an account."""
    return OwnStanding(
        member=own_member(session, account_id=account_id),
        membership=own_membership(session, account_id=account_id),
        history=own_history(session, account_id=account_id),
        applications=own_applications(session, account_id=account_id),
    )


def latest_details(session: Session, *, account_id: int) -> dict[str, str]:
    """The fields filled in for the account's last application to join, to begin the next one with."""
    own = select(JoinApplication).where(JoinApplication.submitted_by_id == account_id)
    last = session.exec(own.order_by(col(JoinApplication.id).desc()).limit(1)).first()
    return dict(last.details) if last else {}


def _own(
    kind: ApplicationKind,
    row: JoinApplication | TransferApplication,
    union_id: int,
    from_union_id: int | None,
    unions: dict[int | None, tuple[str, str]],
) -> OwnApplication:
    waits_for, status = unions[row.reviewing_union_id]
    is_open = row.status == ReviewStatus.PENDING
    asks_consent = isinstance(row, TransferApplication) and row.stage == TransferStage.CONSENT
    target_status = unions[union_id][1]
    return OwnApplication(
        kind=kind,
        id=row.id or 0,
        status=ReviewStatus(row.status),
        union_id=union_id,
        union=unions[union_id][0],
        waits_for=waits_for,
        from_union=unions[from_union_id][0] if from_union_id is not None else "",
        is_stranded=is_open and UnionStatus.DISSOLVED in (status, target_status if asks_consent else ""),
        is_closed_with_union=row.status == ReviewStatus.WITHDRAWN and row.closed_by_id != row.submitted_by_id,
        reason=row.reason,
        submitted_at=row.submitted_at,
        closed_at=row.closed_at,
    )

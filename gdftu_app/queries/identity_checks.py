"""Identity checks (实名核验): how far an account's own has come, and those that wait for an administrator."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Exists, and_, exists, not_, or_, union
from sqlmodel import Session, col, func, select

from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.identifiers import mask_document, mask_phone
from gdftu_app.models.identity_checks import CheckProblem, CheckStatus, IdentityCheck
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.unions import Union
from gdftu_app.queries.accounts import ACCOUNT_PHONE, name_and_verification
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission
from gdftu_app.security.personal_data import Unsealable, unseal

_MEMBER = (MembershipStatus.CURRENT, MembershipStatus.RETAINED)


class VerificationState(StrEnum):
    """未实名, 核验中, 人工核验, 已实名, 核验失败."""

    UNVERIFIED, PENDING, MANUAL, VERIFIED, FAILED = "unverified", "pending", "manual", "verified", "failed"


@dataclass(frozen=True, slots=True)
class Verification:
    """How far the proof of an account's identity is. `problem` is a `CheckProblem`, `remark` the reviewer's words."""

    state: VerificationState
    account_name: str = ""
    problem: str = ""
    remark: str = ""
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WaitingCheck:
    """A try that waits for an administrator; number and phone are masked.

    `unions`, from the top, are those within the actor's reach that the account administers or is a member of.
    """

    id: int
    name: str
    phone: str
    document_type: str
    document_number: str
    problem: str
    submitted_at: datetime
    unions: tuple[str, ...]


def verification_of(session: Session, *, account_id: int) -> Verification:
    """The state of an account: its person's, else what its last try came to; `SignedOut` without an account."""
    name, verified_at = name_and_verification(session, account_id)
    if verified_at is not None:
        return Verification(VerificationState.VERIFIED, name)
    newest = select(IdentityCheck).where(IdentityCheck.account_id == account_id).order_by(col(IdentityCheck.id).desc())
    check = session.exec(newest.limit(1)).first()
    # A check that succeeded for a person whose verification was taken back since says nothing any more.
    if check is None or check.status == CheckStatus.VERIFIED:
        return Verification(VerificationState.UNVERIFIED, name)
    if check.problem == CheckProblem.WITHDRAWN:
        return Verification(VerificationState.UNVERIFIED, name, check.problem)
    return Verification(VerificationState(check.status), name, check.problem, check.remark, check.created_at)


@requires(Permission.IDENTITIES_CONFIRM)
def waiting_checks(session: Session, actor: Actor, *, limit: int = 50, after: int = 0) -> list[WaitingCheck]:
    """The tries that this actor may decide, the longest waiting first; `after` is the id of the last one seen."""
    rows = session.exec(
        select(IdentityCheck, Account)
        .join(Account, col(Account.id) == IdentityCheck.account_id)
        .where(IdentityCheck.status == CheckStatus.MANUAL, col(IdentityCheck.id) > after, confirmable(actor))
        .order_by(col(IdentityCheck.id))
        .limit(limit)
    ).all()
    unions = _unions_of(session, actor, [account.id or 0 for _, account in rows])
    return [
        WaitingCheck(
            id=check.id or 0,
            name=check.name,
            phone=mask_phone(_opened(ACCOUNT_PHONE, account.phone_enc, account.phone_bidx)),
            document_type=check.doc_type,
            document_number=mask_document(_opened("persons.document", check.doc_enc, check.doc_bidx)),
            problem=check.problem,
            submitted_at=check.created_at,
            unions=tuple(unions.get(account.id or 0, ())),
        )
        for check, account in rows
    ]


@requires(Permission.IDENTITIES_CONFIRM)
def count_waiting_checks(session: Session, actor: Actor) -> int:
    """How many tries this actor may decide."""
    waiting = select(func.count()).select_from(IdentityCheck)
    return session.exec(waiting.where(IdentityCheck.status == CheckStatus.MANUAL, confirmable(actor))).one()


def confirmable(actor: Actor) -> ColumnElement[bool]:
    """The tries of enabled accounts that belong to the actor's branch, with all their grants, and are not its own.

    Whoever administers a union outside it, above it for instance, is for others to confirm: proof of identity opens
    every union of an account. Accounts that belong nowhere yet go to the topmost union.
    """
    account, live = col(IdentityCheck.account_id), col(Administrator.dismissed_at).is_(None)
    grants = _exists(col(Administrator.account_id) == account, live, col(Administrator.union_id) == Union.id)
    granted_here, granted_elsewhere = grants.where(actor.reaches()), grants.where(not_(actor.reaches()))
    members = _exists(
        col(Account.id) == account,
        col(Membership.person_id) == Account.person_id,
        col(Membership.status).in_(_MEMBER),
        col(Union.id) == Membership.union_id,
    )
    belongs_nowhere = not_(or_(grants, members))
    is_top = exists().where(col(Union.id) == actor.union_id, col(Union.superior_id).is_(None))
    return and_(
        account != actor.account_id,
        _exists(col(Account.id) == account, col(Account.disabled_at).is_(None)),
        not_(granted_elsewhere),
        or_(granted_here, members.where(actor.reaches()), and_(belongs_nowhere, is_top)),
    )


def _exists(*conditions: ColumnElement[bool]) -> Exists:
    """Whether there is something about a try, whatever else the statement joins to it."""
    return exists().where(*conditions).correlate(IdentityCheck)


def _opened(field: str, enc: str | None, bidx: str | None) -> str:
    try:
        return unseal(field, enc or "", bidx or "")
    except Unsealable:
        return ""


def _unions_of(session: Session, actor: Actor, account_ids: list[int]) -> dict[int, list[str]]:
    granted = (
        select(Administrator.account_id, Union.path, Union.name)
        .join(Union, col(Union.id) == Administrator.union_id)
        .where(col(Administrator.account_id).in_(account_ids), col(Administrator.dismissed_at).is_(None))
    )
    joined = (
        select(Account.id, Union.path, Union.name)
        .join(Membership, col(Membership.person_id) == Account.person_id)
        .join(Union, col(Union.id) == Membership.union_id)
        .where(col(Account.id).in_(account_ids), col(Membership.status).in_(_MEMBER))
    )
    both = union(granted.where(actor.reaches()), joined.where(actor.reaches())).subquery()
    rows = session.exec(select(both.c.account_id, both.c.name).order_by(both.c.account_id, both.c.path)).all()
    found: dict[int, list[str]] = {}
    for account_id, name in rows:
        found.setdefault(account_id, []).append(name)
    return found

"""Identity checks (实名核验): handed in by an account, decided by a gateway or by a union's administrator."""

from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput, NotFound, Refusal, SignedOut, TooManyRequests
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account
from gdftu_app.models.identifiers import DocumentType, normalise_document, one_line
from gdftu_app.models.identity_checks import CheckProblem, CheckStatus, IdentityCheck
from gdftu_app.models.people import Person
from gdftu_app.queries.identity_checks import confirmable
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.limits import hit
from gdftu_app.security.permissions import Permission
from gdftu_app.security.personal_data import seal, unseal
from gdftu_app.services.audit import record
from gdftu_app.services.consents import Channel, ConsentPurpose, give_consent
from gdftu_app.services.identities import Proof, prove
from gdftu_app.services.people import DOCUMENT_FIELD
from gdftu_app.services.person_names import clean_name

LONGEST_REMARK = 200
HOUR_SECONDS = 3600
_DAY = timedelta(days=1)


class AlreadyVerified(Refusal):
    """There is nothing left to prove."""

    code = "already_verified"
    default = msg("你已完成实名认证，无需再次提交。")


class CheckOpen(Refusal):
    """The last try is not decided yet."""

    code = "check_open"
    default = msg("上次提交的信息还在核验，请等待结果。")


class CheckDecided(Refusal):
    """Somebody was quicker, or the applicant withdrew."""

    code = "check_decided"
    default = msg("这条申请已经处理或撤回，请刷新列表。")


def submit_check(
    session: Session,
    *,
    account_id: int,
    name: str,
    document_type: str,
    document_number: str,
    consent_version: str,
    channel: Channel = Channel.MEMBER_PAGE,
    address: str = "",
) -> CheckStatus:
    """Hand a name and a document in: a resident ID goes to the gateway, any other document to an administrator.

    Raises `InvalidInput` (fields `name`, `document_type`, `document_number`, `consent`), `AlreadyVerified`,
    `CheckOpen`, `TooManyRequests` (over `identity_checks_per_day`), `SignedOut`.
    """
    account = _account(session, account_id)
    if _is_verified(session, account):
        raise AlreadyVerified
    if _open_check(session, account_id) is not None:
        raise CheckOpen
    called = clean_name(name)
    number = normalise_document(document_type, document_number)
    _require_allowance(session, account_id)
    consent = give_consent(
        session,
        account_id=account_id,
        purpose=ConsentPurpose.IDENTITY,
        version=consent_version,
        channel=channel,
        address=address,
    )
    sealed = seal(DOCUMENT_FIELD, number)
    by_gateway = document_type == DocumentType.RESIDENT_ID
    check = IdentityCheck(
        account_id=account_id,
        consent_id=consent.id or 0,
        name=called,
        doc_type=document_type,
        doc_enc=sealed.enc,
        doc_bidx=sealed.bidx,
        status=CheckStatus.PENDING if by_gateway else CheckStatus.MANUAL,
    )
    try:
        with session.begin_nested():
            session.add(check)
    except IntegrityError as reason:
        raise CheckOpen from reason
    _note(session, check, "identity_checks:submit", account_id, document=document_type)
    return CheckStatus(check.status)


def withdraw_check(session: Session, *, account_id: int) -> None:
    """撤回重填: take the own open try back. Nothing happens when none is open."""
    check = _open_check(session, account_id)
    if check is not None:
        close(check, CheckProblem.WITHDRAWN)
        _note(session, check, "identity_checks:withdraw", account_id)


@requires(Permission.IDENTITIES_CONFIRM)
def confirm_check(session: Session, actor: Actor, *, check_id: int, document_number: str) -> CheckProblem | None:
    """人工核验·通过: the number is copied from the document itself and must be the one handed in.

    Nobody who confirms is shown it. The problem, when the document is another account's: the try has failed then.
    Raises `NotFound` (out of reach), `CheckDecided`, `InvalidInput` (field `document_number`), `TooManyRequests`: the
    number is not to be guessed.
    """
    limit = settings().identity_confirmations_per_hour
    hit("confirm identity", str(actor.account_id), limit=limit, seconds=HOUR_SECONDS)
    check = _held(session, actor, check_id)
    number = normalise_document(check.doc_type, document_number)
    if seal(DOCUMENT_FIELD, number).bidx != check.doc_bidx:
        raise InvalidInput(
            msg("与申请人填写的证件号码不一致。请对照证件核对；如是申请人填错，请驳回并说明。"), field="document_number"
        )
    return settle(session, check, operator_id=actor.account_id, union_id=actor.union_id)


@requires(Permission.IDENTITIES_CONFIRM)
def reject_check(session: Session, actor: Actor, *, check_id: int, remark: str) -> None:
    """人工核验·驳回: with a reason that the applicant reads. Raises `NotFound`, `CheckDecided`, `InvalidInput`."""
    reason = one_line(remark)
    if not reason:
        raise InvalidInput(msg("请填写驳回原因，申请人会看到。"), field="remark")
    if len(reason) > LONGEST_REMARK:
        raise InvalidInput(msg("驳回原因不能超过 {limit} 个字。"), field="remark", limit=LONGEST_REMARK)
    check = _held(session, actor, check_id)
    check.remark = reason
    close(check, CheckProblem.REJECTED, decided_by_id=actor.account_id)
    record(session, "identity_checks:reject", actor=actor, subject=f"identity_checks:{check.id}")
    session.flush()


def settle(
    session: Session, check: IdentityCheck, *, operator_id: int | None = None, union_id: int | None = None
) -> CheckProblem | None:
    """Close a try whose name and document were found to belong together; what stood against it, if anything.

    Raises `NotFound` when the account was disabled in the meantime.
    """
    account = session.get_one(Account, check.account_id)
    if account.disabled_at is not None:
        raise NotFound
    number = unseal(DOCUMENT_FIELD, check.doc_enc or "", check.doc_bidx or "")
    problem = prove(session, account, Proof(check.name, check.doc_type, number), operator_id=operator_id)
    close(check, problem, decided_by_id=operator_id)
    record(
        session,
        "identity_checks:confirm" if problem is None else "identity_checks:refuse",
        account_id=operator_id,
        union_id=union_id,
        subject=f"identity_checks:{check.id}",
        detail={"gateway": check.gateway} | ({"problem": problem} if problem else {}),
    )
    session.flush()
    return problem


def close(check: IdentityCheck, problem: CheckProblem | None, *, decided_by_id: int | None = None) -> None:
    """Decide a try, for good; what it held of the document is forgotten."""
    check.status = CheckStatus.FAILED if problem else CheckStatus.VERIFIED
    check.problem = problem or ""
    check.decided_at, check.decided_by_id = now(), decided_by_id
    check.doc_enc = check.doc_bidx = None


def _account(session: Session, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None or account.disabled_at is not None:
        raise SignedOut
    return account


def _is_verified(session: Session, account: Account) -> bool:
    person = session.get(Person, account.person_id) if account.person_id else None
    return person is not None and person.verified_at is not None


def _open_check(session: Session, account_id: int) -> IdentityCheck | None:
    mine = select(IdentityCheck).where(IdentityCheck.account_id == account_id, col(IdentityCheck.decided_at).is_(None))
    return session.exec(mine.with_for_update()).first()


def _require_allowance(session: Session, account_id: int) -> None:
    lately = select(func.count()).where(
        IdentityCheck.account_id == account_id, col(IdentityCheck.created_at) > now() - _DAY
    )
    if session.exec(lately).one() >= settings().identity_checks_per_day:
        raise TooManyRequests(
            msg("今天提交的次数过多，请明天再试，或携带证件联系所在工会。"), retry_after=int(_DAY.total_seconds())
        )


def _held(session: Session, actor: Actor, check_id: int) -> IdentityCheck:
    """An undecided try within reach, locked; the first of two who decide at once wins."""
    within_reach = select(IdentityCheck).where(IdentityCheck.id == check_id, confirmable(actor)).with_for_update()
    check = session.exec(within_reach.execution_options(populate_existing=True)).first()
    if check is None:
        raise NotFound
    if check.status != CheckStatus.MANUAL:
        raise CheckDecided
    return check


def _note(session: Session, check: IdentityCheck, verb: str, account_id: int, **detail: object) -> None:
    session.flush()
    record(session, verb, account_id=account_id, subject=f"identity_checks:{check.id}", detail=detail)
    session.flush()

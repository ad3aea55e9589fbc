"""我的账号: what an account is shown of itself, masked, and when it was signed in to or tried."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from gdftu_app.errors import SignedOut
from gdftu_app.models.accounts import Account
from gdftu_app.models.identifiers import DocumentType, mask_document, mask_phone
from gdftu_app.models.people import Person
from gdftu_app.models.records import AuditEntry
from gdftu_app.queries.accounts import ManagedUnion, managed_unions, phone_of
from gdftu_app.security.password_rules import days_left
from gdftu_app.security.personal_data import Unsealable, unseal

SIGNED_IN, REFUSED = "sessions:sign_in", "sessions:refuse"
HISTORY_ROWS = 20


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """An account for its own holder. Phone and document are masked; `document_type` is a msgid, empty without one."""

    name: str
    phone: str
    is_verified: bool
    document_type: str
    document: str
    unions: tuple[ManagedUnion, ...]
    has_password: bool
    password_changed_at: datetime | None
    password_days_left: int | None


@dataclass(frozen=True, slots=True)
class SignInTry:
    """One sign-in or one that was refused: `method` and `reason` are words of the audit, `reason` empty on success."""

    at: datetime
    method: str
    reason: str
    address: str


@dataclass(frozen=True, slots=True)
class SignInHistory:
    """A page of the sign-ins of an account, the latest first."""

    rows: tuple[SignInTry, ...]
    page: int
    pages: int


def own_account(session: Session, *, account_id: int) -> OwnAccount:
    """What an account may see of itself; `SignedOut` when there is none."""
    account = session.get(Account, account_id)
    if account is None:
        raise SignedOut
    person = session.get(Person, account.person_id) if account.person_id else None
    is_verified = person is not None and person.verified_at is not None
    return OwnAccount(
        name=account.name,
        phone=mask_phone(phone_of(account)),
        is_verified=is_verified,
        document_type=DocumentType(person.doc_type).label if person and person.doc_type else "",
        document=_document(person),
        unions=tuple(managed_unions(session, account_id=account_id)),
        has_password=account.password_hash is not None,
        password_changed_at=account.password_changed_at,
        password_days_left=days_left(account.password_changed_at, is_demo=account.is_demo),
    )


def password_days_left(session: Session, *, account_id: int) -> int | None:
    """How many days the password of an account still opens the console; None when it has none, or none that ages."""
    found = session.exec(
        select(Account.password_changed_at, Account.is_demo).where(
            Account.id == account_id, col(Account.password_hash).is_not(None)
        )
    ).first()
    return days_left(found[0], is_demo=found[1]) if found else None


def sign_in_history(session: Session, *, account_id: int, page: int = 1) -> SignInHistory:
    """A page of the sign-ins of an account and of those refused; the last page there is, behind it."""
    of_account = (AuditEntry.account_id == account_id, col(AuditEntry.verb).in_((SIGNED_IN, REFUSED)))
    total = session.exec(select(func.count()).select_from(AuditEntry).where(*of_account)).one()
    pages = max(1, -(-total // HISTORY_ROWS))
    shown = min(max(page, 1), pages)
    entries = session.exec(
        select(AuditEntry)
        .where(*of_account)
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
        .offset((shown - 1) * HISTORY_ROWS)
        .limit(HISTORY_ROWS)
    ).all()
    rows = tuple(
        SignInTry(
            at=entry.at,
            method=str(entry.detail.get("method", "")),
            reason=str(entry.detail.get("reason", "")) if entry.verb == REFUSED else "",
            address=entry.address,
        )
        for entry in entries
    )
    return SignInHistory(rows, shown, pages)


def _document(person: Person | None) -> str:
    if person is None or person.doc_enc is None or person.doc_bidx is None:
        return ""
    try:
        return mask_document(unseal("persons.document", person.doc_enc, person.doc_bidx))
    except Unsealable:
        return ""

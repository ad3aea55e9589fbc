"""Verifying identities in tests: accounts nobody knows yet, what they hand in, and a gateway that answers as told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlmodel import Session, col, select

from gdftu_app.integrations.identity import IdentityAnswer, IdentityOutcome
from gdftu_app.models.accounts import Account
from gdftu_app.models.identifiers import DocumentType, complete_resident_id
from gdftu_app.models.identity_checks import CheckStatus, IdentityCheck
from gdftu_app.models.unions import Union
from gdftu_app.security.permissions import Role
from gdftu_app.security.personal_data import seal
from gdftu_app.services.consents import IDENTITY_TEXT
from gdftu_app.services.identity_checks import submit_check
from tests.factories import id_of, make_administrator

_numbers = count(1)


def resident_id() -> str:
    """A number of a division that was never assigned, so that it is nobody's."""
    return complete_resident_id(f"44019919900101{next(_numbers) % 1000:03d}")


def passport() -> str:
    """A number that no other test hands in."""
    return f"EA{next(_numbers):07d}"


def make_stranger(session: Session, *unions: Union, name: str = "霍未名", role: Role = Role.OWNER) -> Account:
    """An account that stands for nobody known yet, and its grants."""
    sealed = seal("accounts.phone", f"+86177{next(_numbers):08d}")
    account = Account(name=name, phone_enc=sealed.enc, phone_bidx=sealed.bidx)
    session.add(account)
    session.flush()
    for union in unions:
        make_administrator(session, account, union, role=role)
    return account


def submit(session: Session, account: Account, **changed: Any) -> CheckStatus:
    """Hand a passport in, consent given, unless told otherwise."""
    usual = {
        "name": "霍未名",
        "document_type": DocumentType.PASSPORT.value,
        "document_number": passport(),
        "consent_version": IDENTITY_TEXT.version,
        "address": "1.2.3.4",
    }
    return submit_check(session, account_id=id_of(account), **{**usual, **changed})


def make_waiting_check(session: Session, *unions: Union, number: str = "", **changed: Any) -> IdentityCheck:
    """A try of a new administrator of these unions that waits for a confirmation."""
    account = make_stranger(session, *unions)
    submit(session, account, document_number=number or passport(), **changed)
    return newest_check(session, account)


def newest_check(session: Session, account: Account) -> IdentityCheck:
    """The last try of an account, as it is now."""
    mine = select(IdentityCheck).where(IdentityCheck.account_id == id_of(account))
    newest = mine.order_by(col(IdentityCheck.id).desc()).limit(1)
    return session.exec(newest.execution_options(populate_existing=True)).one()


@dataclass
class Authority:
    """An identity gateway that says what it is told to, after something else has happened if need be."""

    says: IdentityOutcome | Exception = IdentityOutcome.MATCH
    meanwhile: Callable[[], object] = lambda: None
    name: str = "authority"
    asked: list[tuple[str, str]] = field(default_factory=list)

    def check(self, name: str, document_number: str) -> IdentityAnswer:
        """Note the question; answer it."""
        self.asked.append((name, document_number))
        self.meanwhile()
        if isinstance(self.says, Exception):
            raise self.says
        return IdentityAnswer(self.says, self.name, "code")

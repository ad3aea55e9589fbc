"""Registering unions in tests: employers nobody knows yet, certificates, and the form filled in."""

from collections.abc import Callable
from itertools import count

from sqlmodel import Session, col, func, select

from gdftu_app.clock import now
from gdftu_app.integrations.file_store import file_store, new_key
from gdftu_app.models.accounts import Account
from gdftu_app.models.files import FileType, StoredFile
from gdftu_app.models.identifiers import complete_uscc
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.registration_fields import RegistrationField
from gdftu_app.models.registrations import Registration
from gdftu_app.models.unions import Employer, Union, UnionEmployer
from gdftu_app.queries.registration_drafts import Draft, find_draft
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.services.files import KEPT_AT_FIRST
from gdftu_app.services.registration_drafts import choose_superior, fill, say_independent
from gdftu_app.services.registration_reviews import REGISTRATIONS
from gdftu_app.services.registrations import submit_registration
from gdftu_app.services.reviews import Outcome, approve, reject
from tests.factories import id_of, make_account, make_administrator

_numbers = count(1)


def employer_code() -> str:
    """The code of an employer that no other test uses, of a division that was never assigned."""
    return complete_uscc(f"91440199MA5{next(_numbers):06d}")


def union_code(prefix: str = "81") -> str:
    """The same of a union."""
    return complete_uscc(f"{prefix}440199MC0{next(_numbers):06d}")


def make_certificate(session: Session, account: Account, *, name: str = "证书.png") -> str:
    """The key of a picture that an account has uploaded and not handed in."""
    key, content = new_key(), b"\x89PNG"
    file_store().write(key, content)
    session.add(
        StoredFile(
            key=key,
            account_id=id_of(account),
            content_type=FileType.PNG,
            name=name,
            size=len(content),
            kept_until=now() + KEPT_AT_FIRST,
        )
    )
    session.flush()
    return key


def type_in(session: Session, account: Account, **typed: str) -> None:
    """Type texts into fields of the account's draft."""
    for name, text in typed.items():
        fill(session, account_id=id_of(account), field=RegistrationField(name), text=text)


def fill_in(session: Session, account: Account, superior: Union, *, is_independent: bool = False, **typed: str) -> None:
    """Fill the form in, so that it may be submitted unless `typed` says otherwise."""
    usual = {
        "employer_name": f"榕江第{next(_numbers)}电器有限公司",
        "employer_uscc": employer_code(),
        "employer_certificate": make_certificate(session, account),
    }
    if is_independent:
        usual |= {"union_uscc": union_code(), "union_certificate": make_certificate(session, account)}
    say_independent(session, account_id=id_of(account), is_independent=is_independent)
    choose_superior(session, account_id=id_of(account), union_id=id_of(superior))
    type_in(session, account, **usual | typed)


def submit_one(
    session: Session, account: Account, superior: Union, *, is_independent: bool = False, **typed: str
) -> Registration:
    """A registration of an account that waits for a superior."""
    fill_in(session, account, superior, is_independent=is_independent, **typed)
    return session.get_one(Registration, submit_registration(session, account_id=id_of(account)))


def cover(session: Session, union: Union, uscc: str, *, name: str = "榕江电器有限公司") -> None:
    """Let a union cover an employer with a code."""
    employer = Employer(name=name, uscc=uscc)
    session.add(employer)
    session.flush()
    session.add(UnionEmployer(union_id=id_of(union), employer_id=id_of(employer)))
    session.flush()


def reject_one(session: Session, registration: Registration, *, reason: str = "证件图片不清晰") -> Registration:
    """The registration, rejected by an owner of the superior."""
    _decide(
        session, registration, lambda actor, ids: reject(session, actor, queue=REGISTRATIONS, ids=ids, reason=reason)
    )
    return registration


def approve_one(session: Session, registration: Registration) -> Registration:
    """The registration, approved by an owner of the superior."""
    _decide(session, registration, lambda actor, ids: approve(session, actor, queue=REGISTRATIONS, ids=ids))
    return registration


def _decide(session: Session, registration: Registration, decide: Callable[[Actor, list[int]], list[Outcome]]) -> None:
    superior, reviewer = session.get_one(Union, registration.reviewing_union_id), make_account(session)
    make_administrator(session, reviewer, superior)
    actor = get_actor(session, account_id=id_of(reviewer), union_id=id_of(superior))
    [outcome] = decide(actor, [id_of(registration)])
    assert outcome.is_decided, outcome
    session.refresh(registration)


def draft(session: Session, account: Account, *, tried: int = 0) -> Draft:
    """The account's draft, with what is wrong about it."""
    found = find_draft(session, account_id=id_of(account), tried=tried)
    assert found is not None
    return found


def problem(session: Session, account: Account, name: RegistrationField, *, tried: int = 0) -> str:
    """What is wrong with a field of the draft, in words."""
    found = draft(session, account, tried=tried).checks.problems.get(name)
    return found.message.format(**found.values) if found else ""


def warnings(session: Session, account: Account, name: RegistrationField) -> list[str]:
    """What is unusual about a field of the draft, in words."""
    return [one.message.format(**one.values) for one in draft(session, account).checks.warnings.get(name, [])]


def submit(session: Session, account: Account) -> Registration:
    """The registration that the account's draft becomes."""
    return session.get_one(Registration, submit_registration(session, account_id=id_of(account)))


def rows(session: Session) -> int:
    """How many registrations there are."""
    return session.exec(select(func.count()).select_from(Registration)).one()


def verbs(session: Session) -> list[str]:
    """What the audit holds, in order."""
    return list(session.exec(select(AuditEntry.verb).order_by(col(AuditEntry.id))))

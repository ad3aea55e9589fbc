"""注销账号: signing in ends for good, and what no law keeps of the person is erased (decision 0027)."""

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.models.accounts import Account, Administrator, EarlierPassword
from gdftu_app.models.identity_checks import CheckProblem, IdentityCheck
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.join_details import DETAIL_FIELDS
from gdftu_app.models.member_fields import MIGRANT
from gdftu_app.models.memberships import Membership
from gdftu_app.models.notifications import Notification
from gdftu_app.models.people import Person
from gdftu_app.models.personal_requests import PersonalRequest
from gdftu_app.models.registrations import RegistrationDraft
from gdftu_app.queries.accounts import ACCOUNT_PHONE
from gdftu_app.security.personal_data import seal
from gdftu_app.services.audit import record
from gdftu_app.services.identity_checks import close
from gdftu_app.services.membership_records import copies_of
from gdftu_app.services.open_applications import withdraw_open_applications
from gdftu_app.services.sessions import end_all
from gdftu_app.services.verifications import take_back_verification

# What an ended membership tells of its person for good.
_OF_THE_FILE = frozenset({"name", "sex", "verified", "is_migrant", "born_year"})


def close_account(session: Session, account: Account, *, operator_id: int) -> None:
    """End an account whose person is no member any more.

    The phone is free for another account. Of a person who was a member once, name, sex, birth date and document stay
    with the history of their memberships; of anybody else nothing does. An account that administered unions keeps its
    name, for the records of what it did there. Consents, requests and the audit trail stay: they are the proof.
    Records of sign-ins go when their half year is over.
    """
    account_id = account.id or 0
    person = session.get(Person, account.person_id) if account.person_id else None
    withdraw_open_applications(session, account_id=account_id, closed_by_id=operator_id, registrations=True)
    _forget_what_was_handed_in(session, account_id)
    if person is not None:
        _forget_person(session, person)
    _forget_account(session, account)
    record(session, "accounts:close", account_id=operator_id, subject=f"accounts:{account_id}")
    session.flush()


def _forget_what_was_handed_in(session: Session, account_id: int) -> None:
    checks = select(IdentityCheck).where(IdentityCheck.account_id == account_id)
    for check in session.exec(checks):
        if check.decided_at is None:
            close(check, CheckProblem.WITHDRAWN)
        check.name = check.remark = ""
    session.flush()
    joins = update(JoinApplication).where(col(JoinApplication.submitted_by_id) == account_id)
    session.exec(joins.values(details={}))
    requests = update(PersonalRequest).where(col(PersonalRequest.submitted_by_id) == account_id)
    session.exec(requests.values(changes={}, remark=""))
    for model in (Notification, RegistrationDraft, EarlierPassword):
        session.exec(delete(model).where(col(model.account_id) == account_id))


def _forget_person(session: Session, person: Person) -> None:
    take_back_verification(session, person)
    memberships = session.exec(select(Membership).where(Membership.person_id == person.id)).all()
    person.phone_enc = person.phone_bidx = None
    for field in DETAIL_FIELDS:
        setattr(person, field.key, False if field.key == MIGRANT else "")
    for membership in memberships:
        for name, value in copies_of(person).items():
            if name not in _OF_THE_FILE:
                setattr(membership, name, value)
        session.add(membership)
    if not memberships:
        person.name, person.sex, person.born_on = "", None, None
        person.doc_type = person.doc_enc = person.doc_bidx = None
    session.add(person)
    session.flush()


def _forget_account(session: Session, account: Account) -> None:
    account_id = account.id or 0
    end_all(session, account_id=account_id)
    granted = select(Administrator.id).where(Administrator.account_id == account_id).limit(1)
    if session.exec(granted).first() is None:
        account.name = ""
    # A value of its own, so that it can be sealed anew like any other, and is nobody's phone.
    nobody = seal(ACCOUNT_PHONE, f"closed:{account_id}")
    account.phone_enc, account.phone_bidx = nobody.enc, nobody.bidx
    account.password_hash = account.password_changed_at = account.person_id = account.last_union_id = None
    account.disabled_at = now()
    session.add(account)
    session.flush()

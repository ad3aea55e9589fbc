"""撤回同意 (个人信息保护法 15): what rested on the consent ends; what was done until then stays lawful."""

from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.errors import InvalidInput, NotFound
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account
from gdftu_app.models.identity_checks import Consent
from gdftu_app.models.memberships import Membership
from gdftu_app.models.people import Person
from gdftu_app.services.audit import record
from gdftu_app.services.consents import ConsentPurpose
from gdftu_app.services.identity_checks import withdraw_check
from gdftu_app.services.open_applications import withdraw_open_applications
from gdftu_app.services.verifications import take_back_verification


def withdraw_consent(session: Session, *, account_id: int, is_sure: bool) -> None:
    """Withdraw the consent to prove one's identity: the person counts as verified no more.

    Applications that wait are withdrawn, and nothing that needs a proven identity opens until there is a new one. A
    membership goes on, and its file keeps the document; of somebody who was never a member the document is erased.
    Raises `NotFound` when nothing is agreed to, `InvalidInput` (`sure`).
    """
    own = select(Consent).where(
        Consent.account_id == account_id,
        Consent.purpose == ConsentPurpose.IDENTITY,
        col(Consent.withdrawn_at).is_(None),
    )
    given = session.exec(own.with_for_update()).all()
    if not given:
        raise NotFound(msg("没有可以撤回的同意。"))
    if not is_sure:
        raise InvalidInput(msg("请阅读并勾选确认后再提交。"), field="sure")
    for consent in given:
        consent.withdrawn_at = now()
        session.add(consent)
        detail = {"purpose": consent.purpose, "version": consent.version}
        record(session, "consents:withdraw", account_id=account_id, subject=f"consents:{consent.id}", detail=detail)
    withdraw_check(session, account_id=account_id)
    withdraw_open_applications(session, account_id=account_id, closed_by_id=account_id)
    account = session.get_one(Account, account_id)
    person = session.get(Person, account.person_id) if account.person_id else None
    if person is not None:
        take_back_verification(session, person)
        _forget_document(session, person)
    session.flush()


def _forget_document(session: Session, person: Person) -> None:
    held = select(Membership.id).where(Membership.person_id == person.id).limit(1)
    if session.exec(held).first() is None:
        person.doc_type = person.doc_enc = person.doc_bidx = None
        person.sex = person.born_on = None
        session.add(person)

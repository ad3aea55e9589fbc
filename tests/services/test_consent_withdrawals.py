"""撤回同意: what rested on it ends, what does not goes on."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from gdftu_app.errors import InvalidInput, NotFound
from gdftu_app.models.accounts import Account
from gdftu_app.models.identifiers import DocumentType
from gdftu_app.models.identity_checks import Consent, IdentityCheck
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.memberships import Membership
from gdftu_app.models.people import Person
from gdftu_app.models.records import AuditEntry
from gdftu_app.queries.identity_checks import VerificationState, verification_of
from gdftu_app.queries.own_consents import own_consents
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.services.accounts import open_account
from gdftu_app.services.consent_withdrawals import withdraw_consent
from gdftu_app.services.consents import IDENTITY_TEXT
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.identity_checks import settle, submit_check
from gdftu_app.services.join_applications import apply_to_join
from gdftu_app.services.memberships import admit
from tests.factories import Federation, id_of, make_account, make_administrator
from tests.verifying import resident_id

ActAs = Callable[..., Actor]


@pytest.fixture
def agreed(session: Session) -> Account:
    """Somebody who agreed, and proved who they are."""
    account, _ = open_account(session, "+8617812340001")
    prove_again(session, account, resident_id())
    return account


def prove_again(session: Session, account: Account, number: str) -> None:
    submit_check(
        session,
        account_id=id_of(account),
        name="陈一",
        document_type=DocumentType.RESIDENT_ID,
        document_number=number,
        consent_version=IDENTITY_TEXT.version,
    )
    own = select(IdentityCheck).where(IdentityCheck.account_id == account.id, col(IdentityCheck.decided_at).is_(None))
    assert settle(session, session.exec(own).one()) is None


def withdraw(session: Session, account: Account) -> None:
    withdraw_consent(session, account_id=id_of(account), is_sure=True)
    session.expire_all()


class TestWithdrawing:
    def test_ends_the_proof_and_is_kept(self, session, agreed):
        withdraw(session, agreed)

        assert verification_of(session, account_id=id_of(agreed)).state is VerificationState.UNVERIFIED
        [consent] = own_consents(session, account_id=id_of(agreed))
        assert consent.withdrawn_at is not None
        entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "consents:withdraw")).one()
        assert entry.detail == {"purpose": "identity", "version": IDENTITY_TEXT.version}

    def test_lets_a_membership_go_on_and_the_figures_follow(self, session, small_federation: Federation, agreed):
        person = session.get_one(Person, agreed.person_id)
        admit(session, person, small_federation.factory)

        withdraw(session, agreed)

        held = session.exec(select(Membership).where(Membership.person_id == agreed.person_id)).one()
        assert (held.status, held.verified) == (1, False)
        assert session.get_one(Person, agreed.person_id).doc_bidx is not None
        assert verify(session) == []

    def test_erases_the_document_of_who_was_never_a_member(self, session, agreed):
        withdraw(session, agreed)

        person = session.get_one(Person, agreed.person_id)
        assert (person.doc_type, person.doc_enc, person.doc_bidx, person.born_on) == (None, None, None, None)

    def test_withdraws_what_waits(self, session, small_federation, agreed):
        apply_to_join(session, account_id=id_of(agreed), union_id=id_of(small_federation.factory), details={})

        withdraw(session, agreed)

        own = session.exec(select(JoinApplication).where(JoinApplication.submitted_by_id == agreed.id)).one()
        assert own.status == "withdrawn"

    def test_ends_what_an_administrator_may(self, session, small_federation, agreed):
        make_administrator(session, agreed, small_federation.city)
        get_actor(session, account_id=id_of(agreed), union_id=id_of(small_federation.city))

        withdraw(session, agreed)

        with pytest.raises(NotFound):
            get_actor(session, account_id=id_of(agreed), union_id=id_of(small_federation.city))

    def test_leaves_the_way_back_open(self, session, small_federation, agreed):
        admit(session, session.get_one(Person, agreed.person_id), small_federation.factory)
        withdraw(session, agreed)

        session.get_one(Person, agreed.person_id).doc_type = None
        session.get_one(Person, agreed.person_id).doc_enc = session.get_one(Person, agreed.person_id).doc_bidx = None
        prove_again(session, agreed, resident_id())

        assert verification_of(session, account_id=id_of(agreed)).state is VerificationState.VERIFIED
        assert verify(session) == []


class TestRefusals:
    def test_it_must_be_meant(self, session, agreed):
        with pytest.raises(InvalidInput) as refused:
            withdraw_consent(session, account_id=id_of(agreed), is_sure=False)

        assert refused.value.field == "sure"
        assert session.exec(select(Consent)).one().withdrawn_at is None

    def test_nothing_agreed_to_is_nothing_to_withdraw(self, session, agreed):
        with pytest.raises(NotFound):
            withdraw(session, make_account(session))
        withdraw(session, agreed)
        with pytest.raises(NotFound):
            withdraw(session, agreed)

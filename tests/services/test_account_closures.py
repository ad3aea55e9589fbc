"""注销账号: what ends, what is erased, what stays because it must, and that the phone and the person may come back."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.models.accounts import Account, SignInSession
from gdftu_app.models.api_tokens import ApiToken
from gdftu_app.models.identifiers import DocumentType
from gdftu_app.models.identity_checks import CheckStatus, Consent, IdentityCheck
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.memberships import Membership, MembershipEvent
from gdftu_app.models.notifications import Notification
from gdftu_app.models.people import Person
from gdftu_app.models.personal_requests import PersonalRequest
from gdftu_app.models.registrations import Registration
from gdftu_app.queries.accounts import phone_of
from gdftu_app.queries.outbox import list_messages
from gdftu_app.queries.own_memberships import own_history, own_member
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.permissions import Permission, Role
from gdftu_app.services.accounts import open_account
from gdftu_app.services.api_tokens import open_token_with_wechat
from gdftu_app.services.consents import IDENTITY_TEXT
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.identities import Proof, prove
from gdftu_app.services.identity_checks import submit_check
from gdftu_app.services.join_applications import apply_to_join
from gdftu_app.services.memberships import admit, retain
from gdftu_app.services.personal_request_reviews import ADMINISTERS, PERSONAL_REQUESTS
from gdftu_app.services.personal_requests import request_closure
from gdftu_app.services.reviews import Outcome, Verdict, approve
from gdftu_app.services.sessions import begin
from tests.factories import (
    Federation,
    id_of,
    make_account,
    make_administrator,
    make_person,
    make_personal_request,
    make_registration,
)
from tests.verifying import resident_id

ActAs = Callable[..., Actor]


@pytest.fixture
def number() -> str:
    """A document number."""
    return resident_id()


@pytest.fixture
def member(session: Session, small_federation: Federation, number: str) -> Account:
    """A member of the factory who proved who they are, with an account of their own and all that comes with it."""
    account, _ = open_account(session, "+8617812340001")
    assert prove(session, account, Proof("陈一", DocumentType.RESIDENT_ID, number)) is None
    person = session.get_one(Person, account.person_id)
    person.education, person.workplace, person.occupation = "21", "榕江电器", "courier"
    admit(session, person, small_federation.factory)
    begin(session, account, cookie=None, address="127.0.0.1", user_agent="tests")
    return account


def close(session: Session, account: Account, reviewer: Actor) -> Outcome:
    asked = request_closure(session, account_id=id_of(account), is_sure=True, remark="不再使用")
    request = session.get_one(PersonalRequest, asked)
    request.reviewing_union_id = reviewer.union_id
    session.flush()
    [outcome] = approve(session, reviewer, queue=PERSONAL_REQUESTS, ids=[asked])
    session.expire_all()
    return outcome


class TestClosing:
    def test_ends_the_membership_and_every_sign_in(self, session, small_federation, member, act_as: ActAs):
        token = open_token_with_wechat(session, phone=phone_of(member))
        assert token.token

        outcome = close(session, member, act_as(small_federation.factory))

        assert outcome.verdict is Verdict.APPROVED
        held = session.exec(select(Membership).where(Membership.union_id == small_federation.factory.id)).one()
        assert held.status == 3
        events = select(MembershipEvent.kind).where(MembershipEvent.membership_id == held.id)
        assert list(session.exec(events.order_by(col(MembershipEvent.id))))[-1] == "withdrawn"
        for model in (SignInSession, ApiToken):
            rows = session.exec(select(model).where(model.account_id == member.id)).all()
            assert rows
            assert all(row.ended_at for row in rows)
        assert verify(session) == []

    def test_texts_the_phone_before_it_is_forgotten(self, session, small_federation, member, act_as: ActAs):
        close(session, member, act_as(small_federation.factory))

        sent = list_messages(session, phone="17812340001")
        assert [message.purpose for message in sent] == ["account_closed", "closure_requested"]

    def test_erases_what_no_law_keeps(self, session, small_federation, member, act_as: ActAs):
        person_id = member.person_id
        close(session, member, act_as(small_federation.factory))

        account, person = session.get_one(Account, member.id), session.get_one(Person, person_id)
        assert (account.name, account.person_id, account.password_hash) == ("", None, None)
        assert account.disabled_at is not None
        assert phone_of(account) == f"closed:{account.id}"
        assert (person.education, person.workplace, person.phone_enc, person.verified_at) == ("", "", None, None)
        held = session.exec(select(Membership).where(Membership.person_id == person_id)).one()
        assert (held.occupation, held.education) == ("", "")
        assert session.exec(select(Notification).where(Notification.account_id == member.id)).all() == []
        asked = session.exec(select(PersonalRequest).where(PersonalRequest.submitted_by_id == member.id)).one()
        assert (asked.status, asked.remark, asked.name) == ("approved", "", "陈一")

    def test_keeps_the_file_of_the_membership(self, session, small_federation, member, act_as: ActAs):
        person_id = member.person_id
        close(session, member, act_as(small_federation.factory))

        person = session.get_one(Person, person_id)
        assert person.name == "陈一"
        assert person.doc_bidx is not None
        held = session.exec(select(Membership).where(Membership.person_id == person_id)).one()
        assert (held.name, held.born_year) == ("陈一", getattr(person.born_on, "year", 0))

    def test_lets_phone_and_person_come_back(self, session, small_federation, member, number, act_as: ActAs):
        person_id = member.person_id
        close(session, member, act_as(small_federation.factory))

        again, is_new = open_account(session, "+8617812340001")
        assert prove(session, again, Proof("陈一", DocumentType.RESIDENT_ID, number)) is None

        assert (is_new, again.person_id) == (True, person_id)
        assert own_member(session, account_id=id_of(again)).is_verified
        assert "退会" in [step.label for step in own_history(session, account_id=id_of(again))]

    def test_of_somebody_who_was_never_a_member_leaves_no_person(self, session, small_federation, number, act_as):
        account, _ = open_account(session, "+8617812340002")
        submit_check(
            session,
            account_id=id_of(account),
            name="陈二",
            document_type=DocumentType.PASSPORT,
            document_number="EA1234567",
            consent_version=IDENTITY_TEXT.version,
        )
        account.person_id = make_person(session, name="陈二", doc_type="passport", doc_bidx="b" * 43).id
        person_id = account.person_id
        apply_to_join(
            session, account_id=id_of(account), union_id=id_of(small_federation.factory), details={"workplace": "某厂"}
        )
        make_registration(session, small_federation.street, applicant=account)

        close(session, account, act_as(small_federation.province))

        person = session.get_one(Person, person_id)
        assert (person.name, person.doc_bidx, person.doc_type) == ("", None, None)
        check = session.exec(select(IdentityCheck).where(IdentityCheck.account_id == account.id)).one()
        assert (check.status, check.name, check.doc_enc) == (CheckStatus.FAILED, "", None)
        join = session.exec(select(JoinApplication).where(JoinApplication.submitted_by_id == account.id)).one()
        assert (join.status, join.details) == ("withdrawn", {})
        asked = session.exec(select(Registration).where(Registration.submitted_by_id == account.id)).one()
        assert asked.status == "withdrawn"
        # The proof of what was agreed to stays.
        assert session.exec(select(Consent).where(Consent.account_id == account.id)).one()

    def test_keeps_the_name_of_who_decided_things_here(self, session, small_federation, act_as: ActAs):
        account = make_account(session, name="黄管理")
        make_administrator(session, account, small_federation.city).dismissed_at = now()

        close(session, account, act_as(small_federation.province))

        assert session.get_one(Account, account.id).name == "黄管理"

    def test_two_accounts_in_one_go(self, session, small_federation, act_as: ActAs):
        reviewer = act_as(small_federation.province)
        asked = [id_of(make_personal_request(session, small_federation.province, kind="closure")) for _ in range(2)]

        outcomes = approve(session, reviewer, queue=PERSONAL_REQUESTS, ids=asked)

        assert [outcome.verdict for outcome in outcomes] == [Verdict.APPROVED] * 2

    def test_a_retained_member_too(self, session, small_federation, member, act_as: ActAs):
        retain(session, session.exec(select(Membership).where(Membership.person_id == member.person_id)).one())

        assert close(session, member, act_as(small_federation.factory)).is_decided
        assert verify(session) == []


class TestWhatStandsInTheWay:
    def test_is_an_appointment_since(self, session, small_federation, member, act_as: ActAs):
        reviewer = act_as(small_federation.factory)
        asked = request_closure(session, account_id=id_of(member), is_sure=True)
        make_administrator(session, member, small_federation.city)

        [outcome] = approve(session, reviewer, queue=PERSONAL_REQUESTS, ids=[asked])

        assert (outcome.verdict, outcome.message) == (Verdict.REFUSED, ADMINISTERS)
        assert session.get_one(Account, member.id).disabled_at is None

    def test_is_a_reviewer_who_may_not_remove_members(self, session, small_federation, member):
        account = make_account(session)
        granted = make_administrator(session, account, small_federation.factory, role=Role.MEMBERS)
        granted.permissions = [one for one in granted.permissions if one != Permission.MEMBERS_REMOVE]
        session.add(granted)
        session.flush()
        reviewer = get_actor(session, account_id=id_of(account), union_id=id_of(small_federation.factory))

        assert close(session, member, reviewer).verdict is Verdict.REFUSED
        held = session.exec(select(Membership).where(Membership.person_id == member.person_id)).one()
        assert held.status == 1

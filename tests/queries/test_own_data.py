"""查阅个人信息: everything of one's own, masked, and nothing of anybody else's."""

from collections.abc import Callable

from sqlmodel import Session, select

from gdftu_app.models.accounts import Account
from gdftu_app.models.identifiers import DocumentType
from gdftu_app.models.identity_checks import IdentityCheck
from gdftu_app.models.people import Person
from gdftu_app.models.person_merges import PersonMerge
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.transfer_offers import TransferOffer
from gdftu_app.queries.own_data import own_data
from gdftu_app.queries.reviews import Words
from gdftu_app.security.actors import Actor
from gdftu_app.services.accounts import open_account
from gdftu_app.services.consents import IDENTITY_TEXT
from gdftu_app.services.identity_checks import settle, submit_check
from gdftu_app.services.join_applications import apply_to_join
from gdftu_app.services.member_reveals import NumberKind, reveal
from gdftu_app.services.memberships import admit
from gdftu_app.services.own_data import read_own_data
from gdftu_app.services.personal_requests import request_correction
from gdftu_app.services.phone_proofs import record_sign_in
from tests.factories import Federation, id_of, make_account, make_administrator
from tests.verifying import resident_id

ActAs = Callable[..., Actor]


def everything(session: Session, account: Account) -> dict[str, list[dict[str, str]]]:
    return {
        section.key: [
            {fact.key: fact.value.text if isinstance(fact.value, Words) else str(fact.value) for fact in item}
            for item in section.items
        ]
        for section in own_data(session, account_id=id_of(account))
    }


class TestOwnData:
    def test_is_all_that_is_kept_with_numbers_masked(self, session, small_federation: Federation, act_as: ActAs):
        number = resident_id()
        account, _ = open_account(session, "+8617812340001")
        submitted = {"name": "陈一", "document_type": DocumentType.RESIDENT_ID, "document_number": number}
        submit_check(session, account_id=id_of(account), consent_version=IDENTITY_TEXT.version, **submitted)
        settle(session, session.exec(select(IdentityCheck).where(IdentityCheck.account_id == account.id)).one())
        person = session.get_one(Person, account.person_id)
        person.education = "21"
        membership = admit(session, person, small_federation.factory)
        make_administrator(session, account, small_federation.street)
        record_sign_in(session, account, "code")
        reveal(
            session, act_as(small_federation.city), member=id_of(membership), number=NumberKind.DOCUMENT, reason="核对"
        )
        request_correction(session, account_id=id_of(account), typed={"education": "31"})

        found = everything(session, account)

        assert list(found) == [
            *("account", "person", "memberships", "membership_history", "seen", "requests", "identity_checks"),
            *("consents", "grants", "sign_ins"),
        ]
        assert found["account"][0]["phone"] == "178****0001"
        assert found["person"][0]["document"] == f"{number[:4]}************{number[-2:]}"
        assert found["person"][0]["education"] == "本科"
        assert found["memberships"][0]["union"] == small_federation.factory.name
        assert (found["seen"][0]["union"], found["seen"][0]["number"]) == (small_federation.city.name, "证件号码")
        assert "核对" not in str(found)
        assert found["person"][0]["skill"] == ""
        assert number not in str(found)

    def test_of_an_application_is_what_was_filled_in(self, session, small_federation: Federation):
        account = make_account(session)
        typed = {"workplace": "榕江电器", "education": "21"}
        apply_to_join(session, account_id=id_of(account), union_id=id_of(small_federation.factory), details=typed)

        [application] = everything(session, account)["applications"]

        assert (application["workplace"], application["education"]) == ("榕江电器", "本科")

    def test_of_a_person_is_told_to_nobody_who_did_not_prove_it(self, session, small_federation: Federation):
        account = make_account(session, verified=False)
        admit(session, session.get_one(Person, account.person_id), small_federation.factory)

        assert list(everything(session, account)) == ["account"]

    def test_tells_who_offered_a_transfer_and_which_record_was_given_up(self, session, small_federation: Federation):
        account = make_account(session, name="陈一")
        person = session.get_one(Person, account.person_id)
        office = make_account(session)
        admit(session, person, small_federation.factory)
        session.add(
            TransferOffer(person_id=id_of(person), union_id=id_of(small_federation.street), offered_by_id=id_of(office))
        )
        session.add(
            PersonMerge(
                kept_id=id_of(person),
                merged_id=987_654,
                union_id=id_of(small_federation.factory),
                merged_by_id=id_of(office),
                reason="核对过证件",
            )
        )

        found = everything(session, account)

        assert [(offer["union"], offer["status"]) for offer in found["offers"]] == [
            (small_federation.street.name, "待答复")
        ]
        assert [merge["union"] for merge in found["merges"]] == [small_federation.factory.name]
        assert "核对过证件" not in str(found)

    def test_holds_nothing_of_anybody_else(self, session, small_federation: Federation):
        for name in ("陈一", "陈二"):
            account = make_account(session, name=name)
            admit(session, session.get_one(Person, account.person_id), small_federation.factory)

        assert "陈一" not in str(everything(session, account))
        assert len(everything(session, account)["memberships"]) == 1


def test_reading_it_is_recorded(session):
    account = make_account(session)

    read_own_data(session, account_id=id_of(account))

    entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "personal_data:read")).one()
    assert (entry.account_id, entry.subject) == (account.id, f"accounts:{account.id}")

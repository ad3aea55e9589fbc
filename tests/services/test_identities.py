"""Identities: which person a proven document makes of an account, and all that follows from it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlmodel import Session, select

from gdftu_app.clock import today
from gdftu_app.db import unit_of_work
from gdftu_app.models.accounts import Account
from gdftu_app.models.identifiers import DocumentType, complete_resident_id
from gdftu_app.models.identity_checks import CheckProblem
from gdftu_app.models.memberships import Membership, MembershipEvent
from gdftu_app.models.people import Person, Sex
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.unions import Union
from gdftu_app.security.actors import Actor
from gdftu_app.security.personal_data import seal, unseal
from gdftu_app.services.figures import fold
from gdftu_app.services.identities import Proof, prove
from gdftu_app.services.memberships import admit, retain
from gdftu_app.services.people import DOCUMENT_FIELD, PHONE_FIELD, PersonDraft, enrol
from gdftu_app.services.verifications import mark_verified
from tests.factories import Federation, id_of, make_person, make_union
from tests.recounts import recount, recount_days, shown

NUMBER, OTHER_NUMBER = (complete_resident_id(f"440199199001011{last}") for last in ("23", "45"))
WOMANS_NUMBER = complete_resident_id("44019919920202022")


def proof(number: str = NUMBER, name: str = "陈依", kind: DocumentType = DocumentType.RESIDENT_ID) -> Proof:
    return Proof(name, kind, number)


def new_account(session: Session, *, phone: str = "+8619900000001", person: Person | None = None) -> Account:
    sealed = seal("accounts.phone", phone)
    account = Account(
        name="待认证", phone_enc=sealed.enc, phone_bidx=sealed.bidx, person_id=id_of(person) if person else None
    )
    session.add(account)
    session.flush()
    return account


def recorded(session: Session, *, number: str = NUMBER, name: str = "陈一") -> Person:
    return enrol(session, PersonDraft(name=name, document_number=number))


def member(session: Session, union: Union, **of: str) -> Membership:
    return admit(session, recorded(session, **of), union, joined_on=date(2019, 5, 1))


def everything(session: Session) -> dict[str, list[str]]:
    tables = (Account, Person, Membership, MembershipEvent, AuditEntry)
    session.flush()
    session.expire_all()
    return {table.__name__: sorted(repr(row.model_dump()) for row in session.exec(select(table))) for table in tables}


def assert_figures_hold(session: Session) -> None:
    while fold(session):
        pass
    assert shown(session) == recount(session)


class TestSomebodyNew:
    def test_is_recorded_and_verified_as_the_document_says(self, session: Session):
        account = new_account(session)

        assert prove(session, account, proof(WOMANS_NUMBER, "林 依")) is None

        person = session.get_one(Person, account.person_id)
        assert (person.name, account.name) == ("林 依", "林 依")
        assert (person.sex, person.born_on) == (Sex.FEMALE, date(1992, 2, 2))
        assert person.verified_at is not None
        assert unseal(DOCUMENT_FIELD, person.doc_enc or "", person.doc_bidx or "") == WOMANS_NUMBER
        assert unseal(PHONE_FIELD, person.phone_enc or "", person.phone_bidx or "") == "+8619900000001"

    def test_belongs_to_no_union_by_that(self, session: Session, small_federation: Federation):
        prove(session, new_account(session), proof())

        assert session.exec(select(Membership)).all() == []
        assert_figures_hold(session)

    def test_may_have_a_document_that_tells_nothing_more(self, session: Session):
        account = new_account(session)

        prove(session, account, proof("EA1234567", kind=DocumentType.PASSPORT))

        person = session.get_one(Person, account.person_id)
        assert (person.doc_type, person.sex, person.born_on) == ("passport", None, None)
        assert person.verified_at is not None


class TestAMemberRecordedByAUnion:
    def test_is_found_by_the_document_and_keeps_the_membership(self, session: Session, small_federation: Federation):
        membership, account = member(session, small_federation.factory), new_account(session)

        assert prove(session, account, proof()) is None

        session.refresh(membership)
        assert account.person_id == membership.person_id
        assert (membership.union_id, membership.joined_on) == (id_of(small_federation.factory), date(2019, 5, 1))
        assert [event.kind for event in session.exec(select(MembershipEvent))] == ["joined", "verified"]
        assert len(session.exec(select(Person)).all()) == 1

    def test_has_the_proven_name_everywhere(self, session: Session, small_federation: Federation):
        membership, account = member(session, small_federation.factory, name="陈一"), new_account(session)

        prove(session, account, proof(name="陈依"))

        session.refresh(membership)
        person = session.get_one(Person, membership.person_id)
        assert {account.name, person.name, membership.name} == {"陈依"}

    def test_is_not_renamed_by_who_confirms_by_hand(
        self, session: Session, act_as: Callable[..., Actor], small_federation: Federation
    ):
        membership, account = member(session, small_federation.other_factory, name="陈一"), new_account(session)
        reviewer = act_as(small_federation.factory)

        renamed = prove(session, account, proof(name="陈依"), operator_id=reviewer.account_id)
        as_recorded = prove(session, account, proof(name="陈一"), operator_id=reviewer.account_id)

        session.refresh(membership)
        assert (renamed, as_recorded) == (CheckProblem.MISMATCH, None)
        assert (membership.name, account.person_id) == ("陈一", membership.person_id)

    def test_counts_as_verified_in_all_figures_once(self, session: Session, small_federation: Federation):
        member(session, small_federation.factory)
        member(session, small_federation.factory, number=OTHER_NUMBER)
        account = new_account(session)

        prove(session, account, proof())
        prove(session, account, proof())

        assert_figures_hold(session)
        province = shown(session)[id_of(small_federation.province)]
        assert (province["members_sub"], province["verified_sub"]) == (2, 1)
        assert recount_days(session)[id_of(small_federation.city), today(), "verified"] == 1

    def test_who_is_retained_is_verified_without_being_counted(self, session: Session, small_federation: Federation):
        membership = retain(session, member(session, small_federation.factory))

        prove(session, new_account(session), proof())

        session.refresh(membership)
        assert membership.verified
        assert_figures_hold(session)
        assert shown(session)[id_of(small_federation.province)]["verified_sub"] == 0

    def test_who_was_verified_before_stays_so_from_that_moment(self, session: Session, small_federation: Federation):
        membership = member(session, small_federation.factory)
        person = session.get_one(Person, membership.person_id)
        mark_verified(session, person)
        since = person.verified_at

        prove(session, new_account(session), proof())

        session.refresh(person)
        assert person.verified_at == since
        assert_figures_hold(session)

    def test_is_the_accounts_when_it_stood_for_somebody_without_any_document(
        self, session: Session, small_federation: Federation
    ):
        membership = member(session, small_federation.factory)
        account = new_account(session, person=make_person(session, verified=False))

        assert prove(session, account, proof()) is None

        assert account.person_id == membership.person_id


class TestTheAccountsOwnPerson:
    def test_without_a_document_gets_this_one_and_what_it_tells(self, session: Session, small_federation: Federation):
        person = make_person(session, name="陈一", verified=False, sex=Sex.MALE)
        membership = admit(session, person, small_federation.factory)
        account = new_account(session, person=person)

        assert prove(session, account, proof(WOMANS_NUMBER)) is None

        session.refresh(membership)
        assert account.person_id == person.id
        assert (person.sex, person.born_on) == (Sex.FEMALE, date(1992, 2, 2))
        assert (membership.sex, membership.born_year) == (Sex.FEMALE, 1992)
        assert_figures_hold(session)

    def test_is_verified_by_its_own_document(self, session: Session):
        account = new_account(session, person=recorded(session))

        assert prove(session, account, proof()) is None

        assert session.get_one(Person, account.person_id).verified_at is not None

    @pytest.mark.parametrize("is_somebodys", [True, False], ids=["recorded", "recorded nowhere"])
    def test_with_another_document_is_not_changed(self, is_somebodys: bool, session: Session):
        if is_somebodys:
            recorded(session, number=OTHER_NUMBER, name="林二")
        account = new_account(session, person=recorded(session))
        before = everything(session)

        assert prove(session, account, proof(OTHER_NUMBER)) is CheckProblem.OTHER_DOCUMENT

        assert everything(session) == before


class TestTheDocumentOfAnotherAccount:
    def test_proves_nothing_and_changes_nothing(self, session: Session):
        prove(session, new_account(session), proof())
        account = new_account(session, phone="+8619900000002")
        before = everything(session)

        assert prove(session, account, proof(name="另一人")) is CheckProblem.TAKEN

        assert everything(session) == before

    def test_is_the_same_number_of_another_kind_of_document_no_longer(self, session: Session):
        prove(session, new_account(session), proof("H12345678", kind=DocumentType.HK_MACAO_PERMIT))

        outcome = prove(
            session,
            new_account(session, phone="+8619900000002"),
            proof("H12345678", kind=DocumentType.PASSPORT),
        )

        assert outcome is None


class TestAtOnce:
    def test_of_accounts_with_one_document_one_is_proven(self, own_database: str):
        phones = [f"+861990000010{number}" for number in range(6)]
        with unit_of_work() as session:
            member(session, make_union(session, make_union(session)))
            accounts = [id_of(new_account(session, phone=phone)) for phone in phones]

        outcomes = _at_once(accounts, [NUMBER] * 6)

        assert sorted(map(str, outcomes)) == ["None", *["taken"] * 5]
        with unit_of_work() as session:
            assert len(session.exec(select(Person)).all()) == 1
            assert_figures_hold(session)

    def test_newcomers_with_one_document_are_one_person(self, own_database: str):
        phones = [f"+861990000010{number}" for number in range(4)]
        with unit_of_work() as session:
            accounts = [id_of(new_account(session, phone=phone)) for phone in phones]

        outcomes = _at_once(accounts, [NUMBER] * 4)

        assert outcomes.count(None) == 1
        with unit_of_work(reading=True) as session:
            assert len(session.exec(select(Person)).all()) == 1


def _at_once(accounts: list[int], numbers: list[str]) -> list[CheckProblem | None]:
    def attempt(asked: tuple[int, str]) -> CheckProblem | None:
        with unit_of_work() as session:
            return prove(session, session.get_one(Account, asked[0]), proof(asked[1]))

    with ThreadPoolExecutor(len(accounts)) as threads:
        return list(threads.map(attempt, zip(accounts, numbers, strict=True)))

"""Offering a transfer to members of other unions: asked once, moved only by their own word and a review."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from gdftu_app.clock import frozen_at, now, travel
from gdftu_app.db import unit_of_work
from gdftu_app.errors import NotFound
from gdftu_app.models.accounts import Account
from gdftu_app.models.memberships import Membership
from gdftu_app.models.records import OutboxMessage
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.transfer_applications import TransferApplication
from gdftu_app.models.transfer_offers import OfferStatus, TransferOffer
from gdftu_app.models.unions import UnionStatus
from gdftu_app.queries.transfer_offers import OFFER_LASTS, own_offers
from gdftu_app.services.applications import AlreadyApplied
from gdftu_app.services.job_kinds import RUNNERS
from gdftu_app.services.job_running import work_off
from gdftu_app.services.member_imports import confirm_import
from gdftu_app.services.memberships import admit, transfer
from gdftu_app.services.people import PersonDraft, enrol
from gdftu_app.services.transfer_applications import apply_to_transfer
from gdftu_app.services.transfer_offers import OfferAnswered, accept_offer, decline_offer, offer_transfers
from tests.factories import Federation, id_of, make_account, make_federation, make_person, make_union
from tests.services.test_member_imports import counts, upload
from tests.workbooks_to_import import filled, id_number, member
from tests.working import job, open_office


@pytest.fixture
def world(session: Session) -> Federation:
    return make_federation(session)


@pytest.fixture
def asked(session: Session, world: Federation) -> Account:
    """Somebody with an account, a member of the other factory, whom the factory has asked to come."""
    account = holder(session, world)
    offer(session, world, account)
    return account


def holder(session: Session, world: Federation) -> Account:
    account = make_account(session)
    admit(session, person_of(session, account), world.other_factory)
    return account


def person_of(session: Session, account: Account):
    from gdftu_app.models.people import Person

    return session.get_one(Person, account.person_id)


def offer(session: Session, world: Federation, *accounts: Account) -> set[int]:
    people = {account.person_id or 0 for account in accounts}
    return offer_transfers(session, world.factory, people, operator_id=id_of(make_account(session)))


def only_offer(session: Session, account: Account) -> int:
    [one] = own_offers(session, account_id=id_of(account))
    return one.id


def statuses(session: Session) -> list[str]:
    return list(session.exec(select(TransferOffer.status).order_by(col(TransferOffer.id))))


class TestOffering:
    def test_who_is_asked_sees_it_and_is_told_by_text(self, session, world, asked):
        [one] = own_offers(session, account_id=id_of(asked))

        assert one.union == world.factory.name
        assert [message.purpose for message in session.exec(select(OutboxMessage))] == ["transfer_offered"]

    def test_members_of_the_union_itself_and_of_none_are_not_asked(self, session, world):
        here, nowhere = make_account(session), make_account(session)
        admit(session, person_of(session, here), world.factory)

        assert offer(session, world, here, nowhere) == set()

    def test_nobody_is_asked_again_for_a_while_whatever_they_answered(self, session, world):
        with frozen_at(now()):
            account = holder(session, world)
            offer(session, world, account)
            decline_offer(session, account_id=id_of(account), offer_id=only_offer(session, account))

            assert offer(session, world, account) == set()
            travel(OFFER_LASTS + timedelta(seconds=1))
            assert offer(session, world, account) == {account.person_id}

    def test_an_old_offer_lapses_when_another_is_made(self, session, world):
        with frozen_at(now()):
            account = holder(session, world)
            offer(session, world, account)
            travel(OFFER_LASTS + timedelta(seconds=1))
            assert own_offers(session, account_id=id_of(account)) == []
            offer(session, world, account)

        assert statuses(session) == [OfferStatus.LAPSED, OfferStatus.OPEN]

    def test_it_is_hidden_once_it_means_nothing_any_more(self, session, world, asked):
        member = session.exec(select(Membership).where(Membership.person_id == asked.person_id)).one()
        world.factory.status = UnionStatus.DISSOLVED
        assert own_offers(session, account_id=id_of(asked)) == []

        world.factory.status = UnionStatus.ACTIVE
        transfer(session, member, world.factory)

        assert own_offers(session, account_id=id_of(asked)) == []


class TestAnswering:
    def test_accepting_applies_to_the_union_which_decides(self, session, world, asked):
        number = accept_offer(session, account_id=id_of(asked), offer_id=only_offer(session, asked))

        application = session.get_one(TransferApplication, number)
        assert (application.status, application.target_union_id) == (ReviewStatus.PENDING, world.factory.id)
        assert (application.submitted_by_id, application.purpose) == (asked.id, f"应「{world.factory.name}」邀请转入")
        assert statuses(session) == [OfferStatus.ACCEPTED]
        current = select(Membership.union_id).where(Membership.person_id == asked.person_id)
        assert session.exec(current).all() == [world.other_factory.id]

    def test_an_offer_is_answered_once(self, session, asked):
        number = only_offer(session, asked)
        decline_offer(session, account_id=id_of(asked), offer_id=number)

        for answer in (accept_offer, decline_offer):
            with pytest.raises(OfferAnswered):
                answer(session, account_id=id_of(asked), offer_id=number)

    def test_nobody_answers_for_another(self, session, world, asked):
        other = holder(session, world)

        for answer in (accept_offer, decline_offer):
            with pytest.raises(NotFound):
                answer(session, account_id=id_of(other), offer_id=only_offer(session, asked))

    def test_one_application_at_a_time(self, session, world, asked):
        elsewhere = make_union(session, superior=world.street)
        apply_to_transfer(session, account_id=id_of(asked), union_id=id_of(elsewhere), purpose="换了单位")

        with pytest.raises(AlreadyApplied):
            accept_offer(session, account_id=id_of(asked), offer_id=only_offer(session, asked))

    def test_an_unproven_name_is_offered_nothing(self, session, world):
        person = make_person(session, verified=False)
        admit(session, person, world.other_factory)
        account = make_account(session, verified=False)
        account.person_id = person.id
        offer(session, world, account)

        assert own_offers(session, account_id=id_of(account)) == []


class TestImporting:
    @pytest.mark.parametrize("offers", [True, False])
    def test_members_of_other_unions_are_asked_if_that_was_confirmed(self, own_database, offers):
        office = open_office()
        with unit_of_work() as session:
            person = enrol(session, PersonDraft(name="陈一", document_number=id_number(2)))
            number = person.id
            admit(session, person, office.world.other_factory)
        import_id = upload(office, filled([member(1), member(2)]))

        with unit_of_work() as session:
            confirm_import(session, office.actor(session), job_id=import_id, offers=offers)
        work_off(RUNNERS)

        asked = {"admitted": 1, "offered": 1} if offers else {"admitted": 1, "elsewhere": 1}
        assert (counts(import_id), job(import_id).total) == (asked, 1 + offers)
        with unit_of_work(reading=True) as session:
            people = session.exec(select(TransferOffer.person_id)).all()
            assert people == ([number] if offers else [])

    def test_an_import_of_nobody_new_waits_to_ask_them(self, own_database):
        office = open_office()
        with unit_of_work() as session:
            person = enrol(session, PersonDraft(name="陈一", document_number=id_number(1)))
            admit(session, person, office.world.other_factory)

        import_id = upload(office, filled([member(1)]))

        assert (job(import_id).status, counts(import_id)) == ("waiting", {"elsewhere": 1})

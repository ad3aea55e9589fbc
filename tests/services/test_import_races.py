"""An import while other things happen to the same people: each is a member once, and the figures are right."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from gdftu_app.db import unit_of_work
from gdftu_app.models.accounts import Account
from gdftu_app.models.jobs import ImportOutcome, ImportRow, JobStatus
from gdftu_app.models.memberships import Membership
from gdftu_app.models.people import Person
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.transfer_applications import TransferApplication
from gdftu_app.models.transfer_offers import TransferOffer
from gdftu_app.security.personal_data import seal
from gdftu_app.services import import_writing
from gdftu_app.services.job_kinds import RUNNERS
from gdftu_app.services.job_running import work_off
from gdftu_app.services.join_applications import apply_to_join
from gdftu_app.services.join_reviews import JOINS
from gdftu_app.services.member_imports import confirm_import
from gdftu_app.services.memberships import admit, remove
from gdftu_app.services.people import DOCUMENT_FIELD
from gdftu_app.services.transfer_offers import accept_offer, offer_transfers
from gdftu_app.services.transfer_reviews import TRANSFERS
from tests.factories import id_of, make_account, make_join_application
from tests.services.test_application_races import CURRENT, deciding, is_sound, reviewer
from tests.services.test_member_imports import upload
from tests.together import at_once
from tests.workbooks_to_import import filled, id_number, member
from tests.working import Office, appoint, job, open_office

PEOPLE = 24


@pytest.fixture
def office(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An administrator of the factory; imports take several transactions."""
    monkeypatch.setattr(import_writing, "WRITTEN_AT_ONCE", 6)
    return open_office()


def everybody() -> bytes:
    return filled([member(number) for number in range(PEOPLE)])


def confirmed(office: Office, content: bytes, *, offers: bool = False) -> int:
    number = upload(office, content)
    with unit_of_work() as session:
        confirm_import(session, office.actor(session), job_id=number, offers=offers)
    return number


def known(session: Session, number: int) -> Account:
    """Somebody with an account, verified under the document of a row."""
    account = make_account(session, name="陈一")
    person, document = session.get_one(Person, account.person_id), seal(DOCUMENT_FIELD, id_number(number))
    person.doc_type, person.doc_enc, person.doc_bidx = "resident_id", document.enc, document.bidx
    session.flush()
    return account


def working() -> int:
    return work_off(RUNNERS)


def outcomes(number: int) -> dict[str, int]:
    with unit_of_work(reading=True) as session:
        counted = select(ImportRow.outcome, func.count()).where(ImportRow.job_id == number)
        return dict(session.exec(counted.group_by(col(ImportRow.outcome))).all())


def current_members(session: Session) -> list[int]:
    return list(session.exec(select(Membership.person_id).where(col(Membership.status).in_(CURRENT))))


def test_confirmed_by_two_windows_at_once_it_is_written_once(office):
    number = upload(office, everybody())

    def confirm() -> None:
        with unit_of_work() as session:
            confirm_import(session, office.actor(session), job_id=number)

    answers = at_once(confirm, confirm)
    at_once(working, working)

    assert answers == [None, None]
    assert outcomes(number) == {ImportOutcome.ADMITTED: PEOPLE}
    with unit_of_work(reading=True) as session:
        assert len(current_members(session)) == PEOPLE
        assert is_sound(session)


def test_two_unions_that_import_the_same_people_admit_each_in_one(office):
    with unit_of_work() as session:
        union = office.world.other_factory
        other = Office(office.world, appoint(session, union), id_of(union))
    numbers = [
        confirmed(office, everybody()),
        confirmed(other, filled([member(number) for number in reversed(range(PEOPLE))])),
    ]

    at_once(working, working)

    found = [outcomes(number) for number in numbers]
    assert [job(number).status for number in numbers] == [JobStatus.DONE, JobStatus.DONE]
    assert sum(each.get(ImportOutcome.ADMITTED, 0) for each in found) == PEOPLE
    assert sum(each.get(ImportOutcome.ELSEWHERE, 0) for each in found) == PEOPLE
    with unit_of_work(reading=True) as session:
        assert is_sound(session)


def test_who_is_admitted_elsewhere_during_the_import_is_a_member_there_or_here(office):
    target = office.world.other_factory
    with unit_of_work() as session:
        reviewing = reviewer(session, target)
        applicants = [known(session, number) for number in range(PEOPLE)]
        ids = [id_of(make_join_application(session, target, applicant=account)) for account in applicants]
    number = confirmed(office, everybody())

    def approving() -> list[Any]:
        return [one for each in reversed(ids) for one in deciding(JOINS, reviewing, target, [each])()]

    at_once(working, approving)

    found = outcomes(number)
    assert sum(found.values()) == PEOPLE
    with unit_of_work(reading=True) as session:
        assert len(current_members(session)) == PEOPLE
        here = select(func.count()).where(Membership.union_id == office.union_id)
        assert session.exec(here).one() == found.get(ImportOutcome.ADMITTED, 0)
        assert is_sound(session)


def test_who_applies_while_being_imported_is_a_member_once(office):
    with unit_of_work() as session:
        accounts = [id_of(known(session, number)) for number in range(PEOPLE)]
    confirmed(office, everybody())

    def applying(account: int) -> Callable[[], int]:
        def apply() -> int:
            with unit_of_work() as session:
                union = id_of(office.world.other_factory)
                return apply_to_join(session, account_id=account, union_id=union, details={})

        return apply

    def all_applying() -> list[Any]:
        return [answer for account in reversed(accounts) for answer in at_once(applying(account))]

    at_once(working, all_applying)

    with unit_of_work(reading=True) as session:
        assert len(current_members(session)) == PEOPLE
        assert is_sound(session)


def test_who_is_removed_or_accepts_while_being_asked_moves_only_by_review(office):
    with unit_of_work() as session:
        target = office.world.factory
        accounts = [known(session, number) for number in range(PEOPLE)]
        people = [session.get_one(Person, account.person_id) for account in accounts]
        members = [admit(session, person, office.world.other_factory).id for person in people]
        offer_transfers(session, target, [id_of(people[0])], operator_id=office.account_id)
        first = session.exec(select(TransferOffer.id)).one()
        reviewing = reviewer(session, target)
        accepted = accept_offer(session, account_id=id_of(accounts[0]), offer_id=first or 0)
    number = confirmed(office, everybody(), offers=True)

    def removing() -> None:
        for member_id in members[1::2]:
            with unit_of_work() as session:
                remove(session, session.get_one(Membership, member_id), RemovalReason.LABOUR_ENDED)

    at_once(working, removing, deciding(TRANSFERS, reviewing, target, [accepted]))

    assert job(number).status == JobStatus.DONE
    with unit_of_work(reading=True) as session:
        assert session.get_one(TransferApplication, accepted).status == ReviewStatus.APPROVED
        assert len(current_members(session)) == PEOPLE // 2
        asked = session.exec(select(TransferOffer.person_id)).all()
        assert len(asked) == len(set(asked))
        assert is_sound(session)

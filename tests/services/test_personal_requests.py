"""个人信息请求 from both sides: who may ask whom for what, what an answer does, and what is told."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, col, select

from gdftu_app.clock import frozen_at
from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput, NotFound, TooManyRequests
from gdftu_app.models.accounts import Account
from gdftu_app.models.memberships import Membership
from gdftu_app.models.notifications import Notification
from gdftu_app.models.people import Person
from gdftu_app.models.personal_requests import PersonalRequest, answer_due
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Union
from gdftu_app.queries.applicants import NotVerified
from gdftu_app.queries.outbox import list_messages
from gdftu_app.queries.own_requests import own_requests, request_desk
from gdftu_app.queries.reviews import Words, review_details, review_page
from gdftu_app.security.actors import Actor
from gdftu_app.security.permissions import Role
from gdftu_app.services.applications import AlreadyApplied, AlreadyDecided
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.memberships import admit, transfer
from gdftu_app.services.personal_request_reviews import MOVED_ON, PERSONAL_REQUESTS
from gdftu_app.services.personal_requests import (
    StillAdministrator,
    request_closure,
    request_correction,
    request_deletion,
    withdraw_request,
)
from gdftu_app.services.reviews import Verdict, approve, reject
from gdftu_app.services.unions import dissolve
from tests.factories import Federation, id_of, make_account, make_administrator, make_personal_request, make_union

ActAs = Callable[..., Actor]
MakeMember = Callable[..., Account]


@pytest.fixture
def member(session: Session, small_federation: Federation) -> MakeMember:
    """Somebody with an account who is a member of the factory, unless of another union."""

    def made(union: Union | None = None, **fields: str) -> Account:
        account = make_account(session, name="陈一")
        person = session.get_one(Person, account.person_id)
        for name, value in fields.items():
            setattr(person, name, value)
        admit(session, person, union or small_federation.factory)
        return account

    return made


def correct(session: Session, account: Account, **typed: str) -> PersonalRequest:
    number = request_correction(session, account_id=id_of(account), typed=typed)
    return session.get_one(PersonalRequest, number)


def person_of(session: Session, account: Account) -> Person:
    return session.get_one(Person, account.person_id, populate_existing=True)


class TestAsking:
    def test_keeps_what_differs_and_waits_for_the_members_union(self, session, small_federation, member, act_as):
        act_as(small_federation.factory, Role.MEMBERS)
        account = member(education="11", workplace="榕江电器")

        request = correct(session, account, education="21", workplace=" 榕江电器 ", is_migrant="no", politics="")

        assert request.changes == {"education": "21"}
        assert request.reviewing_union_id == small_federation.factory.id
        [own] = own_requests(session, account_id=id_of(account))
        assert (own.kind, own.status, own.union) == ("correction", "pending", small_federation.factory.name)
        entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "personal_requests:submit")).one()
        assert (entry.subject, entry.detail["fields"]) == (f"personal_requests:{request.id}", ["education"])

    def test_goes_to_the_nearest_union_above_in_which_anybody_answers(self, session, small_federation, member, act_as):
        make_administrator(session, make_account(session), small_federation.street, role=Role.ANALYST)
        act_as(small_federation.city, Role.MEMBERS)

        assert correct(session, member(), education="21").reviewing_union_id == small_federation.city.id

    def test_is_not_answered_by_the_applicant_alone(self, session, small_federation, member, act_as):
        account = member()
        make_administrator(session, account, small_federation.factory)
        act_as(small_federation.district)

        assert correct(session, account, education="21").reviewing_union_id == small_federation.district.id

    def test_of_somebody_who_was_never_a_member_goes_to_the_top(self, session, small_federation):
        request = correct(session, make_account(session), education="21")

        assert request.reviewing_union_id == small_federation.province.id

    def test_for_nothing_or_for_what_is_on_no_list_is_refused(self, session, member):
        account = member(education="11")

        for typed, field in (
            ({"education": "11"}, ""),
            ({"education": "99"}, "education"),
            ({"workplace": "长" * 101}, "workplace"),
        ):
            with pytest.raises(InvalidInput) as refused:
                correct(session, account, **typed)
            assert refused.value.field == field

    def test_to_delete_names_fields_that_are_recorded(self, session, member):
        account = member(education="11")

        with pytest.raises(InvalidInput):
            request_deletion(session, account_id=id_of(account), fields=["politics", "name", "is_migrant"])
        number = request_deletion(session, account_id=id_of(account), fields=["education", "politics"])

        assert session.get_one(PersonalRequest, number).changes == {"education": ""}

    def test_for_changes_needs_a_proven_identity_and_for_closing_none(self, session, small_federation):
        account = make_account(session, verified=False)

        with pytest.raises(NotVerified):
            correct(session, account, education="21")
        assert request_closure(session, account_id=id_of(account), is_sure=True)

    def test_to_close_an_account_is_texted_and_needs_to_be_meant(self, session, member):
        account = member()

        with pytest.raises(InvalidInput) as refused:
            request_closure(session, account_id=id_of(account), is_sure=False)
        request_closure(session, account_id=id_of(account), is_sure=True)

        assert refused.value.field == "sure"
        assert [message.purpose for message in list_messages(session)] == ["closure_requested"]

    def test_to_close_an_administrators_account_is_refused(self, session, small_federation, member):
        account = member()
        make_administrator(session, account, small_federation.city)

        with pytest.raises(StillAdministrator) as refused:
            request_closure(session, account_id=id_of(account), is_sure=True)

        assert refused.value.values == {"union": small_federation.city.name}

    def test_is_possible_once_of_a_kind_until_it_is_withdrawn(self, session, member):
        account = member(education="11")
        first = correct(session, account, education="21")
        with pytest.raises(AlreadyApplied):
            correct(session, account, education="31")
        request_deletion(session, account_id=id_of(account), fields=["education"])

        for _ in range(2):
            withdraw_request(session, account_id=id_of(account), request_id=id_of(first))

        assert correct(session, account, education="31").status == ReviewStatus.PENDING

    def test_is_limited_by_day(self, session, member):
        account = member()
        for _ in range(settings().applications_per_day):
            request = correct(session, account, education="21")
            withdraw_request(session, account_id=id_of(account), request_id=id_of(request))

        with pytest.raises(TooManyRequests):
            correct(session, account, education="21")

    def test_somebody_elses_is_not_withdrawn_nor_an_answered_one(self, session, small_federation, member, act_as):
        request = correct(session, member(), education="21")
        with pytest.raises(NotFound):
            withdraw_request(session, account_id=id_of(member()), request_id=id_of(request))

        reject(session, act_as(small_federation.province), queue=PERSONAL_REQUESTS, ids=[id_of(request)], reason="不符")

        with pytest.raises(AlreadyDecided):
            withdraw_request(session, account_id=request.submitted_by_id, request_id=id_of(request))


class TestAnswers:
    def test_write_the_correction_and_tell_the_applicant(self, session, small_federation, member, act_as: ActAs):
        reviewer = act_as(small_federation.factory, Role.MEMBERS)
        account = member(education="11")
        request = correct(session, account, education="21", is_migrant="yes")

        [outcome] = approve(session, reviewer, queue=PERSONAL_REQUESTS, ids=[id_of(request)])

        assert outcome.verdict is Verdict.APPROVED
        person = person_of(session, account)
        assert (person.education, person.is_migrant) == ("21", True)
        assert verify(session) == []
        told = session.exec(select(Notification).where(Notification.account_id == account.id)).one()
        assert (told.kind, told.link) == ("request_answered", "/m/requests")
        assert told.values == {"union": small_federation.factory.name, "kind": "更正信息"}
        [message] = list_messages(session)
        assert "更正信息" in message.text
        entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "members:correct")).one()
        assert entry.detail["reason"] == f"personal_requests:{request.id}"

    def test_delete_what_was_to_be_deleted(self, session, small_federation, member, act_as: ActAs):
        reviewer = act_as(small_federation.factory)
        account = member(education="11", politics="01")
        number = request_deletion(session, account_id=id_of(account), fields=["politics"])

        approve(session, reviewer, queue=PERSONAL_REQUESTS, ids=[number])

        person = person_of(session, account)
        assert (person.education, person.politics) == ("11", "")

    def test_take_over_the_phone_of_the_account(self, session, small_federation, member, act_as: ActAs):
        reviewer = act_as(small_federation.factory)
        account = member()
        number = request_correction(session, account_id=id_of(account), typed={}, own_phone=True)

        approve(session, reviewer, queue=PERSONAL_REQUESTS, ids=[number])

        assert person_of(session, account).phone_bidx == account.phone_bidx
        assert not request_desk(session, account_id=id_of(account)).has_other_phone

    def test_that_decline_give_their_reason(self, session, small_federation, member, act_as: ActAs):
        reviewer = act_as(small_federation.factory)
        account = member()
        request = correct(session, account, education="21")

        reject(session, reviewer, queue=PERSONAL_REQUESTS, ids=[id_of(request)], reason="请携带证明材料")

        [own] = own_requests(session, account_id=id_of(account))
        assert (own.status, own.reason) == ("rejected", "请携带证明材料")
        [message] = list_messages(session)
        assert (message.purpose, "请携带" in message.text) == ("request_declined", False)
        assert person_of(session, account).education == ""

    def test_are_given_by_nobody_to_themselves(self, session, small_federation, member, act_as: ActAs):
        reviewer = act_as(small_federation.factory)
        account = session.get_one(Account, reviewer.account_id)
        request = make_personal_request(session, small_federation.factory, applicant=account)

        [outcome] = approve(session, reviewer, queue=PERSONAL_REQUESTS, ids=[id_of(request)])

        assert outcome.verdict is Verdict.REFUSED

    def test_are_left_to_the_union_that_the_member_went_to(self, session, small_federation, member, act_as: ActAs):
        reviewer, there = act_as(small_federation.factory), act_as(small_federation.other_factory)
        account = member()
        request = correct(session, account, education="21")
        held = session.exec(select(Membership).where(Membership.person_id == account.person_id)).one()
        transfer(session, held, small_federation.other_factory)

        [outcome] = approve(session, reviewer, queue=PERSONAL_REQUESTS, ids=[id_of(request)])

        assert (outcome.verdict, outcome.message) == (Verdict.REFUSED, MOVED_ON)
        assert review_page(session, reviewer, queue=PERSONAL_REQUESTS.list).total == 0
        assert approve(session, there, queue=PERSONAL_REQUESTS, ids=[id_of(request)])[0].is_decided

    def test_of_many_are_given_in_one_go(self, session, small_federation, member, act_as: ActAs):
        reviewer = act_as(small_federation.factory)
        requests = [correct(session, member(), education="21") for _ in range(3)]
        gone = session.get_one(Account, requests[1].submitted_by_id)
        gone.person_id = None
        session.flush()

        outcomes = approve(session, reviewer, queue=PERSONAL_REQUESTS, ids=[id_of(one) for one in requests])

        assert [outcome.verdict for outcome in outcomes] == [Verdict.APPROVED, Verdict.REFUSED, Verdict.APPROVED]


class TestWhatIsShown:
    def test_is_masked_with_how_it_reads_now_and_when_an_answer_is_due(
        self, session, small_federation, member, act_as: ActAs
    ):
        reviewer = act_as(small_federation.factory)
        with frozen_at(datetime(2026, 11, 20, 2, tzinfo=UTC)):
            request = correct(session, member(education="11"), education="21")

        [row] = review_page(session, reviewer, queue=PERSONAL_REQUESTS.list).rows
        shown = review_details(session, reviewer, queue=PERSONAL_REQUESTS.list, request_id=id_of(request))

        assert (row.title, row.cells[0][0].text, row.cells[2][0].text) == ("陈一", "更正信息", "2026-12-11")
        assert "****" in row.cells[1][0].text
        [changed] = [field for field in shown.fields if field.is_changed]
        assert (changed.label, changed.before, changed.value.text) == ("学历", Words("博士", is_message=True), "本科")

    def test_of_a_closure_says_what_it_ends(self, session, small_federation, member, act_as: ActAs):
        reviewer = act_as(small_federation.factory)
        number = request_closure(session, account_id=id_of(member()), is_sure=True, remark="不再使用")

        shown = review_details(session, reviewer, queue=PERSONAL_REQUESTS.list, request_id=number)

        assert [values.get("union", "") for _, values in shown.remarks] == [small_federation.factory.name, ""]
        assert shown.fields[-1].value.text == "不再使用"


def test_requests_of_a_union_that_is_dissolved_go_on(session, small_federation, act_as: ActAs):
    gone = make_union(session, small_federation.street)
    account = make_account(session)
    person = session.get_one(Person, account.person_id)
    held = admit(session, person, gone)
    transfer(session, held, small_federation.factory)
    act_as(small_federation.district)
    dissolve(session, gone)

    assert request_desk(session, account_id=id_of(account)).keeper == small_federation.district.name
    open_ones = select(PersonalRequest).where(col(PersonalRequest.status) == "pending")
    assert session.exec(open_ones).all() == []


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (datetime(2026, 11, 20, 2, tzinfo=UTC), date(2026, 12, 11)),
        (datetime(2026, 11, 21, 2, tzinfo=UTC), date(2026, 12, 11)),
        # Already the next day in China.
        (datetime(2026, 11, 22, 17, tzinfo=UTC), date(2026, 12, 14)),
    ],
)
def test_an_answer_is_due_within_fifteen_working_days(asked: datetime, due: date):
    assert answer_due(asked) == due

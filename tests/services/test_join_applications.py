"""入会申请 from both sides: who may apply, what approval begins, and what is told to whom."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session, select

from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput, NotFound, SignedOut, TooManyRequests
from gdftu_app.models.accounts import Account
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.memberships import Membership, MembershipEvent
from gdftu_app.models.notifications import Notification
from gdftu_app.models.people import Person
from gdftu_app.models.records import AuditEntry, OutboxMessage
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Union, UnionCategory
from gdftu_app.queries.applicants import NotVerified
from gdftu_app.queries.figures import figures_of
from gdftu_app.queries.own_applications import own_applications
from gdftu_app.queries.own_memberships import own_history, own_membership
from gdftu_app.queries.reviews import review_details, review_page
from gdftu_app.security.actors import Actor
from gdftu_app.security.permissions import Role
from gdftu_app.services.applications import AlreadyApplied, AlreadyDecided
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.join_applications import apply_to_join, withdraw_join
from gdftu_app.services.join_reviews import JOINS
from gdftu_app.services.membership_rows import AlreadyMember
from gdftu_app.services.memberships import admit
from gdftu_app.services.reviews import Verdict, approve, reject
from gdftu_app.services.unions import dissolve
from tests.factories import Federation, id_of, make_account, make_join_application, make_member, make_union

ActAs = Callable[..., Actor]
DETAILS = {"workplace": "  榕江 电器 ", "is_migrant": "yes", "occupation": "courier", "education": "", "other": "x"}


def person_of(session: Session, account: Account) -> Person:
    return session.get_one(Person, account.person_id)


def apply(session: Session, account: Account, union: Union, **details: str) -> JoinApplication:
    number = apply_to_join(session, account_id=id_of(account), union_id=id_of(union), details=details)
    return session.get_one(JoinApplication, number)


class TestApplying:
    def test_keeps_what_was_filled_in_and_waits_for_the_union(self, session: Session, small_federation: Federation):
        account = make_account(session, name="陈一")

        application = apply(session, account, small_federation.factory, **DETAILS)

        assert application.details == {"workplace": "榕江 电器", "is_migrant": "yes", "occupation": "courier"}
        [own] = own_applications(session, account_id=id_of(account))
        assert (own.kind, own.status, own.union) == ("join", "pending", small_federation.factory.name)
        entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "joins:submit")).one()
        assert entry.subject == f"join_applications:{application.id}"

    @pytest.mark.parametrize("place", ["province", "city", "district"])
    def test_a_union_that_holds_no_members_takes_none(self, place: str, session: Session, small_federation: Federation):
        with pytest.raises(InvalidInput) as refused:
            apply(session, make_account(session), getattr(small_federation, place))

        assert refused.value.field == "union"

    def test_nor_does_one_that_is_dissolved_or_missing(self, session: Session, small_federation: Federation):
        gone = make_union(session, small_federation.street)
        dissolve(session, gone)

        for number in (id_of(gone), 999_999):
            with pytest.raises(InvalidInput) as refused:
                apply_to_join(session, account_id=id_of(make_account(session)), union_id=number, details={})
            assert refused.value.field == "union"

    def test_branches_and_federations_take_members(self, session: Session, small_federation: Federation):
        for category in (UnionCategory.BRANCH, UnionCategory.TEAM):
            branch = make_union(session, small_federation.factory, category=category)
            assert apply(session, make_account(session), branch).status == ReviewStatus.PENDING

    def test_is_for_verified_people_only(self, session: Session, small_federation: Federation):
        with pytest.raises(NotVerified):
            apply(session, make_account(session, verified=False), small_federation.factory)
        with pytest.raises(SignedOut):
            apply_to_join(session, account_id=999_999, union_id=id_of(small_federation.factory), details={})

    def test_a_member_does_not_join_again(self, session: Session, small_federation: Federation):
        account = make_account(session)
        admit(session, person_of(session, account), small_federation.factory)

        with pytest.raises(AlreadyMember) as refused:
            apply(session, account, small_federation.other_factory)
        assert refused.value.code == "already_member"

    def test_there_is_one_application_at_a_time(self, session: Session, small_federation: Federation):
        account = make_account(session)
        apply(session, account, small_federation.factory)

        with pytest.raises(AlreadyApplied) as refused:
            apply(session, account, small_federation.other_factory)
        assert refused.value.code == "already_applied"

    @pytest.mark.parametrize(
        ("details", "field"), [({"education": "99"}, "education"), ({"workplace": "长" * 101}, "workplace")]
    )
    def test_what_is_no_such_value_is_told_by_its_field(
        self, details: dict[str, str], field: str, session: Session, small_federation: Federation
    ):
        with pytest.raises(InvalidInput) as refused:
            apply(session, make_account(session), small_federation.factory, **details)

        assert refused.value.field == field

    def test_is_limited_by_the_day(
        self, session: Session, small_federation: Federation, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setenv("GDFTU_APPLICATIONS_PER_DAY", "2")
        settings.cache_clear()
        account = make_account(session)
        for _ in range(2):
            application = apply(session, account, small_federation.factory)
            withdraw_join(session, account_id=id_of(account), application_id=id_of(application))

        with pytest.raises(TooManyRequests):
            apply(session, account, small_federation.factory)
        monkeypatch.undo()
        settings.cache_clear()


class TestWithdrawing:
    def test_frees_the_applicant_and_may_be_done_twice(self, session: Session, small_federation: Federation):
        account = make_account(session)
        first = apply(session, account, small_federation.factory)

        for _ in range(2):
            withdraw_join(session, account_id=id_of(account), application_id=id_of(first))

        again = apply(session, account, small_federation.other_factory)
        assert (first.status, again.earlier_id) == (ReviewStatus.WITHDRAWN, first.id)

    def test_somebody_elses_is_not_found(self, session: Session, small_federation: Federation):
        application = apply(session, make_account(session), small_federation.factory)

        with pytest.raises(NotFound):
            withdraw_join(session, account_id=id_of(make_account(session)), application_id=id_of(application))
        assert application.status == ReviewStatus.PENDING

    def test_what_is_decided_stays(self, session: Session, small_federation: Federation, act_as: ActAs):
        account = make_account(session)
        application = apply(session, account, small_federation.factory)
        approve(session, act_as(small_federation.factory), queue=JOINS, ids=[id_of(application)])

        with pytest.raises(AlreadyDecided):
            withdraw_join(session, account_id=id_of(account), application_id=id_of(application))


class TestApproval:
    def test_begins_a_membership_with_what_was_filled_in(
        self, session: Session, small_federation: Federation, act_as: ActAs
    ):
        account, factory = make_account(session, name="陈一"), small_federation.factory
        application = apply(session, account, factory, **DETAILS)
        reviewer = act_as(factory, Role.REVIEWER)

        [outcome] = approve(session, reviewer, queue=JOINS, ids=[id_of(application)])

        assert (outcome.verdict, outcome.title) == (Verdict.APPROVED, "陈一")
        session.refresh(application)
        membership = session.get_one(Membership, application.membership_id)
        assert (membership.union_id, membership.person_id) == (factory.id, account.person_id)
        assert (membership.is_migrant, membership.verified) == (True, True)
        person = person_of(session, account)
        assert (person.workplace, person.occupation, person.education) == ("榕江 电器", "courier", "")
        event = session.exec(select(MembershipEvent).where(MembershipEvent.membership_id == membership.id)).one()
        assert (event.kind, event.operator_id) == ("joined", reviewer.account_id)
        assert figures_of(session, small_federation.city).migrant_sub == 1
        assert verify(session) == []
        own = own_membership(session, account_id=id_of(account))
        assert own is not None
        assert (own.union, own.path[-1]) == (factory.name, small_federation.street.name)
        assert [step.label for step in own_history(session, account_id=id_of(account))] == ["入会"]

    def test_is_told_by_text_message_and_by_the_bell(
        self, session: Session, small_federation: Federation, act_as: ActAs
    ):
        account = make_account(session)
        application = apply(session, account, small_federation.factory)

        approve(session, act_as(small_federation.factory), queue=JOINS, ids=[id_of(application)])

        told = session.exec(select(Notification).where(Notification.account_id == account.id)).one()
        assert (told.kind, told.values, told.link) == (
            "join_approved",
            {"union": small_federation.factory.name},
            "/m/me",
        )
        message = session.exec(select(OutboxMessage).where(OutboxMessage.phone_bidx == account.phone_bidx)).one()
        assert message.purpose == "join_approved"

    def test_a_rejection_is_told_with_its_reason(self, session: Session, small_federation: Federation, act_as: ActAs):
        account = make_account(session)
        application = apply(session, account, small_federation.factory)

        reject(session, act_as(small_federation.factory), queue=JOINS, ids=[id_of(application)], reason="非本单位职工")

        [own] = own_applications(session, account_id=id_of(account))
        assert (own.status, own.reason) == ("rejected", "非本单位职工")
        told = session.exec(select(Notification).where(Notification.account_id == account.id)).one()
        assert (told.kind, told.values["reason"]) == ("join_rejected", "非本单位职工")
        purposes = select(OutboxMessage.purpose).where(OutboxMessage.phone_bidx == account.phone_bidx)
        assert session.exec(purposes).all() == ["join_rejected"]
        details = session.exec(select(AuditEntry.detail).where(AuditEntry.verb == "joins:reject")).one()
        assert account.name not in str(details)

    def test_one_that_cannot_be_does_not_spoil_the_others(
        self, session: Session, small_federation: Federation, act_as: ActAs
    ):
        factory = small_federation.factory
        accounts = [make_account(session, name=name) for name in ("陈一", "陈二", "陈三")]
        applications = [apply(session, account, factory) for account in accounts]
        admit(session, person_of(session, accounts[1]), small_federation.other_factory)
        person = person_of(session, accounts[2])
        person.verification, person.verified_at = "unverified", None
        session.flush()

        outcomes = approve(session, act_as(factory), queue=JOINS, ids=[id_of(each) for each in applications])

        assert [outcome.verdict for outcome in outcomes] == ["approved", "refused", "refused"]
        assert [outcome.values for outcome in outcomes[1:]] == [{"name": "陈二"}, {"name": "陈三"}]
        assert figures_of(session, factory).members_own == 1
        assert verify(session) == []

    def test_what_a_refused_applicant_filled_in_is_not_kept(
        self, session: Session, small_federation: Federation, act_as: ActAs
    ):
        account = make_account(session)
        application = apply(session, account, small_federation.factory, workplace="榕江电器", education="21")
        admit(session, person_of(session, account), small_federation.other_factory)

        approve(session, act_as(small_federation.factory), queue=JOINS, ids=[id_of(application)])

        session.expire_all()
        person = person_of(session, account)
        assert (person.workplace, person.education) == ("", "")

    def test_nobody_approves_their_own_or_another_unions(
        self, session: Session, small_federation: Federation, act_as: ActAs
    ):
        reviewer = act_as(small_federation.factory)
        own = make_join_application(
            session, small_federation.factory, applicant=session.get_one(Account, reviewer.account_id)
        )
        elsewhere = make_join_application(session, small_federation.other_factory)

        outcomes = approve(session, reviewer, queue=JOINS, ids=[id_of(own), id_of(elsewhere)])

        assert [outcome.verdict for outcome in outcomes] == ["refused", "not_found"]

    def test_an_application_to_a_union_that_holds_no_members_is_refused_not_broken(
        self, session: Session, small_federation: Federation, act_as: ActAs
    ):
        application = make_join_application(session, small_federation.city)

        [outcome] = approve(session, act_as(small_federation.city), queue=JOINS, ids=[id_of(application)])

        assert outcome.verdict is Verdict.REFUSED


def test_the_details_are_masked_and_tell_who_may_be_the_same(
    session: Session, small_federation: Federation, act_as: ActAs
):
    factory, reviewer = small_federation.factory, act_as(small_federation.factory)
    account = make_account(session, name="陈一", phone="+8617812345678")
    person = person_of(session, account)
    born = date(1990, 5, 1)
    person.born_on, person.sex = born, 2
    for union in (factory, small_federation.other_factory):
        make_member(session, union, name="陈一", born_on=born, phone_bidx=account.phone_bidx, phone_enc="x")
    make_member(session, factory, name="陈二", born_on=born)
    application = apply(session, account, factory, workplace="榕江电器", education="21")

    [row] = review_page(session, reviewer, queue=JOINS.list).rows
    shown = review_details(session, reviewer, queue=JOINS.list, request_id=id_of(application))

    assert row.title == "陈一"
    assert row.cells[0][0].text == "女"
    assert row.cells[1][0].text == "178****5678"
    fields = {field.label: field.value.text for field in shown.fields}
    assert (fields["手机号"], fields["工作单位"], fields["学历"]) == ("178****5678", "榕江电器", "本科")
    assert "17812345678" not in str(shown)
    assert [values for _, values in shown.remarks] == [{"count": "2"}, {"count": "1"}] * 2

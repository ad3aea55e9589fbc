"""转会申请 from all sides: the member's, the union's that is wanted, and the union's that is left."""

from collections.abc import Callable, Iterator

import pytest
from sqlmodel import Session, col, select

from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput, NotFound
from gdftu_app.models.accounts import Account
from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipStatus
from gdftu_app.models.notifications import Notification
from gdftu_app.models.people import Person
from gdftu_app.models.records import AuditEntry, OutboxMessage
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.transfer_applications import TransferApplication, TransferStage
from gdftu_app.models.unions import Union
from gdftu_app.queries.figures import figures_of
from gdftu_app.queries.own_applications import own_applications
from gdftu_app.queries.own_memberships import own_history, own_membership
from gdftu_app.queries.reviews import review_details, review_page
from gdftu_app.security.actors import Actor
from gdftu_app.security.permissions import Role
from gdftu_app.services.applications import AlreadyApplied, AlreadyDecided
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.memberships import admit, remove, retain
from gdftu_app.services.reviews import Verdict, approve, reject
from gdftu_app.services.transfer_applications import NotMember, apply_to_transfer, withdraw_transfer
from gdftu_app.services.transfer_reviews import TRANSFERS
from gdftu_app.services.unions import dissolve
from tests.factories import Federation, id_of, make_account, make_union

ActAs = Callable[..., Actor]
MakeMember = Callable[..., Account]


@pytest.fixture
def member(session: Session, small_federation: Federation) -> MakeMember:
    """Somebody with an account who is a member of the factory, unless of another union."""

    def made(name: str = "陈一", union: Union | None = None) -> Account:
        account = make_account(session, name=name)
        admit(session, session.get_one(Person, account.person_id), union or small_federation.factory)
        return account

    return made


@pytest.fixture
def consent_needed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The policy that the union that is left must agree."""
    monkeypatch.setenv("GDFTU_TRANSFER_NEEDS_CONSENT", "true")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def apply(session: Session, account: Account, union: Union, purpose: str = "换了单位") -> TransferApplication:
    number = apply_to_transfer(session, account_id=id_of(account), union_id=id_of(union), purpose=purpose)
    return session.get_one(TransferApplication, number)


def memberships(session: Session, account: Account) -> list[Membership]:
    own = select(Membership).where(Membership.person_id == account.person_id).order_by(col(Membership.id))
    return list(session.exec(own.execution_options(populate_existing=True)))


class TestApplying:
    def test_waits_for_the_union_that_is_wanted(self, session, small_federation, member: MakeMember):
        application = apply(session, member(), small_federation.other_factory)

        assert (application.stage, application.reviewing_union_id) == ("admission", small_federation.other_factory.id)
        assert application.from_union_id == small_federation.factory.id

    def test_is_for_members(self, session, small_federation):
        with pytest.raises(NotMember) as refused:
            apply(session, make_account(session), small_federation.factory)
        assert refused.value.code == "not_member"

    def test_leads_elsewhere_for_a_reason_and_to_a_union_with_members(self, session, small_federation, member):
        account = member()

        for union, purpose, field in (
            (small_federation.factory, "换了单位", "union"),
            (small_federation.city, "换了单位", "union"),
            (small_federation.other_factory, "  ", "purpose"),
            (small_federation.other_factory, "长" * 101, "purpose"),
        ):
            with pytest.raises(InvalidInput) as refused:
                apply(session, account, union, purpose)
            assert refused.value.field == field

    def test_there_is_one_at_a_time_until_it_is_withdrawn(self, session, small_federation, member):
        account = member()
        first = apply(session, account, small_federation.other_factory)
        with pytest.raises(AlreadyApplied):
            apply(session, account, small_federation.street)

        for _ in range(2):
            withdraw_transfer(session, account_id=id_of(account), application_id=id_of(first))

        assert apply(session, account, small_federation.street).status == ReviewStatus.PENDING

    def test_somebody_elses_is_not_withdrawn(self, session, small_federation, member):
        application = apply(session, member(), small_federation.other_factory)

        with pytest.raises(NotFound):
            withdraw_transfer(session, account_id=id_of(member("陈二")), application_id=id_of(application))


class TestApproval:
    def test_ends_one_membership_and_begins_the_other(self, session, small_federation, member, act_as: ActAs):
        account, target = member(), small_federation.other_factory
        application = apply(session, account, target)
        reviewer = act_as(target, Role.REVIEWER)

        [outcome] = approve(session, reviewer, queue=TRANSFERS, ids=[id_of(application)])

        assert outcome.verdict is Verdict.APPROVED
        old, new = memberships(session, account)
        session.refresh(application)
        assert (old.status, new.status, application.new_membership_id) == (3, 1, new.id)
        assert (new.union_id, new.joined_on) == (target.id, old.joined_on)
        events = session.exec(select(MembershipEvent).where(col(MembershipEvent.membership_id).in_([old.id, new.id])))
        assert [(event.kind, event.reason) for event in events] == [
            ("joined", ""),
            ("transferred_out", "换了单位"),
            ("transferred_in", "换了单位"),
        ]
        assert figures_of(session, small_federation.city).members_sub == 0
        assert figures_of(session, small_federation.other_city).members_sub == 1
        assert verify(session) == []
        own = own_membership(session, account_id=id_of(account))
        assert own is not None
        assert (own.union_id, own.joined_on) == (target.id, old.joined_on)
        assert [step.label for step in own_history(session, account_id=id_of(account))] == ["转入", "转出", "入会"]

    def test_the_union_that_was_left_is_told_and_so_is_the_member(self, session, small_federation, member, act_as):
        watching, editing = (
            act_as(small_federation.factory, Role.MEMBERS),
            act_as(small_federation.factory, Role.EDITOR),
        )
        account, target = member(), small_federation.other_factory

        approve(session, act_as(target), queue=TRANSFERS, ids=[id_of(apply(session, account, target))])

        told = session.exec(select(Notification).where(Notification.account_id == watching.account_id)).one()
        assert (told.kind, told.union_id) == ("member_transferred_out", small_federation.factory.id)
        assert told.values == {"name": "陈一", "union": small_federation.factory.name, "target": target.name}
        assert session.exec(select(Notification).where(Notification.account_id == editing.account_id)).all() == []
        own = session.exec(select(Notification).where(Notification.account_id == account.id)).one()
        assert (own.kind, own.values) == ("transfer_approved", {"union": target.name})
        messages = select(OutboxMessage.purpose).where(OutboxMessage.phone_bidx == account.phone_bidx)
        assert session.exec(messages).all() == ["transfer_approved"]

    def test_several_who_leave_a_union_are_told_of_together(self, session, small_federation, member, act_as):
        watching, target = act_as(small_federation.factory), small_federation.other_factory
        ids = [id_of(apply(session, member(name), target)) for name in ("陈一", "陈二", "陈三")]

        approve(session, act_as(target), queue=TRANSFERS, ids=ids)

        told = session.exec(select(Notification).where(Notification.account_id == watching.account_id)).one()
        assert (told.kind, told.values["count"]) == ("members_transferred_out", "3")

    def test_who_is_no_member_any_more_does_not_spoil_the_others(self, session, small_federation, member, act_as):
        target = small_federation.other_factory
        accounts = [member("陈一"), member("陈二")]
        ids = [id_of(apply(session, account, target)) for account in accounts]
        remove(session, memberships(session, accounts[0])[0], RemovalReason.LABOUR_ENDED)

        outcomes = approve(session, act_as(target), queue=TRANSFERS, ids=ids)

        assert [outcome.verdict for outcome in outcomes] == ["refused", "approved"]
        assert [one.status for one in memberships(session, accounts[0])] == [MembershipStatus.ENDED]
        assert verify(session) == []

    def test_a_retained_member_counts_again(self, session, small_federation, member, act_as):
        account, target = member(), small_federation.other_factory
        retain(session, memberships(session, account)[0])

        approve(session, act_as(target), queue=TRANSFERS, ids=[id_of(apply(session, account, target))])

        assert [one.status for one in memberships(session, account)] == [3, 1]
        assert verify(session) == []

    def test_a_rejection_leaves_everything_as_it_is(self, session, small_federation, member, act_as):
        account, target = member(), small_federation.other_factory
        application = apply(session, account, target)

        reject(session, act_as(target), queue=TRANSFERS, ids=[id_of(application)], reason="材料不全")

        assert [one.status for one in memberships(session, account)] == [1]
        [own] = own_applications(session, account_id=id_of(account))
        assert (own.status, own.reason, own.from_union) == ("rejected", "材料不全", small_federation.factory.name)

    def test_the_details_name_both_unions_and_the_way_so_far(self, session, small_federation, member, act_as):
        account, target = member(), small_federation.other_factory
        application = apply(session, account, target)
        reviewer = act_as(target)

        [row] = review_page(session, reviewer, queue=TRANSFERS.list).rows
        shown = review_details(session, reviewer, queue=TRANSFERS.list, request_id=id_of(application))

        assert (row.title, row.cells[2][0].text) == ("陈一", small_federation.factory.name)
        fields = {field.label: field.value.text for field in shown.fields}
        assert fields["原工会"].endswith(small_federation.factory.name)
        assert (fields["转会原因"], fields["会籍状态"]) == ("换了单位", "正常")


@pytest.mark.usefixtures("consent_needed")
class TestConsent:
    def test_the_union_that_is_left_is_asked_first_and_hands_the_application_on(
        self, session, small_federation, member, act_as
    ):
        leaving, target = act_as(small_federation.factory), small_federation.other_factory
        account = member()
        application = apply(session, account, target)
        assert (application.stage, application.reviewing_union_id) == ("consent", small_federation.factory.id)
        [own] = own_applications(session, account_id=id_of(account))
        assert (own.waits_for, own.union) == (small_federation.factory.name, target.name)
        assert approve(session, act_as(target), queue=TRANSFERS, ids=[id_of(application)])[0].verdict == "not_found"

        [outcome] = approve(session, leaving, queue=TRANSFERS, ids=[id_of(application)])

        assert (outcome.verdict, outcome.is_decided) == (Verdict.HANDED_ON, True)
        session.refresh(application)
        assert (application.status, application.stage) == (ReviewStatus.PENDING, TransferStage.ADMISSION)
        assert (application.reviewing_union_id, application.consented_by_id) == (target.id, leaving.account_id)
        assert [one.status for one in memberships(session, account)] == [1]
        told = session.exec(select(Notification).where(Notification.account_id == account.id)).one()
        assert (told.kind, told.values["target"]) == ("transfer_consented", target.name)
        assert session.exec(select(AuditEntry).where(AuditEntry.verb == "transfers:hand_on")).one().union_id == (
            small_federation.factory.id
        )
        assert approve(session, leaving, queue=TRANSFERS, ids=[id_of(application)])[0].verdict == "not_found"
        [outcome] = approve(session, act_as(target), queue=TRANSFERS, ids=[id_of(application)])
        assert outcome.verdict is Verdict.APPROVED
        assert [one.union_id for one in memberships(session, account)] == [small_federation.factory.id, target.id]
        assert verify(session) == []

    def test_without_its_consent_nobody_leaves(self, session, small_federation, member, act_as):
        leaving, account = act_as(small_federation.factory), member()
        application = apply(session, account, small_federation.other_factory)

        reject(session, leaving, queue=TRANSFERS, ids=[id_of(application)], reason="工作未交接")

        [own] = own_applications(session, account_id=id_of(account))
        assert (own.status, own.reason) == ("rejected", "工作未交接")

    def test_a_union_in_which_nobody_could_consent_is_not_asked(self, session, small_federation, member, act_as):
        act_as(small_federation.factory, Role.EDITOR)

        application = apply(session, member(), small_federation.other_factory)

        assert application.stage == TransferStage.ADMISSION

    def test_it_is_not_handed_on_to_a_union_that_is_gone(self, session, small_federation, member, act_as):
        leaving, target = act_as(small_federation.factory), make_union(session, small_federation.street)
        application = apply(session, member(), target)
        dissolve(session, target)

        [outcome] = approve(session, leaving, queue=TRANSFERS, ids=[id_of(application)])

        assert outcome.verdict is Verdict.REFUSED

    def test_what_was_consented_to_may_still_be_withdrawn(self, session, small_federation, member, act_as):
        leaving, account = act_as(small_federation.factory), member()
        application = apply(session, account, small_federation.other_factory)
        approve(session, leaving, queue=TRANSFERS, ids=[id_of(application)])

        withdraw_transfer(session, account_id=id_of(account), application_id=id_of(application))

        session.refresh(application)
        assert application.status == ReviewStatus.WITHDRAWN


def test_what_is_decided_is_not_withdrawn(session, small_federation, member, act_as):
    account = member()
    application = apply(session, account, small_federation.other_factory)
    approve(session, act_as(small_federation.other_factory), queue=TRANSFERS, ids=[id_of(application)])

    with pytest.raises(AlreadyDecided):
        withdraw_transfer(session, account_id=id_of(account), application_id=id_of(application))

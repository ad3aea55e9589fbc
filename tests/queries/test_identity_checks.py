"""How far a verification has come, and who is shown which of the tries that wait for an administrator."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from gdftu_app.clock import frozen_at, now
from gdftu_app.errors import NotAllowed, SignedOut
from gdftu_app.models.accounts import Account
from gdftu_app.models.identifiers import DocumentType
from gdftu_app.models.identity_checks import CheckProblem, IdentityCheck
from gdftu_app.models.people import Person
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.unions import UnionStatus
from gdftu_app.queries.identity_checks import (
    Verification,
    VerificationState,
    count_waiting_checks,
    verification_of,
    waiting_checks,
)
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.permissions import Role
from gdftu_app.services.identity_checks import confirm_check, reject_check, withdraw_check
from gdftu_app.services.memberships import remove, retain
from tests.counting import assert_queries
from tests.factories import (
    Federation,
    id_of,
    make_account,
    make_administrator,
    make_member,
    make_union,
)
from tests.verifying import make_stranger, make_waiting_check, newest_check, passport, resident_id, submit

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)
PLACES = ("province", "city", "district", "street", "factory", "other_city", "other_factory")
ActAs = Callable[..., Actor]


def state_of(session: Session, account: Account) -> Verification:
    return verification_of(session, account_id=id_of(account))


def shown_to(session: Session, actor: Actor) -> list[int]:
    shown = [check.id for check in waiting_checks(session, actor)]
    assert count_waiting_checks(session, actor) == len(shown)
    return shown


def seen_at(session: Session, act_as: ActAs, federation: Federation, check: IdentityCheck) -> set[str]:
    """The unions whose owners are shown a try."""
    return {place for place in PLACES if id_of(check) in shown_to(session, act_as(getattr(federation, place)))}


def check_of(session: Session, account: Account) -> IdentityCheck:
    submit(session, account)
    return newest_check(session, account)


class TestVerificationOf:
    def test_nobody_there_is_signed_out(self, session: Session):
        with pytest.raises(SignedOut):
            verification_of(session, account_id=10**6)

    def test_begins_unverified(self, session: Session):
        assert state_of(session, make_stranger(session, name="陈依")) == Verification(
            VerificationState.UNVERIFIED, "陈依"
        )

    @pytest.mark.parametrize(
        ("document", "number", "state"),
        [("resident_id", resident_id(), "pending"), ("passport", passport(), "manual")],
    )
    def test_waits_since_the_moment_it_was_handed_in(self, document: str, number: str, state: str, session: Session):
        account = make_stranger(session)
        with frozen_at(MOMENT):
            submit(session, account, document_type=document, document_number=number)

        assert state_of(session, account) == Verification(VerificationState(state), account.name, "", "", MOMENT)

    def test_is_done_when_the_person_is_verified_whatever_was_tried_before(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        number = passport()
        check = make_waiting_check(session, small_federation.factory, number=number)
        confirm_check(session, act_as(small_federation.city), check_id=id_of(check), document_number=number)

        account = session.get_one(Account, check.account_id)
        assert state_of(session, account) == Verification(VerificationState.VERIFIED, account.name)

    def test_is_told_as_failed_with_the_problem_and_the_administrators_words(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        check = make_waiting_check(session, small_federation.factory)
        reject_check(session, act_as(small_federation.city), check_id=id_of(check), remark="证件已过期")

        found = state_of(session, session.get_one(Account, check.account_id))

        assert (found.state, found.problem, found.remark) == (
            VerificationState.FAILED,
            CheckProblem.REJECTED,
            "证件已过期",
        )

    def test_is_no_failure_when_it_was_withdrawn(self, session: Session):
        account = make_stranger(session)
        submit(session, account)
        withdraw_check(session, account_id=id_of(account))

        assert state_of(session, account) == Verification(
            VerificationState.UNVERIFIED, account.name, CheckProblem.WITHDRAWN
        )

    def test_follows_the_last_try(self, session: Session):
        account = make_stranger(session)
        submit(session, account)
        withdraw_check(session, account_id=id_of(account))
        submit(session, account)

        assert state_of(session, account).state is VerificationState.MANUAL

    def test_begins_anew_when_it_was_taken_back(self, session: Session, act_as: ActAs, small_federation: Federation):
        number = passport()
        check = make_waiting_check(session, small_federation.factory, number=number)
        confirm_check(session, act_as(small_federation.city), check_id=id_of(check), document_number=number)
        account = session.get_one(Account, check.account_id)
        person = session.get_one(Person, account.person_id)
        person.verified_at, person.verification = None, "unverified"
        session.flush()

        assert state_of(session, account).state is VerificationState.UNVERIFIED

    def test_takes_two_questions(self, session: Session):
        account = make_stranger(session)
        for _ in range(4):
            submit(session, account)
            withdraw_check(session, account_id=id_of(account))

        with assert_queries(session, 2):
            state_of(session, account)


class TestWhoIsShownATry:
    def test_of_an_administrator_are_the_own_union_and_its_superiors(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        check = make_waiting_check(session, small_federation.street)

        assert seen_at(session, act_as, small_federation, check) == {"province", "city", "district", "street"}

    def test_of_a_base_unions_administrator_is_its_colleague_too(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        check = make_waiting_check(session, small_federation.factory)

        assert seen_at(session, act_as, small_federation, check) == {
            "province",
            "city",
            "district",
            "street",
            "factory",
        }

    def test_of_whoever_stands_above_them_are_not_the_subordinates(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        check = make_waiting_check(session, small_federation.factory, small_federation.city)

        assert seen_at(session, act_as, small_federation, check) == {"province", "city"}

    def test_of_two_branches_is_the_common_superior_alone(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        check = make_waiting_check(session, small_federation.factory, small_federation.other_factory)

        assert seen_at(session, act_as, small_federation, check) == {"province"}

    def test_of_two_branches_is_one_of_them_again_after_a_dismissal(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        check = make_waiting_check(session, small_federation.factory)
        grant = make_administrator(session, session.get_one(Account, check.account_id), small_federation.other_factory)
        grant.dismissed_at = now()
        session.flush()

        assert "factory" in seen_at(session, act_as, small_federation, check)
        assert "other_factory" not in seen_at(session, act_as, small_federation, check)

    @pytest.mark.parametrize("is_retained", [False, True])
    def test_of_a_member_is_the_members_union_and_its_superiors(
        self, is_retained: bool, session: Session, act_as: ActAs, small_federation: Federation
    ):
        account = make_stranger(session)
        membership = make_member(session, small_federation.factory, verified=False)
        if is_retained:
            retain(session, membership)
        account.person_id = membership.person_id

        check = check_of(session, account)

        assert seen_at(session, act_as, small_federation, check) == {
            "province",
            "city",
            "district",
            "street",
            "factory",
        }

    def test_of_a_member_who_left_is_the_topmost_union(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        account = make_stranger(session)
        membership = make_member(session, small_federation.factory, verified=False)
        account.person_id = membership.person_id
        remove(session, membership, next(iter(RemovalReason)))

        assert seen_at(session, act_as, small_federation, check_of(session, account)) == {"province"}

    def test_of_a_member_who_administers_elsewhere_is_who_reaches_that(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        account = make_stranger(session, small_federation.other_factory)
        account.person_id = make_member(session, small_federation.factory, verified=False).person_id

        check = check_of(session, account)

        assert seen_at(session, act_as, small_federation, check) == {"province", "other_city", "other_factory"}

    def test_of_an_account_without_any_union_is_the_topmost_one(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        check = check_of(session, make_stranger(session))

        assert seen_at(session, act_as, small_federation, check) == {"province"}

    def test_of_an_administrator_of_a_dissolved_union_are_its_superiors(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        closed = make_union(session, small_federation.district)
        check = make_waiting_check(session, closed)
        closed.status = UnionStatus.DISSOLVED
        session.flush()

        assert seen_at(session, act_as, small_federation, check) == {"province", "city", "district"}

    def test_is_never_the_applicant(self, session: Session, small_federation: Federation):
        account = make_account(session)
        make_administrator(session, account, small_federation.city)
        actor = get_actor(session, account_id=id_of(account), union_id=id_of(small_federation.city))
        person = session.get_one(Person, account.person_id)
        person.verified_at, person.verification = None, "unverified"
        check_of(session, account)

        assert shown_to(session, actor) == []

    def test_is_nobody_for_an_account_that_is_disabled(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        check = make_waiting_check(session, small_federation.factory)
        session.get_one(Account, check.account_id).disabled_at = now()
        session.flush()

        assert seen_at(session, act_as, small_federation, check) == set()

    @pytest.mark.parametrize("role", [Role.REVIEWER, Role.EDITOR, Role.ANALYST, Role.AUDITOR])
    def test_is_nobody_without_the_permission(
        self, role: Role, session: Session, act_as: ActAs, small_federation: Federation
    ):
        with pytest.raises(NotAllowed):
            waiting_checks(session, act_as(small_federation.city, role))

    def test_that_waits_for_the_gateway_or_is_decided_is_nobody(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        pending = make_stranger(session, small_federation.factory)
        submit(session, pending, document_type="resident_id", document_number=resident_id())
        withdrawn = make_waiting_check(session, small_federation.factory)
        withdraw_check(session, account_id=withdrawn.account_id)

        assert shown_to(session, act_as(small_federation.province)) == []


class TestARow:
    def test_shows_number_and_phone_masked(self, session: Session, act_as: ActAs, small_federation: Federation):
        with frozen_at(MOMENT):
            check = make_waiting_check(session, small_federation.factory, number="EA1234567", name="陈依")

        [row] = waiting_checks(session, act_as(small_federation.city))

        assert (row.id, row.name, row.submitted_at, row.problem) == (check.id, "陈依", MOMENT, "")
        assert (row.document_type, row.document_number) == (DocumentType.PASSPORT, "EA12***67")
        assert row.phone[:3] == "177"
        assert row.phone[3:7] == "****"

    def test_names_the_unions_of_administrators_and_members_from_the_top(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        account = make_stranger(session, small_federation.factory, small_federation.district)
        account.person_id = make_member(session, small_federation.factory, verified=False).person_id
        check_of(session, account)
        member = make_stranger(session)
        member.person_id = make_member(session, small_federation.factory, verified=False).person_id
        check_of(session, member)

        rows = waiting_checks(session, act_as(small_federation.city))

        district, factory = small_federation.district.name, small_federation.factory.name
        assert [row.unions for row in rows] == [(district, factory), (factory,)]

    def test_names_no_union_out_of_reach(self, session: Session, act_as: ActAs, small_federation: Federation):
        account = make_stranger(session, small_federation.other_factory)
        account.person_id = make_member(session, small_federation.factory, verified=False).person_id
        check_of(session, account)

        [row] = waiting_checks(session, act_as(small_federation.other_city))

        assert row.unions == (small_federation.other_factory.name,)

    def test_that_cannot_be_opened_does_not_hide_the_others(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        check = make_waiting_check(session, small_federation.factory)
        check.doc_enc = "v1:00000000:AAAA:AAAA"
        make_waiting_check(session, small_federation.factory, number="EA1234567")
        session.flush()

        rows = waiting_checks(session, act_as(small_federation.city))

        assert [row.document_number for row in rows] == ["", "EA12***67"]


class TestPaging:
    def test_goes_on_after_the_last_one_seen(self, session: Session, act_as: ActAs, small_federation: Federation):
        actor = act_as(small_federation.city)
        ids = [id_of(make_waiting_check(session, small_federation.factory)) for _ in range(5)]
        make_waiting_check(session, small_federation.other_factory)

        first = [check.id for check in waiting_checks(session, actor, limit=3)]
        rest = [check.id for check in waiting_checks(session, actor, limit=3, after=first[-1])]

        assert (first, rest) == (ids[:3], ids[3:])
        assert count_waiting_checks(session, actor) == 5

    @pytest.mark.parametrize("number", [1, 12])
    def test_takes_two_questions_however_many_wait(
        self, number: int, session: Session, act_as: ActAs, small_federation: Federation
    ):
        for _ in range(number):
            make_waiting_check(session, small_federation.factory)
        actor = act_as(small_federation.city)
        session.expire_all()

        with assert_queries(session, 2):
            assert len(waiting_checks(session, actor)) == number
        with assert_queries(session, 1):
            count_waiting_checks(session, actor)

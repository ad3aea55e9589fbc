"""Several at once: two reviewers, one applicant to two unions, a transfer while the member is removed."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from gdftu_app.db import unit_of_work
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.unions import Union
from gdftu_app.security.actors import get_actor
from gdftu_app.services.applications import AlreadyApplied
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.join_applications import apply_to_join
from gdftu_app.services.join_reviews import JOINS
from gdftu_app.services.membership_rows import AlreadyMember, MembershipChanged
from gdftu_app.services.memberships import admit, remove
from gdftu_app.services.reviews import Outcome, Verdict, approve
from gdftu_app.services.transfer_reviews import TRANSFERS
from tests.factories import (
    Federation,
    id_of,
    make_account,
    make_administrator,
    make_federation,
    make_join_application,
    make_transfer_application,
)
from tests.together import at_once

BATCH = 40
CURRENT = (MembershipStatus.CURRENT, MembershipStatus.RETAINED)


@pytest.fixture
def federation(own_database: str) -> Federation:
    """Unions in a database of this test's own."""
    with unit_of_work() as session:
        return make_federation(session)


def reviewer(session: Session, union: Union) -> int:
    account = make_account(session)
    make_administrator(session, account, union)
    return id_of(account)


def deciding(queue: Any, account_id: int, union: Union, ids: list[int]) -> Callable[[], list[Outcome]]:
    def decide() -> list[Outcome]:
        with unit_of_work() as session:
            return approve(
                session, get_actor(session, account_id=account_id, union_id=id_of(union)), queue=queue, ids=ids
            )

    return decide


def is_sound(session: Session) -> bool:
    """Whether nobody is a member twice, every membership has its events, and the figures are right."""
    current = select(Membership.person_id).where(col(Membership.status).in_(CURRENT))
    people = session.exec(current).all()
    changes = dict(
        session.exec(
            select(MembershipEvent.membership_id, func.sum(MembershipEvent.change)).group_by(
                col(MembershipEvent.membership_id)
            )
        ).all()
    )
    counted = {row.id: int(row.status == MembershipStatus.CURRENT) for row in session.exec(select(Membership))}
    return len(people) == len(set(people)) and changes == counted and verify(session) == []


def test_two_reviewers_admit_each_applicant_once(federation: Federation):
    factory = federation.factory
    with unit_of_work() as session:
        reviewers = [reviewer(session, factory) for _ in range(2)]
        ids = [id_of(make_join_application(session, factory)) for _ in range(BATCH)]

    first, second = at_once(
        deciding(JOINS, reviewers[0], factory, ids), deciding(JOINS, reviewers[1], factory, ids[::-1])
    )

    verdicts = [{one.id: one.verdict for one in outcomes} for outcomes in (first, second)]
    for number in ids:
        assert sorted(each[number] for each in verdicts) == [Verdict.ALREADY_CLOSED, Verdict.APPROVED]
    with unit_of_work(reading=True) as session:
        assert session.exec(select(func.count()).select_from(Membership)).one() == BATCH
        assert is_sound(session)


def test_one_person_applies_to_one_of_two_unions(federation: Federation):
    with unit_of_work() as session:
        account = id_of(make_account(session))

    def applying(union: Union) -> Callable[[], int]:
        def apply() -> int:
            with unit_of_work() as session:
                return apply_to_join(session, account_id=account, union_id=id_of(union), details={})

        return apply

    answers = at_once(applying(federation.factory), applying(federation.other_factory))

    refused = [answer for answer in answers if isinstance(answer, AlreadyApplied)]
    assert len(refused) == 1
    with unit_of_work(reading=True) as session:
        assert session.exec(select(func.count()).select_from(JoinApplication)).one() == 1


def test_who_is_admitted_elsewhere_meanwhile_joins_one_union(federation: Federation):
    with unit_of_work() as session:
        reviewing, account = reviewer(session, federation.factory), make_account(session)
        request = id_of(make_join_application(session, federation.factory, applicant=account))
        person = account.person_id

    def admitting() -> Membership:
        with unit_of_work() as session:
            return admit(session, session.get_one(Person, person), federation.other_factory)

    outcomes, admitted = at_once(deciding(JOINS, reviewing, federation.factory, [request]), admitting)

    assert (outcomes[0].verdict is Verdict.APPROVED) == isinstance(admitted, AlreadyMember)
    with unit_of_work(reading=True) as session:
        assert session.exec(select(func.count()).select_from(Membership)).one() == 1
        assert is_sound(session)


def test_a_member_who_is_removed_meanwhile_is_transferred_or_removed(federation: Federation):
    target = federation.other_factory
    with unit_of_work() as session:
        reviewing = reviewer(session, target)
        requests = [make_transfer_application(session, target, left=federation.factory) for _ in range(8)]
        ids, members = [id_of(each) for each in requests], [each.membership_id for each in requests]

    def removing() -> list[bool]:
        return [_removed(number) for number in reversed(members)]

    def transferring() -> list[Outcome]:
        return [outcome for number in ids for outcome in deciding(TRANSFERS, reviewing, target, [number])()]

    outcomes, removed = at_once(transferring, removing)

    assert [outcome.verdict is Verdict.APPROVED for outcome in outcomes] == [not gone for gone in reversed(removed)]
    with unit_of_work(reading=True) as session:
        current = session.exec(select(Membership.union_id).where(col(Membership.status).in_(CURRENT))).all()
        assert current == [target.id] * removed.count(False)
        assert is_sound(session)


def _removed(membership_id: int) -> bool:
    try:
        with unit_of_work() as session:
            remove(session, session.get_one(Membership, membership_id), RemovalReason.LABOUR_ENDED)
    except MembershipChanged:
        return False
    return True


def test_members_who_change_places_do_not_wait_for_each_other_for_ever(federation: Federation):
    unions = (federation.factory, federation.other_factory)
    with unit_of_work() as session:
        reviewers = [reviewer(session, union) for union in unions]
        crossing = [
            [id_of(make_transfer_application(session, unions[way], left=unions[1 - way])) for _ in range(10)]
            for way in (0, 1)
        ]

    answers = at_once(
        *(deciding(TRANSFERS, reviewers[way], unions[way], crossing[way][:: 1 - 2 * way]) for way in (0, 1))
    )

    assert {outcome.verdict for outcomes in answers for outcome in outcomes} == {Verdict.APPROVED}
    with unit_of_work(reading=True) as session:
        assert is_sound(session)

"""Merging two records of the same person."""

from datetime import date
from itertools import count
from typing import Any

import pytest
from sqlmodel import Session, col, select

from gdftu_app.clock import now, today
from gdftu_app.db import unit_of_work
from gdftu_app.errors import InvalidInput, NotFound, Refusal
from gdftu_app.models.accounts import Account
from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipStatus
from gdftu_app.models.people import Person, Sex
from gdftu_app.models.person_merges import MERGED, PersonMerge
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.unions import Union
from gdftu_app.queries.member_merges import MergePreview, preview_merge
from gdftu_app.queries.own_memberships import own_history, own_membership
from gdftu_app.queries.possible_duplicates import Likeness, possible_duplicates
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.personal_data import seal
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.member_merges import CannotBeMerged, PreviewOutdated, merge_members, references_to_people
from gdftu_app.services.member_removals import remove_members
from gdftu_app.services.memberships import admit, remove, retain, transfer
from tests.copies import out_of_step
from tests.factories import (
    Federation,
    id_of,
    make_account,
    make_administrator,
    make_federation,
    make_join_application,
    make_member,
    make_person,
)
from tests.recounts import recount, shown
from tests.together import at_once

BORN = date(1990, 5, 17)
_numbers = count(1)


def documented(name: str = "陈一", **fields: Any) -> dict[str, Any]:
    """Fields of somebody with a document of their own, a woman born in 1990."""
    sealed = seal("persons.document", f"4401991990051{next(_numbers):05d}")
    document = {"doc_type": "resident_id", "doc_enc": sealed.enc, "doc_bidx": sealed.bidx}
    return {"name": name, "sex": Sex.FEMALE, "born_on": BORN, **document, **fields}


def a_phone(number: str = "13800440001") -> dict[str, Any]:
    sealed = seal("persons.phone", number)
    return {"phone_enc": sealed.enc, "phone_bidx": sealed.bidx}


def preview(session: Session, actor: Actor, member: Membership, other: Membership) -> MergePreview:
    return preview_merge(session, actor, member=id_of(member), other=id_of(other))


def merge(session: Session, actor: Actor, member: Membership, other: Membership, **asked: Any) -> None:
    seen = preview(session, actor, member, other).seal
    given = {"seen": seen, "reason": "同一人重复录入"} | asked
    merge_members(session, actor, member=id_of(member), other=id_of(other), **given)


def person_of(session: Session, member: Membership) -> Person:
    return session.get_one(Person, member.person_id)


class TestPossibleDuplicates:
    def test_are_alike_in_name_and_birth_date_or_in_the_phone(self, session, act_as, small_federation: Federation):
        factory = small_federation.factory
        member = make_member(session, factory, **documented(**a_phone()))
        same_name = make_member(session, factory, **documented(verified=False))
        same_phone = make_member(session, factory, **documented("陈二", born_on=date(1961, 1, 2), **a_phone()))
        make_member(session, factory, **documented(born_on=date(1961, 1, 2)))
        make_member(session, small_federation.other_factory, **documented())

        found = possible_duplicates(session, act_as(factory), member=id_of(member))

        assert [(each.row.id, each.alike) for each in found] == [
            (same_phone.id, (Likeness.PHONE,)),
            (same_name.id, (Likeness.NAME_AND_BIRTH,)),
        ]

    def test_somebody_who_left_is_named_once_by_the_latest_membership(self, session, act_as, small_federation):
        factory = small_federation.factory
        member = make_member(session, factory, **documented())
        person = make_person(session, **documented(verified=False))
        remove(session, admit(session, person, factory), RemovalReason.LABOUR_ENDED)
        last = remove(session, admit(session, person, factory), RemovalReason.LABOUR_ENDED)

        found = possible_duplicates(session, act_as(factory), member=id_of(member))

        assert [each.row.id for each in found] == [last.id]

    def test_are_told_of_own_members_only(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory, **documented())

        with pytest.raises(NotFound):
            possible_duplicates(session, act_as(small_federation.street), member=id_of(member))


class TestMerging:
    def test_memberships_account_and_applications_go_over(self, session, act_as, small_federation: Federation):
        factory = small_federation.factory
        member = make_member(session, factory, **documented(workplace="榕江电器", verified=False))
        account = make_account(session, name="陈一")
        proven = person_of_account(session, account, **documented(education="40"))
        earlier = remove(session, admit(session, proven, factory), RemovalReason.LABOUR_ENDED)
        request = make_join_application(
            session, factory, applicant=account, status="withdrawn", closed_at=now(), closed_by_id=id_of(account)
        )
        kept_id, merged_id, document = member.person_id, proven.id, proven.doc_bidx

        merge(session, act_as(factory), member, earlier)

        kept = person_of(session, member)
        assert (kept.id, kept.doc_bidx, kept.verified_at is not None) == (kept_id, document, True)
        assert (kept.workplace, kept.education) == ("榕江电器", "40")
        assert session.get(Person, merged_id) is None
        assert {earlier.person_id, request.person_id, account.person_id} == {kept_id}
        assert getattr(own_membership(session, account_id=id_of(account)), "id", 0) == member.id
        assert member.verified
        assert out_of_step(session) == []
        assert shown(session) == recount(session)
        assert verify(session) == []

    def test_two_memberships_here_become_one_with_the_earlier_day(self, session, act_as, small_federation):
        factory = small_federation.factory
        member = make_member(session, factory, **documented())
        person = make_person(session, **documented(verified=False, is_migrant=True))
        other = admit(session, person, factory, joined_on=date(2015, 3, 1))

        merge(session, act_as(factory), member, other)

        assert (other.status, other.ended_on, member.joined_on) == (MembershipStatus.ENDED, today(), date(2015, 3, 1))
        assert (member.status, member.is_migrant) == (MembershipStatus.CURRENT, True)
        last = session.exec(select(MembershipEvent).order_by(col(MembershipEvent.id).desc())).first()
        assert (last.membership_id, last.kind, last.reason, last.change) == (other.id, "removed", MERGED, -1)
        assert shown(session) == recount(session)

    def test_a_retained_membership_that_ends_counts_no_less(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory, **documented())
        other = retain(session, make_member(session, small_federation.factory, **documented(verified=False)))

        merge(session, act_as(small_federation.factory), member, other)

        assert other.status == MembershipStatus.ENDED
        assert shown(session) == recount(session)
        assert verify(session) == []

    def test_the_history_of_both_is_one(self, session, act_as, small_federation):
        factory = small_federation.factory
        account = make_account(session, name="陈一")
        member = admit(session, person_of_account(session, account, **documented()), factory)
        other = transfer(
            session, make_member(session, small_federation.other_factory, **documented(verified=False)), factory
        )

        merge(session, act_as(factory), member, other)

        told = [(step.label, step.reason) for step in own_history(session, account_id=id_of(account))]
        assert told == [("会员移出", "重复记录合并"), ("转入", ""), ("转出", ""), ("入会", ""), ("入会", "")]

    def test_leaves_a_record_and_an_entry_of_the_trail(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory, **documented())
        other = make_member(session, small_federation.factory, **documented(verified=False))
        kept_id, merged_id = member.person_id, other.person_id

        merge(session, act_as(small_federation.factory), member, other)

        kept = session.exec(select(PersonMerge)).one()
        assert (kept.kept_id, kept.merged_id, kept.reason) == (kept_id, merged_id, "同一人重复录入")
        entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "members:merge")).one()
        assert (entry.subject, entry.detail["merged"]) == (f"memberships:{member.id}", f"persons:{merged_id}")
        assert "****" in entry.detail["document"][1]

    def test_a_record_with_records_merged_into_it_can_be_merged_again(self, session, act_as, small_federation):
        factory = small_federation.factory
        first, second, third = (
            make_member(session, factory, **documented(verified=is_verified)) for is_verified in (True, False, False)
        )
        actor = act_as(factory)
        third_without = person_of(session, third)
        third_without.doc_type = third_without.doc_enc = third_without.doc_bidx = None
        session.flush()

        merge(session, actor, second, third)
        merge(session, actor, first, second)

        assert {each.kept_id for each in session.exec(select(PersonMerge))} == {first.person_id}
        assert {each.person_id for each in (first, second, third)} == {first.person_id}
        assert verify(session) == []


class TestWhatStandsAgainst:
    @pytest.mark.parametrize(
        ("kept", "given_up", "words"),
        [
            ({}, {"name": "陈二"}, "姓名不同"),
            ({}, {"born_on": date(1990, 5, 18)}, "出生日期不同"),
            ({}, {"sex": Sex.MALE}, "出生日期不同"),
            ({}, {}, "都已实名认证"),
            ({"verified": False}, {"verified": False}, "都没有实名认证"),
        ],
    )
    def test_records_of_two_people_are_told_apart(self, session, act_as, small_federation, kept, given_up, words):
        member = make_member(session, small_federation.factory, **documented(**kept))
        other = make_member(session, small_federation.factory, **documented(**given_up))

        told = preview(session, act_as(small_federation.factory), member, other)

        assert words in told.problem
        with pytest.raises(CannotBeMerged):
            merge(session, act_as(small_federation.factory), member, other)

    def test_a_member_of_another_union_is_transferred_first(self, session, act_as, small_federation: Federation):
        street_member = make_member(session, small_federation.street, **documented())
        other = make_member(session, small_federation.factory, **documented(verified=False))

        told = preview(session, act_as(small_federation.street), street_member, other)

        assert "其他工会的会员" in told.problem

    def test_two_accounts_stay_two(self, session, act_as, small_federation):
        members = [
            admit(
                session,
                person_of_account(session, make_account(session), **documented(verified=is_verified)),
                small_federation.factory,
            )
            for is_verified in (True, False)
        ]

        told = preview(session, act_as(small_federation.factory), *members)

        assert "登录账号" in told.problem

    def test_an_application_that_waits_is_decided_first(self, session, act_as, small_federation):
        factory = small_federation.factory
        member = make_member(session, factory, **documented(verified=False))
        account = make_account(session)
        proven = person_of_account(session, account, **documented())
        left = remove(session, admit(session, proven, factory), RemovalReason.LABOUR_ENDED)
        make_join_application(session, factory, applicant=account)

        told = preview(session, act_as(factory), member, left)

        assert "待审核的申请" in told.problem

    def test_nobody_merges_their_own_record(self, session, small_federation):
        factory, account = small_federation.factory, make_account(session)
        make_administrator(session, account, factory)
        member = admit(session, person_of_account(session, account, **documented()), factory)
        other = make_member(session, factory, **documented(verified=False))
        actor = get_actor(session, account_id=id_of(account), union_id=id_of(factory))

        told = preview(session, actor, member, other)

        assert "本人的记录" in told.problem

    def test_out_of_reach_is_not_found(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory, **documented())
        other = make_member(session, small_federation.other_factory, **documented(verified=False))

        with pytest.raises(NotFound):
            preview(session, act_as(small_federation.factory), member, other)

    def test_what_changed_after_the_preview_is_looked_at_again(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory, **documented())
        other = make_member(session, small_federation.factory, **documented(verified=False))
        actor = act_as(small_federation.factory)
        seen = preview(session, actor, member, other).seal
        retain(session, other)

        with pytest.raises(PreviewOutdated):
            merge(session, actor, member, other, seen=seen)

    def test_a_reason_is_needed(self, session, act_as, small_federation):
        member = make_member(session, small_federation.factory, **documented())
        other = make_member(session, small_federation.factory, **documented(verified=False))

        with pytest.raises(InvalidInput):
            merge(session, act_as(small_federation.factory), member, other, reason=" ")


def test_every_column_that_names_a_person_is_known():
    """A new one goes over by itself; what there may be only one of per person has to be asked about beforehand."""
    assert sorted(f"{column.table.name}.{column.name}" for column in references_to_people()) == [
        "accounts.person_id",
        "join_applications.person_id",
        "memberships.person_id",
        "person_merges.kept_id",
        "transfer_applications.person_id",
        "transfer_offers.person_id",
    ]


class TestAtOnce:
    @pytest.fixture
    def factory(self, own_database: str) -> Union:
        with unit_of_work() as session:
            return make_federation(session).factory

    def people(self, factory: Union) -> tuple[int, list[Membership]]:
        with unit_of_work() as session:
            account = make_account(session)
            make_administrator(session, account, factory)
            members = [make_member(session, factory, **documented(verified=proven)) for proven in (True, False)]
            return id_of(account), members

    def merging(self, account: int, factory: Union, member: Membership, other: Membership):
        def run() -> None:
            with unit_of_work() as session:
                actor = get_actor(session, account_id=account, union_id=id_of(factory))
                merge(session, actor, member, other)

        return run

    def test_two_who_merge_each_into_the_other_merge_once(self, factory):
        account, (first, second) = self.people(factory)

        answers = at_once(self.merging(account, factory, first, second), self.merging(account, factory, second, first))

        assert len([answer for answer in answers if isinstance(answer, Refusal)]) == 1
        with unit_of_work(reading=True) as session:
            assert len(session.exec(select(PersonMerge)).all()) == 1
            held = select(Membership).where(col(Membership.status) != MembershipStatus.ENDED)
            assert len(session.exec(held).all()) == 1
            assert verify(session) == []

    def test_who_is_removed_meanwhile_is_merged_before_or_after(self, factory):
        account, (first, second) = self.people(factory)

        def removing() -> None:
            with unit_of_work() as session:
                actor = get_actor(session, account_id=account, union_id=id_of(factory))
                remove_members(session, actor, members=[id_of(second)], reason=RemovalReason.WITHDRAWN)

        at_once(self.merging(account, factory, first, second), removing)

        with unit_of_work(reading=True) as session:
            ended = session.get_one(Membership, id_of(second))
            assert (ended.status, session.get_one(Membership, id_of(first)).status) == (
                MembershipStatus.ENDED,
                MembershipStatus.CURRENT,
            )
            assert verify(session) == []


def person_of_account(session: Session, account: Account, **fields: Any) -> Person:
    """The person of an account, with a document and whatever else is said."""
    person = make_person(session, **fields)
    account.person_id = person.id
    session.add(account)
    session.flush()
    return person

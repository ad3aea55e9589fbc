"""Deciding requests: who may, what follows, and what happens to those who come second."""

from typing import Any

import pytest
from sqlmodel import col, select

from gdftu_app.errors import InvalidInput, NotAllowed, NotFound
from gdftu_app.models.figures import UnionFigures
from gdftu_app.models.notifications import Notification, NotificationKind
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Employer, Union, UnionEmployer, UnionStatus
from gdftu_app.queries.figures import figures_of
from gdftu_app.queries.reviews import ReviewFilter, ReviewTab, review_details, review_page
from gdftu_app.queries.waiting import bell_of
from gdftu_app.security.actors import get_actor
from gdftu_app.security.permissions import Role
from gdftu_app.services.change_reviews import CHANGES
from gdftu_app.services.registration_reviews import REGISTRATIONS
from gdftu_app.services.reviews import Verdict, approve, approve_matching, reject, reject_matching, withdraw
from gdftu_app.services.unions import dissolve, rename
from tests.counting import assert_queries
from tests.factories import (
    id_of,
    make_account,
    make_administrator,
    make_change_request,
    make_registration,
    make_union,
    make_uscc,
)


def test_an_approved_registration_is_a_union_with_employer_place_figures_and_owner(session, act_as, small_federation):
    street = small_federation.street
    applicant = make_account(session, name="周新")
    request = make_registration(session, street, applicant=applicant, employer_name="榕溪灯具有限公司")
    reviewer = act_as(street, Role.REVIEWER)
    before = figures_of(session, id_of(small_federation.city)).unions_sub

    [outcome] = approve(session, reviewer, queue=REGISTRATIONS, ids=[id_of(request)])

    assert outcome.verdict is Verdict.APPROVED
    session.refresh(request)
    union = session.get_one(Union, request.union_id)
    assert (union.name, union.superior_id, union.category) == (
        "榕溪灯具有限公司工会委员会",
        street.id,
        "single_base",
    )
    assert union.path == f"{street.path}{union.id}/"
    covered = select(Employer).join(UnionEmployer, col(UnionEmployer.employer_id) == Employer.id)
    assert session.exec(covered.where(UnionEmployer.union_id == union.id)).one().uscc == request.employer_uscc
    assert figures_of(session, id_of(small_federation.city)).unions_sub == before + 1
    assert session.get_one(UnionFigures, union.id).members_own == 0
    owner = get_actor(session, account_id=id_of(applicant), union_id=id_of(union))
    assert owner.role == Role.OWNER
    assert (request.status, request.closed_by_id) == (ReviewStatus.APPROVED, reviewer.account_id)


def test_the_applicant_is_told_and_everything_is_recorded(session, act_as, small_federation):
    applicant = make_account(session)
    request = make_registration(session, small_federation.street, applicant=applicant)

    approve(session, act_as(small_federation.street), queue=REGISTRATIONS, ids=[id_of(request)])

    told = session.exec(select(Notification).where(Notification.account_id == applicant.id)).one()
    assert (told.kind, told.values["union"]) == (NotificationKind.REGISTRATION_APPROVED, request.union_name)
    verbs = session.exec(select(AuditEntry.verb).order_by(col(AuditEntry.id))).all()
    assert {"registrations:approve", "unions:register"} <= set(verbs)


def test_a_rejection_needs_a_reason_which_the_applicant_reads(session, act_as, small_federation):
    request = make_registration(session, small_federation.street)
    reviewer = act_as(small_federation.street)

    with pytest.raises(InvalidInput) as refused:
        reject(session, reviewer, queue=REGISTRATIONS, ids=[id_of(request)], reason="  ")
    [outcome] = reject(session, reviewer, queue=REGISTRATIONS, ids=[id_of(request)], reason="证件图片不清晰")

    assert refused.value.field == "reason"
    assert outcome.verdict is Verdict.REJECTED
    session.refresh(request)
    assert (request.status, request.reason, request.union_id) == (ReviewStatus.REJECTED, "证件图片不清晰", None)
    told = session.exec(select(Notification).where(Notification.account_id == request.submitted_by_id)).one()
    assert told.values["reason"] == "证件图片不清晰"


def test_whoever_comes_second_is_told_who_was_first(session, act_as, small_federation):
    street = small_federation.street
    requests = [make_registration(session, street) for _ in range(3)]
    first, second = act_as(street), act_as(street)
    approve(session, first, queue=REGISTRATIONS, ids=[id_of(requests[0])])
    reject(session, first, queue=REGISTRATIONS, ids=[id_of(requests[1])], reason="重复")

    outcomes = reject(session, second, queue=REGISTRATIONS, ids=[id_of(each) for each in requests], reason="不符合")

    assert [each.verdict for each in outcomes] == [Verdict.ALREADY_CLOSED, Verdict.ALREADY_CLOSED, Verdict.REJECTED]
    assert outcomes[0].message == "{name}已先通过。"
    assert outcomes[0].values == {"name": first.account_name}
    session.refresh(requests[1])
    assert requests[1].reason == "重复"


def test_nobody_decides_their_own(session, small_federation):
    account = make_account(session)
    make_administrator(session, account, small_federation.street)
    reviewer = get_actor(session, account_id=id_of(account), union_id=id_of(small_federation.street))
    request = make_registration(session, small_federation.street, applicant=account)

    [outcome] = approve(session, reviewer, queue=REGISTRATIONS, ids=[id_of(request)])

    assert outcome.verdict is Verdict.REFUSED
    session.refresh(request)
    assert request.status == ReviewStatus.PENDING


@pytest.mark.parametrize("place", ["district", "other_city", "province"])
def test_another_unions_requests_look_missing(session, act_as, small_federation, place):
    request = make_registration(session, small_federation.street)
    stranger = act_as(getattr(small_federation, place))

    [outcome] = approve(session, stranger, queue=REGISTRATIONS, ids=[id_of(request)])

    assert outcome.verdict is Verdict.NOT_FOUND
    with pytest.raises(NotFound):
        review_details(session, stranger, queue=REGISTRATIONS.list, request_id=id_of(request))
    assert review_page(session, stranger, queue=REGISTRATIONS.list).total == 0
    session.refresh(request)
    assert request.status == ReviewStatus.PENDING


@pytest.mark.parametrize("queue", [REGISTRATIONS, CHANGES])
def test_without_the_permission_nothing_is_shown_or_decided(session, act_as, small_federation, queue):
    actor = act_as(small_federation.street, Role.EDITOR)

    for question in (
        lambda: approve(session, actor, queue=queue, ids=[1]),
        lambda: reject(session, actor, queue=queue, ids=[1], reason="x"),
        lambda: approve_matching(session, actor, queue=queue, wanted=ReviewFilter()),
        lambda: reject_matching(session, actor, queue=queue, wanted=ReviewFilter(), reason="x"),
        lambda: review_page(session, actor, queue=queue.list),
        lambda: review_details(session, actor, queue=queue.list, request_id=1),
    ):
        with pytest.raises(NotAllowed):
            question()
    assert bell_of(session, actor).waiting.get(queue.list.key, 0) == 0


def test_a_batch_answers_for_each_and_decides_what_it_can(session, act_as, small_federation):
    street = small_federation.street
    reviewer = act_as(street)
    sound = make_registration(session, street)
    taken = make_registration(session, street, employer_uscc=make_uscc(77))
    make_union(session, street, name="榕江灯饰工会", employers=[Employer(name="榕江灯饰", uscc=make_uscc(77))])
    elsewhere = make_registration(session, small_federation.district)

    outcomes = approve(
        session, reviewer, queue=REGISTRATIONS, ids=[id_of(sound), id_of(taken), id_of(elsewhere), 10**9]
    )

    assert [each.verdict for each in outcomes] == [
        Verdict.APPROVED,
        Verdict.REFUSED,
        Verdict.NOT_FOUND,
        Verdict.NOT_FOUND,
    ]
    assert outcomes[1].values == {"union": "榕江灯饰工会"}
    session.refresh(taken)
    assert taken.status == ReviewStatus.PENDING


def test_two_registrations_cannot_take_one_code(session, act_as, small_federation):
    street = small_federation.street
    independent = {"is_independent": True, "union_uscc": make_uscc(5, prefix="8144")}
    first = make_registration(session, street)
    code = independent["union_uscc"]
    make_union(session, street, name="旧厂工会委员会", uscc=code)
    first.is_independent, first.union_uscc = True, code
    first.union_certificate_id = first.employer_certificate_id
    session.flush()

    [outcome] = approve(session, act_as(street), queue=REGISTRATIONS, ids=[id_of(first)])

    assert outcome.verdict is Verdict.REFUSED
    assert outcome.values == {"union": "旧厂工会委员会"}


def test_an_employer_whose_union_was_dissolved_may_be_registered_again(session, act_as, small_federation):
    street = small_federation.street
    old = make_union(session, street, employers=[Employer(name="榕江灯饰", uscc=make_uscc(78))])
    dissolve(session, old)
    request = make_registration(session, street, employer_uscc=make_uscc(78))

    [outcome] = approve(session, act_as(street), queue=REGISTRATIONS, ids=[id_of(request)])

    assert outcome.is_decided


def test_all_that_match_the_filter_are_decided_the_others_not(session, act_as, small_federation):
    street = small_federation.street
    wanted = [make_registration(session, street, employer_name=f"榕溪{number}厂") for number in range(3)]
    other = make_registration(session, street, employer_name="江畔厂")

    outcomes = reject_matching(
        session, act_as(street), queue=REGISTRATIONS, wanted=ReviewFilter(keyword="榕溪"), reason="重复提交"
    )

    assert [each.id for each in outcomes] == [id_of(each) for each in wanted]
    session.refresh(other)
    assert other.status == ReviewStatus.PENDING


def test_what_was_withdrawn_is_gone_for_the_reviewer(session, act_as, small_federation):
    request = make_registration(session, small_federation.street)

    assert withdraw(session, request, account_id=request.submitted_by_id)
    [outcome] = approve(session, act_as(small_federation.street), queue=REGISTRATIONS, ids=[id_of(request)])

    assert outcome.verdict is Verdict.NOT_FOUND
    assert not withdraw(session, request, account_id=request.submitted_by_id)


@pytest.mark.parametrize("reason", ["", "  \n", "\u200b \u2060"])
def test_a_reason_that_cannot_be_seen_is_none(session, act_as, small_federation, reason):
    request = make_registration(session, small_federation.street)

    with pytest.raises(InvalidInput) as refused:
        reject(session, act_as(small_federation.street), queue=REGISTRATIONS, ids=[id_of(request)], reason=reason)

    assert refused.value.field == "reason"


class TestChanges:
    def test_the_live_data_follow_the_approval_and_not_before(self, session, act_as, small_federation):
        factory = small_federation.factory
        request = make_change_request(session, factory, principal_name="何伟杰", founded_on="2020-03-01")
        assert factory.principal_name != "何伟杰"

        [outcome] = approve(session, act_as(small_federation.street), queue=CHANGES, ids=[id_of(request)])

        assert outcome.is_decided
        session.refresh(factory)
        assert (factory.principal_name, factory.founded_on.isoformat()) == ("何伟杰", "2020-03-01")
        entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "unions:change")).one()
        assert entry.subject == f"unions:{factory.id}"
        assert entry.detail["changes"][0]["after"] == "何伟杰"

    def test_a_new_name_is_found_by_its_initials(self, session, act_as, small_federation):
        factory = small_federation.factory
        request = make_change_request(session, factory, name="榕江新能源有限公司工会委员会")

        approve(session, act_as(small_federation.street), queue=CHANGES, ids=[id_of(request)])

        session.refresh(factory)
        assert factory.initials == "rjxnyyxgsghwyh"

    def test_an_employers_field_is_changed_where_it_stands(self, session, act_as, small_federation):
        street = small_federation.street
        employer = Employer(name="榕江灯饰", uscc=make_uscc(79), address="旧街 1 号")
        union = make_union(session, street, employers=[employer])
        asked: dict[str, Any] = {f"employers.{employer.id}.address": "新街 2 号"}
        request = make_change_request(session, union, **asked)

        approve(session, act_as(street), queue=CHANGES, ids=[id_of(request)])

        session.refresh(employer)
        assert employer.address == "新街 2 号"

    def test_another_unions_employer_cannot_be_changed(self, session, act_as, small_federation):
        street = small_federation.street
        foreign = Employer(name="外单位", uscc=make_uscc(80))
        make_union(session, street, employers=[foreign])
        request = make_change_request(session, small_federation.factory)
        request.changes = [{"field": f"employers.{foreign.id}.name", "before": "外单位", "after": "被改"}]
        session.flush()

        [outcome] = approve(session, act_as(street), queue=CHANGES, ids=[id_of(request)])

        assert outcome.verdict is Verdict.REFUSED
        session.refresh(foreign)
        assert foreign.name == "外单位"

    def test_what_changed_meanwhile_needs_a_reviewer_who_saw_it(self, session, act_as, small_federation):
        factory, reviewer = small_federation.factory, act_as(small_federation.street)
        request = make_change_request(session, factory, name="榕江新能源工会委员会")
        rename(session, factory, "榕江电器集团工会委员会")

        [blind] = approve(session, reviewer, queue=CHANGES, ids=[id_of(request)])
        details = review_details(session, reviewer, queue=CHANGES.list, request_id=id_of(request))
        [seeing] = approve(session, reviewer, queue=CHANGES, ids=[id_of(request)], seen={id_of(request): details.seen})

        assert blind.verdict is Verdict.REFUSED
        assert blind.values == {"field": "工会名称"}
        [field] = details.fields
        assert field.before is not None
        assert field.note is not None
        assert (field.before.text, field.note.text) == ("榕江电器有限公司工会委员会", "榕江电器集团工会委员会")
        assert seeing.is_decided
        session.refresh(factory)
        assert factory.name == "榕江新能源工会委员会"

    def test_a_code_taken_meanwhile_is_told_and_nothing_is_changed(self, session, act_as, small_federation):
        street, factory = small_federation.street, small_federation.factory
        code = make_uscc(81, prefix="8144")
        request = make_change_request(session, factory, principal_name="何伟杰", uscc=code)
        make_union(session, street, uscc=code)

        [outcome] = approve(session, act_as(street), queue=CHANGES, ids=[id_of(request)])

        assert outcome.verdict is Verdict.REFUSED
        session.refresh(factory)
        assert (factory.principal_name, factory.uscc) == ("", None)

    def test_a_dissolved_union_is_not_changed(self, session, act_as, small_federation):
        request = make_change_request(session, small_federation.factory)
        dissolve(session, small_federation.factory)

        [outcome] = approve(session, act_as(small_federation.street), queue=CHANGES, ids=[id_of(request)])

        assert outcome.verdict is Verdict.REFUSED
        assert small_federation.factory.status == UnionStatus.DISSOLVED

    def test_the_province_confirms_its_own_with_a_second_administrator(self, session, act_as, small_federation):
        province = small_federation.province
        applicant = make_account(session)
        make_administrator(session, applicant, province)
        himself = get_actor(session, account_id=id_of(applicant), union_id=id_of(province))
        request = make_change_request(session, province, applicant=applicant)

        [own] = approve(session, himself, queue=CHANGES, ids=[id_of(request)])
        [second] = approve(session, act_as(province), queue=CHANGES, ids=[id_of(request)])

        assert (own.verdict, second.verdict) == (Verdict.REFUSED, Verdict.APPROVED)


class TestTheList:
    def test_the_longest_waiting_come_first_and_pages_follow(self, session, act_as, small_federation):
        street = small_federation.street
        requests = [make_registration(session, street) for _ in range(25)]
        reviewer = act_as(street)

        first = review_page(session, reviewer, queue=REGISTRATIONS.list)
        last = review_page(session, reviewer, queue=REGISTRATIONS.list, page=99)

        ids = [id_of(each) for each in requests]
        assert [row.id for row in first.rows] == ids[:20]
        assert [row.id for row in last.rows] == ids[20:]
        assert (first.total, first.pages, last.page) == (25, 2, 2)

    def test_signs_that_mean_something_to_like_mean_themselves(self, session, act_as, small_federation):
        make_registration(session, small_federation.street, employer_name="百分百_100%厂")
        make_registration(session, small_federation.street, employer_name="普通厂")
        reviewer = act_as(small_federation.street)

        found = review_page(session, reviewer, queue=REGISTRATIONS.list, wanted=ReviewFilter(keyword="_100%"))

        assert [row.cells[0][0].text for row in found.rows] == ["百分百_100%厂"]

    def test_rejected_ones_keep_who_when_and_why(self, session, act_as, small_federation):
        request = make_registration(session, small_federation.street)
        reviewer = act_as(small_federation.street)
        reject(session, reviewer, queue=REGISTRATIONS, ids=[id_of(request)], reason="信用代码与证件不一致")

        [row] = review_page(session, reviewer, queue=REGISTRATIONS.list, tab=ReviewTab.REJECTED).rows

        assert (row.reason, row.closed_by) == ("信用代码与证件不一致", reviewer.account_name)
        assert row.closed_at is not None

    @pytest.mark.parametrize("count", [3, 30])
    def test_it_asks_as_often_however_many_there_are(self, session, act_as, small_federation, count):
        for _ in range(count):
            make_registration(session, small_federation.street)
        reviewer = act_as(small_federation.street)

        with assert_queries(session, 3):
            review_page(session, reviewer, queue=REGISTRATIONS.list, page_size=50)

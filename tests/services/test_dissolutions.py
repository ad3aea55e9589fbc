"""Dissolving a union below: what stands in the way, what ends with it."""

import pytest
from sqlmodel import Session, select

from gdftu_app.clock import now
from gdftu_app.errors import InvalidInput, NotAllowed, NotFound
from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.notifications import Notification, NotificationKind
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Union, UnionCategory, UnionLevel, UnionStatus
from gdftu_app.queries.endings import endings_of, is_dissolved
from gdftu_app.queries.entrances import welcome_of
from gdftu_app.queries.figures import figures_of
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.permissions import Role
from gdftu_app.services.dissolutions import dissolve_below, preview_dissolution
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.memberships import retain
from gdftu_app.services.registration_reviews import REGISTRATIONS
from gdftu_app.services.reviews import approve, withdraw
from gdftu_app.services.unions import StillInUse
from tests.factories import (
    id_of,
    make_account,
    make_administrator,
    make_change_request,
    make_member,
    make_registration,
    make_union,
    make_uscc,
)
from tests.recounts import recount, shown


def dissolve(session: Session, actor: Actor, union: Union, typed_name: str = "") -> None:
    dissolve_below(session, actor, union=id_of(union), typed_name=typed_name or union.name)


def test_it_ends_but_its_row_stays_and_its_code_is_free(session, act_as, small_federation):
    world, code = small_federation, make_uscc(71, prefix="8144")
    union = make_union(session, world.street, uscc=code)

    dissolve(session, act_as(world.city), union)

    session.refresh(union)
    assert union.status == UnionStatus.DISSOLVED
    make_union(session, world.street, uscc=code)
    assert figures_of(session, id_of(world.street)).unions_direct == 2
    assert shown(session) == recount(session)
    assert verify(session) == []


def test_its_administrators_enter_it_no_more(session, act_as, small_federation):
    owner = act_as(small_federation.factory)

    dissolve(session, act_as(small_federation.street), small_federation.factory)

    with pytest.raises(NotFound):
        get_actor(session, account_id=owner.account_id, union_id=owner.union_id)


def test_its_change_request_is_withdrawn(session, act_as, small_federation):
    request, actor = make_change_request(session, small_federation.factory), act_as(small_federation.street)

    dissolve(session, actor, small_federation.factory)

    closed = session.get_one(ChangeRequest, request.id, populate_existing=True)
    assert (closed.status, closed.closed_by_id) == (ReviewStatus.WITHDRAWN, actor.account_id)
    entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "changes:withdraw")).one()
    assert entry.subject == f"change_requests:{request.id}"


def test_it_is_recorded(session, act_as, small_federation):
    dissolve(session, act_as(small_federation.street), small_federation.factory)

    entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "unions:dissolve")).one()
    assert entry.subject == f"unions:{small_federation.factory.id}"
    assert entry.detail["changes"] == [{"field": "status", "before": "active", "after": "dissolved"}]


def test_its_administrators_are_told_why_they_enter_it_no_more(session, small_federation):
    world = small_federation
    accounts = [make_account(session) for _ in range(3)]
    for account in accounts:
        make_administrator(session, account, world.factory)
    accounts[1].disabled_at = now()
    make_administrator(session, accounts[2], world.street)
    actor = get_actor(session, account_id=id_of(accounts[2]), union_id=id_of(world.street))

    dissolve(session, actor, world.factory)

    [told] = session.exec(select(Notification).where(Notification.kind == NotificationKind.UNION_DISSOLVED)).all()
    assert (told.account_id, told.values, told.link) == (accounts[0].id, {"union": world.factory.name}, "")
    assert is_dissolved(session, union_id=id_of(world.factory))
    assert not is_dissolved(session, union_id=id_of(world.street))
    assert [ending.kind for ending in endings_of(session, account_id=id_of(accounts[0]))] == ["union_dissolved"]
    assert endings_of(session, account_id=id_of(accounts[2])) == []


def test_it_is_no_longer_among_the_unions_of_its_administrators(session, act_as, small_federation):
    account = make_account(session)
    make_administrator(session, account, small_federation.factory)
    assert welcome_of(session, account_id=id_of(account)).only_union_id == small_federation.factory.id

    dissolve(session, act_as(small_federation.street), small_federation.factory)

    welcome = welcome_of(session, account_id=id_of(account))
    assert (welcome.managed, welcome.only_union_id) == (0, None)


class TestRegistrationsThatWaitForIt:
    @pytest.fixture
    def empty(self, session: Session, small_federation) -> Union:
        kind = {"category": UnionCategory.TOWN, "level": UnionLevel.TOWN}
        return make_union(session, small_federation.district, name="空街道总工会", **kind)

    def test_are_counted_beforehand(self, session, act_as, small_federation, empty: Union):
        make_registration(session, empty)

        preview = preview_dissolution(session, act_as(small_federation.city), union=id_of(empty))

        assert (preview.registrations, preview.superior.name) == (1, "珠水区总工会")

    def test_go_to_its_superior_who_decides(self, session, act_as, small_federation, empty: Union):
        request = make_registration(session, empty)

        dissolve(session, act_as(small_federation.city), empty)

        session.refresh(request)
        assert (request.status, request.reviewing_union_id) == (ReviewStatus.PENDING, small_federation.district.id)
        reviewer = act_as(small_federation.district, Role.REVIEWER)
        [outcome] = approve(session, reviewer, queue=REGISTRATIONS, ids=[id_of(request)])
        assert outcome.is_decided
        session.refresh(request)
        assert session.get_one(Union, request.union_id).superior_id == small_federation.district.id
        assert verify(session) == []

    def test_are_told_to_their_applicants_and_recorded(self, session, act_as, small_federation, empty: Union):
        request = make_registration(session, empty)

        dissolve(session, act_as(small_federation.city), empty)

        [told] = session.exec(select(Notification).where(Notification.account_id == request.submitted_by_id)).all()
        assert told.kind == NotificationKind.REGISTRATION_HANDED_ON
        assert told.values == {"superior": "空街道总工会", "union": request.union_name, "reviewer": "珠水区总工会"}
        entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "registrations:hand_on")).one()
        assert entry.subject == f"registrations:{request.id}"
        assert entry.detail == {"before": "空街道总工会", "after": "珠水区总工会"}

    def test_that_are_closed_stay_with_it(self, session, act_as, small_federation, empty: Union):
        request = make_registration(session, empty)
        withdraw(session, request, account_id=request.submitted_by_id)

        dissolve(session, act_as(small_federation.city), empty)

        session.refresh(request)
        assert request.reviewing_union_id == empty.id


class TestWhatStandsInTheWay:
    def test_are_members_who_count(self, session, act_as, small_federation):
        membership, actor = make_member(session, small_federation.factory), act_as(small_federation.street)

        with pytest.raises(StillInUse):
            dissolve(session, actor, small_federation.factory)
        assert preview_dissolution(session, actor, union=id_of(small_federation.factory)).members == 1
        retain(session, membership)
        dissolve(session, actor, small_federation.factory)

    def test_are_subordinates(self, session, act_as, small_federation):
        actor = act_as(small_federation.city)

        with pytest.raises(StillInUse):
            dissolve(session, actor, small_federation.street)
        assert preview_dissolution(session, actor, union=id_of(small_federation.street)).subordinates == 1
        dissolve(session, actor, small_federation.factory)
        dissolve(session, actor, small_federation.street)

    @pytest.mark.parametrize("typed", ["榕江", "榕江电器有限公司工会", "x"])
    def test_is_another_name(self, session, act_as, small_federation, typed):
        with pytest.raises(InvalidInput) as refusal:
            dissolve(session, act_as(small_federation.street), small_federation.factory, typed)

        assert refusal.value.field == "typed_name"
        assert small_federation.factory.status == UnionStatus.ACTIVE


class TestWhoMay:
    def test_nobody_what_is_not_below(self, session, act_as, small_federation):
        world, actor = small_federation, act_as(small_federation.city)

        for union in (world.province, world.other_factory, world.other_city, world.city):
            with pytest.raises(NotFound):
                dissolve(session, actor, union)
            with pytest.raises(NotFound):
                preview_dissolution(session, actor, union=id_of(union))

    def test_nobody_twice(self, session, act_as, small_federation):
        actor = act_as(small_federation.street)
        dissolve(session, actor, small_federation.factory)

        with pytest.raises(NotFound):
            dissolve(session, actor, small_federation.factory)

    def test_no_base_union_and_nobody_who_does_not_edit(self, session, act_as, small_federation):
        branch = make_union(session, small_federation.factory, category="branch")

        with pytest.raises(NotAllowed):
            dissolve(session, act_as(small_federation.factory), branch)
        for role in set(Role) - {Role.OWNER}:
            with pytest.raises(NotAllowed):
                dissolve(session, act_as(small_federation.street, role), small_federation.factory)

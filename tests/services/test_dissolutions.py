"""Dissolving a union below: what stands in the way, what ends with it."""

import pytest
from sqlmodel import Session, select

from gdftu_app.errors import InvalidInput, NotAllowed, NotFound
from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Union, UnionCategory, UnionLevel, UnionStatus
from gdftu_app.queries.figures import figures_of
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.permissions import Role
from gdftu_app.services.dissolutions import RegistrationsWaiting, dissolve_below, preview_dissolution
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.memberships import retain
from gdftu_app.services.reviews import withdraw
from gdftu_app.services.unions import StillInUse
from tests.factories import id_of, make_change_request, make_member, make_registration, make_union, make_uscc
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

    def test_are_registrations_that_nobody_could_decide_any_more(self, session, act_as, small_federation):
        kind = {"category": UnionCategory.TOWN, "level": UnionLevel.TOWN}
        empty = make_union(session, small_federation.district, name="空街道总工会", **kind)
        request, actor = make_registration(session, empty), act_as(small_federation.city)

        with pytest.raises(RegistrationsWaiting) as refusal:
            dissolve(session, actor, empty)
        assert refusal.value.values == {"count": 1}
        assert preview_dissolution(session, actor, union=id_of(empty)).registrations == 1
        withdraw(session, request, account_id=request.submitted_by_id)
        dissolve(session, actor, empty)

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

"""Actors: who stands behind a request, and how far it reaches."""

import pytest
from sqlmodel import select

from gdftu_app.clock import now
from gdftu_app.errors import NotAllowed, NotFound
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.security.actors import effective_permissions, get_actor
from gdftu_app.security.permissions import ABOVE_BASE_ONLY, ROLE_PERMISSIONS, Permission, Role
from tests.factories import id_of, make_account, make_administrator


class TestReach:
    def test_is_the_acting_union_and_everything_below(self, session, act_as, small_federation):
        actor = act_as(small_federation.city)

        reached = set(session.exec(select(Union.name).where(actor.reaches())))

        world = small_federation
        assert reached == {union.name for union in (world.city, world.district, world.street, world.factory)}

    def test_of_a_base_union_is_itself(self, session, act_as, small_federation):
        actor = act_as(small_federation.factory)

        assert session.exec(select(Union.id).where(actor.reaches())).all() == [small_federation.factory.id]

    def test_does_not_confuse_ids_that_begin_alike(self, session, act_as, small_federation):
        actor = act_as(small_federation.city)

        paths = session.exec(select(Union.path).where(actor.reaches())).all()

        assert all(path.startswith(small_federation.city.path) for path in paths)


class TestPermissions:
    def test_above_base_ones_do_not_exist_at_the_base(self, act_as, small_federation):
        owner = act_as(small_federation.factory)

        assert owner.permissions == frozenset(Permission) - ABOVE_BASE_ONLY

    @pytest.mark.parametrize("role", Role)
    def test_are_those_of_the_role(self, act_as, small_federation, role):
        assert act_as(small_federation.city, role).permissions == ROLE_PERMISSIONS[role]

    def test_words_that_are_no_permission_count_for_nothing(self):
        assert effective_permissions(["unions:view", "everything:do"], is_above_base=True) == {Permission.UNIONS_VIEW}

    def test_what_is_missing_is_refused(self, act_as, small_federation):
        analyst = act_as(small_federation.city, Role.ANALYST)

        with pytest.raises(NotAllowed):
            analyst.require(Permission.UNIONS_EDIT)


class TestNobodyStandsBehind:
    def actor_of(self, session, account, union):
        return get_actor(session, account_id=id_of(account), union_id=id_of(union))

    def test_an_account_without_a_grant(self, session, small_federation):
        with pytest.raises(NotFound):
            self.actor_of(session, make_account(session), small_federation.city)

    def test_a_grant_in_another_union(self, session, small_federation):
        account = make_account(session)
        make_administrator(session, account, small_federation.city)

        with pytest.raises(NotFound):
            self.actor_of(session, account, small_federation.district)

    def test_a_dismissed_administrator(self, session, small_federation):
        account = make_account(session)
        make_administrator(session, account, small_federation.city).dismissed_at = now()
        session.flush()

        with pytest.raises(NotFound):
            self.actor_of(session, account, small_federation.city)

    def test_a_disabled_account(self, session, small_federation):
        account = make_account(session)
        make_administrator(session, account, small_federation.city)
        account.disabled_at = now()
        session.flush()

        with pytest.raises(NotFound):
            self.actor_of(session, account, small_federation.city)

    def test_an_account_that_is_not_real_name_verified(self, session, small_federation):
        account = make_account(session, verified=False)
        make_administrator(session, account, small_federation.city)

        with pytest.raises(NotFound):
            self.actor_of(session, account, small_federation.city)

    def test_a_dissolved_union(self, session, small_federation):
        account = make_account(session)
        make_administrator(session, account, small_federation.other_factory)
        small_federation.other_factory.status = UnionStatus.DISSOLVED
        session.flush()

        with pytest.raises(NotFound):
            self.actor_of(session, account, small_federation.other_factory)

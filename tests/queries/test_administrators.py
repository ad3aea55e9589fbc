"""The lists of administrators: what they tell of whom, and how far anybody sees."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from gdftu_app.clock import now
from gdftu_app.errors import NotAllowed, NotFound
from gdftu_app.models.accounts import Account, Administrator, SignInSession
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.queries.administrators import (
    PAGE_SIZE,
    AdministratorRow,
    AdministratorState,
    By,
    Origin,
    list_administrators,
    view_administrators_below,
)
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.permissions import ABOVE_BASE_ONLY, ROLE_PERMISSIONS, Permission, Role
from gdftu_app.services.administrators import dismiss, resign
from gdftu_app.services.sessions import begin
from tests.factories import Federation, id_of, make_account, make_administrator
from tests.statements import statements

ActAs = Callable[..., Actor]


def add(session: Session, union: Union, role: Role = Role.ANALYST, **how: object) -> Administrator:
    return make_administrator(session, make_account(session, **how), union, role=role)  # pyright: ignore[reportArgumentType]  (the arguments of the factory)


def row_of(session: Session, actor: Actor, grant: Administrator, *, dismissed: bool = False) -> AdministratorRow:
    rows = list_administrators(session, actor, dismissed=dismissed).rows
    return next(row for row in rows if row.id == grant.id)


class TestARow:
    def test_masks_the_phone_and_words_the_permissions_in_order(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner = act_as(small_federation.city)
        grant = add(session, small_federation.city, Role.REVIEWER, phone="+8619911112222", name="陈依")

        row = row_of(session, owner, grant)

        assert (row.name, row.phone, row.role, row.version) == ("陈依", "199****2222", "reviewer", 1)
        looking = ("unions:view", "subordinates:view", "registrations:review", "changes:review")
        assert row.permissions == (*looking, "members:view", "joins:review", "transfers:review")
        assert (row.state, row.is_self, row.may_change) == (AdministratorState.ACTIVE, False, True)

    @pytest.mark.parametrize(
        ("verified", "disabled", "state"),
        [(True, False, "active"), (False, False, "invited"), (True, True, "disabled"), (False, True, "disabled")],
    )
    def test_tells_whether_its_holder_can_act(
        self,
        verified: bool,
        disabled: bool,
        state: str,
        session: Session,
        act_as: ActAs,
        small_federation: Federation,
    ):
        owner, grant = act_as(small_federation.city), add(session, small_federation.city, verified=verified)
        session.get_one(Account, grant.account_id).disabled_at = now() if disabled else None
        session.flush()

        assert row_of(session, owner, grant).state == state

    def test_tells_when_its_holder_was_last_here(self, session: Session, act_as: ActAs, small_federation: Federation):
        owner, grant = act_as(small_federation.city), add(session, small_federation.city)
        assert row_of(session, owner, grant).last_seen_at is None
        account = session.get_one(Account, grant.account_id)
        for _ in range(2):
            begin(session, account, cookie=None, address="", user_agent="")
        first, second = session.exec(select(SignInSession).where(SignInSession.account_id == account.id)).all()
        first.last_seen_at, second.last_seen_at = now() - timedelta(days=1), now() - timedelta(hours=1)
        session.flush()

        assert row_of(session, owner, grant).last_seen_at == second.last_seen_at

    def test_of_ones_own_or_of_a_mightier_one_cannot_be_changed(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        account = make_account(session)
        own = make_administrator(session, account, small_federation.city, role=Role.ANALYST)
        own.permissions = [Permission.ADMINISTRATORS_MANAGE, *ROLE_PERMISSIONS[Role.ANALYST]]
        session.flush()
        actor = get_actor(session, account_id=id_of(account), union_id=id_of(small_federation.city))
        equal, mightier = add(session, small_federation.city), add(session, small_federation.city, Role.MEMBERS)

        assert [row_of(session, actor, grant).may_change for grant in (own, equal, mightier)] == [False, True, False]
        assert row_of(session, actor, own).is_self


class TestWhoGrantedIt:
    def test_is_named_when_administrator_there_or_within_reach(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        city, district = small_federation.city, small_federation.district
        owner, of_city, of_district = act_as(city), add(session, city, name="陈市"), add(session, district, name="区二")
        grants = [add(session, city) for _ in range(2)]
        grants[0].granted_by_id, grants[1].granted_by_id = of_city.account_id, of_district.account_id
        session.flush()

        assert [row_of(session, owner, grant).granted_by for grant in grants] == [By(name="陈市"), By(name="区二")]

    def test_is_still_named_after_leaving(self, session: Session, act_as: ActAs, small_federation: Federation):
        owner, gone = act_as(small_federation.city), add(session, small_federation.city, name="陈去")
        grant = add(session, small_federation.city)
        grant.granted_by_id, gone.dismissed_at = gone.account_id, now()
        session.flush()

        assert row_of(session, owner, grant).granted_by == By(name="陈去")

    def test_is_only_a_superior_when_from_above_or_beside(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner = act_as(small_federation.city)
        for place in ("province", "other_city"):
            granter = add(session, getattr(small_federation, place), name="陈上")
            grant = add(session, small_federation.city)
            grant.granted_by_id = granter.account_id
            session.flush()
            assert row_of(session, owner, grant).granted_by == By(origin=Origin.SUPERIOR)

    def test_is_the_platform_when_nobody_did(self, session: Session, act_as: ActAs, small_federation: Federation):
        assert row_of(session, act_as(small_federation.city), add(session, small_federation.city)).granted_by == By(
            origin=Origin.PLATFORM
        )


class TestTheList:
    def test_holds_owners_first_and_the_dismissed_apart(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        city = small_federation.city
        analyst, owner = add(session, city), act_as(city)
        gone = add(session, city)
        dismiss(session, owner, administrator_id=id_of(gone))

        live, dismissed = list_administrators(session, owner), list_administrators(session, owner, dismissed=True)

        assert [row.role for row in live.rows] == ["owner", "analyst"]
        assert (live.live, live.dismissed) == (dismissed.live, dismissed.dismissed) == (2, 1)
        assert [row.id for row in dismissed.rows] == [gone.id]
        assert analyst.id in [row.id for row in live.rows]
        assert dismissed.rows[0].dismissed_by == By(name="黄管理")

    def test_tells_who_left_of_their_own_accord(self, session: Session, act_as: ActAs, small_federation: Federation):
        leaving, owner = act_as(small_federation.city), act_as(small_federation.city)
        own = session.exec(select(Administrator).where(Administrator.account_id == leaving.account_id)).one()
        resign(session, leaving, administrator_id=id_of(own))

        assert row_of(session, owner, own, dismissed=True).dismissed_by == By(origin=Origin.THEMSELVES)

    def test_is_that_of_the_acting_union_alone(self, session: Session, act_as: ActAs, small_federation: Federation):
        for place in ("province", "district", "other_city"):
            add(session, getattr(small_federation, place))
        owner = act_as(small_federation.city)

        assert [row.is_self for row in list_administrators(session, owner).rows] == [True]

    def test_is_paged(self, session: Session, act_as: ActAs, small_federation: Federation):
        owner = act_as(small_federation.city)
        for _ in range(PAGE_SIZE):
            add(session, small_federation.city)

        pages = [list_administrators(session, owner, page=page) for page in (1, 2, 99, -1)]

        assert [(len(found.rows), found.page, found.pages) for found in pages] == [
            (PAGE_SIZE, 1, 2),
            (1, 2, 2),
            (1, 2, 2),
            (PAGE_SIZE, 1, 2),
        ]

    def test_offers_what_exists_and_tells_what_may_be_granted(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        above = list_administrators(session, act_as(small_federation.city))
        base = list_administrators(session, act_as(small_federation.factory))

        assert set(above.offered) == set(above.grantable) == set(Permission)
        assert set(base.offered) == set(base.grantable) == set(Permission) - ABOVE_BASE_ONLY

    def test_takes_as_many_statements_however_long_it_is(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner = act_as(small_federation.city)
        with statements(session) as few:
            list_administrators(session, owner)
        for _ in range(20):
            add(session, small_federation.city).granted_by_id = owner.account_id
        session.flush()
        with statements(session) as many:
            list_administrators(session, owner)

        assert len(few) == len(many) <= 3


class TestBelow:
    @pytest.mark.parametrize("place", ["district", "street", "factory"])
    def test_shows_those_of_any_union_below(
        self, place: str, session: Session, act_as: ActAs, small_federation: Federation
    ):
        union = getattr(small_federation, place)
        grant = add(session, union)

        view = view_administrators_below(session, act_as(small_federation.city), union=id_of(union), with_trail=True)

        assert view.listed
        assert [row.id for row in view.listed.rows] == [grant.id]
        assert view.path[0].name == small_federation.city.name
        assert view.trail
        assert view.trail.path[-1].id == union.id
        assert bool(ABOVE_BASE_ONLY & set(view.listed.offered)) is (place != "factory")

    @pytest.mark.parametrize("place", ["province", "other_city", "other_factory"])
    def test_finds_no_other_union(self, place: str, session: Session, act_as: ActAs, small_federation: Federation):
        with pytest.raises(NotFound):
            view_administrators_below(
                session, act_as(small_federation.city), union=id_of(getattr(small_federation, place))
            )

    @pytest.mark.parametrize("asks_for_it", [True, False])
    def test_has_no_list_for_the_acting_union_itself(
        self, asks_for_it: bool, session: Session, act_as: ActAs, small_federation: Federation
    ):
        city = small_federation.city

        view = view_administrators_below(session, act_as(city), union=id_of(city) if asks_for_it else None)

        assert (view.union.id, view.listed, view.path) == (city.id, None, [])

    def test_grants_nothing_in_a_dissolved_union(self, session: Session, act_as: ActAs, small_federation: Federation):
        small_federation.factory.status = UnionStatus.DISSOLVED
        session.flush()

        view = view_administrators_below(session, act_as(small_federation.city), union=id_of(small_federation.factory))

        assert view.listed
        assert (view.listed.offered, view.listed.grantable) == ((), ())

    def test_searches_for_unions_below(self, session: Session, act_as: ActAs, small_federation: Federation):
        view = view_administrators_below(session, act_as(small_federation.city), union=None, keyword="有限公司")

        assert view.found
        assert [hit.name for hit in view.found.hits] == [small_federation.factory.name]
        assert view.listed is None

    def test_a_base_union_has_nothing_below(self, session: Session, act_as: ActAs, small_federation: Federation):
        with pytest.raises(NotAllowed):
            view_administrators_below(session, act_as(small_federation.factory), union=None)

    def test_takes_as_many_statements_however_long_it_is(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner, street = act_as(small_federation.city), small_federation.street
        counts: list[int] = []
        for number in (1, 20):
            for _ in range(number):
                add(session, street)
            with statements(session) as sent:
                view_administrators_below(session, owner, union=id_of(street), with_trail=True)
            counts.append(len(sent))

        assert counts[0] == counts[1] <= 12

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import col, select

from gdftu_app.clock import now
from gdftu_app.db import unit_of_work
from gdftu_app.errors import NotAllowed, NotFound
from gdftu_app.models.accounts import Administrator
from gdftu_app.models.records import AuditEntry
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.permissions import ABOVE_BASE_ONLY, Permission, Role
from gdftu_app.services.administrators import (
    AlreadyAdministrator,
    BeyondOwnPermissions,
    LastOwner,
    NotToOneself,
    appoint,
    appoint_below,
    dismiss,
    dismiss_below,
)
from tests.factories import id_of, make_account, make_administrator, make_union


def limited(actor: Actor, *permissions: Permission) -> Actor:
    return Actor(
        account_id=actor.account_id,
        account_name=actor.account_name,
        union_id=actor.union_id,
        union_path=actor.union_path,
        is_above_base=actor.is_above_base,
        role="custom",
        permissions=frozenset(permissions),
    )


class TestAppoint:
    def test_the_account_may_act_for_the_union_at_once(self, session, act_as, small_federation):
        owner, account = act_as(small_federation.city), make_account(session)

        appoint(session, owner, account_id=id_of(account), role=Role.REVIEWER)

        actor = get_actor(session, account_id=id_of(account), union_id=id_of(small_federation.city))
        assert actor.role == "reviewer"
        assert actor.may(Permission.JOINS_REVIEW)
        assert not actor.may(Permission.ADMINISTRATORS_MANAGE)

    def test_it_is_audited(self, session, act_as, small_federation):
        owner, account = act_as(small_federation.city), make_account(session)

        made = appoint(session, owner, account_id=id_of(account), role=Role.ANALYST)

        entry = session.exec(select(AuditEntry)).one()
        assert (entry.verb, entry.account_id, entry.union_id) == (
            "administrators:appoint",
            owner.account_id,
            owner.union_id,
        )
        assert entry.subject == f"administrators:{made.id}"
        assert entry.detail == {"account": account.id, "union": small_federation.city.id, "role": "analyst"}

    def test_nobody_appoints_themselves(self, session, act_as, small_federation):
        owner = act_as(small_federation.city)

        with pytest.raises(NotToOneself):
            appoint_below(
                session, owner, union_id=id_of(small_federation.district), account_id=owner.account_id, role=Role.OWNER
            )
        with pytest.raises(NotToOneself):
            appoint(session, owner, account_id=owner.account_id, role=Role.EDITOR)

    @pytest.mark.parametrize("role", set(Role) - {Role.OWNER})
    def test_only_those_who_manage_administrators_may(self, session, act_as, small_federation, role):
        with pytest.raises(NotAllowed):
            appoint(session, act_as(small_federation.city, role=role), account_id=1, role=Role.ANALYST)

    def test_a_grant_never_exceeds_the_granters_own(self, session, act_as, small_federation):
        granter = limited(
            act_as(small_federation.city),
            Permission.ADMINISTRATORS_MANAGE,
            Permission.UNIONS_VIEW,
            Permission.SUBORDINATES_VIEW,
            Permission.MEMBERS_VIEW,
            Permission.STATISTICS_VIEW,
        )
        account = make_account(session)

        with pytest.raises(BeyondOwnPermissions):
            appoint(session, granter, account_id=id_of(account), role=Role.OWNER)
        appoint(session, granter, account_id=id_of(account), role=Role.ANALYST)

    def test_the_owner_of_a_base_union_appoints_another_owner(self, session, act_as, small_federation):
        owner, account = act_as(small_federation.factory), make_account(session)

        made = appoint(session, owner, account_id=id_of(account), role=Role.OWNER)

        assert not ABOVE_BASE_ONLY & set(made.permissions)
        assert Permission.ADMINISTRATORS_MANAGE in made.permissions

    def test_an_administrator_of_the_union_is_not_appointed_twice(self, session, act_as, small_federation):
        owner, account = act_as(small_federation.city), make_account(session)
        appoint(session, owner, account_id=id_of(account), role=Role.ANALYST)

        with pytest.raises(AlreadyAdministrator):
            appoint(session, owner, account_id=id_of(account), role=Role.EDITOR)

    def test_an_unknown_or_disabled_account_is_not_found(self, session, act_as, small_federation):
        owner, disabled = act_as(small_federation.city), make_account(session)
        disabled.disabled_at = now()
        session.flush()

        for account_id in (id_of(disabled), 999_999_999):
            with pytest.raises(NotFound):
                appoint(session, owner, account_id=account_id, role=Role.ANALYST)


class TestAppointBelow:
    @pytest.mark.parametrize("where", ["district", "street", "factory"])
    def test_it_reaches_every_union_below(self, session, act_as, small_federation, where):
        owner, account = act_as(small_federation.city), make_account(session)
        union = getattr(small_federation, where)

        appoint_below(session, owner, union_id=id_of(union), account_id=id_of(account), role=Role.OWNER)

        assert get_actor(session, account_id=id_of(account), union_id=id_of(union)).role == "owner"

    @pytest.mark.parametrize("where", ["province", "city", "other_city", "other_factory"])
    def test_no_other_union_is_found(self, session, act_as, small_federation, where):
        owner, account = act_as(small_federation.city), make_account(session)
        union = getattr(small_federation, where)

        with pytest.raises(NotFound):
            appoint_below(session, owner, union_id=id_of(union), account_id=id_of(account), role=Role.ANALYST)

    def test_a_base_union_appoints_nobody_below(self, session, act_as, small_federation):
        with pytest.raises(NotAllowed):
            appoint_below(
                session,
                act_as(small_federation.factory),
                union_id=id_of(small_federation.factory),
                account_id=1,
                role=Role.ANALYST,
            )


class TestDismiss:
    def test_the_administrator_is_out_at_once_and_may_come_back(self, session, act_as, small_federation):
        owner, account = act_as(small_federation.city), make_account(session)
        made = appoint(session, owner, account_id=id_of(account), role=Role.ANALYST)

        dismiss(session, owner, administrator_id=id_of(made))

        with pytest.raises(NotFound):
            get_actor(session, account_id=id_of(account), union_id=id_of(small_federation.city))
        assert appoint(session, owner, account_id=id_of(account), role=Role.EDITOR).id != made.id

    def test_it_is_audited(self, session, act_as, small_federation):
        owner, account = act_as(small_federation.city), make_account(session)
        made = make_administrator(session, account, small_federation.city, role=Role.ANALYST)

        dismiss(session, owner, administrator_id=id_of(made))

        entry = session.exec(select(AuditEntry)).one()
        assert (entry.verb, entry.subject) == ("administrators:dismiss", f"administrators:{made.id}")

    def test_the_last_owner_stays(self, session, act_as, small_federation):
        owner = act_as(small_federation.city)
        [own] = session.exec(select(Administrator).where(Administrator.account_id == owner.account_id)).all()

        with pytest.raises(LastOwner):
            dismiss(session, owner, administrator_id=id_of(own))

    def test_an_owner_who_is_disabled_does_not_count_as_another(self, session, act_as, small_federation):
        owner, other = act_as(small_federation.city), make_account(session)
        make_administrator(session, other, small_federation.city)
        other.disabled_at = now()
        [own] = session.exec(select(Administrator).where(Administrator.account_id == owner.account_id)).all()

        with pytest.raises(LastOwner):
            dismiss(session, owner, administrator_id=id_of(own))

    def test_one_of_two_owners_may_leave(self, session, act_as, small_federation):
        owner = act_as(small_federation.city)
        act_as(small_federation.city)
        [own] = session.exec(select(Administrator).where(Administrator.account_id == owner.account_id)).all()

        dismiss(session, owner, administrator_id=id_of(own))

        with pytest.raises(NotFound):
            get_actor(session, account_id=owner.account_id, union_id=owner.union_id)

    def test_a_mightier_administrator_cannot_be_dismissed(self, session, act_as, small_federation):
        lesser = limited(act_as(small_federation.city), Permission.ADMINISTRATORS_MANAGE, Permission.UNIONS_VIEW)
        analyst = make_administrator(session, make_account(session), small_federation.city, role=Role.ANALYST)

        with pytest.raises(BeyondOwnPermissions):
            dismiss(session, lesser, administrator_id=id_of(analyst))

    def test_a_co_owner_of_a_base_union_can_be_dismissed(self, session, act_as, small_federation):
        owner = act_as(small_federation.factory)
        other = make_administrator(session, make_account(session), small_federation.factory)

        dismiss(session, owner, administrator_id=id_of(other))

        assert session.get(Administrator, other.id, populate_existing=True).dismissed_at is not None

    def test_administrators_of_other_unions_are_not_found(self, session, act_as, small_federation):
        owner = act_as(small_federation.city)
        for union in (small_federation.province, small_federation.district, small_federation.other_city):
            grant = make_administrator(session, make_account(session), union, role=Role.ANALYST)
            with pytest.raises(NotFound):
                dismiss(session, owner, administrator_id=id_of(grant))

    def test_whoever_is_dismissed_already_is_not_found(self, session, act_as, small_federation):
        owner = act_as(small_federation.city)
        grant = make_administrator(session, make_account(session), small_federation.city, role=Role.ANALYST)
        dismiss(session, owner, administrator_id=id_of(grant))

        with pytest.raises(NotFound):
            dismiss(session, owner, administrator_id=id_of(grant))


class TestDismissBelow:
    def test_it_reaches_below_and_nowhere_else(self, session, act_as, small_federation):
        owner = act_as(small_federation.city)
        below = make_administrator(session, make_account(session), small_federation.factory, role=Role.MEMBERS)

        dismiss_below(session, owner, administrator_id=id_of(below))

        for union in (small_federation.city, small_federation.province, small_federation.other_factory):
            grant = make_administrator(session, make_account(session), union, role=Role.MEMBERS)
            with pytest.raises(NotFound):
                dismiss_below(session, owner, administrator_id=id_of(grant))

    def test_the_last_owner_of_a_union_below_stays(self, session, act_as, small_federation):
        owner = act_as(small_federation.city)
        only = make_administrator(session, make_account(session), small_federation.district)

        with pytest.raises(LastOwner):
            dismiss_below(session, owner, administrator_id=id_of(only))


class TestAtOnce:
    def test_two_owners_who_dismiss_each_other_do_not_both_succeed(self, own_database):
        with unit_of_work() as session:
            union = make_union(session)
            grants = [make_administrator(session, make_account(session), union) for _ in range(2)]
            pairs = [(grants[0].account_id, id_of(grants[1])), (grants[1].account_id, id_of(grants[0]))]
            union_id = id_of(union)

        def strike(pair: tuple[int, int]):
            account_id, administrator_id = pair
            try:
                with unit_of_work() as session:
                    actor = get_actor(session, account_id=account_id, union_id=union_id)
                    dismiss(session, actor, administrator_id=administrator_id)
            except (LastOwner, NotFound) as refusal:
                return refusal
            return None

        with ThreadPoolExecutor(2) as threads:
            outcomes = list(threads.map(strike, pairs))

        with unit_of_work(reading=True) as session:
            live = session.exec(select(Administrator).where(col(Administrator.dismissed_at).is_(None))).all()
        assert outcomes.count(None) == 1
        assert len(live) == 1

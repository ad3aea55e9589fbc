"""Appointing, changing, dismissing: what a grant may hold, whom it may be given to, and who may take it away."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, select

from gdftu_app.clock import now
from gdftu_app.errors import NotAllowed, NotFound
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.security.actors import get_actor
from gdftu_app.security.limits import forget_limits
from gdftu_app.security.permissions import ROLE_PERMISSIONS, Permission, Role
from gdftu_app.services.administrators import (
    BeyondOwnPermissions,
    ChangedMeanwhile,
    LastOwner,
    NotToOneself,
    appoint,
    change,
    change_below,
    dismiss,
    dismiss_below,
    resign,
)
from tests.appointing import (
    ANALYST,
    ELSEWHERE,
    OWNER,
    ActAs,
    asked,
    colleague,
    entries,
    grant_of,
    known,
    limited,
    own_grant,
    told,
)
from tests.factories import Federation, id_of, make_administrator


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    forget_limits()
    yield
    forget_limits()


class TestChange:
    def test_the_new_permissions_count_at_once_and_are_told(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner, grant = act_as(small_federation.city), colleague(session, small_federation.city)

        change(session, owner, administrator_id=id_of(grant), version=1, permissions=ROLE_PERMISSIONS[Role.EDITOR])

        actor = get_actor(session, account_id=grant.account_id, union_id=owner.union_id)
        assert (actor.role, actor.permissions) == ("editor", ROLE_PERMISSIONS[Role.EDITOR])
        assert told(session, grant.account_id) == [("permissions_changed", {"union": "云山市总工会"}, "/overview/")]

    def test_it_is_audited_with_what_was_and_what_is(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner, grant = act_as(small_federation.city), colleague(session, small_federation.city)

        change(session, owner, administrator_id=id_of(grant), version=1, permissions={Permission.AUDIT_VIEW})

        [entry] = entries(session, "administrators:change")
        assert entry.subject == f"administrators:{grant.id}"
        assert entry.detail["changes"] == [
            {"field": "role", "before": "analyst", "after": "auditor"},
            {"field": "permissions", "before": sorted(ANALYST), "after": ["audit:view"]},
        ]

    def test_who_saw_an_earlier_version_is_told_so(self, session: Session, act_as: ActAs, small_federation: Federation):
        owner, grant = act_as(small_federation.city), colleague(session, small_federation.city)
        change(session, owner, administrator_id=id_of(grant), version=1, permissions={Permission.AUDIT_VIEW})

        with pytest.raises(ChangedMeanwhile):
            change(session, owner, administrator_id=id_of(grant), version=1, permissions=ANALYST)

        assert session.get_one(Administrator, grant.id, populate_existing=True).permissions == ["audit:view"]

    def test_the_same_again_changes_and_tells_nothing(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner, grant = act_as(small_federation.city), colleague(session, small_federation.city)

        change(session, owner, administrator_id=id_of(grant), version=1, permissions=ANALYST)

        assert session.get_one(Administrator, grant.id, populate_existing=True).version == 1
        assert (entries(session, "administrators:change"), told(session, grant.account_id)) == ([], [])

    def test_the_last_owner_stays_one(self, session: Session, act_as: ActAs, small_federation: Federation):
        superior = act_as(small_federation.city)
        only = colleague(session, small_federation.district, Role.OWNER)

        with pytest.raises(LastOwner):
            change_below(
                session,
                superior,
                administrator_id=id_of(only),
                version=1,
                permissions=OWNER - {Permission.AUDIT_VIEW},
            )

    def test_one_of_two_owners_may_become_something_else(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner, other = act_as(small_federation.city), colleague(session, small_federation.city, Role.OWNER)

        change(session, owner, administrator_id=id_of(other), version=1, permissions=ANALYST)

        assert session.get_one(Administrator, other.id, populate_existing=True).role == "analyst"

    def test_nobody_changes_their_own(self, session: Session, act_as: ActAs, small_federation: Federation):
        granter = limited(session, small_federation.city, Permission.ADMINISTRATORS_MANAGE, *ANALYST)
        own = id_of(own_grant(session, granter))
        below = make_administrator(
            session, session.get_one(Account, granter.account_id), small_federation.district, role=Role.ANALYST
        )
        superior = act_as(small_federation.city)
        make_administrator(session, session.get_one(Account, superior.account_id), small_federation.district)

        with pytest.raises(NotToOneself):
            change(session, granter, administrator_id=own, version=1, permissions=OWNER)
        with pytest.raises(NotAllowed):
            change_below(session, granter, administrator_id=id_of(below), version=1, permissions=ANALYST)
        for operation in (change_below, dismiss_below):
            held = select(Administrator.id).where(
                Administrator.account_id == superior.account_id,
                Administrator.union_id == small_federation.district.id,
            )
            more = {"version": 1, "permissions": ANALYST} if operation is change_below else {}
            with pytest.raises(NotToOneself):
                operation(session, superior, administrator_id=session.exec(held).one(), **more)  # pyright: ignore[reportArgumentType]  (the arguments of either)

    def test_a_mightier_grant_is_not_touched_nor_a_lesser_one_raised_beyond_the_actor(
        self, session: Session, small_federation: Federation
    ):
        granter = limited(session, small_federation.city, Permission.ADMINISTRATORS_MANAGE, *ANALYST)
        mightier = colleague(session, small_federation.city, Role.MEMBERS)
        lesser = colleague(session, small_federation.city)

        with pytest.raises(BeyondOwnPermissions):
            change(session, granter, administrator_id=id_of(mightier), version=1, permissions=ANALYST)
        with pytest.raises(BeyondOwnPermissions):
            dismiss(session, granter, administrator_id=id_of(mightier))
        with pytest.raises(BeyondOwnPermissions):
            change(session, granter, administrator_id=id_of(lesser), version=1, permissions=OWNER)

    def test_only_where_the_actor_may(self, session: Session, act_as: ActAs, small_federation: Federation):
        owner = act_as(small_federation.city)
        more = {"version": 1, "permissions": {Permission.AUDIT_VIEW}}
        for place in (*ELSEWHERE, "district"):
            if place != "city":
                grant = colleague(session, getattr(small_federation, place))
                with pytest.raises(NotFound):
                    change(session, owner, administrator_id=id_of(grant), **more)
        for place in ELSEWHERE:
            grant = colleague(session, getattr(small_federation, place))
            with pytest.raises(NotFound):
                change_below(session, owner, administrator_id=id_of(grant), **more)
        below = colleague(session, small_federation.factory)
        change_below(session, owner, administrator_id=id_of(below), **more)
        assert session.get_one(Administrator, below.id, populate_existing=True).role == "auditor"


class TestDismiss:
    def test_the_administrator_is_out_at_once_is_told_and_may_come_back(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner, account = act_as(small_federation.city), known(session)
        made = appoint(session, owner, **asked())

        dismiss(session, owner, administrator_id=made.id)

        with pytest.raises(NotFound):
            get_actor(session, account_id=id_of(account), union_id=owner.union_id)
        assert told(session, id_of(account))[-1] == ("dismissed", {"union": "云山市总工会"}, "")
        assert grant_of(session, made).dismissed_by_id == owner.account_id
        assert appoint(session, owner, **asked()).id != made.id

    def test_it_is_audited(self, session: Session, act_as: ActAs, small_federation: Federation):
        owner, grant = act_as(small_federation.city), colleague(session, small_federation.city)

        dismiss(session, owner, administrator_id=id_of(grant))

        [entry] = entries(session, "administrators:dismiss")
        assert entry.subject == f"administrators:{grant.id}"
        assert entry.detail == {
            "account": grant.account_id,
            "union": owner.union_id,
            "role": "analyst",
            "permissions": sorted(ANALYST),
        }

    def test_not_oneself(self, session: Session, act_as: ActAs, small_federation: Federation):
        owner = act_as(small_federation.city)
        act_as(small_federation.city)

        with pytest.raises(NotToOneself):
            dismiss(session, owner, administrator_id=id_of(own_grant(session, owner)))

    @pytest.mark.parametrize("other", ["disabled", "unverified", "none"])
    def test_the_last_owner_who_can_act_stays(
        self, other: str, session: Session, act_as: ActAs, small_federation: Federation
    ):
        superior = act_as(small_federation.city)
        only = colleague(session, small_federation.district, Role.OWNER)
        if other != "none":
            grant = colleague(session, small_federation.district, Role.OWNER, verified=other != "unverified")
            session.get_one(Account, grant.account_id).disabled_at = now() if other == "disabled" else None
            session.flush()

        with pytest.raises(LastOwner):
            dismiss_below(session, superior, administrator_id=id_of(only))

    def test_an_owner_who_was_invited_by_mistake_goes_once_there_is_another(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        superior = act_as(small_federation.city)
        mistaken = colleague(session, small_federation.district, Role.OWNER, verified=False)
        with pytest.raises(LastOwner):
            dismiss_below(session, superior, administrator_id=id_of(mistaken))
        colleague(session, small_federation.district, Role.OWNER, verified=False)

        dismiss_below(session, superior, administrator_id=id_of(mistaken))

        assert session.get_one(Administrator, mistaken.id, populate_existing=True).dismissed_at is not None

    def test_a_co_owner_of_a_base_union_can_be_dismissed(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner = act_as(small_federation.factory)
        other = colleague(session, small_federation.factory, Role.OWNER)

        dismiss(session, owner, administrator_id=id_of(other))

        assert session.get_one(Administrator, other.id, populate_existing=True).dismissed_at is not None

    def test_only_where_the_actor_may(self, session: Session, act_as: ActAs, small_federation: Federation):
        owner = act_as(small_federation.city)
        for place in ("province", "district", "other_city"):
            with pytest.raises(NotFound):
                dismiss(session, owner, administrator_id=id_of(colleague(session, getattr(small_federation, place))))
        for place in ELSEWHERE:
            with pytest.raises(NotFound):
                dismiss_below(
                    session, owner, administrator_id=id_of(colleague(session, getattr(small_federation, place)))
                )
        below = colleague(session, small_federation.factory)
        dismiss_below(session, owner, administrator_id=id_of(below))
        assert session.get_one(Administrator, below.id, populate_existing=True).dismissed_at is not None

    @pytest.mark.parametrize("forged", [0, -1, 999_999_999])
    def test_nobody_is_found_under_an_id_that_is_nobodys(
        self, forged: int, session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner = act_as(small_federation.city)

        for operation in (dismiss, dismiss_below, resign):
            with pytest.raises(NotFound):
                operation(session, owner, administrator_id=forged)

    def test_whoever_is_dismissed_already_is_not_found(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner, grant = act_as(small_federation.city), colleague(session, small_federation.city)
        dismiss(session, owner, administrator_id=id_of(grant))

        with pytest.raises(NotFound):
            dismiss(session, owner, administrator_id=id_of(grant))
        with pytest.raises(NotFound):
            change(session, owner, administrator_id=id_of(grant), version=1, permissions=ANALYST)


class TestResign:
    def test_one_of_two_owners_may_leave(self, session: Session, act_as: ActAs, small_federation: Federation):
        owner = act_as(small_federation.city)
        act_as(small_federation.city)

        resign(session, owner, administrator_id=id_of(own_grant(session, owner)))

        with pytest.raises(NotFound):
            get_actor(session, account_id=owner.account_id, union_id=owner.union_id)
        assert len(entries(session, "administrators:resign")) == 1

    def test_the_last_owner_may_not(self, session: Session, act_as: ActAs, small_federation: Federation):
        owner = act_as(small_federation.city)

        with pytest.raises(LastOwner):
            resign(session, owner, administrator_id=id_of(own_grant(session, owner)))

    def test_nobody_resigns_for_somebody_else(self, session: Session, act_as: ActAs, small_federation: Federation):
        owner, other = act_as(small_federation.city), colleague(session, small_federation.city)
        below = make_administrator(session, session.get_one(Account, owner.account_id), small_federation.district)

        for grant in (other, below):
            with pytest.raises(NotFound):
                resign(session, owner, administrator_id=id_of(grant))

"""新增管理员: who appoints whom, with what, and how the holder of the phone is told (手册 九、十)."""

from collections.abc import Collection, Iterator
from typing import Any

import pytest
from sqlmodel import Session

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput, NotAllowed, NotFound, TooManyRequests
from gdftu_app.models.accounts import Account
from gdftu_app.models.unions import UnionStatus
from gdftu_app.queries.outbox import list_messages
from gdftu_app.security.actors import get_actor
from gdftu_app.security.limits import forget_limits
from gdftu_app.security.permissions import ABOVE_BASE_ONLY, ROLE_PERMISSIONS, Permission, Role
from gdftu_app.services.administrators import (
    AlreadyAdministrator,
    BeyondOwnPermissions,
    NotToOneself,
    appoint,
    appoint_below,
    dismiss,
)
from tests.appointing import (
    ANALYST,
    ELSEWHERE,
    NAME,
    OWNER,
    PHONE,
    ActAs,
    asked,
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


class TestAppoint:
    def test_a_known_account_may_act_for_the_union_at_once(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner, account = act_as(small_federation.city), known(session)

        made = appoint(session, owner, **asked(ROLE_PERMISSIONS[Role.REVIEWER]))

        actor = get_actor(session, account_id=id_of(account), union_id=owner.union_id)
        assert (actor.role, actor.permissions) == ("reviewer", ROLE_PERMISSIONS[Role.REVIEWER])
        assert (made.phone, made.is_invited) == ("199****0000", False)
        assert grant_of(session, made).granted_by_id == owner.account_id

    def test_an_unknown_phone_becomes_an_invited_account_that_must_verify(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner = act_as(small_federation.city)

        made = appoint(session, owner, **asked(phone=" 199 1111-0000 ", name=" 陈依依\u200b "))

        account = session.get_one(Account, grant_of(session, made).account_id)
        assert (account.name, account.person_id, account.password_hash) == (NAME, None, None)
        assert made.is_invited
        assert [entry.subject for entry in entries(session, "accounts:invite")] == [f"accounts:{account.id}"]
        with pytest.raises(NotFound):
            get_actor(session, account_id=id_of(account), union_id=owner.union_id)

    @pytest.mark.parametrize("name", [NAME, " 陈 依依 ", "陈依依\u200b"])
    def test_a_known_account_keeps_its_name_however_it_is_spaced(
        self, name: str, session: Session, act_as: ActAs, small_federation: Federation
    ):
        account = known(session)

        appoint(session, act_as(small_federation.city), **asked(name=name))

        assert account.name == NAME

    @pytest.mark.parametrize("verified", [True, False])
    def test_a_strangers_phone_is_refused_and_tells_no_more_than_a_masked_name(
        self, verified: bool, session: Session, act_as: ActAs, small_federation: Federation
    ):
        account = known(session, verified=verified)

        with pytest.raises(InvalidInput) as refused:
            appoint(session, act_as(small_federation.city), **asked(name="黄大文"))

        assert (refused.value.field, refused.value.values) == ("name", {"name": "陈**"})
        assert told(session, id_of(account)) == []
        assert list_messages(session, phone=PHONE) == []

    def test_a_disabled_account_is_refused_beside_the_phone(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        known(session).disabled_at = now()

        with pytest.raises(InvalidInput) as refused:
            appoint(session, act_as(small_federation.city), **asked())

        assert refused.value.field == "phone"

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"phone": "12345"}, "phone"),
            ({"phone": ""}, "phone"),
            ({"name": " \u200b"}, "name"),
            ({"name": "陈" * 51}, "name"),
            ({"name": "陈1"}, "name"),
        ],
    )
    def test_what_is_wrong_is_told_beside_its_field(
        self, wrong: dict[str, Any], field: str, session: Session, act_as: ActAs, small_federation: Federation
    ):
        with pytest.raises(InvalidInput) as refused:
            appoint(session, act_as(small_federation.city), **asked(**wrong))

        assert refused.value.field == field

    def test_single_permissions_are_a_set_of_their_own_with_what_they_need(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        made = appoint(session, act_as(small_federation.city), **asked({Permission.MEMBERS_EXPORT}))

        grant = grant_of(session, made)
        assert (grant.role, grant.permissions) == ("custom", ["members:export", "members:view"])

    @pytest.mark.parametrize("role", Role)
    @pytest.mark.parametrize("place", ["city", "factory"])
    def test_the_set_of_a_role_bears_its_name_wherever_it_is(
        self, place: str, role: Role, session: Session, act_as: ActAs, small_federation: Federation
    ):
        made = appoint(session, act_as(getattr(small_federation, place)), **asked(ROLE_PERMISSIONS[role]))

        assert grant_of(session, made).role == role

    @pytest.mark.parametrize("nothing", [set[Permission](), ABOVE_BASE_ONLY])
    def test_a_base_union_grants_nothing_that_does_not_exist_there(
        self, nothing: Collection[Permission], session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner = act_as(small_federation.factory)

        with pytest.raises(InvalidInput) as refused:
            appoint(session, owner, **asked(nothing))
        made = appoint(session, owner, **asked(OWNER))

        assert refused.value.field == "permissions"
        assert not ABOVE_BASE_ONLY & set(grant_of(session, made).permissions)

    def test_a_grant_never_exceeds_the_granters_own(self, session: Session, small_federation: Federation):
        granter = limited(session, small_federation.city, Permission.ADMINISTRATORS_MANAGE, *ANALYST)

        for exceeding in (OWNER, {Permission.MEMBERS_REVEAL}, {*ANALYST, Permission.AUDIT_VIEW}):
            with pytest.raises(BeyondOwnPermissions):
                appoint(session, granter, **asked(exceeding))

        assert grant_of(session, appoint(session, granter, **asked())).role == "analyst"

    def test_a_set_that_needs_more_than_the_granter_has_is_beyond_them(
        self, session: Session, small_federation: Federation
    ):
        granter = limited(session, small_federation.city, Permission.ADMINISTRATORS_MANAGE, Permission.MEMBERS_EXPORT)

        with pytest.raises(BeyondOwnPermissions):
            appoint(session, granter, **asked({Permission.MEMBERS_EXPORT}))

    def test_what_the_granter_lost_since_the_event_began_counts(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner = act_as(small_federation.city)
        own_grant(session, owner).permissions = [Permission.ADMINISTRATORS_MANAGE.value]
        session.flush()

        with pytest.raises(BeyondOwnPermissions):
            appoint(session, owner, **asked())

    def test_nobody_appoints_themselves(self, session: Session, small_federation: Federation):
        account, city = known(session), small_federation.city
        make_administrator(session, account, city)
        owner = get_actor(session, account_id=id_of(account), union_id=id_of(city))

        with pytest.raises(NotToOneself):
            appoint(session, owner, **asked())
        with pytest.raises(NotToOneself):
            appoint_below(session, owner, union=id_of(small_federation.district), **asked())

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
    def test_only_those_who_manage_administrators_may(
        self, role: Role, session: Session, act_as: ActAs, small_federation: Federation
    ):
        with pytest.raises(NotAllowed):
            appoint(session, act_as(small_federation.city, role=role), **asked())

    def test_an_administrator_of_the_union_is_not_appointed_twice(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner = act_as(small_federation.city)
        appoint(session, owner, **asked())

        with pytest.raises(AlreadyAdministrator):
            appoint(session, owner, **asked(ROLE_PERMISSIONS[Role.EDITOR]))

        assert len(list_messages(session, phone=PHONE)) == 1

    def test_tries_are_limited_so_that_phones_are_not_looked_up(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        owner = act_as(small_federation.city)
        known(session)
        for _ in range(settings().appointments_per_hour):
            with pytest.raises(InvalidInput):
                appoint(session, owner, **asked(name="黄大文"))

        with pytest.raises(TooManyRequests):
            appoint(session, owner, **asked())

    def test_it_is_audited_with_the_permissions(self, session: Session, act_as: ActAs, small_federation: Federation):
        owner, account = act_as(small_federation.city), known(session)

        made = appoint(session, owner, **asked())

        [entry] = entries(session, "administrators:appoint")
        assert (entry.account_id, entry.union_id, entry.subject) == (
            owner.account_id,
            owner.union_id,
            f"administrators:{made.id}",
        )
        assert entry.detail == {
            "account": account.id,
            "union": owner.union_id,
            "role": "analyst",
            "permissions": sorted(ANALYST),
        }


class TestTheMessage:
    def test_says_which_union_and_in_the_holders_language(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        account = known(session)
        account.language = "en"

        appoint(session, act_as(small_federation.city), **asked())

        [message] = list_messages(session, phone=PHONE)
        assert message.purpose == "appointed"
        assert "云山市总工会" in message.text
        assert "administrator" in message.text
        assert told(session, id_of(account)) == [("appointed", {"union": "云山市总工会"}, "/overview/")]

    def test_to_who_must_still_verify_says_so(self, session: Session, act_as: ActAs, small_federation: Federation):
        appoint(session, act_as(small_federation.city), **asked())

        [message] = list_messages(session, phone=PHONE)
        assert message.purpose == "invited"
        assert "实名认证" in message.text

    def test_goes_to_nobody_over_and_over(self, session: Session, act_as: ActAs, small_federation: Federation):
        owner = act_as(small_federation.city)
        for _ in range(5):
            dismiss(session, owner, administrator_id=appoint(session, owner, **asked()).id)

        with pytest.raises(TooManyRequests):
            appoint(session, owner, **asked())


class TestAppointBelow:
    @pytest.mark.parametrize("place", ["district", "street", "factory"])
    def test_it_reaches_every_union_below(
        self, place: str, session: Session, act_as: ActAs, small_federation: Federation
    ):
        account, union = known(session), getattr(small_federation, place)

        appoint_below(session, act_as(small_federation.city), union=id_of(union), **asked(OWNER))

        assert get_actor(session, account_id=id_of(account), union_id=id_of(union)).role == "owner"

    @pytest.mark.parametrize("place", ELSEWHERE)
    def test_no_other_union_is_found(self, place: str, session: Session, act_as: ActAs, small_federation: Federation):
        with pytest.raises(NotFound):
            appoint_below(
                session,
                act_as(small_federation.city),
                union=id_of(getattr(small_federation, place)),
                **asked(),
            )

        assert entries(session, "accounts:invite") == []

    @pytest.mark.parametrize("union", [0, -1, 999_999_999])
    def test_nor_one_that_does_not_exist(
        self, union: int, session: Session, act_as: ActAs, small_federation: Federation
    ):
        with pytest.raises(NotFound):
            appoint_below(session, act_as(small_federation.city), union=union, **asked())

    def test_nor_one_that_is_dissolved(self, session: Session, act_as: ActAs, small_federation: Federation):
        small_federation.factory.status = UnionStatus.DISSOLVED
        session.flush()

        with pytest.raises(NotFound):
            appoint_below(session, act_as(small_federation.city), union=id_of(small_federation.factory), **asked())

    def test_a_base_union_appoints_nobody_below(self, session: Session, act_as: ActAs, small_federation: Federation):
        factory = small_federation.factory

        with pytest.raises(NotAllowed):
            appoint_below(session, act_as(factory), union=id_of(factory), **asked())

    def test_managing_those_below_is_no_licence_at_home(self, session: Session, small_federation: Federation):
        actor = limited(
            session,
            small_federation.city,
            Permission.SUBORDINATE_ADMINISTRATORS_MANAGE,
            Permission.SUBORDINATES_VIEW,
            *ANALYST,
        )

        appoint_below(session, actor, union=id_of(small_federation.street), **asked())
        with pytest.raises(NotAllowed):
            appoint(session, actor, **asked(phone="19911110001"))
        with pytest.raises(BeyondOwnPermissions):
            appoint_below(session, actor, union=id_of(small_federation.street), **asked(OWNER, phone="19911110001"))

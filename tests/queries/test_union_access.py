"""谁可以看到本工会的数据: the numbers are those of the grants that count at this moment."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from gdftu_app.clock import now
from gdftu_app.errors import NotAllowed, NotFound
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.unions import UnionStatus
from gdftu_app.queries.union_access import EXPOSURES, DataKind, UnionAccess, access_of_own_union
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.permissions import Permission, Role
from tests.factories import Federation, id_of, make_account, make_administrator
from tests.statements import statements

ActAs = Callable[..., Actor]
ABOVE_THE_FACTORY = ("street", "district", "city", "province")


def own_of(access: UnionAccess) -> dict[str, tuple[str, ...]]:
    return {row.kind: row.names for row in access.own}


def people(session: Session, federation: Federation) -> None:
    """Somebody of each role everywhere, and those who do not count: not verified, disabled, dismissed."""
    for union in vars(federation).values():
        for role in Role:
            make_administrator(session, make_account(session), union, role=role)
        make_administrator(session, make_account(session, verified=False), union)
        make_administrator(session, make_account(session), union).dismissed_at = now()
        disabled = make_account(session)
        disabled.disabled_at = now()
        make_administrator(session, disabled, union)
    session.flush()


def test_every_kind_of_data_has_its_words():
    assert EXPOSURES.keys() == set(DataKind)


class TestTheOwnAdministrators:
    def test_are_named_by_what_they_see(self, session: Session, act_as: ActAs, small_federation: Federation):
        factory = small_federation.factory
        for name, role in (
            ("陈审", Role.REVIEWER),
            ("陈会", Role.MEMBERS),
            ("陈分", Role.ANALYST),
            ("陈计", Role.AUDITOR),
        ):
            make_administrator(session, make_account(session, name=name), factory, role=role)

        access = access_of_own_union(session, act_as(factory))

        assert access.administrators == 5
        assert own_of(access) == {
            "union": ("陈审", "陈会", "黄管理"),
            "requests": ("黄管理",),
            "administrators": ("黄管理",),
            "members": ("陈审", "陈会", "黄管理"),
            "numbers": ("陈会", "黄管理"),
            "exports": ("陈会", "黄管理"),
            "identities": ("陈会", "黄管理"),
            "joining": ("陈审", "黄管理"),
            "statistics": ("陈分", "黄管理"),
            "audit": ("陈计", "黄管理"),
        }

    @pytest.mark.parametrize("role", [Role.REVIEWER, Role.MEMBERS, Role.EDITOR])
    def test_may_all_read_it_who_see_the_union(
        self, role: Role, session: Session, act_as: ActAs, small_federation: Federation
    ):
        assert access_of_own_union(session, act_as(small_federation.factory, role)).administrators == 1

    def test_but_nobody_else(self, session: Session, act_as: ActAs, small_federation: Federation):
        with pytest.raises(NotAllowed):
            access_of_own_union(session, act_as(small_federation.factory, Role.AUDITOR))


class TestTheSuperiors:
    def test_stand_from_the_nearest_up_with_numbers_only(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        people(session, small_federation)
        names = set(session.exec(select(Account.name)).all())

        access = access_of_own_union(session, act_as(small_federation.factory))

        assert [superior.name for superior in access.superiors] == [
            getattr(small_federation, place).name for place in ABOVE_THE_FACTORY
        ]
        for superior in access.superiors:
            assert (superior.administrators, dict(superior.roles)) == (len(Role), dict.fromkeys(Role, 1))
            assert not names & {str(value) for value in (superior.name, *superior.roles, *superior.kinds)}

    def test_only_the_nearest_sees_requests_and_none_sees_who_wants_to_join(
        self, session: Session, act_as: ActAs, small_federation: Federation
    ):
        people(session, small_federation)

        nearest, *others = access_of_own_union(session, act_as(small_federation.factory)).superiors

        assert dict(nearest.kinds)["requests"] == 2
        assert [dict(superior.kinds).get("requests") for superior in others] == [None, None, None]
        assert [dict(superior.kinds).get("joining") for superior in (nearest, *others)] == [None] * 4

    def test_are_none_for_the_topmost(self, session: Session, act_as: ActAs, small_federation: Federation):
        assert access_of_own_union(session, act_as(small_federation.province)).superiors == []

    def test_that_are_dissolved_see_nothing(self, session: Session, act_as: ActAs, small_federation: Federation):
        people(session, small_federation)
        small_federation.street.status = UnionStatus.DISSOLVED
        session.flush()

        nearest = access_of_own_union(session, act_as(small_federation.factory)).superiors[0]

        assert (nearest.administrators, nearest.kinds) == (0, ())


@pytest.mark.parametrize("place", ["factory", "city", "province"])
def test_the_numbers_are_those_of_who_can_act(
    place: str, session: Session, act_as: ActAs, small_federation: Federation
):
    people(session, small_federation)
    actor = act_as(getattr(small_federation, place))

    access = access_of_own_union(session, actor)

    counted = {superior.name: dict(superior.kinds).get("members", 0) for superior in access.superiors}
    above = [union for union in vars(small_federation).values() if union.name in counted]
    assert counted == {union.name: len(able(session, id_of(union), Permission.MEMBERS_VIEW)) for union in above}
    assert len(own_of(access)["members"]) == len(able(session, actor.union_id, Permission.MEMBERS_VIEW))


def able(session: Session, union_id: int, permission: Permission) -> list[int]:
    """The accounts that may do something in a union, each asked as an event of theirs would be."""
    accounts = session.exec(select(Administrator.account_id).where(Administrator.union_id == union_id)).all()
    found: list[int] = []
    for account_id in accounts:
        try:
            actor = get_actor(session, account_id=account_id, union_id=union_id)
        except NotFound:
            continue
        found += [account_id] if actor.may(permission) else []
    return found


def test_a_dismissal_counts_at_once(session: Session, act_as: ActAs, small_federation: Federation):
    grant = make_administrator(session, make_account(session), small_federation.street)
    actor = act_as(small_federation.factory)
    before = access_of_own_union(session, actor).superiors[0].administrators

    grant.dismissed_at = now()
    session.flush()

    assert (before, access_of_own_union(session, actor).superiors[0].administrators) == (1, 0)


def test_it_takes_as_many_statements_however_many_there_are(
    session: Session, act_as: ActAs, small_federation: Federation
):
    actor = act_as(small_federation.factory)
    with statements(session) as few:
        access_of_own_union(session, actor)
    people(session, small_federation)
    with statements(session) as many:
        access_of_own_union(session, actor)

    assert len(few) == len(many) == 2

"""Analysts (分析员): totals of their union and those below it, nothing personal, and nothing of too few people."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session

from gdftu_app.clock import today
from gdftu_app.errors import NotAllowed
from gdftu_app.models.people import Sex
from gdftu_app.queries.members import list_members
from gdftu_app.queries.overviews import get_overview
from gdftu_app.queries.statistics import Wanted, view_statistics
from gdftu_app.queries.union_details import get_own_details
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.permissions import Permission, Role
from tests.factories import Federation, id_of, make_account, make_administrator, make_member

ActAs = Callable[..., Actor]


@pytest.fixture
def peopled(session: Session, small_federation: Federation) -> Federation:
    """Nine members of the factory, three of them women, all of them migrant workers."""
    for number in range(9):
        sex = Sex.FEMALE if number < 3 else Sex.MALE
        make_member(session, small_federation.factory, sex=sex, is_migrant=True)
    return small_federation


def of_sex(session: Session, actor: Actor) -> dict[str, int | None]:
    found = view_statistics(session, actor, wanted=Wanted(date(2025, 1, 1), today()))
    return {part.key: part.count for part in found.compositions[0].parts}


def with_statistics_alone(session: Session, federation: Federation) -> Actor:
    """Somebody of no role, whose grant has been put together by hand."""
    account = make_account(session)
    grant = make_administrator(session, account, federation.city)
    grant.permissions = [Permission.STATISTICS_VIEW, Permission.UNIONS_VIEW]
    session.flush()
    return get_actor(session, account_id=id_of(account), union_id=id_of(federation.city))


class TestWhatTheySee:
    def test_is_the_overview_and_how_the_subordinates_stand(self, session: Session, act_as: ActAs, peopled: Federation):
        found = get_overview(session, act_as(peopled.city, Role.ANALYST))

        assert found.head.members == 9
        assert found.leagues
        assert [row.name for row in found.leagues.leading] == [peopled.district.name]

    def test_of_a_base_union_is_itself_alone(self, session: Session, act_as: ActAs, peopled: Federation):
        found = get_overview(session, act_as(peopled.factory, Role.ANALYST))

        assert (found.head.members, found.leagues) == (9, None)

    @pytest.mark.parametrize("ask", [get_own_details, list_members])
    def test_is_nobodys_name(self, ask: Callable[..., object], session: Session, act_as: ActAs, peopled: Federation):
        with pytest.raises(NotAllowed):
            ask(session, act_as(peopled.city, Role.ANALYST))


class TestOfTooFewPeople:
    def test_nothing_is_told_to_them(self, session: Session, act_as: ActAs, peopled: Federation):
        actor = act_as(peopled.city, Role.ANALYST)

        assert get_overview(session, actor).kept_back == {"women"}
        assert of_sex(session, actor) == {"women": None, "others": None}

    def test_nor_to_others_who_may_not_see_members(self, session: Session, peopled: Federation):
        actor = with_statistics_alone(session, peopled)

        assert get_overview(session, actor).kept_back == {"women"}
        assert of_sex(session, actor) == {"women": None, "others": None}

    def test_everything_is_told_to_those_who_may(self, session: Session, act_as: ActAs, peopled: Federation):
        actor = act_as(peopled.city)

        assert get_overview(session, actor).kept_back == frozenset()
        assert of_sex(session, actor) == {"women": 3, "others": 6}

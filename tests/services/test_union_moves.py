"""Moving branches of the tree."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from gdftu_app.clock import today
from gdftu_app.models.carried_days import CarriedDays
from gdftu_app.models.unions import UnionCategory, UnionLevel
from gdftu_app.queries.figures import figures_of
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.figures import fold
from gdftu_app.services.memberships import admit
from gdftu_app.services.union_moves import move
from gdftu_app.services.union_rules import SuperiorNotAllowed
from gdftu_app.services.unions import dissolve
from tests.factories import Federation, id_of, make_member, make_person, make_union
from tests.recounts import days_shown, recount, shown


def test_the_whole_branch_gets_new_paths(session: Session, small_federation: Federation):
    world = small_federation

    move(session, world.district, world.other_city)

    root = f"/{world.province.id}/{world.other_city.id}"
    assert world.district.path == f"{root}/{world.district.id}/"
    assert world.factory.path == f"{root}/{world.district.id}/{world.street.id}/{world.factory.id}/"
    assert world.district.superior_id == world.other_city.id
    assert world.street.superior_id == world.district.id


@pytest.mark.parametrize("folded", [True, False])
def test_figures_follow_pending_or_not(session: Session, small_federation: Federation, folded: bool):
    world = small_federation
    make_member(session, world.factory)
    make_member(session, world.factory, verified=False)
    if folded:
        fold(session)

    move(session, world.street, world.other_city)

    assert figures_of(session, world.city).members_sub == 0
    assert figures_of(session, world.other_city).members_sub == 2
    assert figures_of(session, world.province).members_sub == 2
    assert figures_of(session, world.district).unions_direct == 0
    assert figures_of(session, world.other_city).unions_direct == 2
    assert shown(session) == recount(session)
    assert verify(session) == []


@pytest.mark.parametrize("moved", ["factory", "district"])
def test_days_stay_with_those_left_and_the_members_come_today(
    session: Session, small_federation: Federation, moved: str
):
    world = small_federation
    early = today() - timedelta(days=40)
    for _ in range(2):
        admit(session, make_person(session), world.factory, joined_on=early)
        fold(session)

    move(session, getattr(world, moved), world.other_city)

    days = days_shown(session)
    left, entered = id_of(world.city), id_of(world.other_city)
    assert (days[left, early, "joined"], days[left, early, "members"], days[left, today(), "members"]) == (2, 2, -2)
    assert (days.get((entered, early, "joined")), days[entered, today(), "members"]) == (None, 2)
    assert (days.get((entered, today(), "joined")), days.get((left, today(), "transferred_out"))) == (None, None)
    assert verify(session) == []


def test_what_is_entered_later_counts_for_the_superiors_of_its_day(session: Session, small_federation: Federation):
    world = small_federation
    early = today() - timedelta(days=40)
    move(session, world.district, world.other_city)

    admit(session, make_person(session), world.factory, joined_on=early)

    days = days_shown(session)
    for union in (world.city, world.district, world.province):
        assert (days[id_of(union), early, "joined"], days[id_of(union), early, "members"]) == (1, 1)
    assert days[id_of(world.city), today(), "members"] == -1
    assert (id_of(world.other_city), early, "joined") not in days
    assert days[id_of(world.other_city), today(), "members"] == 1
    assert verify(session) == []


def test_there_and_back_leaves_nothing(session: Session, small_federation: Federation):
    world = small_federation
    admit(session, make_person(session), world.factory, joined_on=today() - timedelta(days=40))
    before = days_shown(session)

    move(session, world.district, world.other_city)
    move(session, world.district, world.city)

    assert days_shown(session) == before
    assert session.exec(select(CarriedDays)).all() == []


def test_a_team_leaves_its_past_with_its_base_union(session: Session, small_federation: Federation):
    world = small_federation
    early = today() - timedelta(days=40)
    team = make_union(session, world.factory, category=UnionCategory.BRANCH)
    admit(session, make_person(session), team, joined_on=early)

    move(session, team, world.other_factory)

    carried = {(row.union_id, row.day): row.members for row in session.exec(select(CarriedDays))}
    assert carried[id_of(world.factory), early] == 1
    assert carried[id_of(world.other_factory), early] == -1
    assert verify(session) == []


def test_a_dissolved_union_moves_without_being_counted(session: Session, small_federation: Federation):
    world = small_federation
    dissolve(session, world.factory)

    move(session, world.factory, world.other_city)

    assert figures_of(session, world.other_city).unions_direct == 1
    assert verify(session) == []


def test_not_below_itself_or_its_subordinates(session: Session, small_federation: Federation):
    world = small_federation
    regional = make_union(session, world.district, category=UnionCategory.REGIONAL_FEDERATION, level=UnionLevel.COUNTY)
    below = make_union(session, regional, category=UnionCategory.REGIONAL_FEDERATION, level=UnionLevel.COUNTY)

    for superior in (regional, below):
        with pytest.raises(SuperiorNotAllowed):
            move(session, regional, superior)


def test_not_where_it_is_nor_the_province(session: Session, small_federation: Federation):
    world = small_federation

    with pytest.raises(SuperiorNotAllowed):
        move(session, world.street, world.district)
    with pytest.raises(SuperiorNotAllowed):
        move(session, world.province, world.city)


def test_the_rules_for_superiors_hold(session: Session, small_federation: Federation):
    world = small_federation

    with pytest.raises(SuperiorNotAllowed):
        move(session, world.district, world.other_factory)
    with pytest.raises(SuperiorNotAllowed):
        move(session, world.other_city, world.district)

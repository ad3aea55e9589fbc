"""Moving branches of the tree."""

import pytest
from sqlmodel import Session, select

from gdftu_app.models.figures import DailyFigures
from gdftu_app.models.unions import UnionCategory, UnionLevel
from gdftu_app.queries.figures import figures_of
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.figures import fold
from gdftu_app.services.union_moves import move
from gdftu_app.services.union_rules import SuperiorNotAllowed
from gdftu_app.services.unions import dissolve
from tests.factories import Federation, make_member, make_union
from tests.recounts import recount, shown


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


def test_the_days_of_a_base_union_follow_too(session: Session, small_federation: Federation):
    world = small_federation
    make_member(session, world.factory)
    fold(session)
    make_member(session, world.factory)

    move(session, world.factory, world.other_city)

    joined = {
        row.union_id: row.joined for row in session.exec(select(DailyFigures).execution_options(populate_existing=True))
    }
    assert joined[world.other_city.id or 0] == 2
    assert joined[world.street.id or 0] == 0
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

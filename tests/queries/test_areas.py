"""Areas: which union's members stand in which, and that they follow a branch that moves."""

from sqlmodel import col, select

from gdftu_app.models.memberships import Membership
from gdftu_app.models.unions import Union
from gdftu_app.queries.areas import area_along, areas_of
from gdftu_app.queries.members import list_members
from gdftu_app.services.union_moves import move
from tests.copies import out_of_step
from tests.factories import make_member


def test_an_area_is_the_nearest_union_of_county_level_or_above(session, small_federation):
    world = small_federation
    expected = {
        world.province.path: world.province.id,
        world.city.path: world.city.id,
        world.district.path: world.district.id,
        world.street.path: world.district.id,
        world.factory.path: world.district.id,
        world.other_factory.path: world.other_city.id,
    }

    assert areas_of(session, expected) == expected
    read = session.exec(select(Union.path, area_along(col(Union.path))).where(col(Union.path).in_(expected)))
    assert dict(read.all()) == expected


def test_nobody_is_asked_about_no_unions(session):
    assert areas_of(session, []) == {}


def test_members_are_listed_where_their_street_has_moved(session, act_as, small_federation):
    world = small_federation
    member = make_member(session, world.factory)

    move(session, world.street, world.other_city)

    listed = {
        union.name: [row.id for row in list_members(session, act_as(union), below=True).rows]
        for union in (world.city, world.district, world.other_city, world.street, world.province)
    }
    assert listed == {
        world.city.name: [],
        world.district.name: [],
        world.other_city.name: [member.id],
        world.street.name: [member.id],
        world.province.name: [member.id],
    }
    assert out_of_step(session) == []


def test_an_area_that_moves_takes_its_members_along(session, small_federation):
    world = small_federation
    member = make_member(session, world.factory)

    move(session, world.district, world.other_city)

    assert session.get_one(Membership, member.id).area_id == world.district.id
    assert out_of_step(session) == []

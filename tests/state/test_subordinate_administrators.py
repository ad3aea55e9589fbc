"""下级工会权限设置 and 谁可以看到本工会的数据."""

from collections.abc import Iterator
from itertools import count

import pytest

from gdftu_app.security.limits import forget_limits
from gdftu_app.security.permissions import ABOVE_BASE_ONLY, Role
from gdftu_app.state.subordinate_administrators import SubordinateAdministratorsState
from gdftu_app.state.union_access import UnionAccessState
from tests.state.conftest import NOT_FOUND, Enter, grants_to, told
from tests.web.world import World

Below = SubordinateAdministratorsState
_phones = count(19_933_400_000)


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    forget_limits()
    yield
    forget_limits()


class TestBelow:
    def test_an_address_opens_the_union_it_names_and_the_tree_down_to_it(self, enter: Enter, town: World):
        window, street = enter("owner of the city"), town.places["street"]

        window.send(Below.load, at=f"/subordinates/administrators/?union={street.id}&tab=removed")

        screen = window.look(Below)
        assert (screen.name, screen.selected, screen.tab) == (street.name, street.id, "removed")
        assert [union.name for union in screen.path] == [town.places[key].name for key in ("city", "district")]
        assert screen.answer["reveal"] == street.id
        assert screen.query == f"union={street.id}&tab=removed"

    def test_the_own_union_has_its_own_page(self, enter: Enter, town: World):
        window = enter("owner of the city")

        window.send(Below.load, at="/subordinates/administrators/")
        window.send(Below.open_appointment)
        window.send(Below.choose_role, role=Role.OWNER)

        screen = window.look(Below)
        assert (screen.is_own, screen.rows, screen.ticked, screen.query) == (True, [], [], "")

    @pytest.mark.parametrize("key", ["province", "other_city", "other_factory", "other_province", None])
    def test_out_of_reach_is_not_found_and_tells_nothing(self, key: str | None, enter: Enter, town: World):
        window, number = enter("owner of the city"), town.places[key].id if key else 7_499_999

        window.send(Below.load, at=f"/subordinates/administrators/?union={number}")

        screen = window.look(Below)
        assert (screen.is_missing, screen.is_loaded, screen.rows) == (True, True, [])
        assert not [place for place in town.hidden_from("owner of the city") if place.name in str(screen.dict())]

    def test_appoints_in_the_selected_union(self, enter: Enter, town: World):
        window, phone, factory = enter("owner of the city"), str(next(_phones)), town.places["factory"]
        window.send(Below.load, at="/subordinates/administrators/")
        window.send(Below.go_to, union_id=factory.id)
        window.send(Below.open_appointment)
        window.send(Below.choose_role, role=Role.OWNER)

        window.send(Below.appoint, phone=phone, name="陈依")

        [grant] = grants_to(town, phone)
        assert (grant.union_id, grant.role) == (factory.id, "owner")
        assert not ABOVE_BASE_ONLY & set(grant.permissions)
        assert window.look(Below).query == f"union={factory.id}"

    def test_selecting_another_union_closes_the_form(self, enter: Enter, town: World):
        window, phone = enter("owner of the city"), str(next(_phones))
        window.send(Below.load, at=f"/subordinates/administrators/?union={town.places['factory'].id}")
        window.send(Below.open_appointment)
        window.send(Below.choose_role, role=Role.OWNER)
        window.send(Below.select, union_id=town.places["street"].id)

        window.send(Below.appoint, phone=phone, name="陈依")

        assert grants_to(town, phone) == []

    def test_finds_a_union_by_name_and_goes_there(self, enter: Enter, town: World):
        window, factory = enter("owner of the city"), town.places["factory"]
        window.send(Below.load, at="/subordinates/administrators/")

        window.send(Below.search, keyword="榕江")
        hits = window.look(Below).hits
        window.send(Below.go_to, union_id=hits[0].id)

        assert [hit.id for hit in hits] == [factory.id]
        screen = window.look(Below)
        assert (screen.keyword, screen.hits, screen.name) == ("", [], factory.name)

    def test_a_union_out_of_reach_leaves_the_selected_one(self, enter: Enter, town: World):
        window, street = enter("owner of the city"), town.places["street"]
        window.send(Below.load, at=f"/subordinates/administrators/?union={street.id}")

        window.send(Below.select, union_id=town.places["other_city"].id)

        assert told(window) == [NOT_FOUND]
        assert window.look(Below).selected == street.id


class TestWhoSeesTheData:
    def test_is_told_by_name_at_home_and_by_number_above(self, enter: Enter, town: World):
        window = enter("owner of the factory")

        window.send(UnionAccessState.load, at="/administrators/access/")

        screen = window.look(UnionAccessState)
        names = {row.kind: row.names for row in screen.own}
        assert town.residents["owner of the factory"].name in names["members"]
        assert [row.name for row in screen.superiors] == [
            town.places[key].name for key in ("street", "district", "city", "province")
        ]
        above = [town.residents[f"owner of the {place}"].name for place in ("district", "city", "province")]
        assert not [name for name in above if name in str(screen.dict())]

    def test_is_told_to_nobody_who_does_not_see_the_union(self, enter: Enter):
        window = enter("auditor of the city")

        window.send(UnionAccessState.load, at="/administrators/access/")

        assert window.look(UnionAccessState).is_loaded is False

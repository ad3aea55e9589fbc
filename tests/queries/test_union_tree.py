"""The tree of unions: pages of children, and the way down to one union."""

from itertools import pairwise

import pytest

from gdftu_app.db import dialect
from gdftu_app.models.unions import UnionCategory, UnionLevel
from gdftu_app.queries.union_tree import BRANCH_SIZE, branch, trail
from gdftu_app.services.figures import fold
from gdftu_app.services.unions import dissolve
from tests.counting import assert_queries
from tests.factories import id_of, make_union


def names_of(found):
    return [node.name for node in found.nodes]


class TestBranch:
    def test_above_base_unions_come_first_each_kind_as_founded(self, session, act_as, small_federation):
        factory = make_union(session, small_federation.district, name="先建的厂工会")
        later = make_union(
            session,
            small_federation.district,
            name="后建的镇总工会",
            category=UnionCategory.TOWN,
            level=UnionLevel.TOWN,
        )
        actor = act_as(small_federation.city)

        found = branch(session, actor, parent=id_of(small_federation.district))

        assert names_of(found) == [small_federation.street.name, later.name, factory.name]
        assert (found.parent, found.offset, found.total) == (small_federation.district.id, 0, 3)

    def test_a_node_counts_everything_below_it(self, session, act_as, small_federation):
        make_union(session, small_federation.street)
        actor = act_as(small_federation.province)

        found = branch(session, actor, parent=id_of(small_federation.province))

        assert [(node.name, node.count, node.has_children) for node in found.nodes] == [
            ("云山市总工会", 4, True),
            ("邻江市总工会", 1, True),
        ]

    def test_a_base_union_is_a_leaf_until_it_has_teams(self, session, act_as, small_federation):
        actor = act_as(small_federation.street)
        [leaf] = branch(session, actor, parent=id_of(small_federation.street)).nodes
        assert (leaf.count, leaf.has_children) == (0, False)

        make_union(session, small_federation.factory, name="一车间小组", category=UnionCategory.TEAM)

        [node] = branch(session, actor, parent=id_of(small_federation.street)).nodes
        assert (node.count, node.has_children) == (1, True)

    def test_a_leaf_has_an_empty_branch(self, session, act_as, small_federation):
        actor = act_as(small_federation.street)

        found = branch(session, actor, parent=id_of(small_federation.factory))

        assert (found.total, found.nodes) == (0, [])

    def test_dissolved_unions_keep_their_place_but_do_not_count(self, session, act_as, small_federation):
        dissolve(session, small_federation.factory)
        actor = act_as(small_federation.district)

        [street] = branch(session, actor, parent=id_of(small_federation.district)).nodes
        [factory] = branch(session, actor, parent=street.id).nodes

        assert (street.count, street.has_children, factory.name) == (0, True, small_federation.factory.name)

    def test_pages_join_without_gap_or_repetition(self, session, act_as, small_federation, make_unions):
        made = make_unions(small_federation.street, [f"第{number}厂工会" for number in range(45)])
        actor = act_as(small_federation.city)

        pages = [
            branch(session, actor, parent=id_of(small_federation.street), offset=offset, limit=20)
            for offset in (0, 20, 40, 60)
        ]

        assert [len(page.nodes) for page in pages] == [20, 20, 6, 0]
        assert {page.total for page in pages} == {46}
        shown = [node.id for page in pages for node in page.nodes]
        assert shown == [small_federation.factory.id, *(union.id for union in made)]

    @pytest.mark.parametrize(("offset", "limit", "shown"), [(-5, 1, 1), (0, 0, 1), (0, 10**6, BRANCH_SIZE)])
    def test_wild_pages_are_tamed(self, session, act_as, small_federation, make_unions, offset, limit, shown):
        make_unions(small_federation.street, [f"第{number}厂工会" for number in range(210)])
        actor = act_as(small_federation.city)

        found = branch(session, actor, parent=id_of(small_federation.street), offset=offset, limit=limit)

        assert (found.offset, len(found.nodes)) == (0, shown)

    def test_its_statements_do_not_grow_with_the_tree(self, session, act_as, small_federation, make_unions):
        actor = act_as(small_federation.city)
        fold(session)

        with assert_queries(session, 4):
            branch(session, actor, parent=id_of(small_federation.district))
        towns = make_unions(
            small_federation.district, [f"{n}镇总工会" for n in range(30)], UnionCategory.TOWN, UnionLevel.TOWN
        )
        for town in towns[:5]:
            make_unions(town, ["一厂工会", "二厂工会"])
        fold(session)
        with assert_queries(session, 4):
            branch(session, actor, parent=id_of(small_federation.district))

    def test_pending_changes_cost_one_more(self, session, act_as, small_federation):
        actor = act_as(small_federation.city)
        make_union(session, small_federation.street)

        with assert_queries(session, 5 if dialect(session) == "postgresql" else 4):
            found = branch(session, actor, parent=id_of(small_federation.district))

        assert found.nodes[0].count == 2


class TestTrail:
    def test_it_names_the_superiors_and_brings_the_page_of_each_step(self, session, act_as, small_federation):
        actor = act_as(small_federation.city)

        found = trail(session, actor, union=id_of(small_federation.factory))

        steps = [small_federation.city, small_federation.district, small_federation.street, small_federation.factory]
        assert [step.name for step in found.path] == [union.name for union in steps]
        assert [part.parent for part in found.branches] == [union.id for union in steps[:-1]]
        for (_, below), part in zip(pairwise(steps), found.branches, strict=True):
            assert below.id in [node.id for node in part.nodes]

    def test_a_page_far_down_is_brought_alone(self, session, act_as, small_federation, make_unions):
        made = make_unions(small_federation.street, [f"第{number}厂工会" for number in range(BRANCH_SIZE + 30)])
        actor = act_as(small_federation.street)

        found = trail(session, actor, union=id_of(made[-1]))

        [part] = found.branches
        assert (part.offset, part.total, len(part.nodes)) == (BRANCH_SIZE, BRANCH_SIZE + 31, 31)
        assert part.nodes[-1].id == made[-1].id

    def test_the_pages_are_those_that_the_tree_asks_for(self, session, act_as, small_federation, make_unions):
        make_unions(small_federation.district, ["甲厂工会", "乙厂工会"])
        actor = act_as(small_federation.city)

        found = trail(session, actor, union=id_of(small_federation.factory))

        for part in found.branches:
            assert part == branch(session, actor, parent=part.parent, offset=part.offset)

    def test_the_way_to_oneself_is_the_first_page_of_children(self, session, act_as, small_federation):
        actor = act_as(small_federation.city)

        found = trail(session, actor, union=actor.union_id)

        assert [step.id for step in found.path] == [actor.union_id]
        assert found.branches == [branch(session, actor, parent=actor.union_id)]

    def test_its_statements_do_not_grow_with_depth_or_width(self, session, act_as, small_federation, make_unions):
        actor = act_as(small_federation.province)
        fold(session)

        with assert_queries(session, 4):
            trail(session, actor, union=id_of(small_federation.district))
        make_unions(small_federation.street, [f"第{number}厂工会" for number in range(60)])
        fold(session)
        with assert_queries(session, 4):
            trail(session, actor, union=id_of(small_federation.factory))

"""The list of direct subordinates: figures, order, filters, pages."""

import re

import pytest

from gdftu_app.models.unions import UnionCategory, UnionLevel
from gdftu_app.queries.subordinates import SubordinateSort, list_subordinates
from gdftu_app.services.unions import dissolve
from tests.counting import assert_queries
from tests.factories import id_of, make_member, make_union
from tests.recounts import recount


@pytest.fixture
def town(session, small_federation, make_unions):
    """A street with subordinates of different sizes; the third and the fifth are alike but for their founding."""
    street = small_federation.street
    federation = make_union(
        session,
        street,
        name="配送行业工会联合会",
        category=UnionCategory.INDUSTRY_FEDERATION,
        level=UnionLevel.TOWN,
    )
    joint = make_union(session, street, name="商圈联合工会", category=UnionCategory.JOINT_BASE)
    alike = make_unions(street, ["安达厂工会", "白云厂工会", "安达厂工会"])
    make_unions(federation, ["快递站工会", "外卖站工会"])
    for union, verified in ((federation, (True,)), (joint, (True, True, False)), (alike[1], (True, False))):
        for is_verified in verified:
            make_member(session, union, verified=is_verified)
    return street


def names(page):
    """The names in short, as this world knows them."""
    endings = ("行业工会联合会", "电器有限公司工会委员会", "联合工会", "工会")
    return [re.sub(f"({'|'.join(endings)})$", "", row.name) for row in page.rows]


class TestListSubordinates:
    def test_rows_carry_exact_figures(self, session, act_as, town):
        actor = act_as(town)

        page = list_subordinates(session, actor, union=id_of(town))

        counted = recount(session)
        assert page.total == len(page.rows) == 6
        for row in page.rows:
            of_union = counted[row.id]
            assert (row.subordinates, row.members, row.verified) == (
                of_union["unions_sub"],
                of_union["members_sub"],
                of_union["verified_sub"],
            )

    def test_the_sum_is_that_of_all_pages(self, session, act_as, town):
        actor = act_as(town)

        page = list_subordinates(session, actor, union=id_of(town), page_size=2)

        assert (len(page.rows), page.total, page.pages) == (2, 6, 3)
        assert (page.sums.subordinates, page.sums.members, page.sums.verified) == (2, 6, 4)
        assert page.sums.rate == 4 / 6

    @pytest.mark.parametrize(
        ("sort", "ascending"),
        [
            (SubordinateSort.NAME, "安达厂 安达厂 白云厂 配送 榕江 商圈"),
            (SubordinateSort.CATEGORY, "配送 安达厂 安达厂 白云厂 榕江 商圈"),
            (SubordinateSort.SUBORDINATES, "安达厂 安达厂 白云厂 榕江 商圈 配送"),
            (SubordinateSort.MEMBERS, "安达厂 安达厂 榕江 配送 白云厂 商圈"),
            (SubordinateSort.VERIFIED, "安达厂 安达厂 榕江 白云厂 配送 商圈"),
            (SubordinateSort.RATE, "白云厂 商圈 配送 安达厂 安达厂 榕江"),
        ],
    )
    def test_equal_rows_are_ordered_by_name_then_as_founded(self, session, act_as, town, sort, ascending):
        actor = act_as(town)

        page = list_subordinates(session, actor, union=id_of(town), sort=sort, descending=False)

        assert " ".join(names(page)) == ascending
        first, second = (row.id for row in page.rows if row.name == "安达厂工会")
        assert first < second

    def test_without_members_a_rate_is_last_in_both_directions(self, session, act_as, town):
        actor = act_as(town)

        pages = [
            list_subordinates(session, actor, union=id_of(town), sort=SubordinateSort.RATE, descending=descending)
            for descending in (True, False)
        ]

        for page in pages:
            assert [row.rate is None for row in page.rows] == [False] * 3 + [True] * 3
        assert [row.rate for row in pages[0].rows[:3]] == [1.0, 2 / 3, 0.5]

    def test_descending_names_are_the_ascending_ones_reversed(self, session, act_as, town):
        actor = act_as(town)

        down, up = (
            list_subordinates(session, actor, union=id_of(town), sort=SubordinateSort.NAME, descending=descending)
            for descending in (True, False)
        )

        assert names(down) == names(up)[::-1]

    @pytest.mark.parametrize("sort", list(SubordinateSort))
    def test_pages_join_without_gap_or_repetition(self, session, act_as, town, sort):
        actor = act_as(town)
        whole = list_subordinates(session, actor, union=id_of(town), sort=sort)

        parts = [
            list_subordinates(session, actor, union=id_of(town), sort=sort, page=page, page_size=4) for page in (1, 2)
        ]

        assert [row.id for part in parts for row in part.rows] == [row.id for row in whole.rows]

    @pytest.mark.parametrize(("page", "shown", "rows"), [(2, 2, 2), (3, 2, 2), (10**6, 2, 2), (0, 1, 4), (-1, 1, 4)])
    def test_beyond_the_end_the_last_page_is_shown(self, session, act_as, town, page, shown, rows):
        actor = act_as(town)

        found = list_subordinates(session, actor, union=id_of(town), page=page, page_size=4)

        assert (found.page, found.pages, len(found.rows)) == (shown, 2, rows)

    def test_categories_and_statuses_filter_rows_and_sums(self, session, act_as, town, small_federation):
        dissolve(session, small_federation.factory)
        actor = act_as(town)

        joint = list_subordinates(session, actor, union=id_of(town), category="joint_base")
        dissolved = list_subordinates(session, actor, union=id_of(town), status="dissolved")
        both = list_subordinates(session, actor, union=id_of(town), category="joint_base", status="dissolved")

        assert (names(joint), joint.total, joint.sums.members) == (["商圈"], 1, 3)
        assert (names(dissolved), dissolved.rows[0].status) == (["榕江"], "dissolved")
        assert (both.rows, both.total, both.page, both.pages) == ([], 0, 1, 1)

    def test_an_empty_list_has_one_empty_page(self, session, act_as, small_federation):
        actor = act_as(small_federation.street)

        page = list_subordinates(session, actor, union=id_of(small_federation.factory), page=7)

        assert (page.rows, page.total, page.page, page.pages) == ([], 0, 1, 1)
        assert (page.sums.members, page.sums.rate) == (0, None)

    def test_it_takes_two_statements_however_many_rows(self, session, act_as, town, make_unions):
        actor = act_as(town)

        with assert_queries(session, 2):
            list_subordinates(session, actor, union=id_of(town))
        for union in make_unions(town, [f"第{number}厂工会" for number in range(60)])[:5]:
            make_member(session, union)
        with assert_queries(session, 2):
            list_subordinates(session, actor, union=id_of(town), page=2, sort=SubordinateSort.RATE)

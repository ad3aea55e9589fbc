"""Finding unions: compared with a scan of every name, whichever plan is taken."""

from dataclasses import replace
from itertools import islice, product

import pytest
from sqlmodel import col, select

from gdftu_app.db import dialect
from gdftu_app.models.figures import UnionFigures
from gdftu_app.models.identifiers import complete_uscc
from gdftu_app.models.tables import run
from gdftu_app.models.unions import Union, UnionCategory, UnionLevel, union_search
from gdftu_app.queries.gram_statistics import GramStatistics
from gdftu_app.queries.union_finding import Budgets, Wanted, find_unions
from gdftu_app.queries.union_grams import grams_of_union
from gdftu_app.queries.union_matching import grams_of_term, terms_of
from gdftu_app.queries.union_search import search_unions
from gdftu_app.services.figures import fold
from gdftu_app.services.union_moves import move
from gdftu_app.services.unions import UnionDraft, dissolve, establish_many, rename
from tests.counting import assert_queries
from tests.factories import make_member, make_union
from tests.recounts import recount

AMPLE = Budgets(candidates=10_000, small=0, large=10_000)
SCANTY = Budgets(candidates=4, small=0, large=5)
PIECES = [
    "云山",
    "珠水",
    "榕",
    "精密",
    "精",
    "密",
    "制造",
    "有限公司",
    "TCL",
    "A",
    "（集团）",
    "·",
    "100%",
    "第3",
    "_",
    "\\",
    "'",
]


def scanned(session, actor):
    """What a keyword finds by the plainest reading of the rules, in the order promised: a function of the keyword."""
    unions = [union for union in session.exec(select(Union)) if is_below(union, actor)]
    ordered = sorted(unions, key=lambda union: (not union.is_above_base, union.path))

    def scan(keyword):
        return [union for union in ordered if all(holds(union, term.lower()) for term in keyword.split())]

    return scan


def is_below(union, actor):
    return union.path.startswith(actor.union_path) and union.id != actor.union_id


def ids(unions):
    return [union.id for union in unions]


def holds(union, term):
    name = union.name.lower().replace("（", "(").replace("）", ")")
    is_word = term.isascii() and term.isalnum()
    return (
        term.replace("（", "(").replace("）", ")") in name
        or (is_word and len(term) >= 2 and term in union.initials)
        or (is_word and len(term) >= 4 and term.upper() in (union.uscc or ""))
    )


def index_in_bulk(session):
    """Write the search index of every union, as loading in bulk does."""
    if dialect(session) == "postgresql":
        unions = session.exec(select(Union)).all()
        run(session, union_search.delete())
        rows = [
            {"union_id": union.id, "grams": grams_of_union(union.name, union.initials, union.uscc, union.path)}
            for union in unions
        ]
        run(session, union_search.insert(), rows)


@pytest.fixture
def city(session, small_federation):
    """A city with hundreds of unions of similar names, some of them above the base."""
    superiors = (small_federation.city, small_federation.district, small_federation.street)
    for place, superior in enumerate(superiors):
        drafts = [
            UnionDraft(
                name=f"{first}{second}工会",
                uscc=complete_uscc(f"8144010170{number * 7919 % 10**7:07d}") if number % 2 else None,
                category=UnionCategory.SINGLE_BASE if number % 17 else UnionCategory.INDUSTRY_FEDERATION,
                level=UnionLevel.BASE if number % 17 else UnionLevel.TOWN,
            )
            for number, (first, second) in enumerate(product(PIECES, repeat=2))
            if number % 3 == place
        ]
        establish_many(session, superior, drafts)
    index_in_bulk(session)
    return small_federation.city


def keywords():
    """Parts of what the world is made of, whole and put together, and what it lacks."""
    other = ["jm", "gh", "ysjm", "81440101", "0170", "绝无此", "%", "zz", "会", "精密 TCL"]
    return [*PIECES, *other, *map("".join, islice(product([*PIECES, *other, " "], repeat=2), 0, None, 11))]


def statistics_of(share: float) -> GramStatistics:
    """Statistics by which every piece of this world is in that share of 10,000 unions."""
    terms = {term for keyword in keywords() for term in terms_of(keyword)}
    grams = {gram for term in terms for alternative in grams_of_term(term) for gram in alternative}
    return GramStatistics(10_000, dict.fromkeys(grams, share))


def found_by(session, actor, keyword, budgets, statistics, limit=500):
    wanted = Wanted(actor, terms_of(keyword), category="", status="", limit=limit)
    found = find_unions(session, wanted, statistics, budgets)
    return [match.id for match in found.matches], found.is_cut


@pytest.mark.parametrize("statistics", [GramStatistics(), statistics_of(0.4)], ids=["all rare", "all common"])
class TestEveryPlan:
    @pytest.mark.parametrize("budgets", [Budgets(), AMPLE, replace(AMPLE, candidates=5)])
    def test_nothing_is_missed(self, session, act_as, city, budgets, statistics):
        actor = act_as(city)
        scan = scanned(session, actor)

        for keyword in keywords():
            found, is_cut = found_by(session, actor, keyword, budgets, statistics)

            assert (keyword, found, is_cut) == (keyword, ids(scan(keyword)), False)

    def test_whoever_asks_is_answered_for_the_own_branch(self, session, act_as, city, small_federation, statistics):
        world = small_federation

        for union in (world.province, world.district, world.street, world.other_city):
            actor = act_as(union)
            scan = scanned(session, actor)
            for keyword in keywords():
                found, is_cut = found_by(session, actor, keyword, AMPLE, statistics)

                assert (union.name, keyword, found, is_cut) == (union.name, keyword, ids(scan(keyword)), False)

    @pytest.mark.parametrize("budgets", [SCANTY, replace(AMPLE, large=1), replace(AMPLE, large=1, candidates=5)])
    def test_what_is_missed_is_said(self, session, act_as, city, budgets, statistics):
        actor = act_as(city)
        scan = scanned(session, actor)

        for keyword in keywords():
            found, is_cut = found_by(session, actor, keyword, budgets, statistics)

            expected = ids(scan(keyword))
            assert set(found) <= set(expected), keyword
            assert is_cut or found == expected, keyword

    @pytest.mark.parametrize("budgets", [Budgets(), AMPLE, SCANTY])
    def test_a_limit_keeps_unions_above_the_base(self, session, act_as, city, budgets, statistics):
        actor = act_as(city)
        scan = scanned(session, actor)

        for keyword in keywords():
            found, is_cut = found_by(session, actor, keyword, budgets, statistics, limit=4)

            expected = scan(keyword)
            above = [union.id for union in expected if union.is_above_base]
            assert found[: len(above)] == above[:4], keyword
            assert set(found) <= set(ids(expected)), keyword
            assert is_cut or found == ids(expected), keyword
            assert is_cut or len(expected) <= 4, keyword


class TestSearchUnions:
    def test_hits_bring_their_way_and_their_figures(self, session, act_as, small_federation):
        make_member(session, small_federation.factory)
        make_member(session, small_federation.factory, verified=False)
        actor = act_as(small_federation.city)

        page = search_unions(session, actor, keyword="电器")

        [hit] = page.hits
        ways = [small_federation.city, small_federation.district, small_federation.street]
        assert [step.name for step in hit.path] == [union.name for union in ways]
        assert (hit.id, hit.superior_id) == (small_federation.factory.id, small_federation.street.id)
        assert (hit.members, hit.verified, hit.rate, hit.subordinates) == (2, 1, 0.5, 0)
        assert (hit.category, hit.status, page.is_cut) == ("single_base", "active", False)

    def test_names_initials_and_codes_are_searched(self, session, act_as, small_federation):
        uscc = complete_uscc("81440101700000001")
        union = make_union(session, small_federation.street, name="粤泓智能家电工会", uscc=uscc)
        index_in_bulk(session)
        actor = act_as(small_federation.city)

        for keyword in ("智能", "yhzn", "YHZN", uscc, uscc.lower(), uscc[:8], uscc[8:], "ＹＨＺＮ", f" {uscc} "):
            assert [hit.id for hit in search_unions(session, actor, keyword=keyword).hits] == [union.id], keyword

    @pytest.mark.parametrize(
        ("name", "keyword"),
        [
            ("100%工会", "100%"),
            ("甲_乙工会", "甲_"),
            ("甲\\乙工会", "\\"),
            ("金'鹰工会", "'"),
            ("粤泓（集团）工会", "泓(集团)"),
            ("粤泓(集团)工会", "（集团）"),
            ("TCL 华星工会", "tcl华星"),
            ("TCL华星工会", "华星 tcl"),
            ("𠮷祥工会", "𠮷"),
            ("长" * 198 + "工会", "长" * 198),
        ],
    )
    def test_characters_mean_themselves(self, session, act_as, small_federation, name, keyword):
        union = make_union(session, small_federation.street, name=name)
        actor = act_as(small_federation.city)

        assert [hit.id for hit in search_unions(session, actor, keyword=keyword).hits] == [union.id]

    @pytest.mark.parametrize(
        "keyword", ["%", "_", "__", "\\", "%%%", "*", "?", "[a-z]", "'; --", "\0", "\ud800", "", "  "]
    )
    def test_wildcards_find_nothing_by_themselves(self, session, act_as, small_federation, keyword):
        actor = act_as(small_federation.city)

        page = search_unions(session, actor, keyword=keyword)

        assert (page.hits, page.is_cut) == ([], False)

    def test_the_search_stays_below_the_acting_union(self, session, act_as, small_federation):
        expected = [small_federation.district, small_federation.street, small_federation.factory]

        page = search_unions(session, act_as(small_federation.city), keyword="工会")

        assert [hit.id for hit in page.hits] == [union.id for union in expected]

    def test_a_neighbours_number_that_begins_alike_is_no_neighbourhood(self, session, act_as, small_federation):
        fields = {"superior_id": small_federation.province.id, "level": "city", "category": "city", "initials": ""}
        for number in (70_000_001, 700_000_012):
            path = f"{small_federation.province.path}{number}/"
            session.add(Union(id=number, path=path, name=f"第{number}市总工会", **fields))
            session.flush()
            session.add(UnionFigures(union_id=number))
        make_union(session, session.get(Union, 700_000_012), name="邻家工会")

        page = search_unions(session, act_as(session.get(Union, 70_000_001)), keyword="工会")

        assert page.hits == []

    def test_categories_and_statuses_narrow_it(self, session, act_as, small_federation):
        gone = make_union(session, small_federation.street, name="榕江旧厂工会")
        dissolve(session, gone)
        actor = act_as(small_federation.province)

        def found(**filters):
            return [hit.name for hit in search_unions(session, actor, keyword="榕", **filters).hits]

        assert found(category="town") == ["榕树街道总工会"]
        assert found(category="single_base") == ["榕江电器有限公司工会委员会", "榕江旧厂工会"]
        assert found(status="dissolved") == ["榕江旧厂工会"]
        assert found(category="city") == found(category="nonsense") == found(status="nonsense") == []

    def test_a_renamed_union_is_found_by_its_new_name_alone(self, session, act_as, small_federation):
        rename(session, small_federation.factory, "云顶智能有限公司工会委员会")
        actor = act_as(small_federation.city)

        assert [hit.id for hit in search_unions(session, actor, keyword="云顶").hits] == [small_federation.factory.id]
        assert search_unions(session, actor, keyword="电器").hits == []

    def test_a_branch_is_found_where_it_was_moved_to(self, session, act_as, small_federation):
        world = small_federation
        move(session, world.district, world.other_city)

        for union, found in (
            (world.city, []),
            (world.other_city, [world.factory.id]),
            (world.street, [world.factory.id]),
        ):
            assert found_by(session, act_as(union), "电器", AMPLE, GramStatistics()) == (found, False)

    @pytest.mark.parametrize(("limit", "shown"), [(5, 5), (0, 1), (-3, 1), (10**6, 200)])
    def test_more_than_the_limit_is_cut_and_said(self, session, act_as, small_federation, make_unions, limit, shown):
        make_unions(small_federation.street, [f"第{number}纺织厂工会" for number in range(230)])

        page = search_unions(session, act_as(small_federation.city), keyword="纺织", limit=limit)

        assert (len(page.hits), page.is_cut) == (shown, True)

    def test_all_figures_of_the_hits_are_exact(self, session, act_as, city, small_federation):
        street = select(Union).where(Union.superior_id == small_federation.street.id, ~col(Union.is_above_base))
        for union in session.exec(street).all()[:20]:
            make_member(session, union)
        actor = act_as(city)

        page = search_unions(session, actor, keyword="精密", limit=200)

        counted = recount(session)
        assert [hit.id for hit in page.hits] == ids(scanned(session, actor)("精密"))
        for hit in page.hits:
            expected = counted[hit.id]
            assert (hit.subordinates, hit.members) == (expected["unions_sub"], expected["members_sub"])

    def test_its_statements_do_not_grow_with_the_hits(self, session, act_as, small_federation, make_unions):
        actor = act_as(small_federation.city)
        fold(session)
        search_unions(session, actor, keyword="电器")

        with assert_queries(session, 2):
            search_unions(session, actor, keyword="电器")
        make_unions(small_federation.street, [f"第{number}电器厂工会" for number in range(60)])
        fold(session)
        with assert_queries(session, 2):
            search_unions(session, actor, keyword="电器")
        with assert_queries(session, 1):
            search_unions(session, actor, keyword="绝无此")

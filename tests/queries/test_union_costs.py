"""How a search chooses between walking names and the index of grams."""

import re
import unicodedata

import pytest
from sqlmodel import Session

from gdftu_app.db import dialect
from gdftu_app.queries.gram_statistics import ASKED_FOR, GramStatistics, branch_size, gram_statistics, read_statistics
from gdftu_app.queries.grams import grams_of
from gdftu_app.queries.union_costs import Costs
from gdftu_app.queries.union_grams import grams_of_union, mark_within, marks_of
from gdftu_app.queries.union_matching import form_of, grams_of_term, terms_of
from gdftu_app.services.initials import initials_of
from tests.counting import assert_queries
from tests.factories import Federation, id_of

PROVINCE, CITY, COUNTY = 300_000, 42_000, 9_000
MOST = 1_500


class TestGrams:
    @pytest.mark.parametrize("part", ["粤泓", "能", "第12", "tcl", "yhj", "12zn", "8144", "01700000001", "(集团)"])
    def test_whatever_matches_has_one_alternative_whole(self, part: str):
        union = set(grams_of_union("TCL粤泓（集团）第12智能", "tclyhjtd12zn", "81440101700000001X", "/1/"))

        assert any(set(grams) <= union for grams in grams_of_term(part))

    @pytest.mark.parametrize("part", ["gh", "12", "a1"])
    def test_two_latin_characters_tell_nothing(self, part: str):
        assert grams_of_term(part) == []

    def test_the_rarest_pieces_are_asked_for(self):
        [grams] = grams_of_term("精密制造有限公司")
        statistics = GramStatistics(PROVINCE, dict.fromkeys(grams[:-ASKED_FOR], 0.5))

        assert statistics.grams_of(["精密制造有限公司"]) == {"grams_0_0": grams[-ASKED_FOR:]}

    def test_common_pieces_are_asked_for_only_when_there_is_nothing_rarer(self):
        [[first, second, third]] = grams_of_term("精密制造")
        statistics = GramStatistics(PROVINCE, {first: 0.5, second: 0.4, third: 0.04})

        assert statistics.grams_of(["精密制造"]) == {"grams_0_0": [third]}
        assert GramStatistics(PROVINCE, {first: 0.5}).grams_of(["精密"]) == {"grams_0_0": grams_of_term("精密")[0]}

    @pytest.mark.parametrize("name", ["TCL王牌（惠州）有限公司", "ＴＣＬ", "3D打印x2", "中国·A-B 9c"])
    def test_the_initials_hold_every_latin_letter_and_digit_of_a_name(self, name: str):
        words = re.findall("[a-z0-9]+", unicodedata.normalize("NFKC", name).lower())

        assert words
        assert all(word in initials_of(name) for word in words)

    def test_forms_are_alike_for_terms_alike(self):
        assert form_of("精密") == form_of("云山")
        assert form_of("精密") != form_of("精密(集团)")

    def test_a_keyword_is_bounded(self):
        assert len(terms_of("长 " * 1_000)) == 6
        assert sum(map(len, terms_of("长" * 1_000))) == 200


class TestMarks:
    @pytest.mark.parametrize(
        ("path", "marks"),
        [("/1/", [1, 1]), ("/1/17/", [17, 17]), ("/1/17/203/", [17, 203]), ("/1/17/203/4/5/", [17, 203])],
    )
    def test_a_union_bears_the_ids_of_the_two_branches_it_stands_in(self, path: str, marks: list[int]):
        grams = grams_of_union("云山", "ys", None, path)

        assert grams == [*marks, *grams_of("云山")]

    @pytest.mark.parametrize(
        ("path", "mark"), [("/1/17/", 17), ("/1/17/203/", 203), ("/1/17/203/4/", 203), ("/1/17/203/4/5/", 203)]
    )
    def test_all_below_a_union_bear_the_mark_that_is_asked_for(self, path: str, mark: int):
        assert mark_within(path) == mark
        assert mark in marks_of(path)
        assert mark in marks_of(f"{path}99/")

    def test_the_root_asks_for_no_mark(self):
        assert mark_within("/1/") is None

    def test_each_way_to_match_is_asked_for_with_the_mark(self):
        asked = GramStatistics().grams_of(["8144"], 17)

        assert [grams[-1] for grams in asked.values()] == [17, 17]


class TestShares:
    def test_a_word_is_as_rare_as_its_rarest_piece(self):
        first, second = grams_of_term("精密制")[0]

        assert GramStatistics(shares={first: 0.3, second: 0.02}).share_of(["精密制"]) == 0.02
        assert GramStatistics(shares={first: 0.3}).share_of(["精密制"]) == 0

    def test_several_words_are_rarer_than_each(self):
        shares = {grams_of_term(word)[0][0]: 0.04 for word in ("公司", "精密")}

        assert GramStatistics(shares=shares).share_of(["公司", "精密"]) == pytest.approx(0.008)

    def test_a_code_is_as_common_as_its_readings_together(self):
        of_initials, of_code = grams_of_term("8144")
        statistics = GramStatistics(shares=dict.fromkeys(of_initials, 0.2) | {of_code[0]: 0.5})

        assert statistics.share_of(["8144"]) == pytest.approx(0.7)

    def test_nothing_is_known_of_what_has_no_grams(self):
        assert GramStatistics().share_of(["gh"]) is None


class TestCosts:
    @pytest.mark.parametrize(
        ("size", "share", "is_full"),
        [(PROVINCE, 0.001, False), (CITY, 0.001, False), (CITY, 0.005, True), (COUNTY, 0.0001, True)],
    )
    def test_rare_words_go_to_the_index(self, size: int, share: float, is_full: bool):
        costs = Costs(size, size, PROVINCE, is_full)

        assert costs.looking_up(50, share, MOST) < costs.walking(50, share, size, MOST)

    @pytest.mark.parametrize(
        ("size", "share", "is_full"),
        [(PROVINCE, 0.9, False), (CITY, 0.04, False), (CITY, 0.1, True), (COUNTY, 0.2, True)],
    )
    def test_common_words_are_walked_to(self, size: int, share: float, is_full: bool):
        costs = Costs(size, size, PROVINCE, is_full)

        assert costs.looking_up(50, share, MOST) > costs.walking(50, share, size, MOST)

    def test_what_is_rarer_in_the_province_is_sooner_looked_for_in_vain_in_a_city(self):
        share, names = 0.03, int(4 * 50 / 0.03)

        for size, is_looked_up in ((PROVINCE, False), (CITY, True)):
            costs = Costs(size, size, PROVINCE, is_full=False)

            assert (costs.looking_up(50, share, MOST) < costs.walking(50, share, names, MOST)) is is_looked_up

    def test_a_part_of_what_the_index_can_be_asked_for_costs_more_than_the_whole(self):
        part, whole = Costs(2_500, COUNTY, PROVINCE, is_full=False), Costs(COUNTY, COUNTY, PROVINCE, is_full=False)

        assert part.looking_up(50, 0.02, MOST) > whole.looking_up(50, 0.02, MOST)

    def test_the_larger_the_branch_the_more_may_be_looked_up_in_vain(self):
        worth = [Costs(size, size, PROVINCE, is_full=False).worth_looking_up() for size in (0, COUNTY, CITY, PROVINCE)]

        assert worth == sorted(worth)
        assert worth[0] == 1


class TestStatistics:
    def test_common_grams_are_known_once_the_database_took_statistics(
        self, session: Session, small_federation: Federation
    ):
        if dialect(session) == "postgresql":
            session.connection().exec_driver_sql("ANALYZE union_search")

        statistics = read_statistics(session)

        common = statistics.shares.get(grams_of("工", sizes=(1,))[0], 0)
        assert (common > 0.9) == (dialect(session) == "postgresql")
        assert bool(statistics.unions) == (dialect(session) == "postgresql")

    def test_what_is_known_is_not_read_again_at_once(self, session: Session, small_federation: Federation):
        gram_statistics(session)
        branch_size(session, id_of(small_federation.city))

        with assert_queries(session, 0):
            gram_statistics(session)
            size = branch_size(session, id_of(small_federation.city))

        assert size >= 0

"""How a search chooses between walking names and the index of grams."""

import pytest
from sqlmodel import Session

from gdftu_app.db import dialect
from gdftu_app.queries.gram_statistics import ASKED_FOR, GramStatistics, branch_size, gram_statistics, read_statistics
from gdftu_app.queries.grams import grams_of
from gdftu_app.queries.union_costs import Costs
from gdftu_app.queries.union_grams import grams_of_union
from gdftu_app.queries.union_matching import form_of, grams_of_term, terms_of
from tests.counting import assert_queries
from tests.factories import Federation, id_of

PROVINCE, CITY, COUNTY = 300_000, 42_000, 9_000
MOST = 1_500


class TestGrams:
    @pytest.mark.parametrize("part", ["粤泓", "能", "第12", "tcl", "yhj", "12zn", "8144", "01700000001", "(集团)"])
    def test_whatever_matches_has_one_alternative_whole(self, part: str):
        union = set(grams_of_union("TCL粤泓（集团）第12智能", "tclyhjtd12zn", "81440101700000001X"))

        assert any(set(grams) <= union for grams in grams_of_term(part))

    @pytest.mark.parametrize("part", ["gh", "12", "a1"])
    def test_two_latin_characters_tell_nothing(self, part: str):
        assert grams_of_term(part) == []

    def test_the_rarest_pieces_are_asked_for(self):
        [grams] = grams_of_term("精密制造有限公司")
        statistics = GramStatistics(PROVINCE, dict.fromkeys(grams[:-ASKED_FOR], 0.5))

        assert statistics.grams_of(["精密制造有限公司"]) == {"grams_0_0": grams[-ASKED_FOR:]}

    def test_forms_are_alike_for_terms_alike(self):
        assert form_of("精密") == form_of("云山")
        assert form_of("精密") != form_of("精密(集团)")

    def test_a_keyword_is_bounded(self):
        assert len(terms_of("长 " * 1_000)) == 6
        assert sum(map(len, terms_of("长" * 1_000))) == 200


class TestShares:
    def test_a_word_is_as_rare_as_its_rarest_piece(self):
        first, second = grams_of_term("精密制")[0]

        assert GramStatistics(shares={first: 0.3, second: 0.02}).share_of(["精密制"]) == 0.02
        assert GramStatistics(shares={first: 0.3}).share_of(["精密制"]) == 0

    def test_several_words_are_rarer_than_each(self):
        shares = {grams_of_term(word)[0][0]: 0.04 for word in ("公司", "精密")}

        assert GramStatistics(shares=shares).share_of(["公司", "精密"]) == pytest.approx(0.008)

    def test_a_code_is_as_common_as_its_readings_together(self):
        _, of_initials, of_code = grams_of_term("8144")
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
        costs = Costs(size, PROVINCE, is_full)

        assert costs.looking_up(50, share, MOST) < costs.walking(50, share, size)

    @pytest.mark.parametrize(
        ("size", "share", "is_full"),
        [(PROVINCE, 0.9, False), (CITY, 0.04, False), (CITY, 0.1, True), (COUNTY, 0.02, True)],
    )
    def test_common_words_are_walked_to(self, size: int, share: float, is_full: bool):
        costs = Costs(size, PROVINCE, is_full)

        assert costs.looking_up(50, share, MOST) > costs.walking(50, share, size)

    def test_the_larger_the_branch_the_more_may_be_looked_up_in_vain(self):
        worth = [Costs(size, PROVINCE, is_full=False).worth_looking_up() for size in (0, COUNTY, CITY, PROVINCE)]

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

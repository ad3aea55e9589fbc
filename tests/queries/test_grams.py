"""Grams of texts."""

import subprocess
import sys

from gdftu_app.queries.grams import grams_of


def test_every_part_of_a_name_shares_its_grams():
    name = grams_of("佛山市顺德区岭川精密注塑科技股份有限公司")

    assert set(grams_of("岭川精密")) <= set(name)
    assert not set(grams_of("精川", sizes=(2,))) & set(name)


def test_case_width_and_spaces_make_no_difference():
    assert grams_of("ＡＢ 3d") == grams_of("ab3D")


def test_texts_do_not_run_into_each_other():
    assert set(grams_of("甲", "乙")) & set(grams_of("甲乙", sizes=(2,))) == set()


def test_nothing_has_no_grams():
    assert grams_of("", None) == []


def test_numbers_fit_the_column_and_come_once_in_order():
    grams = grams_of("广州市总工会广州市总工会")

    assert grams == sorted(set(grams))
    assert all(-(2**31) <= gram < 2**31 for gram in grams)


def test_another_process_gives_the_same_numbers():
    program = "from gdftu_app.queries.grams import grams_of; print(grams_of('云山'))"

    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert printed.strip() == str(grams_of("云山"))

"""Days, moments and numbers in writing."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.numbers import format_decimal

from gdftu_app.i18n import LANGUAGES
from gdftu_app.i18n.dates import DAYS, MOMENTS, SHORT_MOMENTS, day, locale_of, moment, short_moment

CHINA = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("language", "words"), [("zh-CN", "2009 年 6 月 8 日"), ("zh-Hant", "2009 年 6 月 8 日"), ("en", "8 June 2009")]
)
def test_a_day_is_in_words(language: str, words: str) -> None:
    assert day(date(2009, 6, 8), language) == words


@pytest.mark.parametrize(
    ("language", "words", "short"),
    [
        ("zh-CN", "2026 年 11 月 22 日 07:05", "2026-11-22 07:05"),
        ("zh-Hant", "2026 年 11 月 22 日 07:05", "2026-11-22 07:05"),
        ("en", "22 November 2026 07:05", "22 Nov 2026, 07:05"),
    ],
)
def test_a_moment_is_to_the_minute_on_the_clock_of_its_own_zone(language: str, words: str, short: str) -> None:
    at = datetime(2026, 11, 22, 7, 5, 59, tzinfo=CHINA)

    assert (moment(at, language), short_moment(at, language)) == (words, short)


@pytest.mark.parametrize("patterns", [DAYS, MOMENTS, SHORT_MOMENTS])
def test_every_language_has_its_patterns(patterns: dict[str, str]) -> None:
    assert list(patterns) == list(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_groups_digits_as_the_figures_do(language: str) -> None:
    """Figures are written once for all languages; one that groups otherwise needs its own writing."""
    assert format_decimal(1234567.8, locale=locale_of(language)) == "1,234,567.8"


@pytest.mark.parametrize("language", LANGUAGES)
def test_babel_knows_every_language(language: str) -> None:
    assert Locale.parse(locale_of(language)).language == language[:2]

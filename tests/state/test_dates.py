"""Days and moments as a page shows them."""

from datetime import UTC, date, datetime

from gdftu_app.i18n import LANGUAGES
from gdftu_app.state.dates import day, moment, short_moment

LATE_EVENING = datetime(2026, 11, 22, 17, 5, tzinfo=UTC)


def test_a_moment_is_shown_in_chinas_time():
    assert moment(LATE_EVENING)["zh-CN"] == "2026 年 11 月 23 日 01:05"
    assert short_moment(LATE_EVENING) == {
        "zh-CN": "2026-11-23 01:05",
        "zh-Hant": "2026-11-23 01:05",
        "en": "23 Nov 2026, 01:05",
    }


def test_a_day_is_shown_in_every_language():
    assert list(day(date(2009, 6, 18))) == list(LANGUAGES)


def test_what_is_missing_is_a_dash():
    for shown in (day(None), moment(None), short_moment(None)):
        assert shown == dict.fromkeys(LANGUAGES, "—")
